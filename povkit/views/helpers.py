"""Helpers, one row a person, and pairings, one row a household and helper."""

from povkit.register.schema import load_tables
from povkit.views.fragments import check_character, place_of_household
from povkit.views.person import sector_flags
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

_KNOWN_NAMES = "coalesce(list(DISTINCT helper_name) FILTER (WHERE helper_id_number IS NOT NULL), []::VARCHAR[])"
_BLANK_NAMES = (
    "coalesce(list(DISTINCT helper_name) FILTER (WHERE helper_id_number IS NULL AND helper_name IS NOT NULL), "
    "[]::VARCHAR[])"
)
_SHARED_BY = (
    f"count(DISTINCT helper_id_number) + len({_BLANK_NAMES}) - len(list_intersect({_BLANK_NAMES}, {_KNOWN_NAMES}))"
)
"""Different helpers behind one phone: by number; without a number by name, if no numbered one is called the same."""

_PLAIN_NAME = "regexp_replace(helper_name, '[\\s\\x{3000}]', '', 'g')"
_CODED = ("unit_level", "rank", "unit_type", "helper_political")
_MARKS = ("is_first_secretary", "is_team_leader", "is_team_member")


def _coded(name: str) -> str:
    """A helper's code: one outside the list if any row has one, so that it is seen."""
    column = load_tables()["helper"].columns[name]
    known = ", ".join(f"'{code}'" for code in (*column.codes, *column.aka))
    return f'coalesce(min("{name}") FILTER (WHERE "{name}" NOT IN ({known})), min("{name}")) AS "{name}"'


_ROWS = (
    "(SELECT min(household_id) AS household_id, helper_id_number, "
    "CASE WHEN count(*) = count(helper_name) THEN min(helper_name) END AS helper_name, "
    "CASE WHEN count(*) = count(helper_phone) THEN coalesce(min(helper_phone) "
    "FILTER (WHERE NOT regexp_matches(helper_phone, :helper_phone_pattern)), min(helper_phone)) END AS helper_phone, "
    "CASE WHEN count(*) = count(unit) THEN min(unit) END AS unit, "
    + ", ".join((*map(_coded, _CODED), *(f"bool_or({name}) AS {name}" for name in _MARKS)))
    + ", min(stationed_from) AS stationed_from, count(DISTINCT household_id) AS households, "
    "max(shared_by) AS shared_by, max(spellings) AS spellings, max(namesakes) AS namesakes "
    f"FROM raw_helper LEFT JOIN (SELECT helper_phone AS phone, {_SHARED_BY} AS shared_by FROM raw_helper "
    "WHERE helper_phone IS NOT NULL GROUP BY helper_phone) ON phone = helper_phone "
    f"LEFT JOIN (SELECT {_PLAIN_NAME} AS plain, count(DISTINCT helper_name) AS spellings, "
    "count(DISTINCT helper_id_number) AS namesakes FROM raw_helper WHERE helper_name IS NOT NULL GROUP BY plain) "
    f"ON plain = {_PLAIN_NAME} "
    "GROUP BY helper_id_number, CASE WHEN helper_id_number IS NULL THEN household_id END)"
)

_NUMBER = "left(b.helper_id_number, 18)"

_PAYROLL = Part(
    "raw_sector",
    "left(id_number, 18)",
    _NUMBER,
    (
        Col(
            "payroll_grade",
            "min(grade) FILTER (WHERE list = '财政供养')",
            "财政供养名单类别",
            "kind on the payroll list",
        ),
    ),
    where="list = '财政供养' AND id_number IS NOT NULL",
)

_IN_NUMBER = (
    Col(
        "helper_id_body",
        "CASE WHEN regexp_matches(helper_id_number, '^[0-9]{17}') "
        "THEN TRY_CAST(left(helper_id_number, 17) AS BIGINT) END",
        "责任人证件号码前17位",
        "first 17 digits of the helper's number",
    ),
    Col(
        "helper_birth",
        "CASE WHEN regexp_matches(helper_id_number, '^.{6}[0-9]{8}') "
        "THEN TRY_CAST(try_strptime(substr(helper_id_number, 7, 8), '%Y%m%d') AS DATE) END",
        "责任人出生日期",
        "helper's birth date",
    ),
)

HELPER = ViewSpec(
    "helper",
    Level.HELPER,
    _ROWS,
    (place_of_household(), sector_flags(_NUMBER), _PAYROLL),
    (
        _IN_NUMBER,
        (
            Col(
                "helper_id_ok",
                "CASE WHEN helper_id_number IS NOT NULL THEN length(helper_id_number) >= 18 AND "
                f"coalesce({check_character('helper_id_body')} = substr(helper_id_number, 18, 1), FALSE) END",
                "责任人证件校验正确",
                "helper's number is right",
            ),
            Col("helper_age", "date_sub('year', helper_birth, :as_of)", "责任人年龄（周岁）", "helper's age"),
        ),
    ),
    {
        "object_id": "coalesce(helper_id_number, household_id)",
        "township": "home_township",
        "subject": "helper_name",
    },
    base_columns=(
        Col("household_id", "household_id", "户编号", "a household"),
        *take("helper", "helper_id_number", "helper_name", "helper_phone", "unit", *_CODED, *_MARKS, "stationed_from"),
        Col("households", "households", "结对户数", "households paired"),
        Col("helpers_with_phone", "shared_by", "使用同一电话的责任人数", "helpers with the same phone"),
        Col("spellings_of_name", "spellings", "同名而空格不同的写法数", "spellings of the name that differ by blanks"),
        Col("helpers_of_name", "namesakes", "去空格后同名的责任人数", "helpers of the same name without blanks"),
    ),
)
"""Helpers, one row a number (without a number: one row a household). A field is blank if it is blank in any row."""

