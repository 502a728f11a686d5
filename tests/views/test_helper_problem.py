"""The views of helpers and of problem records, over a small made-up register."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from povkit.views import Need

MakeCounty = Callable[..., Any]
Row = dict[str, Any]
A, B = "530199196001010016", "530199196001010024"
HOME = [{"household_id": "h1", "village_code": "530113001001", "status": "未脱贫"}]


def _helper(household: str, number: str | None, name: str | None = "甲", phone: str | None = "13800000001") -> Row:
    return {
        "household_id": household,
        "helper_id_number": number,
        "helper_name": name,
        "helper_phone": phone,
        "unit": "某局",
    }


def test_a_helper_is_one_row_and_counts_households_once(make_county: MakeCounty) -> None:
    county = make_county(helper=[_helper("h1", A), _helper("h2", A), _helper("h2", A), _helper("h3", B, phone="2")])
    assert county.rows("helper", "households", "helper_name") == {A: (2, "甲"), B: (1, "甲")}


def test_a_field_blank_in_one_row_is_blank(make_county: MakeCounty) -> None:
    county = make_county(helper=[_helper("h1", A), _helper("h2", A, name=None), _helper("h3", B, phone=None)])
    columns = ("helper_name", "helper_phone", "unit")
    assert county.rows("helper", *columns) == {A: (None, "13800000001", "某局"), B: ("甲", None, "某局")}


def test_helpers_without_a_number_stand_by_household(make_county: MakeCounty) -> None:
    county = make_county(
        helper=[_helper("h1", None), _helper("h2", None, name="乙")],
        household=[{**HOME[0], "township": "某镇"}],
    )
    assert county.rows("helper", "helper_id_number", "helper_name", "township") == {
        "h1": (None, "甲", "某镇"),
        "h2": (None, "乙", None),
    }


@pytest.mark.parametrize(
    ("rows", "shared_by"),
    [
        ([_helper("h1", A), _helper("h2", A)], 1),
        ([_helper("h1", A), _helper("h2", A, name="甲 ")], 1),
        ([_helper("h1", A), _helper("h2", B)], 2),
        ([_helper("h1", A), _helper("h2", None)], 1),
        ([_helper("h1", A), _helper("h2", None, name="乙")], 2),
        ([_helper("h1", A), _helper("h2", None, name=None)], 1),
        ([_helper("h1", A), _helper("h2", B, phone="13800000002")], 1),
        ([_helper("h1", A), _helper("h2", A, phone="13800000002"), _helper("h3", B, phone="13800000002")], 2),
        ([_helper("h1", A, phone=None)], None),
    ],
)
def test_who_shares_a_phone(make_county: MakeCounty, rows: list[Row], shared_by: int | None) -> None:
    assert make_county(helper=rows).column("helper", "helpers_with_phone")[A] == shared_by


def test_the_wrong_one_of_several_phones_is_shown(make_county: MakeCounty) -> None:
    rows = [_helper("h1", A), _helper("h2", A, phone="1380000000199"), _helper("h3", A, phone="13700000000")]
    assert make_county(helper=rows).column("helper", "helper_phone") == {A: "1380000000199"}


def test_problem_records_against_the_date_of_the_run(make_county: MakeCounty) -> None:
    dates = {
        "w1": (date(2018, 9, 27), date(2018, 10, 20)),
        "w2": (date(2018, 9, 27), date(2018, 10, 21)),
        "w3": (date(2018, 10, 21), None),
        "w4": (None, None),
    }
    problem = [
        {"problem_id": name, "reported_on": reported, "handled_on": handled, "state": "已修改", "description": "某字段"}
        for name, (reported, handled) in dates.items()
    ]
    county = make_county(as_of=date(2018, 10, 20), problem=problem)
    assert county.rows("problem", "handled_later", "reported_later", "state", "subject") == {
        "w1": (False, False, "已修改", "某字段"),
        "w2": (True, False, "已修改", "某字段"),
        "w3": (False, True, "已修改", "某字段"),
        "w4": (False, False, "已修改", "某字段"),
    }


def test_a_ledger_without_dates_is_judged_by_state(make_county: MakeCounty) -> None:
    county = make_county(problem=[{"problem_id": "w1", "state": None}])
    assert county.rows("problem", "state", "handled_later", "reported_later") == {"w1": (None, False, False)}
    assert county.missing("problem", "state", "handled_later", "reported_later") == ()
    assert county.missing("problem", "evidence") == (Need("problem", "evidence"),)
