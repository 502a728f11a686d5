"""E: amounts of income that are hard to believe, and earnings that do not fit land, work or the household's status."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("E02", "household", zh="工资性、生产经营性或财产性收入过小")
def income_part_too_small(h: Columns, limits: Any) -> nw.Expr:
    """A kind of income is above zero and yet next to nothing.

    Why: a year's sum of a few yuan is mostly a figure in another unit, or a month's.
    Basis: rule lists that offices ran; S4.1.
    Flags: wages, business or property above 0 and below the least; 0 and the least itself are clear; blanks beside no
    such sum cannot be judged.
    """
    least = limits.income_part_min_yuan
    wage: nw.Expr = (h.wage_income > 0) & (h.wage_income < least)
    business: nw.Expr = (h.business_income > 0) & (h.business_income < least)
    rent: nw.Expr = (h.property_income > 0) & (h.property_income < least)
    return wage | business | rent


@rule("E08", "household", zh="生产经营性支出大于生产经营性收入")
def business_at_a_loss(h: Columns, limits: Any) -> nw.Expr:
    """Business cost above business income.

    Why: a year's loss does happen, after a bad harvest or a first planting, but mostly the two fields were swapped.
    Basis: inferred from the form's income section, hence a hint; the form has no field for an explanation; S4.1.
    Flags: cost above income; equal is clear; a blank cannot be judged.
    """
    return h.business_cost > h.business_income


@rule("E09", "household", zh="人均纯收入异常低或异常高")
def income_per_head_unusual(h: Columns, limits: Any) -> nw.Expr:
    """Income per head unusually low or high.

    Why: nobody lives on so little, and who has so much is hardly poor; a digit or a unit went wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: at or below the low limit, losses among it, or above the high one; blank cannot be judged.
    """
    low: nw.Expr = h.net_income_pc <= limits.income_pc_min_yuan
    high: nw.Expr = h.net_income_pc > limits.income_pc_max_yuan
    return low | high


@rule("E10", "household", zh="未脱贫户人均纯收入异常高", within="not_yet_left")
def poor_household_with_high_income(h: Columns, limits: Any) -> nw.Expr:
    """Not yet left poverty, with an income per head far beyond it.

    Why: either the amount or the status is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: above the limit; on it is clear; blank cannot be judged.
    """
    high: nw.Expr = h.net_income_pc > limits.income_pc_poor_max_yuan
    return high


@rule("E12", "household", zh="一般贫困户收入过线而主要致贫原因非因病、因学、因残")
def ordinary_poor_household_over_line(h: Columns, limits: Any) -> nw.Expr:
    """Ordinary poor household above the line, with no cause that explains it.

    Why: illness, schooling and disability cost more than the income shows; any other cause is gone with the income.
    Basis: rule lists that offices ran; S1.1a.
    Flags: of ordinary poor households, an income per head above the line and a main cause outside the three; on the
    line is clear; a blank that decides cannot be judged.
    """
    ordinary: nw.Expr = h.category == limits.category_general_poor
    above: nw.Expr = h.net_income_pc > limits.income_line
    return ordinary & above & ~h.cause.is_in(limits.causes_beyond_income)


@rule("E25", "household", zh="有耕地或林地而无生产经营性收入")
def land_without_business_income(h: Columns, limits: Any) -> nw.Expr:
    """Farmland or forest, but no business income.

    Why: what a household grows for itself counts as income too, so the field was left at 0.
    Basis: inferred from the form, hence a hint; S4.1.
    Flags: some land and business income 0. A household with property income (land let out) or in which nobody is able
    to work is clear; a blank that decides cannot be judged.
    """
    land: nw.Expr = (h.farmland > 0) | (h.forest > 0)
    return land & (h.business_income == 0) & ~(h.property_income > 0) & ~h.all_without_labour


@rule("E27", "household", zh="务工月均工资异常", within="works_away")
def wage_per_month_unusual(h: Columns, limits: Any) -> nw.Expr:
    """Wages per month of work unusually low or high.

    Why: either the wages or the months of a member were mistyped.
    Basis: inferred; a list of 2023 asks the same of single months; S4.1.
    Flags: wages divided by all members' months below the low limit or above the high one; asked of households with
    months of work; blank wages cannot be judged.
    """
    monthly = h.wage_income / h.work_months_total
    return (monthly < limits.wage_month_min_yuan) | (monthly > limits.wage_month_max_yuan)
