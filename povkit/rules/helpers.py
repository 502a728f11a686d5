"""L: the officials who help a household (帮扶责任人). Blank fields (L02) are made from the schema."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("L01", "household", zh="无帮扶责任人")
def household_without_helper(h: Columns, limits: Any) -> nw.Expr:
    """Household without a helper.

    Why: every household on the register is paired, and stays paired after it has left poverty.
    Basis: S4.1, helper errors; the form's pairing page.
    Flags: no row with a helper's name or number; never unknown once the pairing table is handed in.
    """
    return (h.helpers == 0).fill_null(True)


@rule("L03", "helper", zh="帮扶责任人电话重复或格式错误")
def helper_phone_shared_or_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Helper's phone is shared with another helper, or is not a mobile number.

    Why: the household could not reach the helper; the system refuses both.
    Basis: S4.1, helper errors; the form's pairing page.
    Flags: a phone that different helpers gave, or one that does not fit the pattern; blank cannot be judged (L02).
    """
    return (h.helpers_with_phone > 1) | ~h.helper_phone.str.contains(limits.helper_phone_pattern)


@rule("L05", "pairing", zh="结对开始、结束时间为空、倒置或已过期")
def pairing_dates_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Pairing without its dates, ending before it starts, or run out.

    Why: the system keeps a household paired only between the two dates.
    Basis: the form's pairing page; S4.1.
    Flags: start or end blank, end before start, or end before the day of the run while no other pairing of the
    household runs; an end on that day is clear. The pairing of a helper who was replaced may run out.
    """
    blank: nw.Expr = h.starts.is_null() | h.ends.is_null()
    over: nw.Expr = (h.ends < limits.as_of) & (h.running_helpers == 0)
    return blank | h.ends_before_start | over


@rule("L06", "helper", zh="同名责任人靠空格区分")
def namesakes_told_by_blanks(h: Columns, limits: Any) -> nw.Expr:
    """Helpers of the same name, told apart by blanks.

    Why: the blank hides that one person may stand twice; the number is what tells people apart.
    Basis: practice at the pairing page; S4.1.
    Flags: a name that several helpers share once blanks are removed, written in more than one way; blank cannot be
    judged.
    """
    return (h.spellings_of_name > 1) & (h.helpers_of_name > 1)


@rule("L07", "helper", zh="一人结对户数过多")
def too_many_households(h: Columns, limits: Any) -> nw.Expr:
    """One helper with too many households.

    Why: nobody can visit so many households, so the pairing may exist on paper only.
    Basis: known practice; S4.1; the policy's limit.
    Flags: more households than the limit; a helper without a number is counted nowhere, so cannot be judged.
    """
    return (h.households > limits.helper_households_max) & (~h.helper_id_number.is_null() | nw.lit(None))


@rule("L08", "pairing", zh="责任人为该户成员或本村未脱贫户")
def helper_is_helped(h: Columns, limits: Any) -> nw.Expr:
    """Helper belongs to the household, or to a poor household of the village.

    Why: a household does not answer for itself, and the poor are not the poor's helpers.
    Basis: inferred from the two tables; S4.1.
    Flags: the helper's number is a member's of the household, or of a household of the same village that has not left
    poverty; without a whole number it cannot be judged.
    """
    return h.helper_is_member | h.helper_is_poor_neighbour


@rule("L09", "helper", zh="责任人证件号码错误或年龄不合理")
def helper_number_or_age_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Helper's number is wrong, or the age in it is not a helper's.

    Why: the number was mistyped, or another person's was used.
    Basis: inferred from the fields; GB 11643; S4.1.
    Flags: fewer than 18 characters, a wrong check character, or an age beyond the two limits; on a limit is clear;
    blank cannot be judged (L02).
    """
    odd: nw.Expr = (h.helper_age < limits.helper_age_min) | (h.helper_age > limits.helper_age_max)
    return ~h.helper_id_ok | odd.fill_null(False)


@rule("L10", "helper", zh="责任人已死亡", face="死亡")
def helper_is_dead(h: Columns, limits: Any) -> nw.Expr:
    """Helper is on the death list.

    Why: the household has no helper.
    Basis: known practice; S4.1; the death list.
    Flags: the helper's number is on the list; without a whole number it cannot be judged.
    """
    return h.on_death_list


@rule("L10", "helper", zh="责任人已退休或调离", face="财政供养", within="on_public_payroll_list")
def helper_has_left_office(h: Columns, limits: Any) -> nw.Expr:
    """Helper has retired or moved, by the payroll list.

    Why: who has left the unit no longer answers for it.
    Basis: known practice; S4.1; the list of those on the public payroll.
    Flags: listed as one of the kinds that have left; a list that does not tell the kind cannot be judged.
    """
    return h.payroll_grade.is_in(limits.payroll_left)


@rule("L11", "helper", zh="第一书记、队长或队员无驻村记录")
def stationed_without_record(h: Columns, limits: Any) -> nw.Expr:
    """First secretary, team leader or team member without a record of being stationed.

    Why: these three live in the village, from a day that the form asks for.
    Basis: the form's helper page; S4.1.
    Flags: one of the three marks is 是 and the day is blank; a day clears, and so do three times 否; otherwise a blank
    mark cannot be judged.
    """
    marked: nw.Expr = h.is_first_secretary | h.is_team_leader | h.is_team_member
    return marked & h.stationed_from.is_null()


@rule("L12", "pairing", zh="帮扶单位未与该村关联")
def unit_not_linked(h: Columns, limits: Any) -> nw.Expr:
    """Helper's unit is not one of the village's.

    Why: the system pairs a household with people of units that are linked to its village.
    Basis: the form's pairing page; S4.1; units on the village form.
    Flags: the village's units do not name the helper's; blank cannot be judged.
    """
    return ~h.unit_linked


@rule("L13", "pairing", zh="一户多名责任人或同一人重复结对")
def paired_twice(h: Columns, limits: Any) -> nw.Expr:
    """Household with several helpers at a time, or paired twice with the same one.

    Why: one answers for the household; two rows count one help twice.
    Basis: the form's pairing page; S4.1; the policy's limit.
    Flags: more helpers whose pairing runs than the limit, or more than one running row of the same helper.
    """
    return (h.running_helpers > limits.helpers_per_household_max) | (h.running_rows > 1)


@rule("L14", "household", zh="脱贫户结对已取消或到期", within="has_left_poverty")
def help_ended_with_exit(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty, and the pairing was ended.

    Why: a household stays paired after it has left poverty.
    Basis: known practice; S4.1.
    Flags: no pairing runs, and there is one that has run out, or there was one last year; never paired is L01's.
    """
    return (h.helpers_running == 0) & ((h.helpers > 0) | (h.helpers_last > 0))
