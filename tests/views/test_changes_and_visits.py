"""Changes, pairings, measures, visits, problem records and leavers over a small made-up register."""

from collections.abc import Callable
from datetime import date
from typing import Any

from povkit.register.identity import check_character

MakeCounty = Callable[..., Any]
Row = dict[str, Any]
VILLAGE = "530113001001"


def _number(serial: int, born: str = "19600101") -> str:
    body = f"530199{born}{serial:03d}"
    return body + check_character(body)


A, B, C = (_number(serial) for serial in (1, 2, 3))


def _household(name: str = "h1", **more: Any) -> Row:
    return {"household_id": name, "village_code": VILLAGE, "status": "未脱贫", "identified_year": 2014, **more}


def _person(name: str, number: str | None = None, household: str = "h1", **more: Any) -> Row:
    return {"person_id": name, "id_number": number, "household_id": household, "name": f"名{name}", **more}


def test_removed_households_are_judged_by_last_years_register_and_the_lists(make_county: MakeCounty) -> None:
    county = make_county(
        household=[_household("h1")],
        household_last=[_household("h1"), _household("h2", unsafe_house=True, house_grade="D级")],
        person=[_person("p1", A)],
        person_last=[_person("p1", A), _person("p2", B, "h2", health="残疾", dibao=False)],
        sector=[{"list": "残疾", "id_number": B + "43"}, {"list": "低保", "id_number": C}],
        change=[{"household_id": "h2", "kind": "剔除"}, {"household_id": "h9", "kind": "剔除"}],
    )
    columns = ("last_unsafe_house", "any_disabled_before", "any_dibao_before", "removed_on_disability_list")
    found = county.rows("change", *columns, "removed_on_dibao_list")
    assert found == {"h2": (True, True, False, True, False), "h9": (None,) * 5}


def test_taken_in_after_removal_goes_by_the_dates_where_there_are_any(make_county: MakeCounty) -> None:
    def both(name: str, removed: date | None, taken: date | None) -> list[Row]:
        return [
            {"household_id": name, "kind": "剔除", "on": removed},
            {"household_id": name, "kind": "新识别", "on": taken},
        ]

    july, august = date(2018, 7, 1), date(2018, 8, 1)
    county = make_county(change=[*both("h1", july, august), *both("h2", august, july), *both("h3", None, july)])
    found = county.views.con.execute("SELECT DISTINCT household_id, taken_in_after_removal FROM change").fetchall()
    assert dict(found) == {"h1": True, "h2": False, "h3": True}


def test_newly_identified_by_record_or_year(make_county: MakeCounty) -> None:
    county = make_county(
        household=[_household("h1"), _household("h2", identified_year=2018), _household("h3"), _household("h4")],
        change=[{"household_id": "h3", "kind": "新识别"}, {"household_id": "h4", "kind": "脱贫"}],
    )
    assert county.column("household", "newly_identified") == {"h1": False, "h2": True, "h3": True, "h4": False}
    assert county.missing("household", "newly_identified") == ()


def test_size_and_window(make_county: MakeCounty) -> None:
    def natural(name: str, on: date | None) -> Row:
        return {"household_id": name, "kind": "自然减少", "on": on}

    names = ("h1", "h2", "h3", "h4")
    county = make_county(
        household=[_household(name, size=3) for name in names],
        household_last=[_household(name, size=4) for name in names],
        change=[natural("h1", date(2018, 6, 1)), natural("h2", date(2018, 5, 31)), natural("h3", None)],
    )
    assert set(county.column("household", "size_changed").values()) == {True}
    assert county.column("household", "changed_in_window") == {"h1": True, "h2": False, "h3": None, "h4": None}


