"""What a household's exit rests on: certificates, procedure, and the records that tell in which year it left."""

from povkit.views.fragments import any_of
from povkit.views.spec import Col, Part

_DEPARTMENTS = (
    ("certified_water", "水务"),
    ("certified_education", "教育"),
    ("certified_health", "卫计"),
    ("certified_housing", "住建"),
)

_STEPS = (
    ("appraised_on", "民主评议"),
    ("checked_on", "村两委和工作队核实"),
    ("helper_agreed_on", "帮扶责任人认可"),
    ("household_agreed_on", "贫困户认可"),
    ("notice_on", "公示"),
    ("announced_on", "公告"),
    ("marked_on", "系统标注"),
)


def _met(name: str, department: str) -> Col:
    """Whether a department says yes, of households with any certificate: no row is no, a blank row is unknown."""
    of = f"department = '{department}'"
    sql = (
        f"CASE WHEN count(*) FILTER (WHERE {of}) = 0 OR count(*) FILTER (WHERE {of} AND NOT met) > 0 THEN FALSE "
        f"WHEN count(*) FILTER (WHERE {of} AND met IS NULL) = 0 THEN TRUE END"
    )
    return Col(f"{name}_row", sql, f"{department}部门认定结果", f"what {department} recorded")


CERTIFICATES = Part(
    "raw_certification",
    "household_id",
    "b.household_id",
    (
        Col("certificates", "count(*)", "部门认定条数", "departments' certificates", default="0"),
        *(_met(name, department) for name, department in _DEPARTMENTS),
    ),
)

CERTIFIED = tuple(
    Col(
        name,
        f"CASE WHEN '{department}' NOT IN :certifying_departments THEN TRUE "
        f"WHEN certificates = 0 THEN FALSE ELSE {name}_row END",
        f"{department}部门认定达标",
        f"certified by {department}",
    )
    for name, department in _DEPARTMENTS
)
"""A department's recognition: true where the policy does not ask it; a missing row is false, a blank one unknown."""

EXIT_PROCEDURE = Part(
    "raw_procedure",
    "household_id",
    "b.household_id",
    (
        *(
            Col(name, f"min(starts) FILTER (WHERE step = '{step}')", f"{step}日期", f"date of {step}")
            for name, step in _STEPS
        ),
        Col("notice_ends_on", "max(ends) FILTER (WHERE step = '公示')", "公示结束日期", "end of the notice"),
        Col(
            "steps_recorded",
            "count(DISTINCT step) FILTER (WHERE step IN :procedure_steps)",
            "脱贫程序已记录环节数",
            "exit steps recorded",
            default="0",
        ),
        Col(
            "step_not_passed",
            any_of("outcome <> :procedure_passed"),
            "有环节未通过或有异议",
            "a step was not passed or met an objection",
        ),
    ),
    where="process = :procedure_exit",
)

EXIT_RECORDED = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    (
        Col(
            "exit_recorded_this_year",
            "bool_or(kind = '脱贫' AND coalesce(date_part('year', \"on\") = :data_year, TRUE))",
            "本年有脱贫变动记录",
            "an exit is recorded among this year's changes",
            default="FALSE",
        ),
    ),
    optional=True,
)

STATUS_BEFORE = Part(
    "raw_household_last",
    "household_id",
    "b.household_id",
    (Col("status_before", "status", "上年脱贫属性（如有）", "status a year before, if handed in"),),
    first=True,
    optional=True,
)

REHOUSING = Part(
    "raw_measure",
    "household_id",
    "b.household_id",
    (
        Col(
            "rehousing_measures",
            "count(*) FILTER (WHERE kind IN :measure_kinds_rehousing)",
            "搬迁或危改措施条数（如有）",
            "relocation or rebuilding measures, if handed in",
            default="0",
        ),
        Col(
            "earlier_rehousing_measures",
            "count(*) FILTER (WHERE kind IN :measure_kinds_rehousing AND date_part('year', starts) < :data_year)",
            "往年搬迁或危改措施条数（如有）",
            "relocation or rebuilding measures of earlier years, if handed in",
            default="0",
        ),
        Col(
            "relocation_measures",
            "count(*) FILTER (WHERE kind = :measure_kind_relocation)",
            "易地搬迁措施条数（如有）",
            "relocation measures, if handed in",
            default="0",
        ),
    ),
    optional=True,
)

WHETHER_LEFT = (
    *CERTIFIED,
    Col("has_left_poverty", "status = '已脱贫'", "已脱贫", "has left poverty"),
    Col("not_yet_left", "status IN ('未脱贫', '返贫', '预脱贫')", "未脱贫或返贫", "has not left poverty"),
    Col("has_returned", "status = '返贫'", "返贫", "has returned to poverty"),
    Col(
        "had_left_before",
        "CASE status_before WHEN '已脱贫' THEN TRUE WHEN '预脱贫' THEN coalesce(exit_year = :last_year, FALSE) "
        "WHEN '未脱贫' THEN FALSE WHEN '返贫' THEN FALSE END",
        "上年底前已脱贫（如有上年数据）",
        "had left by the end of last year, if last year was handed in",
    ),
    Col(
        "notice_days",
        "date_diff('day', notice_on, notice_ends_on) + 1",
        "公示天数（首末日都计入）",
        "days of notice, first and last day counted",
    ),
)

WHEN_LEFT = (
    Col(
        "leaves_this_year",
        "has_left_poverty AND CASE WHEN exit_year = :data_year OR exit_recorded_this_year THEN TRUE "
        "WHEN had_left_before IS NOT NULL THEN NOT had_left_before WHEN exit_year IS NOT NULL THEN FALSE END",
        "本年脱贫",
        "leaves poverty this year",
    ),
    Col(
        "left_after_rehousing",
        "has_left_poverty AND (moved_in IS NOT NULL OR rehousing_measures > 0)",
        "已脱贫的搬迁或危改户",
        "left poverty after relocation or rebuilding",
    ),
)
"""`leaves_this_year`: marked with this year, or an exit is recorded this year, or the status was another a year ago.

A household that carries another year and of which nothing contradicts that year left then; one with a blank year and
no other record cannot be judged. Changes and last year's table only add evidence; neither must be handed in.
"""
