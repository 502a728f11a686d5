"""Views of people outside the register."""

from povkit.register.number_sql import has_valid_check, person_number
from povkit.register.schema import load_tables
from povkit.views.fragments import PLACE, place_of_village
from povkit.views.links import LISTED_KEY, entry_key, in_doubt
from povkit.views.person import SECTOR_COLUMNS
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

KEY_LISTS = ("危房", "大病", "残疾", "特困供养", "独居老人", "低保")
"""Sector lists whose people should be on the register, or be cleared one by one (S2.1a, S5.6)."""

_ROLL = "list = '农业户籍'"
_KEYED = "list IN (" + ", ".join(f"'{code}'" for code in KEY_LISTS) + ")"


def _matched(source: str, on: str) -> tuple[Part, ...]:
    """Whether the register has the person: by number, possibly, and who might be meant where its number is wrong."""
    return (*_BY_NUMBER, in_doubt(source, "entry_key", on, optional=True))


_BY_NUMBER = (
    Part(
        "raw_person",
        person_number("id_number"),
        person_number("b.id_number"),
        (Col("number_on_register", "TRUE", "证件号码在册", "the number is on the register", default="FALSE"),),
        where="id_number IS NOT NULL",
    ),
    Part(
        "person",
        "name || '@' || village_code",
        "b.name || '@' || b.village_code",
        (
            Col(
                "doubtful_births",
                "list(CASE WHEN length(id_number) >= 17 THEN substr(id_number, 7, 8) ELSE '' END)",
                "同村同名且证件号码无效者的号码中出生日期",
                "births in the invalid numbers of the village's registered namesakes (blank: number too short)",
            ),
        ),
        where="id_check_ok IS NOT TRUE",
        optional=True,
    ),
)

ON_REGISTER = Col(
    "on_register",
    f"CASE WHEN number_on_register THEN TRUE WHEN {person_number('id_number')} IS NOT NULL "
    "AND match_grade IS NULL AND NOT coalesce(list_contains(doubtful_births, '') "
    "OR list_contains(doubtful_births, substr(id_number, 7, 8)), FALSE) THEN FALSE END",
    "在册",
    "on the register (unknown without a whole number, if somebody there is possibly the same, or if a namesake of the "
    "village has no valid number and may be born on that day)",
)

_OUTSIDE = {**PLACE, "object_id": "left(coalesce(id_number, name), 18)", "subject": "name"}

KIN = ViewSpec(
    "kin",
    Level.PERSON,
    "(SELECT person_key, household_key, bool_and(uncertain) AS uncertain FROM matched_sector "
    "WHERE household_key IS NOT NULL GROUP BY person_key, household_key)",
    (),
    (),
    {"object_id": "person_key"},
    base_columns=(
        Col("person_key", "person_key", "在册人员", "person on the register"),
        Col("police_household", "household_key", "户籍户号", "police register's household number"),
        Col("kin_uncertain", "uncertain", "仅为疑似同一人", "only possibly the same person"),
    ),
)
"""People on the register whose police household is known from any list: one row a person and police household."""

LISTED = ViewSpec(
    "listed",
    Level.PERSON,
    f"(SELECT {LISTED_KEY} AS listed_key, min(left(id_number, 18)) AS id_number, "
    f"coalesce(min(name) FILTER (WHERE {_KEYED}), min(name)) AS name, "
    f"coalesce(min(village_code) FILTER (WHERE {_KEYED}), min(village_code)) AS village_code, "
    f"coalesce(min(household_key) FILTER (WHERE {_ROLL}), min(household_key)) AS household_key, "
    "bool_and(able_children) FILTER (WHERE list = '独居老人') AS able_children, "
    "coalesce(bool_and(able_children) FILTER (WHERE list = '独居老人'), FALSE) AS supported, "
    f"CASE WHEN NOT EXISTS (FROM raw_sector WHERE {_ROLL}) THEN TRUE "
    f"WHEN bool_or({_ROLL}) THEN TRUE WHEN {has_valid_check('min(left(id_number, 18))')} THEN FALSE END AS on_roll, "
    f"CASE WHEN min(id_number) IS NOT NULL THEN bool_or(list = '死亡') END AS dead "
    f"FROM raw_sector WHERE {LISTED_KEY} IN (SELECT {LISTED_KEY} FROM raw_sector WHERE {_KEYED}) "
    f"GROUP BY {LISTED_KEY})",
    (
        place_of_village(),
        *_matched("sector", "b.listed_key"),
        Part(
            "raw_sector",
            LISTED_KEY,
            "b.listed_key",
            (
                *(
                    Col(name, f"bool_or(list = '{code}')", f"在{code}名单", f"on the list {code}")
                    for code, name in SECTOR_COLUMNS.items()
                ),
                Col(
                    "listed_house_grade",
                    "max(CASE WHEN regexp_matches(grade, '^[A-D]') THEN left(grade, 1) || '级' ELSE grade END) "
                    "FILTER (WHERE list = '危房')",
                    "危房等级（名单，取最差）",
                    "house grade on the list, the worst",
                ),
                Col(
                    "listed_disability_grade",
                    "min(grade) FILTER (WHERE list = '残疾')",
                    "残疾等级（名单）",
                    "disability grade on the list",
                ),
            ),
        ),
        Part(
            "kin",
            "police_household",
            "b.household_key",
            (
                Col(
                    "registered_kin",
                    "count(*) FILTER (WHERE NOT kin_uncertain)",
                    "同户籍在册人数",
                    "members of the police household on the register",
                    default="0",
                ),
                Col(
                    "possible_kin",
                    "count(*) FILTER (WHERE kin_uncertain)",
                    "同户籍疑似在册人数",
                    "members of the police household who are possibly on the register",
                    default="0",
                ),
            ),
        ),
    ),
    (
        (ON_REGISTER,),
        (
            Col(
                "household_on_register",
                "on_register OR CASE WHEN registered_kin > 0 THEN TRUE "
                "WHEN household_key IS NOT NULL AND possible_kin = 0 THEN FALSE END",
                "本人或同户籍人员在册",
                "the person or one of the same police household is on the register",
            ),
        ),
    ),
    _OUTSIDE | {"object_id": "listed_key"},
    base_columns=(
        Col("listed_key", "listed_key", "名单人员", "listed person"),
        Col("id_number", "id_number", "证件号码", "identity number"),
        Col("name", "name", "姓名", "name"),
        Col("village_code", "village_code", "行政村代码", "village code"),
        Col("household_key", "household_key", "户籍户号", "police register's household number"),
        Col("able_children", "able_children", "有无赡养能力子女", "has children able to support"),
        Col("known_support", "supported", "已知有赡养能力子女", "known to have able children"),
        Col(
            "agricultural",
            "on_roll",
            "农业户籍（无该名单时不限）",
            "agricultural household (anybody if there is no roll)",
        ),
        Col("known_dead", "dead", "已列入死亡名单", "known to be dead"),
    ),
)
"""People on the lists of those who should be registered, one row a person, whatever the number of lists.

`agricultural` and `known_dead` narrow the circle where their lists were handed in and ask for nothing where not. A
number that fails its check may well be on the roll under the right one.
"""


def _outside_list(table: str) -> ViewSpec:
    """A list of people, row by row, with whether each is on the register."""
    columns = take(table, *load_tables()[table].columns)
    parts = (place_of_village(), *_matched(table, entry_key("b.")))
    return ViewSpec(table, Level.PERSON, f"raw_{table}", parts, ((ON_REGISTER,),), _OUTSIDE, base_columns=columns)


APPLICANT = _outside_list("applicant")
MISTAKEN = _outside_list("mistaken")
