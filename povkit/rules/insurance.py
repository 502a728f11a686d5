"""H: medical and pension insurance of people."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("H08", "person", zh="居民医保与职工医保同时参加、都未参加或都未填")
def two_insurances_or_none(p: Columns, limits: Any) -> nw.Expr:
    """Both medical insurances, neither, or both blank.

    Why: everyone is in one of the two, and in one only.
    Basis: rule lists of 2021 and 2023; S1.1e. The employees' insurance is a column beyond the 2018 export.
    Flags: both 是, both 否, both blank; one 是 beside 否 or a blank is clear; one 否 beside a blank cannot be judged.
    """
    resident, employee = p.medical_insurance, p.employee_medical_insurance
    both = resident.fill_null(False) & employee.fill_null(False)
    neither = ~resident & ~employee
    return both | neither | (resident.is_null() & employee.is_null())


@rule("H09", "person", zh="未参加医疗保险而享受医疗救助")
def medical_aid_without_insurance(p: Columns, limits: Any) -> nw.Expr:
    """Medical aid without medical insurance.

    Why: aid is paid on what the insurance leaves over, so one of the entries is wrong.
    Basis: rule lists of 2023; S4.1. Both further columns are beyond the 2018 export.
    Flags: aid 是, residents' insurance 否 and employees' insurance not 是; blank aid or residents' insurance cannot be
    judged unless the other decides.
    """
    insured = p.medical_insurance | p.employee_medical_insurance.fill_null(False)
    return p.medical_aid & ~insured


@rule("H10", "person", zh="未参加大病保险或未填")
def no_serious_illness_insurance(p: Columns, limits: Any) -> nw.Expr:
    """No insurance against serious illness, or the field is blank.

    Why: whoever is on the register is insured at no cost; a 否 is a gap in the guarantee or in the record.
    Basis: rule lists that offices ran; S1.1e.
    Flags: 否 or blank.
    """
    return p.serious_illness_insurance.is_null() | ~p.serious_illness_insurance


@rule("H11", "person", zh="劳动年龄非在校人员未参加养老保险或未填")
def no_pension_insurance(p: Columns, limits: Any) -> nw.Expr:
    """Of working age and not at school, without pension insurance.

    Why: pension insurance of everyone of the age is among the published exit criteria of the province.
    Basis: an office's published list of exit criteria; rule lists of 2021; S4.1.
    Flags: 否 or blank, at an age within the bounds; pupils, students and soldiers are clear; birth date unknown cannot
    be judged.
    """
    of_age = p.age.is_between(limits.adult_age, limits.labour_age_max)
    without = p.pension_insurance.is_null() | ~p.pension_insurance
    return of_age & without & ~p.at_school & ~p.soldier.fill_null(False)
