"""K: the year's adjustment: who was taken in, who returned, who was removed, who joined or left a household."""

from typing import Any

import narwhals as nw

from povkit.rules.inclusion import CONTRADICTIONS
from povkit.rules.rule import Columns, rule
from povkit.views.person import SECTOR_COLUMNS


def _new_with(face: str, zh: str, en: str) -> None:
    """Make the rule that asks whether a newly identified household has something that speaks against poverty."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        members: nw.Expr = getattr(h, f"members_{SECTOR_COLUMNS[face]}")
        return members > 0

    check.__doc__ = (
        f"Newly identified with {en}.\n\n"
        f"Why: {en} speaks against poverty; comparison with the departments comes before a household is taken in.\n"
        f"Basis: published practice of comparison; S2.1a; the departments' lists.\n"
        f"Flags: a household taken in this year (by record, or by its year of identification) with any member on the\n"
        f"list {face}.\n"
    )
    rule("K01", "household", f"新识别户有{zh}", within="newly_identified", face=face)(check)


for _face, (_zh, _en) in CONTRADICTIONS.items():
    _new_with(_face, _zh, _en)


@rule("K02", "household", zh="新识别户收入达标且两不愁三保障无缺项", within="newly_identified")
def new_without_need(h: Columns, limits: Any) -> nw.Expr:
    """Newly identified above the line with nothing lacking.

    Why: a household is taken in because its income or one of the guarantees falls short; here neither shows.
    Basis: inferred from the standard of identification; S2.0.
    Flags: not yet left, income per head at the line or above, food, clothing, house, water, schooling and insurance all
    in order; one that is not clears; otherwise a blank cannot be judged. One that left at once is J12's.
    """
    housed: nw.Expr = ~h.unsafe_house & ~h.house_grade.is_in(limits.house_grades_not_secured).fill_null(False)
    secured = housed & h.water_safe & ~h.any_out_of_school & ~h.any_uninsured
    return h.not_yet_left & (h.net_income_pc >= limits.income_line) & h.food_secure & h.clothing_secure & secured


@rule("K03", "change", zh="整户新纳入（须逐户核查）", within="change_is_new_inclusion")
def whole_household_taken_in(h: Columns, limits: Any) -> nw.Expr:
    """Taken in as a whole household: on the list for a visit.

    Why: households taken in whole are checked one by one; this rule is that list.
    Basis: S2.1a.
    Flags: newly identified or restored as a whole household; single people are clear; blank cannot be judged.
    """
    return h.whole_household


@rule("K04", "change", zh="返贫记录的原因不在允许范围", within="change_is_return")
def return_recorded_for_other_cause(h: Columns, limits: Any) -> nw.Expr:
    """Return recorded for a cause that is not allowed.

    Why: only illness, disaster or schooling count as a return; for anything else the lack is made good instead.
    Basis: S2.1b; the year's list of changes. G16 asks the same of the household form.
    Flags: a reason that names none of the allowed causes, also beside others; blank cannot be judged.
    """
    return ~h.reason.str.contains("|".join(limits.return_causes_allowed))


@rule("K07", "change", zh="剔除户上年有危房、残疾或低保（疑似错剔）", within="change_is_removal")
def removed_in_need(h: Columns, limits: Any) -> nw.Expr:
    """Removed although last year's register shows a dangerous house, disability or the guarantee.

    Why: removal looks at the guarantees of each household; such a household is likely removed by mistake.
    Basis: S2.2a, S2.2b; last year's register.
    Flags: last year a dangerous house or such a grade, a disabled member, or one on the guarantee; a household that was
    not on last year's register cannot be judged.
    """
    graded: nw.Expr = h.last_house_grade.is_in(limits.house_grades_not_secured).fill_null(False)
    return h.last_unsafe_house | (graded & ~h.last_unsafe_house) | h.any_dibao_before | h.any_disabled_before


def _removed_and_listed(face: str, column: str, en: str) -> None:
    """Make the rule that asks whether someone removed is on a list of those in need."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        listed: nw.Expr = getattr(h, f"removed_{column}")
        return listed

    check.__doc__ = (
        f"Removed although the departments list the household: {en}.\n\n"
        f"Why: need is likeliest there, so the removal is likely a mistake.\n"
        f"Basis: S2.2a, S2.2b; the list {face}, matched by the members of last year's register.\n"
        f"Flags: a removed household with a former member on the list {face}; a household whose members are unknown\n"
        f"cannot be judged.\n"
    )
    rule("K07", "change", f"剔除户有成员在{face}名单（疑似错剔）", within="change_is_removal", face=face)(check)


_removed_and_listed("危房", "on_unsafe_house_list", "dangerous house")
_removed_and_listed("残疾", "on_disability_list", "disability")
_removed_and_listed("低保", "on_dibao_list", "low-income guarantee")


