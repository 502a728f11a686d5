"""The person view over a small made-up register: every derived column against what can be worked out by hand."""

from datetime import date
from typing import Any

import pytest

from povkit.register import identity
from povkit.views import Need
from povkit.views.person import SECTOR_COLUMNS

AS_OF = date(2018, 12, 31)
WOMAN = "11010519491231002X"  # the two examples of GB 11643-1999
MAN = "440524188001010014"

Rows = list[dict[str, Any]]


def people(make_county: Any, rows: Rows, **more: Any) -> dict[str, dict[str, Any]]:
    """Rows of the person view by person number, for a register of these people (numbered p0, p1 ... unless told)."""
    county = make_county(person=[{"person_id": f"p{i}"} | row for i, row in enumerate(rows)], **more)
    return {row["person_id"]: row for row in county.views.con.table("person").to_arrow_table().to_pylist()}


def columns(found: dict[str, dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for _, row in sorted(found.items())]


def test_check_birth_and_sex_are_read_from_the_number(make_county: Any) -> None:
    numbers = [WOMAN, MAN, MAN[:17] + "5", WOMAN[:17] + "0", "53019919630415A090", "１１010519491231002X"]
    found = people(make_county, [{"id_number": number} for number in numbers])
    assert columns(found, "id_check_ok", "id_birth_date", "id_sex") == [
        (True, date(1949, 12, 31), "女"),
        (True, date(1880, 1, 1), "男"),
        (False, date(1880, 1, 1), "男"),
        (False, date(1949, 12, 31), "女"),
        (False, date(1963, 4, 15), "男"),
        (False, date(1949, 12, 31), "女"),
    ]


def test_every_check_character_agrees_with_the_arithmetic_on_single_numbers(make_county: Any) -> None:
    first17 = [f"53019919630415{sequence:03d}" for sequence in range(40)]
    right = [number + identity.check_character(number) for number in first17]
    assert {number[-1] for number in right} == set("0123456789X")
    wrong = [number[:17] + ("1" if number[17] == "0" else "0") for number in right]
    found = people(make_county, [{"person_id": n, "id_number": n} for n in (*right, *wrong)])
    assert {n for n, row in found.items() if row["id_check_ok"]} == set(right)
    assert all(row["id_sex"] == identity.sex(n) for n, row in found.items())


def test_an_impossible_day_gives_no_birth_date_and_no_age(make_county: Any) -> None:
    first17 = [f"530199{digits}009" for digits in ("20180230", "20181301", "20180100", "19000229")]
    found = people(make_county, [{"id_number": number + identity.check_character(number)} for number in first17])
    assert columns(found, "id_check_ok", "id_birth_date", "birth", "age") == [(True, None, None, None)] * 4


def test_a_short_or_blank_number_says_nothing(make_county: Any) -> None:
    found = people(make_county, [{"id_number": WOMAN[:17]}, {"id_number": "630415009123456"}, {}])
    assert columns(found, "id_length", "number_whole") == [(17, False), (15, False), (None, None)]
    assert set(columns(found, "id_check_ok", "id_birth_date", "id_sex", "disability_grade")) == {(None,) * 4}


def test_lengths_tell_cards_from_certificates(make_county: Any) -> None:
    found = people(make_county, [{"id_number": MAN + end} for end in ("", "4", "43", "43B1")])
    assert columns(found, "is_card_number", "is_certificate_number", "disability_category", "disability_grade") == [
        (True, False, None, None),
        (False, False, None, None),
        (False, True, "4", "3"),
        (False, True, "4", "3"),
    ]
    assert [row["id_check_ok"] for row in found.values()] == [True] * 4


def test_what_is_filled_in_goes_before_the_number(make_county: Any) -> None:
    found = people(
        make_county, [{"id_number": WOMAN}, {"id_number": WOMAN, "birth_date": date(1950, 1, 1), "sex": "男"}]
    )
    assert columns(found, "birth", "sex_known") == [(date(1949, 12, 31), "女"), (date(1950, 1, 1), "男")]


def test_age_changes_on_the_birthday(make_county: Any) -> None:
    ages = [(date(2002, 12, 31), 16), (date(2003, 1, 1), 15), (AS_OF, 0), (date(2000, 2, 29), 18), (None, None)]
    found = people(make_county, [{"birth_date": birth} for birth, _ in ages])
    assert columns(found, "birth", "age") == ages


@pytest.mark.parametrize(("as_of", "ages"), [(AS_OF, (6, 5)), (date(2018, 8, 31), (6, 5)), (date(2018, 8, 30), (5, 4))])
def test_school_age_is_taken_at_the_last_cutoff(make_county: Any, as_of: date, ages: tuple[int, int]) -> None:
    found = people(make_county, [{"birth_date": date(2012, 8, 31)}, {"birth_date": date(2012, 9, 1)}], as_of=as_of)
    assert tuple(age for (age,) in columns(found, "school_age")) == ages


def test_out_of_school(make_county: Any) -> None:
    child = {"birth_date": date(2008, 5, 1), "health": "健康", "education": "小学", "school": None}
    answers: list[tuple[dict[str, Any], bool | None]] = [
        ({}, True),
        ({"education": None}, True),
        ({"school": "学龄前儿童"}, True),
        ({"birth_date": date(2012, 8, 31)}, True),
        ({"birth_date": date(2002, 9, 1)}, True),
        ({"birth_date": date(2012, 9, 1)}, False),
        ({"birth_date": date(2002, 8, 31)}, False),
        ({"school": "小学"}, False),
        ({"school": "学前教育"}, False),
        ({"education": "初中"}, False),
        ({"health": "残疾"}, False),
        ({"health": "健康,长期慢性病"}, False),
        ({"health": None}, None),
        ({"health": None, "school": "小学"}, False),
        ({"birth_date": None}, None),
    ]
    found = people(make_county, [{"person_id": str(changed)} | child | changed for changed, _ in answers])
    assert {name: row["out_of_school"] for name, row in found.items()} == {str(c): out for c, out in answers}


def test_health_labour_and_work(make_county: Any) -> None:
    found = people(
        make_county,
        [
            {"health": "健康", "labour": "技能劳动力", "work_months": 0.0},
            {"health": "残疾,患有大病", "labour": "丧失劳动力"},
            {},
        ],
    )
    assert columns(found, "healthy", "disabled", "seriously_ill", "health_values") == [
        (True, False, False, 1),
        (False, True, True, 2),
        (None, None, None, None),
    ]
    assert columns(found, "able_bodied", "without_labour", "has_work_months") == [
        (True, False, True),
        (False, True, False),
        (None, None, False),
    ]


def test_rows_with_the_same_number_are_counted_by_its_first_18_characters(make_county: Any) -> None:
    found = people(
        make_county,
        [
            {"id_number": MAN, "name": "甲"},
            {"id_number": MAN + "43", "name": "甲"},
            {"id_number": WOMAN, "name": "乙"},
            {"id_number": WOMAN, "name": "丙"},
            {"id_number": WOMAN[:17] + "0", "name": "丁"},
            {"name": "戊"},
        ],
    )
    assert columns(found, "same_number_rows", "same_number_lengths", "same_number_names") == [
        *[(2, 2, 1)] * 2,
        *[(2, 1, 2)] * 2,
        (1, 1, 1),
        (None, None, None),
    ]


def test_last_years_values_come_by_person_number(make_county: Any) -> None:
    last = [
        {"person_id": "p0", "school": "七年级", "id_number": MAN + "44", "sex": "女"},
        {"person_id": "p0", "school": "八年级"},
        {"person_id": "gone", "school": "九年级"},
    ]
    now: Rows = [{"school": "八年级", "id_number": MAN + "43"}, {"school": "七年级"}, {"person_id": None}]
    found = people(make_county, now, person_last=last)
    assert [len(found), found["p0"]["last_school"], found["p0"]["last_sex"]] == [3, "七年级", "女"]
    assert found["p0"]["last_id18"] == found["p0"]["id18"] == MAN
    assert found["p1"]["last_school"] is None
    assert found[None]["last_school"] is None  # type: ignore[index]


def test_lists_are_matched_whatever_card_was_shown(make_county: Any) -> None:
    listed = [
        {"list": "残疾", "id_number": MAN + "43"},
        {"list": "死亡", "id_number": WOMAN},
        {"list": "死亡", "id_number": None},
        {"list": "机动车", "id_number": MAN},
        {"list": "机动车", "id_number": MAN},
    ]
    numbers = [MAN, WOMAN + "11", "530199196304150090", WOMAN[:17], None]
    found = people(make_county, [{"id_number": number} for number in numbers], sector=listed)
    assert len(found) == len(numbers)
    assert columns(found, "on_disability_list", "on_death_list", "on_vehicle_list", "on_bought_flat_list") == [
        (True, False, True, False),
        (False, True, False, False),
        (False, False, False, False),
        (None, None, None, None),
        (None, None, None, None),
    ]


def test_the_household_lends_its_place_and_status(make_county: Any) -> None:
    home = {"household_id": "h1", "status": "已脱贫", "exit_year": 2018, "village": "甲村", "township": "乙镇"}
    homes = [home | {"village_code": "530113001001", "head_name": "甲"}, {"household_id": "h2"}]
    rows = [{"household_id": "h1", "village": "旧村名"}, {"household_id": "h9", "village": "丙村"}, {"village": "丁村"}]
    found = people(make_county, rows, household=homes)
    assert columns(found, "on_household_table", "home_status", "home_exit_year", "village", "village_code") == [
        (True, "已脱贫", 2018, "甲村", "530113001001"),
        (False, None, None, "丙村", None),
        (False, None, None, "丁村", None),
    ]
    assert found["p0"]["home_head_name"] == "甲"
    assert {row["county_code"] for row in found.values()} == {"530113"}


def test_members_are_summed_up_on_the_household_view(make_county: Any) -> None:
    members: Rows = [
        {"household_id": "h1", "relation": "户主", "id_number": MAN},
        {"household_id": "h1", "relation": "配偶", "sex": "女"},
        {"household_id": "h1", "relation": None},
        {"household_id": "h2", "relation": "户主", "sex": "男"},
        {"household_id": "h2", "relation": "户主", "sex": "女"},
    ]
    homes = [{"household_id": h} for h in ("h0", "h1", "h2")]
    county = make_county(person=[{"person_id": f"p{i}"} | row for i, row in enumerate(members)], household=homes)
    counts = ("members", "heads", "spouses", "members_without_relation", "head_sex", "spouse_sex")
    assert county.rows("household", *counts) == {
        "h0": (0, 0, 0, 0, None, None),
        "h1": (3, 1, 1, 1, "男", "女"),
        "h2": (2, 2, 0, 0, None, None),
    }


WHOLE = {"person_id": "p0", "id_number": WOMAN, "birth_date": None, "school": None, "education": None, "health": None}


def test_missing_tables_are_told(make_county: Any) -> None:
    county = make_county(person=[WHOLE | {"household_id": "h1"}])
    assert county.missing("person", "on_death_list") == (Need("sector", "*"),)
    assert county.missing("person", "last_school") == (Need("person", "*", True),)
    assert county.missing("person", "on_household_table", "id_check_ok") == (Need("household", "*"),)
    assert county.missing("person", "age", "out_of_school", "same_number_rows") == ()


def test_a_list_that_was_not_handed_in_is_told_apart_from_one_that_was(make_county: Any) -> None:
    county = make_county(person=[WHOLE | {"household_id": "h1"}], sector=[{"list": "死亡", "id_number": WOMAN}])
    assert county.missing("person", "on_death_list") == ()
    for code, column in SECTOR_COLUMNS.items():
        if code != "死亡":
            assert county.missing("person", column) == (Need("sector", code),)
    assert county.missing("household", "members_on_vehicle_list") == (Need("sector", "机动车"),)


def test_missing_columns_are_told_of_either_year(make_county: Any) -> None:
    now = {name: value for name, value in WHOLE.items() if name != "education"} | {"household_id": "h1"}
    county = make_county(person=[now], person_last=[{"person_id": "p0", "school": None}])
    assert county.missing("person", "has_work_months") == (Need("person", "work_months"),)
    assert county.missing("person", "sex_known") == (Need("person", "sex"),)
    assert county.missing("person", "out_of_school") == (Need("person", "education"),)
    assert county.missing("household", "any_out_of_school") == (Need("person", "education"),)
    assert county.missing("person", "last_ethnicity", "last_school") == (Need("person", "ethnicity", True),)
    assert county.views.con.sql("SELECT work_months, has_work_months FROM person").fetchall() == [(None, False)]
