"""The fourteen counties: roles, deadlines, boxes."""

import csv
from collections import Counter
from datetime import date

import pytest

from povkit.policy import Role, counties, load_county, load_policy
from povkit.vocab import resource

SEATS = {  # where each county's government lies, degrees
    "530102": (102.704412, 25.042165),
    "530103": (102.729044, 25.070239),
    "530111": (102.723437, 25.021211),
    "530112": (102.705904, 25.02436),
    "530113": (103.182, 26.08349),
    "530114": (102.801382, 24.889275),
    "530115": (102.594987, 24.666944),
    "530124": (102.497888, 25.219667),
    "530125": (103.145989, 24.918215),
    "530126": (103.271962, 24.754545),
    "530127": (103.038777, 25.335087),
    "530128": (102.46905, 25.556533),
    "530129": (103.257588, 25.559474),
    "530181": (102.485544, 24.921785),
}
VILLAGES = {  # villages of three counties, as registers give them
    "530113": [(103.215942, 26.060704), (103.16085, 26.068664), (103.201068, 26.106023), (103.207349, 26.053788)],
    "530126": [(103.302152, 24.744629), (103.358897, 24.79742), (103.326871, 24.790729), (103.310876, 24.75213)],
    "530129": [(103.170008, 25.570122), (103.229509, 25.629745)],
}
BEIJING = (116.4, 39.9)


def test_fourteen_counties_named_as_in_the_list_of_villages():
    with resource("parameters", "places", "kunming_villages.csv").open(encoding="utf-8") as file:
        names = {row["county_code"]: row["county_name"] for row in csv.DictReader(file)}
    found = counties(policy=load_policy())
    assert list(found) == sorted(names)
    assert len(found) == 14
    assert {code: county.name_zh for code, county in found.items()} == names


def test_roles_and_exit_years():
    found = counties()
    roles = {code: county.role for code, county in found.items()}
    assert Counter(roles.values()) == {Role.POSITION_ONLY: 7, Role.HAS_POOR: 4, Role.EXITS: 2, Role.EXITED: 1}
    assert [code for code, role in roles.items() if role is Role.EXITS] == ["530113", "530128"]
    assert roles["530129"] is Role.EXITED
    years = {code: county.exit_year for code, county in found.items() if county.exit_year is not None}
    assert years == {"530113": 2018, "530128": 2018, "530129": 2017}


def test_deadlines():
    found = counties()
    due = {code: county.location_deadline for code, county in found.items()}
    assert due["530113"] == due["530128"] == date(2018, 12, 31)
    assert due["530129"] == date(2017, 6, 30)
    assert {day for code, day in due.items() if code not in {"530113", "530128", "530129"}} == {date(2019, 6, 30)}
    applying = {code for code, county in found.items() if county.county_to_city and county.city_to_province}
    assert applying == {"530113", "530128"}


@pytest.mark.parametrize("code", sorted(SEATS))
def test_a_box_holds_its_seat_and_not_the_capital(code):
    box = load_county(code).box
    assert box.contains(*SEATS[code])
    assert not box.contains(*BEIJING)
    assert box.contains(box.west, box.south) and box.contains(box.east, box.north)
    assert not box.contains(box.west - 0.001, box.south)
    assert box.source


@pytest.mark.parametrize("code", sorted(VILLAGES))
def test_a_box_holds_its_villages(code):
    box = load_county(code).box
    assert [point for point in VILLAGES[code] if not box.contains(*point)] == []


def test_boxes_together_span_the_city():
    boxes = [county.box for county in counties().values()]
    bounds = (
        min(b.west for b in boxes),
        min(b.south for b in boxes),
        max(b.east for b in boxes),
        max(b.north for b in boxes),
    )
    assert bounds == pytest.approx((102.17, 24.39, 103.67, 26.55), abs=0.03)
    assert all(0.2 < box.east - box.west < 0.95 and 0.2 < box.north - box.south < 1.05 for box in boxes)