def test_leavers_and_newcomers_are_told_by_number_and_person_number(make_county: MakeCounty) -> None:
    county = make_county(
        household=[_household("h1")],
        household_last=[_household("h1")],
        person=[_person("p1", A), _person("p9", B), _person("p5", birth_date=date(2015, 3, 1))],
        person_last=[_person("p1", None), _person("p2", B), _person("p3", C, work_months=8.0)],
        change=[
            {"household_id": "h1", "kind": "自然减少", "reason": "死亡"},
            {"household_id": "h1", "kind": "自然增加", "reason": "新生儿"},
        ],
        sector=[
            {"list": "农业户籍", "id_number": C, "on": None},
            {"list": "死亡", "id_number": C, "on": date(2017, 3, 5)},
        ],
    )
    assert county.rows("leaver", "left_naturally", "on_agricultural_list", "stays_on_roll", "months_lived_last") == {
        "p3": (True, True, False, 3)
    }
    assert county.rows("newcomer", "joined_naturally", "age", "moved_in_by_record") == {"p5": (True, 3, False)}


def test_months_lived_this_year(make_county: MakeCounty) -> None:
    died = {"p1": date(2018, 4, 2), "p2": date(2016, 4, 2), "p3": None}
    numbers = {"p1": A, "p2": B, "p3": C}
    county = make_county(
        household=[_household("h1")],
        person=[_person(name, number) for name, number in numbers.items()],
        sector=[{"list": "死亡", "id_number": numbers[name], "on": on} for name, on in died.items()],
    )
    assert county.column("person", "months_lived") == {"p1": 4, "p2": 0, "p3": 0}


def test_pairings_and_helpers(make_county: MakeCounty) -> None:
    def pair(home: str, number: str, name: str, ends: date | None, **more: Any) -> Row:
        return {"household_id": home, "helper_id_number": number, "helper_name": name, "ends": ends, **more}

    start, late, over = date(2016, 6, 1), date(2020, 12, 31), date(2017, 12, 31)
    county = make_county(
        household=[_household("h1"), _household("h2"), _household("h3", status="已脱贫")],
        person=[_person("p1", A, "h1")],
        village=[{"village_code": VILLAGE, "support_units": "县水务局、县教育局"}],
        helper=[
            pair("h1", A, "张伟", late, starts=start, unit="县水务局"),
            pair("h2", A, "张伟", over, starts=start, unit="县水务局"),
            pair("h2", B, "张 伟", late, starts=late, unit="县林业局"),
            pair("h3", C, "李明", over, starts=start, unit="县教育局"),
        ],
    )
    rows = county.views.con.execute(
        "SELECT household_id, helper_id_number, running_helpers, helper_is_member, helper_is_poor_neighbour, "
        "unit_linked FROM pairing ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("h1", A, 1, True, True, True),
        ("h2", A, 1, False, True, True),
        ("h2", B, 1, False, False, False),
        ("h3", C, 0, False, False, True),
    ]
    assert county.column("household", "helpers_running") == {"h1": 1, "h2": 1, "h3": 0}
    assert county.rows("helper", "households", "spellings_of_name", "helper_id_ok", "helper_age") == {
        A: (2, 2, True, 58),
        B: (1, 2, True, 58),
        C: (1, 1, True, 58),
    }


def test_measures_of_households_villages_and_the_county(make_county: MakeCounty) -> None:
    def measure(home: str | None, kind: str, content: str | None, **more: Any) -> Row:
        return {"household_id": home, "village_code": VILLAGE, "kind": kind, "content": content, **more}

    county = make_county(
        household=[_household("h1"), _household("h2"), _household("h3")],
        village=[{"village_code": VILLAGE, "exited": True, "exit_year": 2018}],
        measure=[
            measure("h1", "就业帮扶", "转移就业"),
            measure("h1", "教育帮扶", "雨露计划"),
            measure("h2", "就业帮扶", "就业帮扶"),
            measure("h3", "就业帮扶", "厨师培训", starts=date(2018, 5, 1), amount=0.0),
            measure(None, "基础设施", "饮水工程"),
        ],
    )
    assert county.column("household", "given_a_job") == {"h1": True, "h2": None, "h3": False}
    columns = ("measures_rainplan", "village_measures_water", "county_names_rainplan", "county_names_dibao")
    assert county.rows("household", *columns)["h1"] == (1, 1, True, False)
    assert county.rows("village", "village_measures", "exited_this_year") == {VILLAGE: (1, True)}
    assert county.views.con.execute("SELECT count(*) FROM village_measure").fetchall() == [(1,)]
    assert county.views.con.execute("SELECT count(*) FROM measure").fetchall() == [(4,)]


