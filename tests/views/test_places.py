"""The village and county views, over a small made-up register."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from povkit.views import Need

MakeCounty = Callable[..., Any]
Row = dict[str, Any]
V1, V2, V3 = "530113001001", "530113001002", "530113001003"


def _home(household: str, village: str | None = V1, status: str | None = "未脱贫", **more: Any) -> Row:
    return {
        "household_id": household,
        "village_code": village,
        "village": "某村",
        "township": "某镇",
        "status": status,
        "exit_year": None,
        **more,
    }


def _people(household: str, count: int) -> list[Row]:
    return [{"household_id": household, "person_id": f"{household}-{i}"} for i in range(count)]


def _village(code: str | None = V1, **more: Any) -> Row:
    return {"village_code": code, "village": "某村", "township": "某镇", "exited": True, "exit_year": 2018, **more}


def _standards(*items: int, **more: Any) -> list[Row]:
    row = {"village_code": V1, "met": True, "department": "统计", "certified_on": date(2018, 10, 1), **more}
    return [{**row, "item": item} for item in items]


def test_villages_of_either_table_are_there(make_county: MakeCounty) -> None:
    county = make_county(
        village=[_village(V1), _village(V2), _village(None)],
        household=[_home("h1", V2), _home("h2", V3), _home("h3", None)],
    )
    assert county.rows("village", "in_village_table", "registered_households", "subject") == {
        V1: (True, 0, "某村"),
        V2: (True, 1, "某村"),
        V3: (False, 1, "某村"),
    }
    assert county.rows("village", "township", "village")[V3] == ("某镇", "某村")


def test_registered_poor_are_summed(make_county: MakeCounty) -> None:
    homes = [
        _home("h1"),
        _home("h2", status="返贫"),
        _home("h3", status="已脱贫", exit_year=2018),
        _home("h4", status=None),
        _home("h5", V2, status="预脱贫"),
    ]
    people = [*_people("h1", 3), *_people("h2", 2), *_people("h3", 4), *_people("h5", 1)]
    county = make_county(village=[_village(V1), _village(V3)], household=homes, person=people)
    columns = (
        "registered_households",
        "registered_people",
        "registered_poor_households",
        "registered_poor_people",
        "exits_this_year",
    )
    found = county.rows("village", *columns)
    assert found[V2] == (1, 1, 1, 1, 0)
    assert found[V3] == (0, 0, 0, 0, 0)
    assert found[V1] == (4, 9, 2, 5, 1)


@pytest.mark.parametrize(
    ("poor", "people", "incidence"),
    [(30, 1000, 3.0), (3, 100, 3.0), (0, 100, 0.0), (None, 100, None), (3, None, None), (3, 0, None)],
)
def test_incidence(make_county: MakeCounty, poor: int | None, people: int | None, incidence: float | None) -> None:
    county = make_county(village=[_village(population=people, poor_population=poor)], household=[_home("h1")])
    assert county.column("village", "incidence_pct")[V1] == incidence


@pytest.mark.parametrize(
    ("rows", "listed", "certified", "failed"),
    [
        (_standards(*range(1, 11)), 10, 10, 0),
        (_standards(*range(1, 10)), 9, 9, 0),
        ([*_standards(*range(1, 10)), *_standards(10, met=False)], 10, 9, 1),
        ([*_standards(*range(1, 10)), *_standards(10, met=None)], 10, 9, 0),
        ([*_standards(*range(1, 10)), *_standards(10, department=None)], 10, 9, 0),
        ([*_standards(*range(1, 10)), *_standards(10, certified_on=None)], 10, 9, 0),
        ([*_standards(*range(1, 10)), *_standards(9)], 9, 9, 0),
        ([*_standards(*range(1, 10)), *_standards(11)], 10, 9, 0),
        ([*_standards(*range(1, 11)), *_standards(4, met=False)], 10, 10, 1),
        (_standards(1, village_code=V2), 0, 0, 0),
    ],
)
def test_standards_are_counted_by_item(
    make_county: MakeCounty, rows: list[Row], listed: int, certified: int, failed: int
) -> None:
    county = make_county(village=[_village()], household=[_home("h1")], village_standard=rows)
    found = county.rows("village", "standards_listed", "standards_certified", "standards_failed")
    assert found[V1] == (listed, certified, failed)


@pytest.mark.parametrize(
    ("exited", "year", "rows", "due"),
    [
        (True, 2018, [], True),
        (True, None, [], True),
        (True, 2016, [], False),
        (True, 2016, _standards(1), True),
        (False, 2018, _standards(1), False),
        (None, 2018, [], None),
    ],
)
def test_whose_standards_are_due(
    make_county: MakeCounty, exited: bool | None, year: int | None, rows: list[Row], due: bool | None
) -> None:
    standards = [*rows, *_standards(1, village_code=V2)]
    county = make_county(
        village=[_village(exited=exited, exit_year=year)], household=[_home("h1")], village_standard=standards
    )
    assert county.column("village", "standards_due")[V1] is due


@pytest.mark.parametrize(
    ("now", "before", "newly"),
    [(True, False, True), (True, True, False), (False, None, False), (True, None, None), (None, False, None)],
)
def test_newly_exited(make_county: MakeCounty, now: bool | None, before: bool | None, newly: bool | None) -> None:
    county = make_county(
        village=[_village(exited=now)], village_last=[_village(exited=before)], household=[_home("h1")]
    )
    assert county.column("village", "newly_exited")[V1] is newly


@pytest.mark.parametrize(
    ("point", "placed"), [((103.0, 26.0), True), ((None, 26.0), False), ((103.0, None), False), ((None, None), False)]
)
def test_a_point_needs_both_coordinates(
    make_county: MakeCounty, point: tuple[float | None, float | None], placed: bool
) -> None:
    place: Row = dict(zip(("longitude", "latitude"), point, strict=True))
    county = make_county(village=[_village(**place)], household=[_home("h1", **place)])
    assert county.column("village", "placed") == {V1: placed}
    assert county.column("household", "placed") == {"h1": placed}


def test_inputs_that_are_not_there_are_told(make_county: MakeCounty) -> None:
    county = make_county(village=[_village()], household=[_home("h1")])
    assert county.missing("village", "standards_certified") == (Need("village_standard", "*"),)
    assert county.missing("village", "newly_exited") == (Need("village", "*", True),)
    assert {need.table for need in county.missing("village", "registered_poor_people")} == {"person"}
    assert county.missing("village", "in_village_table", "registered_households", "exit_year") == ()
    assert county.missing("village", "incidence_pct") == (
        Need("village", "poor_population"),
        Need("village", "population"),
    )


def test_without_a_village_table_no_village_is_called_missing(make_county: MakeCounty) -> None:
    county = make_county(household=[_home("h1")])
    assert county.missing("village", "in_village_table") == (Need("village", "*"),)


MILESTONES = [
    {"code": "530113", "step": "县报市", "on": date(2018, 12, 18)},
    {"code": "530113", "step": "县报市", "on": date(2018, 12, 24)},
    {"code": "530113", "step": "市报省", "on": date(2018, 12, 30)},
    {"code": "530113", "step": "省级评估", "on": date(2019, 3, 1)},
]


def test_the_county_is_one_row_with_its_first_dates(make_county: MakeCounty) -> None:
    county = make_county(milestone=MILESTONES)
    columns = ("handed_to_city_on", "handed_to_province_on", "county_leaves")
    assert county.rows("county", *columns) == {"530113": (date(2018, 12, 18), date(2018, 12, 30), True)}
    assert county.missing("county", *columns) == ()


@pytest.mark.parametrize(("code", "leaves"), [("530113", True), ("530126", False), ("530129", False)])
def test_a_county_without_milestones(make_county: MakeCounty, code: str, leaves: bool) -> None:
    county = make_county(code, household=[_home("h1")])
    assert county.rows("county", "handed_to_city_on", "handed_to_province_on", "county_leaves") == {
        code: (None, None, leaves)
    }
    assert county.missing("county", "handed_to_city_on") == (Need("milestone", "*"),)
    assert county.missing("county", "county_leaves") == ()


def test_milestones_without_dates_say_so(make_county: MakeCounty) -> None:
    county = make_county(milestone=[{"code": "530113", "step": "县报市"}])
    assert county.missing("county", "handed_to_city_on") == (Need("milestone", "on"),)
