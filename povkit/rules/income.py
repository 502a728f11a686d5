"""E: income of a household."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("E03", "household", zh="家庭总收入不等于四项收入之和")
def total_income_is_not_its_sum(h: Columns, limits: Any) -> nw.Expr:
    """Total income differs from the sum of its four kinds.

    Why: the total is wages, business, property and transfers added up; where it differs, one of the five was mistyped.
    Basis: the form's income section; identity checked on published records; S4.1.
    Flags: a difference above the tolerance; at the tolerance is clear; any of the five blank cannot be judged. The
    2018 layout has no total: it is not run until an export with 家庭总收入 is handed in.
    """
    apart: nw.Expr = (h.total_income_reported - h.total_income).abs() > limits.money_tolerance_yuan
    return apart


@rule("E04", "household", zh="家庭纯收入不等于总收入减经营性支出")
def net_income_is_not_total_less_cost(h: Columns, limits: Any) -> nw.Expr:
    """Net income differs from total income less business cost.

    Why: the exit is decided on net income, so its sum must hold.
    Basis: the form's income section; the 2018 export shows no other deduction; S4.1.
    Flags: a difference above the tolerance; at the tolerance is clear; any amount blank cannot be judged.
    """
    apart: nw.Expr = (h.total_income - h.business_cost - h.net_income).abs() > limits.money_tolerance_yuan
    return apart


@rule("E05", "household", zh="人均纯收入不等于家庭纯收入除以人口数")
def income_per_head_is_not_its_quotient(h: Columns, limits: Any) -> nw.Expr:
    """Net income per head differs from net income divided by household size.

    Why: the income per head is what is held against the line.
    Basis: the form's income section; S4.1.
    Flags: a difference above the tolerance; at the tolerance is clear; a blank, or a size of 0, cannot be judged.
    """
    quotient = nw.when(h.size > 0).then(h.net_income / h.size)
    apart: nw.Expr = (h.net_income_pc - quotient).abs() > limits.money_tolerance_yuan
    return apart


@rule("E07", "household", zh="有生产经营性收入而无生产经营性支出")
def business_without_cost(h: Columns, limits: Any) -> nw.Expr:
    """Business income, but no business cost.

    Why: seed, fodder and goods cost money; a cost left out makes the net income too high.
    Basis: rule lists that offices ran; S4.1.
    Flags: business income above 0 with a cost below the least; a blank cost beside income cannot be judged.
    """
    hardly_any: nw.Expr = h.business_cost < limits.business_cost_min_yuan
    return (h.business_income > 0) & hardly_any


@rule("E11", "household", zh="脱贫户人均纯收入低于退出标准", within="has_left_poverty")
def left_below_income_line(h: Columns, limits: Any) -> nw.Expr:
    """Marked as having left poverty with an income per head below the line.

    Why: a household leaves only when its net income per head stays above the standard.
    Basis: 云开组〔2018〕51号; S1.1a. J08 is the same limit in the list of exit checks.
    Flags: income per head below the line; on the line is clear; blank cannot be judged.
    """
    below: nw.Expr = h.net_income_pc < limits.income_line
    return below


@rule("E17", "household", zh="低保户无低保金或低保金过低")
def dibao_household_without_grant(h: Columns, limits: Any) -> nw.Expr:
    """A low-income-guarantee household with no or hardly any grant.

    Why: the attribute says that the household receives the guarantee; either it or the amount is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: of such households, a grant below the least, 0 among it; at the least is clear; blank cannot be judged.
    """
    hardly_any: nw.Expr = h.dibao_grant < limits.dibao_grant_min_yuan
    return h.category.is_in(limits.categories_dibao) & hardly_any


@rule("E18", "household", zh="非低保户有低保金")
def dibao_grant_outside_dibao(h: Columns, limits: Any) -> nw.Expr:
    """A low-income-guarantee grant in a household that is none.

    Why: the attribute says that the household is not under the guarantee; either it or the amount is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: a grant above 0 in a household of another attribute; 0 is clear; blank cannot be judged.
    """
    return ~h.category.is_in(limits.categories_dibao) & (h.dibao_grant > 0)


@rule("E19", "household", zh="特困供养户无供养金或供养金过低")
def tekun_household_without_grant(h: Columns, limits: Any) -> nw.Expr:
    """A five-guarantee household with no or hardly any support payment.

    Why: the attribute says that the household is supported; either it or the amount is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: of such households, a payment below the least, 0 among it; at the least is clear; blank cannot be judged.
    """
    hardly_any: nw.Expr = h.tekun_grant < limits.tekun_grant_min_yuan
    return h.category.is_in(limits.categories_tekun) & hardly_any


@rule("E20", "household", zh="非特困供养户有供养金")
def tekun_grant_outside_tekun(h: Columns, limits: Any) -> nw.Expr:
    """A five-guarantee payment in a household that is none.

    Why: the attribute says that the household is not supported; either it or the amount is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: a payment above 0 in a household of another attribute; 0 is clear; blank cannot be judged.
    """
    return ~h.category.is_in(limits.categories_tekun) & (h.tekun_grant > 0)


@rule("E21", "household", zh="同时领取低保金和特困供养金")
def both_grants(h: Columns, limits: Any) -> nw.Expr:
    """Low-income guarantee and five-guarantee support at once.

    Why: whoever is under the five guarantees is not under the low-income guarantee.
    Basis: rule lists that offices ran; S4.1.
    Flags: both amounts above 0; one of them 0 is clear; a blank beside an amount cannot be judged.
    """
    return (h.dibao_grant > 0) & (h.tekun_grant > 0)
