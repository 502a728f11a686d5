"""D: work away from home, public jobs, and military service."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("D17", "person", zh="务工时间与务工所在地只填一项")
def months_or_place_of_work_alone(p: Columns, limits: Any) -> nw.Expr:
    """Months of work without a place, or a place without months.

    Why: both describe the same work, so one is missing or left over.
    Basis: rule lists that offices ran; S4.1.
    Flags: exactly one of the two; 0 months or blank is no work, and blank both is clear.
    """
    placed = ~p.work_place.is_null()
    return (p.worked_away & ~placed) | (~p.worked_away & placed)


@rule("D18", "person", zh="有务工时间而无务工企业名称", within="worked_away")
def work_without_employer(p: Columns, limits: Any) -> nw.Expr:
    """Worked away, but no employer is named.

    Why: without the employer the work cannot be checked; casual work is to be written as such.
    Basis: rule lists that offices ran; S4.1.
    Flags: blank or a word for none. The 2018 export has no such column: it is not run until one with 务工企业名称 is
    handed in.
    """
    return ~p.has_employer


@rule("D19", "household", zh="有务工时间而工资性收入极低")
def work_without_wages(h: Columns, limits: Any) -> nw.Expr:
    """Somebody worked away, but the household has hardly any wages.

    Why: months of work bring wages; one of the two was not brought up to date.
    Basis: rule lists that offices ran; S4.1. The least wage is policy.
    Flags: a member with months of work and wage income at the limit or below it; blank wages cannot be judged.
    """
    hardly_any: nw.Expr = h.wage_income <= limits.wage_with_work_min_yuan
    return (h.working_members > 0) & hardly_any


@rule("D20", "household", zh="有工资性收入而全家无务工时间和公益性岗位")
def wages_without_work(h: Columns, limits: Any) -> nw.Expr:
    """Wages, but nobody worked away or has a public job.

    Why: somebody earned the wages; the work was not entered, or the income is made up.
    Basis: rule lists that offices ran; S4.1.
    Flags: wage income above 0, no member with months of work, none with a public job; a household without members'
    rows is B11's; blank wages cannot be judged.
    """
    nobody = (h.working_members == 0) & (h.public_job_members == 0)
    return (h.members > 0) & nobody & (h.wage_income > 0)


@rule("D21", "person", zh="在校生或学龄前儿童有务工")
def pupil_worked_away(p: Columns, limits: Any) -> nw.Expr:
    """At school or before it, with months of work.

    Why: who is at school does not work away; one of the two is left over, or a child works.
    Basis: rule lists that offices ran; S4.1.
    Flags: any school status and more than 0 months; holiday work is to be evidenced.
    """
    return p.has_school_status & p.worked_away


@rule("D22", "person", zh="未满劳动年龄而务工或有公益性岗位")
def child_at_work(p: Columns, limits: Any) -> nw.Expr:
    """Child below working age works away or has a public job.

    Why: child labour is unlawful; the entry is wrong or the child must be helped at once.
    Basis: Labour Law, article 15; rule lists that offices ran; S4.1.
    Flags: below the age, with months of work or a public job; birth date unknown cannot be judged if there is work.
    """
    child: nw.Expr = p.age < limits.adult_age
    return child & (p.worked_away | p.has_public_job)


@rule("D23", "person", zh="高龄人员有公益性岗位")
def old_person_in_public_job(p: Columns, limits: Any) -> nw.Expr:
    """Public job at a high age.

    Why: public jobs are for those who can work; at this age the pay is likely a grant in disguise.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at the age or older with a public job; birth date unknown cannot be judged if there is a job.
    """
    old: nw.Expr = p.age >= limits.public_job_age_end
    return old & p.has_public_job


@rule("D24", "person", zh="特困供养人员务工")
def supported_person_at_work(p: Columns, limits: Any) -> nw.Expr:
    """On five-guarantee support, with months of work.

    Why: the support is for those who can neither work nor be kept by others.
    Basis: rule lists that offices ran; S4.1.
    Flags: on the support and more than 0 months; whether on the support blank cannot be judged if there is work.
    """
    return p.tekun & p.worked_away


@rule("D25", "person", zh="公益性岗位与聘用月数只填一项")
def public_job_or_months_alone(p: Columns, limits: Any) -> nw.Expr:
    """Public job without months, or months without a job.

    Why: both describe the same job, so one is missing or left over.
    Basis: rule lists that offices ran; S4.1.
    Flags: exactly one of the two; 0 months, blank or a word for none is no job, and neither is clear.
    """
    return (p.has_public_job & ~p.has_public_job_months) | (~p.has_public_job & p.has_public_job_months)


@rule("D26", "person", zh="务工月收入过低或过高", within="worked_away")
def odd_monthly_pay(p: Columns, limits: Any) -> nw.Expr:
    """Monthly pay is too low or too high.

    Why: a year's pay or a digit too few was typed into the month's field.
    Basis: rule lists that offices ran; S4.1. The limits are policy.
    Flags: below the least or above the most; blank cannot be judged. The 2018 export has no such column: it is not run
    until one with 务工月收入 is handed in.
    """
    low: nw.Expr = p.monthly_pay < limits.monthly_pay_min_yuan
    high: nw.Expr = p.monthly_pay > limits.monthly_pay_max_yuan
    return low | high


@rule("D27", "person", zh="现役军人年龄异常", face="年龄")
def soldier_of_odd_age(p: Columns, limits: Any) -> nw.Expr:
    """Soldier who is too young or too old.

    Why: one of the two fields was mistyped; soldiers are not counted with the household's labour.
    Basis: Military Service Law for the least age, the most inferred; S4.1.
    Flags: in military service and outside the ages; on the bounds is clear; whether in service blank is asked apart.
    """
    young: nw.Expr = p.age < limits.soldier_age_min
    old: nw.Expr = p.age > limits.soldier_age_max
    return p.soldier & (young | old)