@rule("K08", "change", zh="本年剔除后又纳入", within="change_is_inclusion")
def taken_in_after_removal(h: Columns, limits: Any) -> nw.Expr:
    """Taken in again in the year of its removal.

    Why: one of the two decisions was wrong, or the removal was a way round the procedure.
    Basis: S2.1c, S2.2a; the year's list of changes.
    Flags: an inclusion of a household with a removal this year that did not come later; without dates the removal is
    taken to have come first.
    """
    return h.taken_in_after_removal


@rule("K08", "change", zh="误删恢复未标新纳入", within="change_is_restored", face="误删恢复")
def restored_not_marked_new(h: Columns, limits: Any) -> nw.Expr:
    """Restored after a mistake without being marked as new.

    Why: those deleted by mistake come back as new inclusions.
    Basis: S2.1c.
    Flags: neither a record as newly identified nor this year as year of identification; a household without such a
    year, or not on the register (K16), cannot be judged.
    """
    return ~(h.also_marked_new | (h.home_identified_year == limits.data_year))


@rule("K10", "newcomer", zh="自然增加人员超过新生儿年龄且非嫁入、转入", within="joined_naturally")
def newcomer_too_old(h: Columns, limits: Any) -> nw.Expr:
    """Joined by natural increase, too old for a newborn, and neither married nor moved in by the record.

    Why: whoever is not born, married or moved in was added without a ground.
    Basis: the list of natural changes; S4.3.
    Flags: older than a newborn at the end of the year, and no natural increase of the household names a marriage or a
    move; a blank cause cannot be judged.
    """
    return (h.age > limits.newborn_age_max) & ~h.moved_in_by_record


@rule("K10", "leaver", zh="自然减少人员仍在公安户籍", within="left_naturally")
def leaver_on_roll(h: Columns, limits: Any) -> nw.Expr:
    """Left by natural decrease and still on the police register.

    Why: death and moves end the entry there, so one of the two registers is wrong.
    Basis: the list of natural changes; S4.3; the list of agricultural households.
    Flags: on that list, and the household's natural decrease is not one that leaves a person on it (prison). A person
    without a whole number cannot be judged.
    """
    return h.on_agricultural_list & ~h.stays_on_roll.fill_null(False)


@rule("K11", "person", zh="死亡人员死亡后仍有务工时间", within="on_death_list")
def work_after_death(h: Columns, limits: Any) -> nw.Expr:
    """Dead, and with more months of work this year than months of life.

    Why: the dead do not work; the work or the death belongs to someone else.
    Basis: inferred from the fields; S4.1; the death list.
    Flags: more months of work than were lived this year; without a date of death any work; blank cannot be judged.
    """
    return h.work_months > h.months_lived


@rule("K11", "leaver", zh="已减少的死亡人员上年务工时间长于在世月数", within="on_death_list")
def work_after_death_last_year(h: Columns, limits: Any) -> nw.Expr:
    """Left as dead, and with more months of work last year than months of life.

    Why: the record of work or the date of death is wrong.
    Basis: inferred from the fields; S4.1; the death list and last year's register.
    Flags: a person of last year's register alone, on the death list with a date, with more months of work than were
    lived last year; blank cannot be judged.
    """
    return ~h.died_on.is_null() & (h.work_months > h.months_lived_last)


@rule("K12", "household", zh="人口变化不在系统开放窗口内", within="size_changed")
def size_changed_outside_window(h: Columns, limits: Any) -> nw.Expr:
    """Size changed between two snapshots, and no recorded change of members lies within the window.

    Why: the system is opened for such changes once a year; one at another time went round it.
    Basis: published practice; the policy's window; S4.3.
    Flags: natural changes are recorded and all of them are dated outside; without a record or date (F09) it cannot be
    judged.
    """
    return ~h.changed_in_window


@rule("K17", "change", zh="剔除未复核", within="change_is_removal")
def removal_not_rechecked(h: Columns, limits: Any) -> nw.Expr:
    """Removed without a re-check.

    Why: every proposed removal is checked again, so that nobody is removed by mistake.
    Basis: S2.2a.
    Flags: re-check 否; blank cannot be judged.
    """
    return ~h.rechecked


@rule("K18", "change", zh="整户新纳入未逐户核查", within="change_is_new_inclusion")
def inclusion_not_verified(h: Columns, limits: Any) -> nw.Expr:
    """Taken in as a whole household without being checked.

    Why: a household taken in whole is verified household by household.
    Basis: S2.1a.
    Flags: whole household 是 and check 否; one person taken in, or a check, clears; otherwise blank cannot be judged.
    """
    return h.whole_household & ~h.rechecked
