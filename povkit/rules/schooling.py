"""C: schooling of people."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("C03", "person", zh="文化程度与在校生状况同时填或都未填")
def education_and_school(p: Columns, limits: Any) -> nw.Expr:
    """Level of education and school status are both filled in, or neither is.

    Why: in the 2018 form a pupil has a school status, everyone else a level of education; one of the two is missing or
    left over.
    Basis: the register's form of 2018 (the school status is blank when not at school); S4.1.
    Flags: both blank, or both filled in; a child before school who carries that same label in both is clear.
    """
    neither = p.education.is_null() & p.school.is_null()
    both = ~p.education.is_null() & ~p.school.is_null()
    before = p.education.is_in(limits.school_not_enrolled) & p.school.is_in(limits.school_not_enrolled)
    return neither | (both & ~before)


@rule("C06", "person", zh="义务教育适龄健康儿童不在校")
def child_out_of_school(p: Columns, limits: Any) -> nw.Expr:
    """Healthy child of compulsory school age is not at school.

    Why: compulsory education is one of the three guarantees; the child must be found and brought back.
    Basis: Compulsory Education Law, articles 5 and 11; S1.1d. The ages are policy.
    Flags: age at the school cut-off within the bounds, no school status (or one before school), unless the level of
    education shows nine years done or the state of health may excuse; birth date or health unknown cannot be judged.
    """
    of_age = p.school_age.is_between(limits.compulsory_school_age_min, limits.compulsory_school_age_max)
    return of_age & ~p.at_school & ~p.schooling_done & ~p.excused_from_school


@rule("C04", "person", zh="非在校生文化程度为空")
def no_education_outside_school(p: Columns, limits: Any) -> nw.Expr:
    """Not at school, and no level of education.

    Why: who is not at school has a level of education, if only that of an infant; it decides on training and work.
    Basis: rule lists that offices ran; S4.1.
    Flags: both fields blank. C03 flags the same row among those with neither or both; a school status, be it that of a
    child before school, is clear.
    """
    return ~p.has_school_status & p.education.is_null()


@rule("C05", "person", zh="文化程度、在校生状况、失学原因皆空")
def nothing_about_schooling(p: Columns, limits: Any) -> nw.Expr:
    """Nothing is filled in about schooling.

    Why: nobody asked; a child that left school would not be seen.
    Basis: rule lists that offices ran; S4.1.
    Flags: level of education, school status and reason for leaving school all blank (a word for none counts as blank).
    """
    return ~p.has_school_status & p.education.is_null() & ~p.has_dropout_reason


def _agreeing(limits: Any) -> tuple[list[str], list[str]]:
    """Statuses that have a level, and the pairs `education>school` that agree: the level attended or the one before."""
    primary, junior, senior, college, university = limits.education_ladder
    before = list(limits.education_before_school)
    levels = [
        (limits.school_before, before),
        ((limits.school_primary,), [*before, primary]),
        (limits.school_junior, [primary, junior]),
        ((*limits.school_senior, *limits.school_vocational), [junior, senior]),
        (limits.school_college, [senior, college]),
        (limits.school_technician, [junior, senior, college]),
        ((*limits.school_university, *limits.school_university_other), [senior, college, university]),
        ((limits.school_postgraduate,), [university]),
    ]
    known = [school for schools, _ in levels for school in schools]
    return known, [f"{education}>{school}" for schools, fits in levels for school in schools for education in fits]


@rule("C18", "person", zh="文化程度与在校年级矛盾", within="has_school_status")
def education_against_grade(p: Columns, limits: Any) -> nw.Expr:
    """Level of education does not fit the grade attended.

    Why: one of the two was not brought up to date.
    Basis: rule lists that offices ran; S4.1. Sources leave open whether the level is the one attended or the one
    completed, so both are clear.
    Flags: the level is neither that of the school attended nor the one below; a blank level is clear, as the 2018 form
    wants it of pupils (C03); a label outside the code lists (C01, C02) cannot be judged.
    """
    known, pairs = _agreeing(limits)
    listed = p.school.is_in(known) & p.education.is_in([*limits.education_before_school, *limits.education_ladder])
    agrees = nw.concat_str(p.education, p.school, separator=">").is_in(pairs)
    return nw.when(listed | p.education.is_null()).then(~agrees.fill_null(True))


@rule("C19", "person", zh="因病因残失学而健康状况为健康")
def left_school_ill_but_healthy(p: Columns, limits: Any) -> nw.Expr:
    """Left school for illness or disability, but healthy.

    Why: a healthy child that is out of school must be brought back; or the state of health is out of date.
    Basis: rule lists that offices ran; S4.1.
    Flags: the reason names illness or disability and health is healthy alone; no reason is clear; blank health beside
    such a reason cannot be judged.
    """
    reason = p.dropout_reason.str.contains("|".join(limits.dropout_reasons_of_health)).fill_null(False)
    healthy: nw.Expr = p.health == limits.health_healthy
    return reason & healthy


@rule("C20", "person", zh="在校而填有失学或辍学原因")
def at_school_with_dropout_reason(p: Columns, limits: Any) -> nw.Expr:
    """At school, with a reason for having left it.

    Why: one of the two is left over from another year.
    Basis: inferred from the form, hence a hint; S4.1.
    Flags: a school status other than those before school, and a reason; blank or a word for none is no reason.
    """
    return p.at_school & p.has_dropout_reason
