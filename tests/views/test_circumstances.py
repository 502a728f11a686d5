"""What members, neighbours and a household's own figures say: columns of the household view, and of the village's."""

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pytest

from povkit.views import Need
from povkit.views.circumstances import FIGURES

Row = dict[str, Any]
MakeCounty = Callable[..., Any]
VILLAGE = "530113106208"
ADULT, CHILD, OLD = date(1980, 3, 1), date(2010, 3, 1), date(1950, 3, 1)


def _home(name: str, **more: Any) -> Row:
    return {"household_id": name, "head_name": "某人", "village_code": VILLAGE, "size": 2, **more}


def _member(home: str, number: int = 1, **more: Any) -> Row:
    return {"household_id": home, "person_id": f"{home}{number}", "name": "某人", "birth_date": ADULT, **more}


def test_members_are_judged_together_and_a_blank_is_unknown(make_county: MakeCounty) -> None:
    county = make_county(
        household=[_home("h1"), _home("h2"), _home("h3"), _home("h4")],
        person=[
            _member("h1", 1, health="健康", labour="普通劳动力", work_months=4),
            _member("h1", 2, health="健康", labour="技能劳动力", work_months=6),
            _member("h2", 1, health="健康", labour="普通劳动力"),
            _member("h2", 2, health="残疾,长期慢性病", labour="无劳动力"),
            _member("h3", 1, health="健康", labour="普通劳动力"),
            _member("h3", 2, health=None, labour=None),
        ],
    )
    columns = ("all_healthy", "any_disabled", "all_able", "any_worker", "work_months_total", "works_away")
    assert county.rows("household", *columns) == {
        "h1": (True, False, True, True, 10, True),
        "h2": (False, True, False, True, None, False),
        "h3": (None, None, None, True, None, False),
        "h4": (None, None, None, None, None, False),
    }


def test_ages_schools_and_severe_disability(make_county: MakeCounty) -> None:
    number = "53019919800301001X"
    county = make_county(
        household=[_home("h1"), _home("h2"), _home("h3")],
        person=[
            _member("h1", 1, birth_date=OLD, id_number=number),
            _member("h1", 2, birth_date=CHILD, school="九年级", id_number=number),
            _member("h2", 1, id_number=number + "41", relation="户主"),
            _member("h2", 2, birth_date=date(1999, 1, 1), school="本科一年级", relation="之子", labour="普通劳动力"),
            _member("h3", 1, id_number=number + "43"),
        ],
    )
    columns = (
        "all_frail",
        "any_pension_age",
        "any_costly_student",
        "any_supporter",
        "children",
        "sons",
        "any_disabled",
    )
    assert county.rows("household", *columns) == {
        "h1": (True, True, False, None, 0, 0, None),
        "h2": (False, False, True, True, 1, 1, True),
        "h3": (False, False, False, None, 0, 0, True),
    }


def test_neighbours_phone_account_land_and_copies(make_county: MakeCounty) -> None:
    alike = {"forest": 5.0, "housing_area": 80.0, "road_distance": 0.4}
    county = make_county(
        household=[
            _home("h1", phone="13800000001", bank_account="1", farmland=2.0, **alike),
            _home("h2", phone="13800000001", bank_account="2", farmland=2.0, **alike),
            _home("h3", phone="13800000003", bank_account="2", farmland=8.0, **alike),
            _home("h4", farmland=None, **alike),
            _home("h5", farmland=2.0, village_code="530113106209", **alike),
        ],
    )
    columns = ("same_phone_households", "same_account_households", "farmland_pc", "village_median_farmland_pc")
    assert county.rows("household", *columns, "same_conditions_households") == {
        "h1": (2, 1, 1.0, 1.0, 2),
        "h2": (2, 2, 1.0, 1.0, 2),
        "h3": (1, 2, 4.0, 1.0, 1),
        "h4": (None, None, None, 1.0, None),
        "h5": (None, None, 1.0, 1.0, 1),
    }
    assert county.rows("village", "farmland_values", "housing_values", "distance_values") == {
        VILLAGE: (2, 1, 1),
        "530113106209": (1, 1, 1),
    }


def test_shares_of_transfers(make_county: MakeCounty) -> None:
    income = {"wage_income": 1000.0, "business_income": 2000.0, "property_income": 0.0}
    kinds = ("family_planning_grant", "dibao_grant", "tekun_grant", "ecology_grant", "other_transfer")
    items = dict.fromkeys(kinds, 100.0)
    county = make_county(
        household=[
            _home("h1", **income, transfer_income=1000.0, net_income=2000.0, pension=500.0, **items),
            _home("h2", **income, transfer_income=1000.0, net_income=-10.0, pension=None, **items),
        ]
    )
    assert county.rows("household", "transfer_share", "transfer_share_of_net", "transfer_items") == {
        "h1": (0.25, 0.5, 1000.0),
        "h2": (0.25, None, None),
    }


def test_changes_and_measures_only_add(make_county: MakeCounty) -> None:
    county = make_county(household=[_home("h1")])
    columns = ("decrease_recorded", "earlier_rehousing_measures", "relocation_measures")
    assert county.rows("household", *columns) == {"h1": (False, 0, 0)}
    assert county.missing("household", *columns) == ()
    assert county.missing("household", "disaster_note") == (Need("household", "disaster_note"),)
    given = make_county(
        household=[_home("h1"), _home("h2")],
        change=[{"household_id": "h1", "kind": "自然减少", "on": date(2018, 5, 1)}],
        measure=[
            {"household_id": "h1", "kind": "危房改造", "starts": date(2017, 12, 31)},
            {"household_id": "h2", "kind": "易地搬迁", "starts": date(2018, 1, 1)},
        ],
    )
    assert given.rows("household", *columns) == {"h1": (True, 1, 0), "h2": (False, 0, 1)}


@pytest.mark.parametrize(
    ("account", "switched", "right"),
    [
        ("4111111111111111", "TRUE", True),
        ("4111111111111112", "TRUE", False),
        ("6228480402564890018", "TRUE", True),
        ("6228480402564890081", "TRUE", False),
        ("12345", "TRUE", None),
        ("62284804025648900a8", "TRUE", None),
        (None, "TRUE", None),
        ("4111111111111112", "FALSE", None),
    ],
)
def test_check_digit_of_a_card(account: str | None, switched: str, right: bool | None) -> None:
    sql = next(column.sql for column in FIGURES if column.name == "bank_card_check_ok")
    sql = sql.replace(":bank_card_check_digit", switched)
    with duckdb.connect() as con:
        found = con.execute(f"SELECT {sql} FROM (SELECT ?::VARCHAR AS bank_account)", [account]).fetchall()
    assert found == [(right,)]
