"""Problem records: the cleaning ledger, with what the newer snapshot says in the field that was reported."""

from povkit.register.schema import Column, Kind, load_tables
from povkit.views.fragments import PLACE, place_of_village
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

_OBJECTS = {
    "household": ("贫困户", Level.HOUSEHOLD),
    "person": ("贫困人口", Level.PERSON),
    "village": ("贫困村", Level.VILLAGE),
}
"""Table -> its name in the list of problems, and its level. A helper has several rows, so no one value."""


def _quoted(*texts: str) -> str:
    return "(" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + ")"


def _as_text(column: Column) -> str:
    """A column's value as the list of problems would write it."""
    name = f't."{column.name}"'
    if column.type is Kind.BOOL:
        return f"CASE WHEN {name} THEN '是' WHEN NOT {name} THEN '否' END"
    return f"{name}::VARCHAR"


def _reported(table: str) -> ViewSpec:
    """Problem records about a table's objects: the field's value now, and the old one in this year's words."""
    columns = load_tables()[table].columns.values()
    now = " ".join(f"WHEN trim(p.field) IN {_quoted(*c.zh)} THEN {_as_text(c)}" for c in columns)
    known = _quoted(*dict.fromkeys(header for c in columns for header in c.zh))
    then = " ".join(
        f"WHEN trim(p.field) IN {_quoted(*c.zh)} AND trim(p.value) = {_quoted(old)} THEN {_quoted(new)}"
        for c in columns
        for old, new in (c.aka | ({"有": "是", "无": "否"} if c.type is Kind.BOOL else {})).items()
    )
    name, level = _OBJECTS[table]
    key = load_tables()[table].key[0]
    return ViewSpec(
        f"reported_{table}",
        level,
        f"(SELECT p.problem_id, trim(p.field) IN {known} AS field_known, CASE {now} END AS value_now, "
        f"CASE {then} ELSE trim(p.value) END AS value_then FROM raw_problem p "
        f"JOIN raw_{table} t ON t.{key} = p.object_id WHERE p.object = '{name}')",
        (),
        (),
        {"object_id": "problem_id"},
        base_columns=(
            Col("problem_id", "problem_id", "问题编号", "problem number"),
            Col("field_known", "field_known", "字段可识别", "the field is one of the table's"),
            Col("value_now", "value_now", "现值", "value now"),
            Col("value_then", "value_then", "原值", "value then"),
        ),
    )


REPORTED = tuple(_reported(table) for table in _OBJECTS)
"""Small views: one row a problem record whose object is on this year's table."""


def _values(table: str) -> Part:
    return Part(
        f"reported_{table}",
        "problem_id",
        "b.problem_id",
        tuple(
            Col(f"{table}_{name}", f"any_value({name})", zh, en)
            for name, zh, en in (
                ("field_known", "字段可识别", "the field is one of the table's"),
                ("value_now", "现值", "value now"),
                ("value_then", "原值", "value then"),
            )
        ),
        optional=True,
    )


_SAME_FIELD = "object_id || '@' || coalesce(field, description, '')"

_AGAIN = Part(
    "raw_problem",
    _SAME_FIELD,
    "b.object_id || '@' || coalesce(b.field, b.description, '')",
    (
        Col(
            "last_reported_on",
            "max(reported_on) FILTER (WHERE reported_on <= :as_of)",
            "同一对象同一字段最近反馈日期",
            "last report of the same object and field",
        ),
    ),
)


def _either(name: str) -> str:
    return "coalesce(" + ", ".join(f"{table}_{name}" for table in _OBJECTS) + ")"


_DATES = "['%Y-%m-%d', '%Y%m%d', '%Y/%m/%d', '%Y年%m月%d日']"
_COMPARED = (
    "CASE WHEN NOT coalesce(field_known, FALSE) THEN NULL "
    "WHEN value_then IS NULL AND value_now IS NULL THEN TRUE "
    "WHEN value_then IS NULL THEN NULL WHEN value_now IS NULL THEN FALSE "
    "WHEN TRY_CAST(value_then AS DOUBLE) IS NOT NULL AND TRY_CAST(value_now AS DOUBLE) IS NOT NULL "
    "THEN TRY_CAST(value_then AS DOUBLE) = TRY_CAST(value_now AS DOUBLE) "
    f"ELSE value_then = value_now OR coalesce(try_strptime(value_then, {_DATES}) = try_strptime(value_now, {_DATES}), "
    "FALSE) END"
)
"""Whether the field still holds the old value. An old value that was not written down cannot be compared."""

PROBLEM = ViewSpec(
    "problem",
    Level.PROBLEM,
    "(SELECT *, coalesce(handled_on > :as_of, FALSE) AS later, coalesce(reported_on > :as_of, FALSE) AS future "
    "FROM raw_problem)",
    (place_of_village(), _AGAIN, *(_values(table) for table in _OBJECTS)),
    (
        (
            Col("field_known", _either("field_known"), "字段可识别", "the field is one of the table's"),
            Col("value_now", _either("value_now"), "现值", "value now"),
            Col("value_then", _either("value_then"), "原值", "value then"),
        ),
        (Col("value_unchanged", _COMPARED, "现值与原值相同", "the field still holds the old value"),),
    ),
    {**PLACE, "object_id": "problem_id", "subject": "description"},
    base_columns=(
        *take("problem", *load_tables()["problem"].columns),
        Col("handled_later", "later", "处理日期晚于核查时点", "handled after the date of the run"),
        Col("reported_later", "future", "反馈日期晚于核查时点", "reported after the date of the run"),
    ),
)
"""Problem records. The two dates against the run's date ask for nothing: without a date the state alone counts."""