_RUNNING = "coalesce(ends >= :as_of, TRUE)"

HELPERS = Part(
    "raw_helper",
    "household_id",
    "b.household_id",
    (
        Col("helpers", "count(*)", "帮扶责任人数", "helpers", default="0"),
        Col("helper_id_number", "min(helper_id_number)", "责任人证件号码", "helper's identity number"),
        Col("helper_name", "min_by(helper_name, helper_id_number)", "责任人姓名", "helper's name"),
        Col(
            "helpers_running",
            f"count(*) FILTER (WHERE {_RUNNING})",
            "结对未到期的责任人数",
            "helpers whose pairing runs",
            default="0",
        ),
    ),
    where="helper_name IS NOT NULL OR helper_id_number IS NOT NULL",
)
"""Helpers of a household."""

HELPERS_LAST = Part(
    "raw_helper_last",
    "household_id",
    "b.household_id",
    (Col("helpers_last", "count(*)", "上年帮扶责任人数（如有）", "helpers a year before, if handed in", default="0"),),
    where="helper_name IS NOT NULL OR helper_id_number IS NOT NULL",
    optional=True,
)

_WHO = "coalesce(helper_id_number, helper_name)"

PAIRING = ViewSpec(
    "pairing",
    Level.HELPER,
    f"(SELECT household_id, min(helper_id_number) AS helper_id_number, min(helper_name) AS helper_name, "
    "min(unit) AS unit, CASE WHEN count(*) = count(starts) THEN max(starts) END AS starts, "
    "CASE WHEN count(*) = count(ends) THEN max(ends) END AS ends, bool_or(ends < starts) AS reversed, "
    f"count(*) FILTER (WHERE {_RUNNING}) AS running_rows, min(home) AS home_code FROM raw_helper "
    "LEFT JOIN (SELECT household_id AS paired, min(village_code) AS home FROM raw_household GROUP BY paired) "
    f"ON paired = household_id WHERE {_WHO} IS NOT NULL GROUP BY household_id, {_WHO})",
    (
        place_of_household("head_name"),
        Part(
            "raw_village",
            "village_code",
            "b.home_code",
            take("village", "support_units"),
            first=True,
        ),
        Part(
            "raw_helper",
            "household_id",
            "b.household_id",
            (
                Col(
                    "running_helpers",
                    f"count(DISTINCT {_WHO}) FILTER (WHERE {_RUNNING})",
                    "结对未到期的不同责任人数",
                    "different helpers whose pairing runs",
                    default="0",
                ),
            ),
        ),
        Part(
            "person",
            "id18",
            _NUMBER,
            (
                Col("helper_households", "list(DISTINCT household_id)", "责任人所在户编号", "helper's own household"),
                Col("helper_village", "min(home_village_code)", "责任人所在村", "helper's own village"),
                Col(
                    "helper_poor",
                    "bool_or(home_status IN ('未脱贫', '返贫', '预脱贫'))",
                    "责任人所在户未脱贫",
                    "helper's own household has not left poverty",
                ),
            ),
            where="length(id_number) >= 18",
        ),
    ),
    (
        (
            Col(
                "helper_is_member",
                "CASE WHEN helper_households IS NOT NULL THEN list_contains(helper_households, household_id) "
                "WHEN length(helper_id_number) >= 18 THEN FALSE END",
                "责任人为该户成员",
                "the helper belongs to the household",
            ),
            Col(
                "helper_is_poor_neighbour",
                "CASE WHEN helper_households IS NOT NULL THEN helper_poor AND helper_village = home_code "
                "WHEN length(helper_id_number) >= 18 THEN FALSE END",
                "责任人为本村未脱贫户",
                "the helper's own household in the village has not left poverty",
            ),
            Col(
                "unit_linked",
                "contains(support_units, unit)",
                "帮扶单位与该村关联",
                "the unit is one of the village's",
            ),
        ),
    ),
    {
        "object_id": "coalesce(helper_id_number, household_id)",
        "township": "home_township",
        "village_code": "home_village_code",
        "village": "home_village",
        "household_id": "household_id",
        "subject": "helper_name",
    },
    base_columns=(
        Col("household_id", "household_id", "户编号", "household number"),
        *take("helper", "helper_id_number", "helper_name", "unit", "starts", "ends"),
        Col("ends_before_start", "reversed", "结束时间早于开始时间", "the pairing ends before it starts"),
        Col("running_rows", "running_rows", "未到期的结对行数", "rows of the pairing that run"),
        Col("home_code", "home_code", "户所在行政村代码", "household's village code"),
    ),
)
"""Pairings, one row a household and helper; with several rows, the last start and end."""
