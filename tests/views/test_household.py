"""The household view, over a small made-up register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.schema import Kind, load_tables
from povkit.register.store import Register
from povkit.views import Need, Views, build_views
from povkit.views.household import HOUSEHOLD
from povkit.views.person import PERSON

COUNTY, YEAR = "530113", 2018
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}
STEPS = ("民主评议", "村两委和工作队核实", "帮扶责任人认可", "贫困户认可", "公示", "公告", "系统标注")
Row = dict[str, Any]


@dataclass
class Built:
    """The views, and the rows of the household view by household number."""

    views: Views

    def row(self, household: str = "h1") -> Row:
        cursor = self.views.con.execute("SELECT * FROM household WHERE household_id = ?", [household])
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        assert len(rows) == 1
        return dict(zip(names, rows[0], strict=True))

    def column(self, name: str) -> dict[str, Any]:
        """A column's values by household number."""
        return dict(self.views.con.execute(f"SELECT household_id, {name} FROM household").fetchall())

    def missing(self, *columns: str) -> tuple[Need, ...]:
        return self.views.missing("household", columns)


Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Writes tables as the importer lays them out (`household`, `household_last`, …) and builds the views over them."""
    limits = limits_for(load_policy("yunnan-2018"), load_county(COUNTY), as_of=date(2018, 12, 31), data_year=YEAR)

    def make(**tables: list[Row]) -> Built:
        register = Register(tmp_path)
        for name, rows in tables.items():
            table = name.removesuffix("_last")
            _write(register.path(COUNTY, table, YEAR - (name != table)), table, rows)
        return Built(build_views(duckdb.connect(), register, COUNTY, YEAR, limits, (PERSON, HOUSEHOLD)))

    return make


def _write(path: Path, table: str, rows: list[Row]) -> None:
    kinds = load_tables()[table].columns
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, Any] = {n: pa.array([row.get(n) for row in rows], ARROW[kinds[n].type]) for n in names}
    columns |= {"source_file": [f"{table}.xlsx"] * len(rows), "source_sheet": ["Sheet1"] * len(rows)}
    columns |= {"source_row": list(range(4, 4 + len(rows)))}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def _member_of(household: str, **values: Any) -> Row:
    return {"household_id": household, "person_id": f"{household} {values}", "name": "甲", **values}


def _home(**values: Any) -> Row:
    return {"household_id": "h1", "head_name": "甲", "village_code": "530113001001", "status": "已脱贫", **values}


def _member(number: int, **values: Any) -> Row:
    return {"household_id": "h1", "person_id": f"p{number}", "name": "甲", **values}


def test_members_are_counted(build: Build) -> None:
    members = [
        _member(1, relation="户主", sex="男", dibao=True, labour="普通劳动力", birth_date=date(1968, 12, 31)),
        _member(2, relation="配偶", sex="女", dibao=False, labour="技能劳动力", birth_date=date(1970, 1, 1)),
        _member(3, relation="之子", sex="男", dibao=None, labour="无劳动力", birth_date=None),
        {**_member(4, relation=None), "person_id": None},
    ]
    row = build(household=[_home()], person=members).row()
    assert {key: row[key] for key in ("members", "heads", "spouses", "dibao_members", "able_members")} == {
        "members": 4,
        "heads": 1,
        "spouses": 1,
        "dibao_members": 1,
        "able_members": 2,
    }
    assert (row["head_sex"], row["spouse_sex"], row["head_age"]) == ("男", "女", 50)


def test_any_member_keeps_blanks_apart(build: Build) -> None:
    insured = {
        "one not": ((True, False), True),
        "one blank": ((True, None), None),
        "one not, one blank": ((False, None), True),
        "all": ((True, True), False),
        "all blank": ((None, None), None),
    }
    built = build(
        household=[_home(household_id=home) for home in insured],
        person=[_member_of(home, medical_insurance=v) for home, (values, _) in insured.items() for v in values],
    )
    assert built.column("any_uninsured") == {home: expected for home, (_, expected) in insured.items()}
    assert built.column("uninsured_members") == {home: values.count(False) for home, (values, _) in insured.items()}


def test_a_whole_household_without_labour(build: Build) -> None:
    labour = {
        "nobody": (("无劳动力", "丧失劳动力"), True),
        "one can": (("无劳动力", "普通劳动力"), False),
        "one blank": (("无劳动力", None), None),
        "one weak, one blank": ((None, "弱劳动力或半劳动力"), False),
    }
    built = build(
        household=[_home(household_id=home, category="一般脱贫户") for home in labour],
        person=[_member_of(home, labour=value) for home, (values, _) in labour.items() for value in values],
    )
    expected = {home: nobody_able for home, (_, nobody_able) in labour.items()}
    assert built.column("all_without_labour") == expected
    assert built.column("backstop") == expected


def test_a_child_out_of_school(build: Build) -> None:
    adult = {"birth_date": date(1980, 1, 1), "health": "健康", "education": "小学"}
    child = {"birth_date": date(2008, 3, 1), "health": "健康"}
    children: dict[str, tuple[Row, bool | None]] = {
        "out": (child, True),
        "in": ({**child, "school": "小学"}, False),
        "age blank": ({**child, "birth_date": None}, None),
        "no child": (adult, False),
    }
    built = build(
        household=[_home(household_id=home) for home in children],
        person=[_member_of(home, **m) for home, (row, _) in children.items() for m in (adult, row)],
    )
    assert built.column("any_out_of_school") == {home: out for home, (_, out) in children.items()}
    assert built.column("out_of_school_children") == {"out": 1, "in": 0, "age blank": 0, "no child": 0}


def test_a_household_without_member_rows_is_counted_as_empty_and_not_judged(build: Build) -> None:
    row = build(household=[_home()], person=[{**_member(1), "household_id": "h2"}]).row()
    assert row["members"] == 0
    assert row["any_dibao_member"] is None
    assert row["any_uninsured"] is None
    assert row["all_without_labour"] is None


def test_the_year_before(build: Build) -> None:
    before = [{**_home(), "status": "未脱贫", "net_income_pc": 2800.0, "size": 3}]
    built = build(household=[_home(), _home(household_id="h2")], household_last=before)
    row = built.row()
    assert (row["on_register_last"], row["last_status"], row["last_net_income_pc"]) == (True, "未脱贫", 2800.0)
    new = built.row("h2")
    assert (new["on_register_last"], new["last_status"]) == (False, None)
    assert built.missing("last_status", "last_net_income_pc", "on_register_last") == ()
    assert built.missing("last_farmland") == (Need("household", "farmland", True),)


def test_without_the_year_before_its_columns_are_not_available(build: Build) -> None:
    built = build(household=[_home()])
    assert built.missing("last_status", "on_register_last") == (Need("household", "*", True),)


def test_measures_and_helpers_of_nobody_are_none(build: Build) -> None:
    built = build(
        household=[_home(), _home(household_id="h2")],
        measure=[{"household_id": "h1", "kind": "产业帮扶"}, {"household_id": "h1", "kind": "教育帮扶"}],
        helper=[
            {"household_id": "h1", "helper_name": "乙", "helper_id_number": None},
            {"household_id": "h1", "helper_name": None, "helper_id_number": None},
        ],
    )
    assert [(built.row(h)["measures"], built.row(h)["helpers"]) for h in ("h1", "h2")] == [(2, 1), (0, 0)]
    assert built.missing("measures", "helpers") == ()


def test_what_rests_on_an_absent_table_is_not_available(build: Build) -> None:
    tables = {
        "measures": {"measure"},
        "helpers": {"helper"},
        "members": {"person"},
        "any_uninsured": {"person"},
        "change_new": {"change"},
        "certified_water": {"certification"},
        "steps_recorded": {"procedure"},
        "notice_days": {"procedure"},
        "village_exited": {"village"},
    }
    built = build(household=[_home()])
    assert {column: {need.table for need in built.missing(column)} for column in tables} == tables


def test_a_column_that_the_export_lacks_is_not_available(build: Build) -> None:
    built = build(household=[_home(wage_income=1.0, business_income=2.0, property_income=3.0, transfer_income=4.0)])
    assert built.missing("total_income") == ()
    assert built.row()["total_income"] == 10.0
    assert built.missing("total_income_reported") == (Need("household", "total_income_reported"),)


def test_changes_of_the_year(build: Build) -> None:
    built = build(
        household=[_home(), _home(household_id="h2")],
        change=[{"household_id": "h1", "kind": "新识别"}, {"household_id": "h1", "kind": "脱贫"}],
    )
    names = ("change_new", "change_return", "change_exit", "change_removed", "change_restored")
    assert [built.row()[name] for name in names] == [True, False, True, False, False]
    assert [built.row("h2")[name] for name in names] == [False] * 5


def test_a_department_without_a_row_has_not_certified(build: Build) -> None:
    certificates: dict[str, tuple[list[tuple[str, bool | None]], list[bool | None]]] = {
        "all": ([("水务", True), ("教育", True), ("卫计", True), ("住建", True)], [True, True, True, True]),
        "one no, one blank": ([("水务", True), ("教育", False), ("卫计", None)], [True, False, None, False]),
        "yes and no": ([("水务", True), ("水务", False)], [False, False, False, False]),
        "none": ([], [False, False, False, False]),
    }
    built = build(
        household=[_home(household_id=home) for home in certificates],
        certification=[
            {"household_id": home, "department": department, "met": met}
            for home, (rows, _) in certificates.items()
            for department, met in rows
        ],
    )
    names = ("water", "education", "health", "housing")
    found = {home: [built.row(home)[f"certified_{name}"] for name in names] for home in certificates}
    assert found == {home: expected for home, (_, expected) in certificates.items()}


def _procedure(home: str = "h1", **changes: Row) -> list[Row]:
    rows = []
    for day, step in enumerate(STEPS, start=1):
        when = date(2018, 9, day)
        row = {"household_id": home, "process": "脱贫", "step": step, "starts": when, "ends": when, "outcome": "通过"}
        rows.append({**row, **changes.get(step, {})})
    return rows


def test_the_procedure_of_exit(build: Build) -> None:
    other = [{**row, "process": "新识别", "starts": date(2014, 1, 1)} for row in _procedure()]
    row = build(household=[_home()], procedure=[*_procedure(公示={"ends": date(2018, 9, 11)}), *other]).row()
    dates = ("appraised", "checked", "helper_agreed", "household_agreed", "notice", "announced", "marked")
    assert [row[f"{name}_on"] for name in dates] == [date(2018, 9, day) for day in range(1, 8)]
    assert (row["notice_ends_on"], row["notice_days"]) == (date(2018, 9, 11), 7)
    assert row["steps_recorded"] == 7
    assert row["step_not_passed"] is False


def test_a_step_that_was_not_passed(build: Build) -> None:
    outcomes = {"有异议": True, "未通过": True, "通过": False}
    rows = [row for home in outcomes for row in _procedure(home, 公示={"outcome": home})]
    blank = _procedure("blank", 公示={"outcome": None})
    both = _procedure("blank, and one not passed", 公示={"outcome": None}, 公告={"outcome": "未通过"})
    expected = {**outcomes, "blank": None, "blank, and one not passed": True}
    built = build(household=[_home(household_id=home) for home in expected], procedure=[*rows, *blank, *both])
    assert built.column("step_not_passed") == expected


def test_a_missing_step_and_a_missing_date_are_told_apart(build: Build) -> None:
    built = build(household=[_home()], procedure=_procedure(公示={"ends": None}, 公告={"starts": None})[1:])
    row = built.row()
    assert row["steps_recorded"] == 6
    assert (row["appraised_on"], row["announced_on"], row["notice_days"]) == (None, None, None)


def test_a_household_outside_the_ledger_has_no_step(build: Build) -> None:
    row = build(household=[_home(household_id="h2")], procedure=_procedure()).row("h2")
    assert (row["steps_recorded"], row["step_not_passed"]) == (0, None)


def test_the_villages_role(build: Build) -> None:
    village = {"village_code": "530113001001", "village": "某村", "township": "某镇", "poor_village": True}
    built = build(
        household=[_home(), _home(household_id="h2", village_code="530113001002")],
        village=[{**village, "exited": True, "exit_year": 2018}],
    )
    row = built.row()
    assert (row["village_exited"], row["village_exit_year"], row["village_is_poor_village"]) == (True, 2018, True)
    assert (row["township"], row["village"]) == ("某镇", "某村")
    assert built.row("h2")["village_exited"] is None


LEAVES: list[tuple[str, Row, list[Row], list[Row], bool | None]] = [
    # what it shows, this year, last year, changes, leaves this year
    ("marked with this year", {"exit_year": 2018}, [], [], True),
    ("marked with an earlier year", {"exit_year": 2016}, [], [], False),
    ("blank year, nothing else", {"exit_year": None}, [], [], None),
    ("blank year, poor a year ago", {"exit_year": None}, [{"status": "未脱贫"}], [], True),
    ("blank year, returned a year ago", {"exit_year": None}, [{"status": "返贫"}], [], True),
    ("blank year, had left a year ago", {"exit_year": None}, [{"status": "已脱贫"}], [], False),
    ("blank year, exit recorded", {"exit_year": None}, [], [{"kind": "脱贫"}], True),
    ("blank year, other change recorded", {"exit_year": None}, [], [{"kind": "自然增加"}], None),
    ("wrong year, poor a year ago", {"exit_year": 2017}, [{"status": "未脱贫"}], [], True),
    ("wrong year, exit recorded", {"exit_year": 2017}, [{"status": "已脱贫"}], [{"kind": "脱贫"}], True),
    ("an exit recorded long ago", {"exit_year": 2016}, [], [{"kind": "脱贫", "on": date(2016, 11, 1)}], False),
    ("planned last year, marked with it", {"exit_year": 2017}, [{"status": "预脱贫"}], [], False),
    ("planned last year, marked with this", {"exit_year": 2018}, [{"status": "预脱贫"}], [], True),
    ("planned last year, blank year", {"exit_year": None}, [{"status": "预脱贫"}], [], True),
    ("still poor", {"status": "未脱贫", "exit_year": 2018}, [], [{"kind": "脱贫"}], False),
    ("status blank", {"status": None, "exit_year": 2018}, [], [], None),
]


def test_leaves_this_year(build: Build) -> None:
    built = build(
        household=[_home(**{"household_id": name, **now}) for name, now, *_ in LEAVES],
        household_last=[{**_home(), "household_id": name, **row} for name, _, before, *_ in LEAVES for row in before],
        change=[{"household_id": name, **row} for name, _, _, changes, _ in LEAVES for row in changes],
    )
    assert built.column("leaves_this_year") == {name: leaves for name, *_, leaves in LEAVES}


def test_leaves_this_year_asks_for_neither_changes_nor_the_year_before(build: Build) -> None:
    years = {"this": 2018, "earlier": 2016, "blank": None}
    built = build(household=[_home(household_id=home, exit_year=year) for home, year in years.items()])
    assert built.column("leaves_this_year") == {"this": True, "earlier": False, "blank": None}
    assert built.missing("leaves_this_year") == ()


def test_status(build: Build) -> None:
    statuses = {"已脱贫": (True, False, False), "未脱贫": (False, True, False), "返贫": (False, True, True)}
    expected = {**statuses, "预脱贫": (False, True, False), "": (None, None, None)}
    built = build(household=[_home(household_id=status, status=status or None) for status in expected])
    names = ("has_left_poverty", "not_yet_left", "has_returned")
    assert {status: tuple(built.row(status)[name] for name in names) for status in expected} == expected


def test_who_is_asked_about_moving_in(build: Build) -> None:
    homes: dict[str, tuple[Row, list[str], bool]] = {
        "other measure": ({}, ["产业帮扶"], False),
        "relocated": ({}, ["易地搬迁", "产业帮扶"], True),
        "rebuilt": ({}, ["危房改造"], True),
        "filled in": ({"moved_in": False}, [], True),
        "still poor": ({"moved_in": False, "status": "未脱贫"}, ["易地搬迁"], False),
    }
    households = [_home(**{"household_id": home, **row}) for home, (row, *_) in homes.items()]
    measures = [{"household_id": home, "kind": kind} for home, (_, kinds, _) in homes.items() for kind in kinds]
    built = build(household=households, measure=measures)
    assert built.column("left_after_rehousing") == {home: asked for home, (*_, asked) in homes.items()}


def test_without_measures_only_a_filled_entry_asks_about_moving_in(build: Build) -> None:
    built = build(household=[_home(moved_in=False), _home(household_id="h2")])
    assert built.column("left_after_rehousing") == {"h1": True, "h2": False}
    assert built.missing("left_after_rehousing") == ()


def test_other_causes(build: Build) -> None:
    causes: dict[str, tuple[str | None, str | None, int, bool | None]] = {
        "none": ("因病", None, 0, False),
        "one": ("因病", "因残", 1, False),
        "the main one again": ("因病", "因残,因病", 2, True),
        "other separators": ("因病", "因残、缺资金；因学", 3, False),
        "blanks and a comma at the end": ("因病", "缺资金， 因病，", 2, True),
        "a separator alone": ("因病", "、", 0, False),
        "no main cause": (None, "因残", 1, None),
        "neither": (None, None, 0, False),
    }
    built = build(
        household=[_home(household_id=home, cause=main, other_causes=o) for home, (main, o, *_) in causes.items()]
    )
    assert built.column("other_cause_count") == {home: count for home, (_, _, count, _) in causes.items()}
    assert built.column("cause_repeated") == {home: repeated for home, (*_, repeated) in causes.items()}


def test_employees_insurance_insures_too_and_need_not_be_handed_in(build: Build) -> None:
    """Members' residents' and employees' insurance by household, and whether the household has somebody uninsured."""
    insured = {
        "A": ([(True, None), (False, True)], False),
        "B": ([(True, None), (False, False)], True),
        "C": ([(True, None), (False, None)], True),
        "D": ([(True, None), (None, True)], False),
        "E": ([(True, None), (None, None)], None),
    }
    people = [
        {"household_id": home, "person_id": f"{home}{n}", "medical_insurance": one, "employee_medical_insurance": other}
        for home, (members, _) in insured.items()
        for n, (one, other) in enumerate(members)
    ]
    homes = [_home(household_id=home) for home in insured]
    built = build(household=homes, person=people)
    assert built.column("any_uninsured") == {home: expected for home, (_, expected) in insured.items()}
    plain = [{name: value for name, value in one.items() if name != "employee_medical_insurance"} for one in people]
    assert not build(household=homes, person=plain).views.missing("household", ["any_uninsured"])
