"""F: this year against last year; what should have changed and did not, or changed and should not have."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, Rule, add, rule


@rule("F01", "household", zh="人均纯收入两年完全相同")
def same_income_per_head(h: Columns, limits: Any) -> nw.Expr:
    """Income per head is the same in both years.

    Why: last year's figure was carried over; nobody asked the household again.
    Basis: the source forbids the same income data in two consecutive years; S3.3.
    Flags: equal to the cent, zero in both years too; blank or no row last year cannot be judged.
    """
    return h.net_income_pc == h.last_net_income_pc


@rule("F02", "household", zh="各项收入两年全部相同")
def same_income_components(h: Columns, limits: Any) -> nw.Expr:
    """Every kind of income is the same in both years.

    Why: last year's figures were carried over; nobody asked the household again.
    Basis: the source forbids the same income data in two consecutive years; S3.3.
    Flags: wage, business, property and transfer income all equal; one that differs clears; blank or no row last year
    cannot be judged unless another differs.
    """
    return (
        (h.wage_income == h.last_wage_income)
        & (h.business_income == h.last_business_income)
        & (h.property_income == h.last_property_income)
        & (h.transfer_income == h.last_transfer_income)
    )


@rule("F03", "person", zh="在校生年级两年相同", within="has_school_status")
def same_grade(p: Columns, limits: Any) -> nw.Expr:
    """School grade is the same in both years.

    Why: a pupil moves on every year, so last year's entry was carried over.
    Basis: the source forbids the same student data in two consecutive years; S3.3.
    Flags: the same label in both years, unless it stands for several years of school; a pupil who repeats is to be
    evidenced. Before this year's school cut-off nobody has moved on yet, so that the same label is clear. Not at school
    last year, or no row, cannot be judged.
    """
    moved_on = nw.lit(limits.as_of >= limits.school_cutoff_on)
    return (p.school == p.last_school) & ~p.school.is_in(limits.school_ungraded) & moved_on


def _rungs(limits: Any) -> tuple[dict[str, int], frozenset[str]]:
    """How far up the school ladder each status stands, and those that begin a course after compulsory school."""
    rungs = dict.fromkeys(limits.school_before, 0) | {limits.school_primary: 1}
    junior, senior = 2, 2 + len(limits.school_junior)
    higher = senior + len(limits.school_senior)
    later = [(limits.school_senior, senior), (limits.school_vocational, senior)]
    later += [(limits.school_college, higher), (limits.school_university, higher)]
    for track, lowest in [(limits.school_junior, junior), *later]:
        rungs |= {label: lowest + year for year, label in enumerate(track)}
    rungs[limits.school_postgraduate] = higher + len(limits.school_university)
    return rungs, frozenset(track[0] for track, _ in later)


def _irregular(limits: Any) -> tuple[list[str], list[str]]:
    """All statuses on the ladder, and the moves `last>this` that skip a rung or step down (not into a new course)."""
    rungs, begins = _rungs(limits)
    moves = [
        f"{last}>{this}"
        for last, low in rungs.items()
        for this, high in rungs.items()
        if high > low + 1 or (high < low and this not in begins)
    ]
    return list(rungs), moves


@rule("F04", "person", zh="年级跳级或倒退", within="has_school_status")
def skipped_or_fell_back(p: Columns, limits: Any) -> nw.Expr:
    """School grade skipped a year or fell back.

    Why: one of the two years was mistyped, or the pupil left one school for another unseen.
    Basis: a year of school a year; inferred, hence a hint; S3.3.
    Flags: more than one grade up, or down, from last year's; the same grade is F03's; labels of several years and the
    first grade of another course after compulsory school are no step down; blank last year cannot be judged.
    """
    ladder, moves = _irregular(limits)
    known = p.school.is_in(ladder) & p.last_school.is_in(ladder)
    return nw.when(known).then(nw.concat_str(p.last_school, p.school, separator=">").is_in(moves))


@rule("F08", "person", zh="性别、出生日期、民族或证件号码与上年不同")
def person_became_another(p: Columns, limits: Any) -> nw.Expr:
    """Sex, birth date, ethnicity or number differs from last year's.

    Why: these do not change by themselves; one of the years is wrong, or the number was given to another person.
    Basis: inferred, hence a hint; a correction is right if it is evidenced; S3.3.
    Flags: one of the four known in both years and different; of the number the first 18 characters, so that a new
    disability certificate is clear; blank or no row last year cannot be judged unless another differs.
    """
    return (
        (p.sex != p.last_sex)
        | (p.birth_date != p.last_birth_date)
        | (p.ethnicity != p.last_ethnicity)
        | (p.id18 != p.last_id18)
    )


@rule("F05", "household", zh="人均纯收入增降幅过大")
def income_jumped(h: Columns, limits: Any) -> nw.Expr:
    """Income per head rose or fell very much.

    Why: incomes move, but seldom so far in a year; a digit slipped, or the figure was made to fit.
    Basis: known practice without a source, hence a hint; S3.3. The shares are policy.
    Flags: risen by more than the one share or fallen by more than the other of last year's; on the bounds is clear;
    last year 0 or below, or a blank, cannot be judged.
    """
    change: nw.Expr = (h.net_income_pc - h.last_net_income_pc) * 100 / h.last_net_income_pc
    far: nw.Expr = (change > limits.income_rise_pct_max) | (change < -limits.income_fall_pct_max)
    return nw.when(h.last_net_income_pc > 0).then(far)


@rule("F07", "person", zh="上年残疾或大病今年消失")
def disability_or_illness_vanished(p: Columns, limits: Any) -> nw.Expr:
    """Disability, or serious illness, of last year is gone.

    Why: a disability stays and a serious illness leaves a trace; one of the two years is wrong.
    Basis: inferred, hence a hint; a cure is right if it is evidenced; S3.3.
    Flags: disabled last year and not this year, or seriously ill last year and healthy this year; ill with a chronic
    illness after a serious one is clear; blank, or no row last year, cannot be judged.
    """
    healthy: nw.Expr = p.health == limits.health_healthy
    return (p.was_disabled & ~p.disabled) | (p.was_seriously_ill & healthy)


@rule("F09", "household", zh="家庭人口数变化而无变动记录")
def size_changed_unrecorded(h: Columns, limits: Any) -> nw.Expr:
    """Household size changed, but no change is recorded.

    Why: births, deaths and marriages are recorded one by one; a size that moves without them was overwritten.
    Basis: published practice of natural increase and decrease; S3.3.
    Flags: larger than last year without a natural increase, new identification or restoration of the household; smaller
    without a natural decrease or removal; blank, or no row last year, cannot be judged.
    """
    came = h.change_natural_increase | h.change_new | h.change_restored
    went = h.change_natural_decrease | h.change_removed
    return ((h.size > h.last_size) & ~came) | ((h.size < h.last_size) & ~went)


@rule("F10", "person", zh="人不变而人编号改变")
def person_renumbered(p: Columns, limits: Any) -> nw.Expr:
    """Same person under another person number than last year.

    Why: a person deleted and entered anew loses the history, and may hide an exit or a removal.
    Basis: inferred, hence a hint; matched by the first 18 characters of the identity number and the name; S3.3.
    Flags: last year's rows of this person carry other person numbers; not on the register last year, or number or name
    blank, cannot be judged. A number that stands in several rows this year is A07's or A08's and clear here.
    """
    return p.person_number_changed & ~p.last_person_number.is_null() & (p.same_number_rows == 1)


@rule("F10", "household", zh="户主不变而户编号改变")
def household_renumbered(h: Columns, limits: Any) -> nw.Expr:
    """Same head under another household number than last year.

    Why: a household deleted and entered anew loses the history, and may hide an exit or a removal.
    Basis: inferred, hence a hint; matched by the first 18 characters of the head's number and the name; S3.3.
    Flags: last year's households of this head carry other numbers, and no other household has the head this year; no
    head's number or name, or no such head last year, cannot be judged.
    """
    return h.household_number_changed & ~h.last_household_number.is_null() & (h.same_head_rows == 1)


def _area_rule(column: str, header: str, least: str) -> None:
    def area_changed(h: Columns, limits: Any) -> nw.Expr:
        now, before = getattr(h, column), getattr(h, f"last_{column}")
        factor = limits.area_change_factor
        doubled: nw.Expr = (now > before * factor) & (now - before > limits[least])
        halved: nw.Expr = (before > now * factor) & (before - now > limits[least])
        return doubled | halved

    area_changed.__doc__ = (
        f"Area changed very much since last year: {column.replace('_', ' ')}.\n\n"
        "Why: land and houses stay; a change this large was mistyped, or has a reason to be evidenced (a new house,\n"
        "land let or taken).\n"
        "Basis: known practice without a source, hence a hint; S3.3. Factor and least change are policy.\n"
        "Flags: more than the factor up or down, and by more than the least change; blank, or no row last year,\n"
        "cannot be judged.\n"
    )
    add(Rule("F11", "household", area_changed, f"{header}两年变化过大", face=header))


_area_rule("farmland", "耕地面积", "land_change_min_mu")
_area_rule("housing_area", "住房面积", "housing_change_min_m2")


@rule("F12", "household", zh="上年已脱贫今年未脱贫而未标返贫")
def poor_again_without_return(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty last year, poor this year, but not marked as returned.

    Why: the way back into poverty is the marked return with its cause; otherwise one of the two years is wrong.
    Basis: inferred from the statuses of the form, hence a hint; S3.3.
    Flags: exited last year and this year neither exited nor returned; blank, or no row last year, cannot be judged.
    """
    had_left: nw.Expr = h.last_status == limits.status_exited
    return had_left & ~h.status.is_in([limits.status_exited, limits.status_returned])
