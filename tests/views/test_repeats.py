"""Numbers, addresses and shares over a small made-up register."""

from datetime import date
from typing import Any

PHONE = "13800000001"
FIRST, SECOND = "530199196304150090", "530199197001010011"

Rows = list[dict[str, Any]]


def people(make_county: Any, rows: Rows, **more: Any) -> dict[str, dict[str, Any]]:
    """Rows of the person view by person number."""
    county = make_county(person=rows, **more)
    return {row["person_id"]: row for row in county.views.con.table("person").to_arrow_table().to_pylist()}


def member(person: str, household: str = "h1", **values: Any) -> dict[str, Any]:
    return {"person_id": person, "household_id": household} | values


def test_years_younger_than_the_one_head(make_county: Any) -> None:
    rows = [
        member("p0", relation="户主", birth_date=date(1970, 6, 1)),
        member("p1", relation="之子", birth_date=date(1985, 5, 31)),
        member("p2", relation="之父", birth_date=date(1955, 6, 2)),
        member("p3", relation="之女"),
        member("p4", "h2", relation="户主", id_number=FIRST),
        member("p5", "h2", relation="之子", birth_date=date(1983, 4, 15)),
        member("p6", "h3", relation="户主", birth_date=date(1970, 6, 1)),
        member("p7", "h3", relation="户主", birth_date=date(1971, 6, 1)),
        member("p8", "h3", relation="之子", birth_date=date(1990, 6, 1)),
    ]
    found = people(make_county, rows)
    years = {person: row["years_younger_than_head"] for person, row in found.items()}
    assert years == {"p0": 0, "p1": 14, "p2": -14, "p3": None, "p4": 0, "p5": 20, "p6": None, "p7": None, "p8": None}


def test_person_numbers_against_the_register_and_last_year(make_county: Any) -> None:
    rows = [
        member("30001", id_number=FIRST + "41", name="甲"),
        member("30002", id_number=SECOND, name="乙"),
        member("3003", id_number=SECOND, name="丙"),
        member("30004"),
    ]
    last = [member("29999", id_number=FIRST, name="甲"), member("30002", id_number=SECOND, name="乙")]
    found = people(make_county, rows, person_last=last)
    assert {row["usual_person_number_length"] for row in found.values()} == {5}
    assert {row["same_person_number_rows"] for row in found.values()} == {1}
    changed = {person: (row["person_number_changed"], row["last_person_number"]) for person, row in found.items()}
    assert changed == {"30001": (True, "29999"), "30002": (False, "30002"), "3003": (None, None), "30004": (None, None)}


def test_household_numbers_against_the_register_and_last_year(make_county: Any) -> None:
    head = {"head_id_number": FIRST, "head_name": "甲"}
    county = make_county(
        household=[
            {"household_id": "8501"} | head,
            {"household_id": "8502", "head_name": "乙"},
            {"household_id": "853"},
        ],
        household_last=[{"household_id": "8499"} | head],
    )
    names = ("household_number_length", "usual_household_number_length", "same_household_number_rows")
    changed = ("household_number_changed", "last_household_number", "same_head_rows")
    assert county.rows("household", *names, *changed) == {
        "8501": (4, 4, 1, True, "8499", 1),
        "8502": (4, 4, 1, None, None, None),
        "853": (3, 4, 1, None, None, None),
    }


def test_families_that_share_group_surname_and_telephone(make_county: Any) -> None:
    home = {"village_code": "530113001001", "hamlet": "1组", "phone": PHONE}
    rows = [
        home | {"household_id": "a", "head_name": "张三"},
        home | {"household_id": "b", "head_name": "张四"},
        home | {"household_id": "c", "head_name": "李四"},
        home | {"household_id": "d", "head_name": "张五", "hamlet": "2组"},
        home | {"household_id": "e", "head_name": "张六", "hamlet": None},
        home | {"household_id": "f", "head_name": "王一", "phone": "无"},
    ]
    found = make_county(household=rows).column("household", "same_family_rows")
    assert found == {"a": 2, "b": 2, "c": 1, "d": 1, "e": None, "f": None}


def test_members_in_another_place_than_their_household(make_county: Any) -> None:
    home = {"village": "甲村", "hamlet": "1组"}
    homes = [{"household_id": household} | home for household in ("a", "b", "c")]
    rows = [
        member("p0", "a", **home),
        member("p1", "a", village="乙村", hamlet="1组"),
        member("p2", "b", village="甲村", hamlet="2组"),
        member("p3", "c", **home),
        member("p4", "c", village="甲村"),
    ]
    found = make_county(household=homes, person=rows).rows(
        "household", "any_member_elsewhere", "any_member_in_other_hamlet"
    )
    assert found == {"a": (True, False), "b": (False, True), "c": (False, None)}


