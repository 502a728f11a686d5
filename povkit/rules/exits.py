"""J: exit readiness. What the record of a household marked as having left poverty contradicts.

The standards themselves (J01-J09, J11, J12) are asked of every household that has left; the plan, the departments'
recognition and the procedure (J13-J15) of those that leave this year, for which alone they were ordered.
"""

from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("J01", "household", zh="脱贫户仍为危房户或住房等级不安全", within="has_left_poverty")
def left_in_unsafe_house(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty with a dangerous house, or with none.

    Why: a household that leaves must not live in a house of grade C or D.
    Basis: 云厅字〔2016〕11号 and the source notice; S1.1f.
    Flags: marked as dangerous, or of a grade that is not secured; a blank grade beside 否 is clear; the mark blank and
    no bad grade cannot be judged.
    """
    return h.unsafe_house | h.house_grade.is_in(limits.house_grades_not_secured).fill_null(False)


@rule("J02", "household", zh="搬迁或危改户标注脱贫而未入住", within="left_after_rehousing")
def left_without_moving_in(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty after relocation or rebuilding without living in the safe house.

    Why: the safe house must be ready and lived in before the household is marked.
    Basis: the source notice; S1.1f.
    Flags: not moved in; asked of households with a measure of relocation or rebuilding, or with the entry filled in;
    a blank entry beside such a measure cannot be judged.
    """
    return ~h.moved_in


@rule("J03", "household", zh="脱贫户饮水困难", within="has_left_poverty")
def left_with_difficult_water(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty although water is hard to get.

    Why: safe drinking water is a standard of exit.
    Basis: 云厅字〔2016〕11号; S1.1c.
    Flags: 饮水是否困难 is 是; blank cannot be judged.
    """
    return h.water_difficult


@rule("J04", "household", zh="脱贫户饮水不安全或未填", within="has_left_poverty")
def left_without_safe_water(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty without safe drinking water on record.

    Why: safe drinking water is a standard of exit, and the record must show it.
    Basis: 云厅字〔2016〕11号; S1.1c.
    Flags: 饮水是否安全 is 否 or blank.
    """
    return h.water_safe.is_null() | ~h.water_safe


@rule("J05", "household", zh="脱贫户未通生活用电", within="has_left_poverty")
def left_without_power(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty without electricity at home.

    Why: a house that is safe to live in has electricity; one of the two entries is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: 是否通生活用电 is 否; blank cannot be judged.
    """
    return ~h.household_power


@rule("J20", "household", zh="脱贫户愁吃或愁穿", within="has_left_poverty")
def left_short_of_food_or_clothing(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty while food or clothing is still a worry.

    Why: food and clothing without worry are the first standard of exit.
    Basis: 云厅字〔2016〕11号; S1.1b.
    Flags: 是否不愁吃 or 是否不愁穿 is 否; if neither is and one is blank, it cannot be judged.
    """
    return ~h.food_secure | ~h.clothing_secure


@rule("J06", "household", zh="脱贫户有适龄儿童不在校", within="has_left_poverty")
def left_with_child_out_of_school(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty with a healthy child of school age out of school.

    Why: compulsory education is a standard of exit.
    Basis: 云厅字〔2016〕11号; S1.1d; ages and excuses as in C06.
    Flags: at least one such child; a child that cannot be judged, and no other, leaves the household unjudged.
    """
    return h.any_out_of_school


@rule("J07", "household", zh="脱贫户有成员未参加基本医疗保险", within="has_left_poverty")
def left_with_uninsured_member(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty with a member who has no basic medical insurance.

    Why: basic medical care is a standard of exit, shown by every member's insurance.
    Basis: 云厅字〔2016〕11号; S1.1e.
    Flags: a member marked 否, unless the employees' insurance is 是 where the export has it; blanks and no 否 cannot be
    judged.
    """
    return h.any_uninsured


@rule("J08", "household", zh="脱贫户人均纯收入未达到退出标准", within="has_left_poverty")
def left_without_reaching_income_line(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty without reaching the income line.

    Why: the income line is the first standard of exit.
    Basis: 云开组〔2018〕51号; S1.1a. E11 is the same limit in the list of income checks.
    Flags: income per head below the line; on the line is clear; blank cannot be judged.
    """
    below: nw.Expr = h.net_income_pc < limits.income_line
    return below


@rule("J09", "household", zh="脱贫户无任何帮扶措施", within="has_left_poverty")
def left_without_measure(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty without any assistance measure on record.

    Why: a household that left was helped to do so. For this year's exits M01 demands it; for earlier ones it is asked
    as far as possible, so this is a suspicion.
    Basis: the source notice; S3.1.
    Flags: no measure recorded, whichever year it left.
    """
    return h.measures == 0


@rule("J10", "household", zh="脱贫年度为空、不符或未脱贫而有脱贫年度")
def exit_year_contradicts_status(h: Columns, limits: Any) -> nw.Expr:
    """Exit year blank or wrong, or given to a household that has not left.

    Why: this year's exits are marked with this year, earlier ones with theirs, and nobody else with any.
    Basis: the source notice; S1.1i.
    Flags: of those that left: blank, before the register began, after this year, or another year although the record
    shows that it leaves this year. Of those that have not: any year, except an earlier one of a household that has
    returned. Status blank cannot be judged.
    """
    year, this_year = h.exit_year, limits.household_exit_year
    outside: nw.Expr = (year < limits.household_exit_year_min) | (year > this_year)
    wrong: nw.Expr = year.is_null() | outside | (h.leaves_this_year & (year != this_year))
    earlier_exit: nw.Expr = (h.status == limits.status_returned) & (year < this_year)
    early = h.status.is_in(limits.status_not_exited) & ~year.is_null() & ~earlier_exit
    return (h.has_left_poverty & wrong) | early


@rule("J11", "household", zh="脱贫年度早于识别年度", within="has_left_poverty")
def left_before_identified(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty before it was identified.

    Why: a household can leave only after it was taken in.
    Basis: the meaning of the two fields; S1.1i.
    Flags: exit year before the year of identification; the same year is J12's; a blank cannot be judged.
    """
    return h.exit_year < h.identified_year


@rule("J12", "household", zh="当年识别当年脱贫", within="has_left_poverty")
def left_in_year_of_identification(h: Columns, limits: Any) -> nw.Expr:
    """Identified and left poverty in the same year.

    Why: help rarely works within months; either the household was not poor or it has not left.
    Basis: known practice; S1.1i.
    Flags: exit year equal to the year of identification; a blank cannot be judged.
    """
    return h.exit_year == h.identified_year


@rule("J13", "household", zh="本年脱贫户无后续帮扶计划", within="leaves_this_year")
def leaves_without_plan(h: Columns, limits: Any) -> nw.Expr:
    """Leaves poverty this year without a follow-up assistance plan.

    Why: the plan is a condition of being marked.
    Basis: the source notice; S1.1g.
    Flags: 是否有后续帮扶计划 is 否; blank cannot be judged.
    """
    return ~h.followup_plan


@rule("J14", "household", zh="本年脱贫户部门认定缺失或不达标", within="leaves_this_year")
def leaves_without_recognition(h: Columns, limits: Any) -> nw.Expr:
    """Leaves poverty this year without the recognition of every department.

    Why: the offices for water, education, health and housing must each recognise the household before it is marked.
    Basis: the source notice; S1.1i.
    Flags: a department has no entry or says 否; a blank result and no such department cannot be judged.
    """
    return ~(h.certified_water & h.certified_education & h.certified_health & h.certified_housing)


@rule("J15", "household", zh="本年脱贫户程序缺失、次序不对、公示不足或未通过", within="leaves_this_year")
def leaves_without_procedure(h: Columns, limits: Any) -> nw.Expr:
    """Leaves poverty this year with a procedure that is incomplete, out of order, too short or not passed.

    Why: appraisal, check, recognition by helper and household, notice, announcement and only then the mark.
    Basis: the source notice; S1.1h; days of notice as the policy has them.
    Flags: a step without an entry; a step dated before the one it follows (the same day is clear; the two recognitions
    may come either way); a notice shorter than asked; a step not passed or objected to. Otherwise blank dates or
    results cannot be judged.
    """
    agreed = (h.helper_agreed_on, h.household_agreed_on)
    follows = [h.appraised_on <= h.checked_on, *(h.checked_on <= on for on in agreed)]
    follows += [*(on <= h.notice_on for on in agreed), h.notice_on <= h.announced_on]
    follows += [h.notice_ends_on <= h.announced_on, h.announced_on <= h.marked_on]
    missing = h.steps_recorded < len(limits.procedure_steps)
    short: nw.Expr = h.notice_days < limits.notice_days_min
    return missing | ~reduce(and_, follows) | short | h.step_not_passed


@rule("J17", "household", zh="脱贫户整户依靠政策收入，或有大病成员而主要依靠政策收入", within="has_left_poverty")
def left_on_policy_income(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty while living on policy money, the more so with a serious illness not cured.

    Why: published practice names households that may not leave, among them those with an uncured serious illness and
    those that live on policy money as a whole.
    Basis: published practice; S5.3. Illness alone is no sign that the exit is wrong: it lowers the share that counts.
    Flags: transfers make at least the policy's share of net income, or at least the lower share beside a seriously ill
    member; net income not above 0, or a blank that decides, cannot be judged.
    """
    wholly: nw.Expr = h.transfer_share_of_net >= limits.policy_income_share_min
    mainly: nw.Expr = h.transfer_share_of_net >= limits.policy_income_share_ill_min
    return wholly | (mainly & h.any_seriously_ill)
