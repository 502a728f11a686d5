"""C: grades and levels of education held against ages.

Who is too young is asked at the date of the check, who is too old at the school's cut-off: a birthday between the two
speaks for the pupil.
"""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("C07", "person", zh="已到学龄仍为学龄前儿童或学前教育")
def still_before_school(p: Columns, limits: Any) -> nw.Expr:
    """Old enough for school, but still before it.

    Why: compulsory school begins at six; this child was not enrolled or not brought up to date.
    Basis: rule lists that offices ran; S1.1d. The age is policy.
    Flags: at the limit or older at the school cut-off, and a status before school, unless the state of health may
    excuse; not at school at all is C06's; age or health unknown cannot be judged.
    """
    before = p.school.is_in(limits.school_before).fill_null(False)
    old: nw.Expr = p.school_age >= limits.preschool_age_end
    return before & old & ~p.excused_from_school


def _grade_of_age(p: Columns, grades: Any, youngest: int, oldest: int | None = None) -> nw.Expr:
    """In one of the grades, and younger at the date of the check or older at the school cut-off than the bounds."""
    attends = p.school.is_in(list(grades)).fill_null(False)
    wrong: nw.Expr = p.age < youngest
    if oldest is not None:
        wrong = wrong | (p.school_age > oldest)
    return attends & wrong


@rule("C08", "person", zh="小学在校生年龄异常")
def age_at_primary_school(p: Columns, limits: Any) -> nw.Expr:
    """Too young or too old for primary school.

    Why: grade or birth date is out of date or mistyped.
    Basis: rule lists that offices ran; S4.1. The ages are policy.
    Flags: at primary school and outside the ages; on the bounds is clear; age unknown cannot be judged.
    """
    return _grade_of_age(p, [limits.school_primary], limits.primary_age_min, limits.primary_age_max)


@rule("C09", "person", zh="初中在校生年龄异常")
def age_at_junior_school(p: Columns, limits: Any) -> nw.Expr:
    """Too young or too old for junior middle school.

    Why: grade or birth date is out of date or mistyped.
    Basis: rule lists that offices ran; S4.1. The ages are policy.
    Flags: in a junior grade and outside the ages; on the bounds is clear; age unknown cannot be judged.
    """
    return _grade_of_age(p, limits.school_junior, limits.junior_age_min, limits.junior_age_max)


@rule("C10", "person", zh="高中、中职在校生年龄异常")
def age_at_senior_school(p: Columns, limits: Any) -> nw.Expr:
    """Too young or too old for senior middle or vocational school.

    Why: grade or birth date is out of date or mistyped.
    Basis: rule lists that offices ran; S4.1. The ages are policy.
    Flags: in a senior or vocational grade and outside the ages; on the bounds is clear; age unknown cannot be judged.
    """
    grades = [*limits.school_senior, *limits.school_vocational]
    return _grade_of_age(p, grades, limits.senior_age_min, limits.senior_age_max)


@rule("C11", "person", zh="大专、高职、本科在校生年龄过小")
def age_at_college(p: Columns, limits: Any) -> nw.Expr:
    """Too young for college or university.

    Why: grade or birth date is out of date or mistyped.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at college or university and younger than the least age; age unknown cannot be judged.
    """
    grades = [*limits.school_college, *limits.school_university, *limits.school_university_other]
    return _grade_of_age(p, grades, limits.college_age_min)


@rule("C12", "person", zh="硕士研究生及以上年龄过小")
def age_of_postgraduate(p: Columns, limits: Any) -> nw.Expr:
    """Too young for postgraduate study.

    Why: grade or birth date is out of date or mistyped.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: a postgraduate younger than the least age; age unknown cannot be judged.
    """
    return _grade_of_age(p, [limits.school_postgraduate], limits.postgraduate_age_min)


@rule("C13", "person", zh="年龄过小而在校为高中及以上")
def child_at_senior_school(p: Columns, limits: Any) -> nw.Expr:
    """Child in a grade above compulsory school.

    Why: nine years of school cannot be over so early; grade or birth date is wrong.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: below the age and at senior, vocational or higher school; from the age on C10 and C11 ask; age unknown cannot
    be judged.
    """
    higher = [*limits.school_senior, *limits.school_vocational, *limits.school_college, *limits.school_university]
    higher += [*limits.school_technician, *limits.school_university_other]
    return _grade_of_age(p, [*higher, limits.school_postgraduate], limits.senior_age_impossible)


@rule("C14", "person", zh="年龄过大而在校为小学及以下")
def youth_at_primary_school(p: Columns, limits: Any) -> nw.Expr:
    """Youth or adult at primary school or before it.

    Why: the status was carried over for years, or the birth date is wrong.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at the limit or older at the date of the check, and primary school or before; age unknown cannot be judged.
    """
    lowest = p.school.is_in([*limits.school_before, limits.school_primary]).fill_null(False)
    old: nw.Expr = p.age >= limits.primary_pupil_age_end
    return lowest & old


@rule("C15", "person", zh="年龄过大的在校生")
def old_pupil(p: Columns, limits: Any) -> nw.Expr:
    """Pupil or student at an age at which study is over.

    Why: the status was carried over for years, or the birth date is wrong.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at school and at the limit or older; age unknown cannot be judged.
    """
    old: nw.Expr = p.age >= limits.pupil_age_end
    return p.at_school & old


@rule("C16", "person", zh="青年文化程度为小学及以下")
def youth_with_primary_education(p: Columns, limits: Any) -> nw.Expr:
    """Young person who left school with primary education or less.

    Why: who is of this age should have finished nine years; a school was left early and nobody brought the child back.
    Basis: rule lists that offices ran; S1.1d. The ages are policy.
    Flags: not at school, within the ages, primary education or less, unless the state of health may excuse; age,
    education or health unknown cannot be judged.
    """
    young = p.age.is_between(limits.education_low_age_min, limits.education_low_age_max)
    return young & p.education.is_in(limits.education_low) & ~p.at_school & ~p.excused_from_school


@rule("C17", "person", zh="成人文化程度为学龄前儿童")
def adult_with_infants_education(p: Columns, limits: Any) -> nw.Expr:
    """Adult whose level of education is that of an infant.

    Why: the entry was carried over from childhood, or the birth date is wrong.
    Basis: inferred from the form, hence a hint; S4.1.
    Flags: of working age or older, not at school, and that label; age or level blank cannot be judged.
    """
    adult: nw.Expr = p.age >= limits.adult_age
    infant: nw.Expr = p.education == limits.education_of_infants
    return adult & ~p.at_school & infant