def test_visits_stand_beside_the_register(make_county: MakeCounty) -> None:
    def visit(name: str, home: str | None, **more: Any) -> Row:
        return {"visit_id": name, "household_id": home, "village_code": VILLAGE, **more}

    good = {"house_safe": True, "water_safe": True, "education_ok": True, "medical_ok": True}
    county = make_county(
        household=[
            _household(
                "h1", status="已脱贫", unsafe_house=False, house_grade="A级", water_safe=True, net_income_pc=5000.0
            ),
            _household("h2", unsafe_house=False, house_grade="D级"),
        ],
        person=[_person("p1", A, medical_insurance=True)],
        visit=[
            visit("v1", "h1", **good, moved_in=None, food_clothing_ok=None),
            visit("v2", "h2", **{**good, "house_safe": False}),
            visit("v3", None, **{**good, "medical_ok": None}),
        ],
    )
    columns = ("visited_on_register", "marked_left", "register_house_safe", "guarantee_lacking")
    assert county.rows("visit", *columns) == {
        "v1": (True, True, True, False),
        "v2": (True, False, False, True),
        "v3": (False, False, None, None),
    }
    assert county.rows("visit", "register_insured", "register_water_safe")["v1"] == (True, True)


def test_a_problems_value_is_compared_with_the_snapshot(make_county: MakeCounty) -> None:
    reported, done = date(2018, 9, 27), date(2018, 10, 15)

    def problem(name: str, field: str | None, value: str | None, **more: Any) -> Row:
        base = {"problem_id": name, "object": "贫困户", "object_id": "h1", "field": field, "value": value}
        return {**base, "reported_on": reported, "handled_on": done, "description": "有误", **more}

    home = _household(net_income_pc=3500.0, unsafe_house=True, category="特困供养脱贫户", located_on=date(2018, 3, 16))
    county = make_county(
        household=[home],
        person=[_person("p1", A, sex="男")],
        problem=[
            problem("same", "人均纯收入", "3500.00"),
            problem("changed", "人均纯收入", "3400"),
            problem("yes", "是否危房户", "是"),
            problem("renamed", "贫困户属性", "五保户"),
            problem("day", "位置采集日期", "20180316"),
            problem("blank", "联系电话", None),
            problem("unknown_old", "人均纯收入", None),
            problem("no_such_field", "血型", "A"),
            problem("no_such_object", "人均纯收入", "1", object_id="h9"),
            problem("person", "性别", "女", object="贫困人口", object_id="p1"),
            problem("again", "人均纯收入", "3400", reported_on=date(2018, 11, 2), handled_on=None),
        ],
    )
    assert county.column("problem", "value_unchanged") == {
        "same": True,
        "changed": False,
        "yes": True,
        "renamed": True,
        "day": True,
        "blank": True,
        "unknown_old": None,
        "no_such_field": None,
        "no_such_object": None,
        "person": False,
        "again": False,
    }
    last = county.column("problem", "last_reported_on")
    assert (last["same"], last["yes"]) == (date(2018, 11, 2), reported)


def test_villages_land_names_and_distance(make_county: MakeCounty) -> None:
    homes = [
        _household(f"h{n}", farmland=2.0, hamlet=f"{n}组", longitude=103.0 + n / 100, latitude=26.0) for n in range(3)
    ]
    far = {"village_code": VILLAGE, "longitude": 103.01, "latitude": 26.1, "farmland": 5.0}
    county = make_county(household=homes, village=[far])
    land, hamlets, km = county.rows(
        "village", "registered_farmland", "registered_hamlets", "distance_to_households_km"
    )[VILLAGE]
    assert (land, hamlets) == (6.0, 3)
    assert 11.0 < km < 11.2


def test_households_on_one_point(make_county: MakeCounty) -> None:
    point = {"longitude": 103.0, "latitude": 26.0}
    county = make_county(household=[_household("h1", **point), _household("h2", **point), _household("h3")])
    assert county.column("household", "same_point_rows") == {"h1": 2, "h2": 2, "h3": None}
