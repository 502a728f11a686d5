"""M: assistance measures (帮扶措施)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("M01", "household", zh="本年脱贫户无帮扶措施", within="leaves_this_year")
def exit_without_measure(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty this year without any recorded measure.

    Why: measures of all of this year's exits must be recorded; earlier years as far as possible.
    Basis: S3.1; the form's page of measures.
    Flags: this year's exit with no row of measures; any row clears.
    """
    return h.measures == 0


Condition = Callable[[Columns, Any], nw.Expr]


@dataclass(frozen=True)
class Lack:
    """A lack that still shows, and the measures that answer it."""

    face: str
    zh: str
    en: str
    shows: Condition
    answers: Callable[[Columns], nw.Expr]
    told: str


def _secured(h: Columns) -> nw.Expr:
    """Members on the guarantee or in care, which are overall security, listed among the measures or not."""
    return h.dibao_members + h.tekun_members


LACKS = (
    Lack(
        "因病",
        "因病致贫户无健康帮扶或综合保障措施",
        "illness",
        lambda h, limits: (h.cause == limits.cause_illness) & h.any_ill_member,
        lambda h: h.measures_illness + _secured(h),
        "main cause illness, and a member is chronically or seriously ill; one on the guarantee or in care is answered",
    ),
    Lack(
        "因学",
        "因学致贫户无教育帮扶措施",
        "schooling",
        lambda h, limits: (h.cause == limits.cause_schooling) & h.any_member_at_school,
        lambda h: h.measures_schooling,
        "main cause schooling, and a member is at school",
    ),
    Lack(
        "因残",
        "因残致贫户无综合保障或健康帮扶措施",
        "disability",
        lambda h, limits: (h.cause == limits.cause_disability) & (h.disabled_members > 0),
        lambda h: h.measures_disability + _secured(h),
        "main cause disability, and a member is disabled; one on the guarantee or in care is answered",
    ),
    Lack(
        "住房",
        "住房无保障户无住房帮扶措施",
        "housing",
        lambda h, limits: h.unsafe_house | h.house_grade.is_in(limits.house_grades_not_secured).fill_null(False),
        lambda h: h.measures_housing,
        "dangerous house or none",
    ),
    Lack(
        "饮水",
        "饮水未解决户无饮水帮扶措施",
        "water",
        lambda h, _: ~h.water_safe | h.water_difficult,
        lambda h: h.measures_water + h.village_measures_water,
        "water not safe or hard to get; works of the village count",
    ),
)
"""What causes and guarantees leave open in a household that has not left poverty."""


