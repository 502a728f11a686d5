"""E: what a household receives: transfers in all, pensions, ecology and disability grants."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("E06", "household", zh="转移性收入不等于子项之和")
def transfers_are_not_their_sum(h: Columns, limits: Any) -> nw.Expr:
    """Transfers differ from the sum of their kinds.

    Why: one of the kinds was left out or mistyped.
    Basis: inferred from the form, hence a hint: in published records the sum holds with the pension or without; S4.1.
    Flags: neither sum within the tolerance; a blank kind cannot be judged.
    """
    apart: nw.Expr = (h.transfer_income - h.transfer_items).abs() > limits.money_tolerance_yuan
    without: nw.Expr = (h.transfer_income - h.transfer_items + h.pension).abs() > limits.money_tolerance_yuan
    return apart & without


@rule("E16", "household", zh="非兜底脱贫户收入主要靠转移性收入", within="has_left_poverty")
def left_on_transfers(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty on transfers alone, without being a backstop household.

    Why: the income must be stable; policy money alone does not carry a household that is able to work.
    Basis: published practice keeps households on policy money from leaving; S1.1a, S5.3.
    Flags: share of transfers in total income above the limit; on the limit is clear, and so are households on the
    guarantee, in care, or with nobody able to work; no income at all, or a blank, cannot be judged.
    """
    high: nw.Expr = h.transfer_share > limits.transfer_share_max
    return high & ~h.backstop


@rule("E22", "household", zh="有60岁以上成员而无养老金")
def old_member_without_pension(h: Columns, limits: Any) -> nw.Expr:
    """A member of pension age, but no pension.

    Why: everyone of that age receives the basic pension; either it was not applied for or not recorded.
    Basis: rule lists that offices ran; S4.1.
    Flags: a member of the age and a pension of 0; ages unknown, or a blank pension, cannot be judged.
    """
    return h.any_pension_age & (h.pension == 0)


@rule("E23", "household", zh="有养老金而无60岁以上成员")
def pension_without_old_member(h: Columns, limits: Any) -> nw.Expr:
    """A pension, but no member of pension age.

    Why: the amount belongs to another field, or an old member is missing from the register.
    Basis: rule lists that offices ran; S4.1.
    Flags: a pension above 0 and every member below the age; a household that lost a member this year is clear, as the
    pension may be the late member's; ages unknown, or a blank pension, cannot be judged.
    """
    return (h.pension > 0) & ~h.any_pension_age & ~h.decrease_recorded


@rule("E24", "household", zh="养老金过低")
def pension_too_small(h: Columns, limits: Any) -> nw.Expr:
    """A pension below the least that anyone receives.

    Why: the field asks for a year; a smaller sum is a month's, or stands for something else.
    Basis: rule lists that offices ran; S4.1.
    Flags: above 0 and below the least; 0 and the least itself are clear; blank cannot be judged.
    """
    small: nw.Expr = h.pension < limits.pension_min_yuan
    return (h.pension > 0) & small


@rule("E26", "household", zh="退耕还林面积与生态补偿金矛盾")
def reforestation_against_grant(h: Columns, limits: Any) -> nw.Expr:
    """Reforested land without the ecology grant, or the grant without any land that brings it.

    Why: the grant is paid for such land, so one of the two was left out.
    Basis: inferred from the form, hence a hint; the grant is also paid for forest and grassland under protection; S4.1.
    Flags: reforested land and a grant of 0; a grant and neither reforested land, forest nor grassland; otherwise a
    blank that decides cannot be judged.
    """
    unpaid: nw.Expr = (h.reforested > 0) & (h.ecology_grant == 0)
    land: nw.Expr = (h.reforested > 0) | (h.forest > 0) | (h.grassland > 0)
    return unpaid | ((h.ecology_grant > 0) & ~land)


@rule("E28", "household", zh="有残疾人而无相应补贴", face="残疾人")
def disabled_member_without_grant(h: Columns, limits: Any) -> nw.Expr:
    """A disabled member, but no grant that could be the disability's.

    Why: the disabled in need receive a living or a nursing grant, which the form counts among other transfers.
    Basis: rule lists of 2023; S4.1.
    Flags: a member with a certificate or whose health says disabled, and other transfers of 0; a blank that decides
    cannot be judged.
    """
    return h.any_disabled & (h.other_transfer == 0)


@rule("E28", "household", zh="有计划生育奖励对象而无计划生育金", face="计划生育")
def planning_family_without_grant(h: Columns, limits: Any) -> nw.Expr:
    """A family with one child or two daughters and a head of the age, but no family-planning grant.

    Why: such parents receive a yearly reward from that age on; either it was not applied for or not recorded.
    Basis: rule lists of 2023; S4.1.
    Flags: so marked, the head at or above the age, and a grant of 0; a blank that decides cannot be judged.
    """
    family: nw.Expr = h.only_child | h.two_daughters
    of_age: nw.Expr = h.head_age >= limits.planning_grant_age
    return family & of_age & (h.family_planning_grant == 0)