def test_work_away_and_public_jobs(make_county: Any) -> None:
    rows = [
        member("p0", work_months=6.0, employer="某公司", public_job="护林员", public_job_months=12.0),
        member("p1", work_months=0.0, employer="无", public_job="无", public_job_months=0.0, dropout_reason="无"),
        member("p2", dropout_reason="厌学"),
    ]
    names = ("worked_away", "has_employer", "has_public_job", "has_public_job_months", "has_dropout_reason")
    found = people(make_county, rows, household=[{"household_id": "h1"}])
    assert [tuple(row[name] for name in names) for _, row in sorted(found.items())] == [
        (True, True, True, True, False),
        (False, False, False, False, False),
        (False, False, False, False, True),
    ]


def test_members_who_work_and_whole_households(make_county: Any) -> None:
    rows = [
        member("p0", "a", work_months=6.0, labour="普通劳动力", birth_date=date(1980, 1, 1)),
        member("p1", "a", public_job="护林员", labour="技能劳动力", birth_date=date(2001, 1, 1), school="中职三年级"),
        member("p2", "b", labour="普通劳动力", birth_date=date(2003, 1, 1)),
        member("p3", "b"),
        member("p4", "c", labour="无劳动力", birth_date=date(2000, 12, 31)),
    ]
    county = make_county(household=[{"household_id": household} for household in "abc"], person=rows)
    counts = county.rows("household", "working_members", "public_job_members", "all_able")
    assert counts == {"a": (1, 1, True), "b": (0, 0, None), "c": (0, 0, False)}
    ages = county.rows("household", "any_adult_member", "any_minor_member", "any_member_at_school")
    assert ages == {"a": (True, True, True), "b": (None, True, False), "c": (True, False, False)}


def test_last_years_disability_and_illness(make_county: Any) -> None:
    rows = [member("p0", health="残疾,患有大病"), member("p1", health="长期慢性病"), member("p2")]
    last = [member("p0", health="长期慢性病"), member("p1", health="残疾,患有大病"), member("p2")]
    found = people(make_county, rows, person_last=last)
    names = ("weakened_by_illness", "was_disabled", "was_seriously_ill")
    assert [tuple(row[name] for name in names) for _, row in sorted(found.items())] == [
        (True, False, False),
        (True, True, True),
        (None, None, None),
    ]


def test_one_number_in_two_townships(make_county: Any) -> None:
    rows = [
        member("p0", id_number=FIRST, township="甲镇"),
        member("p1", id_number=FIRST + "41", township="乙镇"),
        member("p2", id_number=SECOND, township="甲镇"),
        member("p3", id_number=SECOND, township="甲镇"),
        member("p4"),
    ]
    found = people(make_county, rows)
    townships = {person: row["same_number_townships"] for person, row in found.items()}
    assert townships == {"p0": 2, "p1": 2, "p2": 1, "p3": 1, "p4": None}


def test_natural_increase_and_decrease_are_told_apart(make_county: Any) -> None:
    changes = [{"household_id": "a", "kind": "自然增加"}, {"household_id": "b", "kind": "自然减少"}]
    county = make_county(household=[{"household_id": household} for household in "abc"], change=changes)
    found = county.rows("household", "change_natural_increase", "change_natural_decrease")
    assert found == {"a": (True, False), "b": (False, True), "c": (False, False)}


def test_shares_of_a_village_and_of_the_county(make_county: Any) -> None:
    homes = [
        {"household_id": "a", "village_code": "v1"},
        {"household_id": "b", "village_code": "v1"},
        {"household_id": "c", "village_code": "v2"},
        {"household_id": "d", "village_code": "v2"},
    ]
    rows = [
        member("p0", "a", relation="户主", labour="普通劳动力"),
        member("p1", "a", relation="其他", labour="普通劳动力"),
        member("p2", "b", relation="户主", labour="无劳动力"),
        member("p3", "b", labour="普通劳动力"),
        member("p4", "c", relation="户主"),
    ]
    county = make_county(household=homes, person=rows)
    names = ("people_with_relation", "people_of_other_relation", "households_of_known_labour", "households_all_able")
    assert county.rows("village", *names) == {"v1": (3, 1, 2, 1), "v2": (1, 0, 0, 0)}
    assert county.rows("village", "other_relation_pct", "all_able_pct") == {"v1": (100 / 3, 50.0), "v2": (0.0, None)}
    assert county.rows("county", *names) == {"530113": (4, 1, 2, 1)}
    assert county.rows("county", "other_relation_pct", "all_able_pct") == {"530113": (25.0, 50.0)}