def _unanswered(lack: Lack) -> None:
    """Make the rule that asks whether a lack is answered by a measure."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        return lack.shows(h, limits) & (lack.answers(h) == 0)

    check.__doc__ = (
        f"Lack without a measure that answers it: {lack.en}.\n\n"
        f"Why: help goes by the cause; a lack that nobody works on will still be there next year.\n"
        f"Basis: rule lists that offices ran; S3.1; the policy's kinds of measures.\n"
        f"Flags: a household that has not left poverty ({lack.told}) without any measure of the kinds that answer it.\n"
    )
    rule("M02", "household", lack.zh, within="not_yet_left", face=lack.face)(check)


for _lack in LACKS:
    _unanswered(_lack)


@rule("M03", "household", zh="有转移就业或公益岗措施而无务工、公益岗和工资收入")
def work_measure_without_work(h: Columns, limits: Any) -> nw.Expr:
    """Measure that gives a job, and neither work nor a public job nor wages.

    Why: the measure is only on paper, or the work was not entered.
    Basis: rule lists that offices ran; S3.1; the policy's words for jobs.
    Flags: a measure for work whose content is a job, nobody with months of work or a public job, wages 0. Training is
    clear; a content that only repeats the kind, or wages blank, cannot be judged. Work without wages and wages without
    work are D19's and D20's.
    """
    given = (h.measures > 0) & h.given_a_job
    idle = (h.working_members == 0) & (h.public_job_members == 0)
    return given & idle & (h.wage_income == 0)


@rule("M04", "household", zh="有产业帮扶措施而经营收入为0")
def industry_measure_without_income(h: Columns, limits: Any) -> nw.Expr:
    """Measure for business, and no business income.

    Why: the measure is only on paper, or its yield was not entered.
    Basis: rule lists that offices ran; S3.1.
    Flags: a measure for business, business income 0; blank cannot be judged (E01).
    """
    return (h.measures_industry > 0) & (h.business_income == 0)


@rule("M05", "household", zh="雨露计划户无中高职学生", face="对象")
def rainplan_without_student(h: Columns, limits: Any) -> nw.Expr:
    """Vocational grant (Yulu plan) without a vocational student.

    Why: the grant is for students of vocational schools.
    Basis: rule lists that offices ran; S3.1.
    Flags: a measure that names the plan, and nobody at a secondary or higher vocational school.
    """
    return (h.measures_rainplan > 0) & ~h.any_vocational_student


@rule("M05", "household", zh="有中高职学生而未享受雨露计划", face="未享受")
def student_without_rainplan(h: Columns, limits: Any) -> nw.Expr:
    """Vocational student without the grant (Yulu plan).

    Why: every such student of a registered household is entitled to it.
    Basis: rule lists that offices ran; S3.1.
    Flags: somebody at a secondary or higher vocational school and no measure that names the plan; where the county's
    list hardly ever names it, it cannot be judged.
    """
    return h.any_vocational_student & (h.measures_rainplan == 0) & (h.county_names_rainplan | nw.lit(None))


def _grant(face: str, zh: str, en: str, given: str, entitled: str, owed: str) -> None:
    """Make the rule that holds a grant among the measures against the people it is for.

    given, entitled, owed: columns of the measures, of the people who may have it, and of those who must.
    """

    def check(h: Columns, limits: Any) -> nw.Expr:
        measures, may, must = getattr(h, given), getattr(h, entitled), getattr(h, owed)
        named: nw.Expr = getattr(h, f"county_names_{given.removeprefix('measures_')}")
        return ((measures > 0) & (may == 0)) | ((measures == 0) & (must > 0) & (named | nw.lit(None)))

    check.__doc__ = (
        f"Grant among the measures without anyone entitled, or the reverse: {en}.\n\n"
        f"Why: the measure and the member's entry come from the same decision, so one of the two was not entered.\n"
        f"Basis: rule lists that offices ran; S3.1.\n"
        f"Flags: a measure that names it and nobody to have it; or somebody who must have it and no such measure.\n"
        f"Where the county's list hardly ever names it, the second cannot be judged.\n"
    )
    rule("M06", "household", f"{zh}措施与成员情况不符", face=face)(check)


_grant("低保", "低保", "low-income guarantee", "measures_dibao", "dibao_members", "dibao_members")
_grant("特困供养", "特困供养", "five-guarantee support", "measures_tekun", "tekun_members", "tekun_members")
_grant(
    "残疾人补贴",
    "残疾人补贴",
    "disability grant",
    "measures_disabled_grant",
    "disabled_members",
    "severely_disabled_members",
)


@rule("M07", "household", zh="小额信贷户超过贷款年龄或整户无劳动力")
def loan_to_unable(h: Columns, limits: Any) -> nw.Expr:
    """Loan to a household that has nobody of an age for loans, or nobody able to work.

    Why: a loan is for a business that somebody can run and repay.
    Basis: known practice; S3.1; the policy's highest age.
    Flags: a loan among the measures, and no member between working age and the highest age, or nobody able to work.
    """
    return (h.measures_loan > 0) & (~h.any_member_of_loan_age | h.all_without_labour)


@rule("M08", "household", zh="易地搬迁户仍为危房")
def relocated_in_dangerous_house(h: Columns, limits: Any) -> nw.Expr:
    """Relocated, and still in a dangerous house.

    Why: relocation ends with a safe house, so the house was not updated or nobody moved.
    Basis: inferred from the fields; S1.1f.
    Flags: a relocation measure, marked or graded dangerous, and moved in by the record or relocated before this year;
    while building goes on in its first year it is clear.
    """
    dangerous: nw.Expr = h.unsafe_house | h.house_grade.is_in(limits.house_grades_unsafe).fill_null(False)
    settled = h.moved_in.fill_null(False) | h.relocation_overdue.fill_null(False)
    return (h.measures_relocation > 0) & settled & dangerous


@rule("M08", "household", zh="易地搬迁户本年入住而住址未变", face="住址")
def relocated_at_same_address(h: Columns, limits: Any) -> nw.Expr:
    """Moved in after relocation this year, and the address did not change.

    Why: relocation is a move to another place.
    Basis: inferred from the fields; S1.1f; last year's register.
    Flags: a relocation measure, moved in now and not last year, and the same hamlet or group as last year; blank cannot
    be judged.
    """
    moved: nw.Expr = h.moved_in & ~h.last_moved_in
    return (h.measures_relocation > 0) & moved & (h.hamlet == h.last_hamlet)


@rule("M09", "measure", zh="户措施金额为0或异常大", face="金额")
def measure_amount_odd(h: Columns, limits: Any) -> nw.Expr:
    """Household measure of no money, or of too much.

    Why: a measure of nothing is none; a sum that large was likely typed in another unit, or twice.
    Basis: inferred from the field; S3.1; the policy's limit.
    Flags: 0 or less, or above the limit; on the limit is clear; blank cannot be judged.
    """
    return (h.amount <= 0) | (h.amount > limits.measure_amount_max_yuan)


@rule("M09", "measure", zh="户措施日期早于识别年度或晚于核查时点", face="日期")
def measure_date_odd(h: Columns, limits: Any) -> nw.Expr:
    """Household measure before the household was identified, or after the day of the run.

    Why: help begins with registration; what has not begun is a plan.
    Basis: inferred from the field; S3.1. Measures after an exit are right: help goes on.
    Flags: begun before the year of identification, or later than the run's date; on that date is clear; blank cannot be
    judged.
    """
    return (h.started_year < h.home_identified_year) | (h.starts > limits.as_of)


@rule("M09", "village_measure", zh="村措施金额为0或异常大", face="金额")
def village_measure_amount_odd(h: Columns, limits: Any) -> nw.Expr:
    """Village measure of no money, or of too much.

    Why: a measure of nothing is none; a sum that large was likely typed in another unit, or twice.
    Basis: inferred from the field; S3.1; the policy's limit.
    Flags: 0 or less, or above the limit; on the limit is clear; blank cannot be judged.
    """
    return (h.amount <= 0) | (h.amount > limits.village_measure_amount_max_yuan)


@rule("M09", "village_measure", zh="村措施日期晚于核查时点", face="日期")
def village_measure_date_odd(h: Columns, limits: Any) -> nw.Expr:
    """Village measure after the day of the run.

    Why: what has not begun is a plan.
    Basis: inferred from the field; S3.1.
    Flags: later than the run's date; on that date is clear; blank cannot be judged.
    """
    later: nw.Expr = h.starts > limits.as_of
    return later


@rule("M10", "village", zh="本年出列村无村级措施", within="exited_this_year")
def village_exit_without_measure(h: Columns, limits: Any) -> nw.Expr:
    """Village that exits this year without any recorded measure.

    Why: measures of all villages that exit this year must be recorded; earlier years as far as possible.
    Basis: S3.1; rows of measures that name a village and no household.
    Flags: no such row; any clears.
    """
    return h.village_measures == 0
