"""How many of the key groups' people are on the register, by list and by village."""

from datetime import date

import duckdb

from povkit.policy import limits_for, load_county, load_policy
from povkit.verdicts import coverage
from povkit.views import Need, View, Views
from povkit.vocab import Level

LIMITS = limits_for(load_policy("yunnan-2018"), load_county("530113"), as_of=date(2018, 12, 31), data_year=2018)
LISTS = ("大病", "残疾", "特困供养", "低保")
PEOPLE = """
    ('甲村', TRUE,  FALSE, 'D级', NULL,  TRUE,  NULL,  TRUE),
    ('甲村', TRUE,  FALSE, 'A级', NULL,  TRUE,  NULL,  FALSE),
    ('甲村', TRUE,  FALSE, '无房', NULL, TRUE,  FALSE, FALSE),
    ('乙村', TRUE,  FALSE, 'C级', NULL,  TRUE,  TRUE,  FALSE),
    ('乙村', TRUE,  FALSE, 'C级', NULL,  FALSE, NULL,  FALSE),
    ('乙村', TRUE,  FALSE, 'C级', NULL,  TRUE,  NULL,  NULL),
    ('乙村', NULL,  TRUE,  NULL,  FALSE, TRUE,  NULL,  FALSE),
    ('乙村', NULL,  TRUE,  NULL,  TRUE,  TRUE,  NULL,  FALSE)"""


def _views(*absent: str) -> Views:
    """People of the lists 危房 and 独居老人: village, on which, grade, support, agricultural, dead, on the register."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE listed AS SELECT '镇' AS township, village AS village_code, village, on_unsafe_house_list, "
        "on_lone_elderly_list, listed_house_grade, known_support, agricultural, known_dead, household_on_register, "
        "FALSE AS on_serious_illness_list, FALSE AS on_disability_list, FALSE AS on_tekun_list, FALSE AS on_dibao_list "
        f"FROM (VALUES {PEOPLE}) v(village, on_unsafe_house_list, on_lone_elderly_list, listed_house_grade, "
        "known_support, agricultural, known_dead, household_on_register)"
    )
    needs = {"household_on_register": frozenset({Need("sector", "*")})}
    view = View("listed", Level.PERSON, needs, {}, {})
    return Views(con, {"listed": view}, frozenset(Need("sector", name) for name in absent), {})


def test_coverage_by_list_and_village() -> None:
    rows = coverage(_views(*LISTS), LIMITS)
    keys = ("list", "village", "owed", "on_register", "outside", "unknown", "rate")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("危房", None, 3, 1, 1, 1, 0.5),
        ("危房", "乙村", 1, 0, 0, 1, None),
        ("危房", "甲村", 2, 1, 1, 0, 0.5),
        ("独居老人", None, 1, 0, 1, 0, 0.0),
        ("独居老人", "乙村", 1, 0, 1, 0, 0.0),
    ]


def test_a_list_that_was_not_handed_in_has_no_row_and_an_empty_one_a_total() -> None:
    rows = coverage(_views(*LISTS[:3]), LIMITS)
    assert [row["list"] for row in rows if row["village"] is None] == ["危房", "独居老人", "低保"]
    assert rows[-1]["owed"] == 0
    assert rows[-1]["rate"] is None
    assert coverage(_views("*"), LIMITS) == []
