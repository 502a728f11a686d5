"""The rules as a set: errors that can be satisfied together, by every kind of object; each rule flags and clears some.

The objects are rows of the views of six made-up registers (see `objects`), and the case rows of all rules and every
code of every list, put on an object of each main kind that satisfies all errors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
import yaml

from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.register.schema import load_tables
from povkit.register.store import Register
from povkit.rules import RULES, Columns, Rule
from povkit.rules.consistency import CLEAR, FLAG, Answers, ask, contradictions, hindered, never, pooled, unsatisfied
from povkit.views import VIEWS, Views, build_views
from tests.rules.objects import registers

AS_OF, YEAR = date(2018, 12, 31), 2018
POLICY = load_policy()
MAIN: dict[str, dict[str, str]] = {
    "household": {
        "poor": "not_yet_left AND NOT newly_identified AND NOT has_returned",
        "exited this year": "leaves_this_year",
        "exited earlier": "has_left_poverty AND NOT leaves_this_year",
        "returned": "has_returned",
        "newly included": "newly_identified",
        "on the backstop": "backstop",
        "poor, with a pupil": "not_yet_left AND any_member_at_school",
        "exited, disabled member": "has_left_poverty AND any_disabled",
        "one person": "members = 1",
        "nobody able to work": "all_without_labour",
        "in a village that exits": "village_exited",
        "in a poor village": "village_is_poor_village",
    },
    "person": {
        "head": "relation = '户主'",
        "spouse": "relation = '配偶'",
        "pupil": "at_school",
        "infant": "age < 6",
        "of school age": "age BETWEEN 7 AND 15",
        "worker": "labour = '普通劳动力' AND work_months > 0",
        "elderly": "age >= 60",
        "disabled": "disabled",
        "seriously ill": "health = '患有大病'",
        "with a public job": "has_public_job",
    },
    "village": {
        "poor, exits this year": "poor_village AND exited_this_year",
        "poor, not exited": "poor_village AND NOT exited",
        "not poor, with registered households": "NOT poor_village AND registered_poor_households > 0",
    },
    "helper": {
        "first secretary": "is_first_secretary",
        "team leader": "is_team_leader",
        "ordinary": "NOT is_first_secretary AND NOT is_team_leader",
    },
    "change": {
        "new": "change_is_new",
        "return": "change_is_return",
        "restored": "change_is_restored",
        "removed": "change_is_removal",
        "exit": "change_is_exit",
    },
    "problem": {"open": "handled_on IS NULL", "handled": "handled_on IS NOT NULL"},
    "county": {"leaves": "county_leaves", "does not leave": "NOT county_leaves"},
    "visit": {"of an exited household": "register_left", "of a poor household": "NOT register_left"},
}
FORBIDDEN = {"open": "P01_problem", "verdict = 错退": "V03_visit"}
"""Kinds and codes that no object in order may have at the end of the year, with the one rule that says so."""


OFF = ["H17_household_校验位"]
"""Faces that the policy's limits switch off."""


def _code_kinds(view: str) -> dict[str, str]:
    """Every code of every list that the view takes over from the contract's table of the same name."""
    table = load_tables().get(view)
    columns = [column for column in table.columns.values() if not column.multiple] if table else []
    return {f"{c.name} = {code}": f"\"{c.name}\" = '{code}'" for c in columns for code in c.codes}


KINDS = {spec.name: {**_code_kinds(spec.name), **MAIN.get(spec.name, {})} for spec in VIEWS}


def _errors(answers: Answers) -> Answers:
    return answers.of(name for name in answers.rules if POLICY.rule(RULES[name].code).severity == "error")


def _case_rows() -> dict[str, list[dict[str, Any]]]:
    """By view the case rows of its rules, and each code of its lists as a row of one cell."""
    rows: dict[str, list[dict[str, Any]]] = {spec.name: [] for spec in VIEWS}
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        for name, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            told = (case[word] for case in cases for word in ("flag", "clear") if word in case and "limits" not in case)
            rows[RULES[name].view] += told
    for view, table in load_tables().items():
        if view in rows:
            columns = [column for column in table.columns.values() if not column.multiple]
            rows[view] += [{column.name: code} for column in columns for code in column.codes]
    return {view: [dict(pairs) for pairs in dict.fromkeys(map(_frozen, each))] for view, each in rows.items()}


def _frozen(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((key, str(value) if isinstance(value, list) else value) for key, value in sorted(row.items()))


def _crossed(views: Views, view: str, answers: Answers, rows: list[dict[str, Any]]) -> None:
    """A table `crossed_<view>`: each case row put on an object of each main kind that satisfies all errors."""
    con, types = views.con, views.views[view].types
    good = (_errors(answers).said != FLAG).all(axis=1)
    kinds = [answers.kinds[name] for name in MAIN.get(view, {})] or [np.ones(len(good), bool)]
    places = sorted({int(np.flatnonzero(mask & good)[0]) for mask in kinds if (mask & good).any()})
    names = sorted({name for row in rows for name in row} & set(types))
    cells = {f"c_{name}": [None if row.get(name) is None else str(row[name]) for row in rows] for name in names}
    marks = {f"m_{name}": [name in row for row in rows] for name in names}
    con.register("case_rows", pa.table({k: pa.array(v, pa.string()) for k, v in cells.items()} | marks))
    put = ", ".join(f'CASE WHEN "m_{n}" THEN "c_{n}"::{types[n]} ELSE b."{n}" END AS "{n}"' for n in names)
    wanted = f"SELECT * FROM (SELECT *, row_number() OVER () - 1 AS place FROM {view}) WHERE place IN {(*places, -1)}"
    con.execute(
        f"CREATE TABLE crossed_{view} AS SELECT b.* REPLACE ({put}) FROM ({wanted}) b CROSS JOIN case_rows"
        if names
        else f"CREATE TABLE crossed_{view} AS {wanted}"
    )
    con.unregister("case_rows")


@dataclass(frozen=True)
class Asked:
    """What every rule says of the registers' rows, and of all objects; one register's views for more questions."""

    of_rows: dict[str, Answers]
    of_all: dict[str, Answers]
    views: Views
    limits: Limits


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    root = tmp_path_factory.mktemp("objects")
    parts, crossed, rows = [], [], _case_rows()
    for folder, county in registers(root):
        limits = limits_for(POLICY, load_county(county), as_of=AS_OF, data_year=YEAR)
        con = duckdb.connect()
        views = build_views(con, Register(folder), county, YEAR, limits, VIEWS)
        parts.append(ask(views, RULES.values(), limits, KINDS))
        if not crossed:
            for view, answers in parts[-1].items():
                _crossed(views, view, answers, rows[view])
            more = {view: f"crossed_{view}" for view in parts[-1]}
            crossed.append(ask(views, RULES.values(), limits, KINDS, more))
    yield Asked(pooled(parts), pooled(parts + crossed), views, limits)
    con.close()


def test_the_objects_are_many(asked: Asked) -> None:
    assert {view: len(each.said) for view, each in asked.of_rows.items() if len(each.said) < 6} == {}
    assert sum(len(each.said) for each in asked.of_all.values()) > 10_000
    assert sum(len(each.kinds) for each in asked.of_all.values()) > 200


def test_no_two_errors_contradict_one_another(asked: Asked) -> None:
    assert {view: pairs for view, each in asked.of_all.items() if (pairs := contradictions(_errors(each)))} == {}


def test_every_kind_of_object_can_satisfy_all_errors_at_once(asked: Asked) -> None:
    """Every main kind, and every code of every list but those that one rule forbids."""
    found = {kind: names for each in asked.of_all.values() for kind, names in unsatisfied(_errors(each)).items()}
    assert found == {kind: (rule,) for kind, rule in FORBIDDEN.items()}


def test_in_every_main_kind_each_error_clears_somebody_who_satisfies_all(asked: Asked) -> None:
    found = {view: hindered(_errors(each)) for view, each in asked.of_rows.items()}
    main = {
        (view, kind): names
        for view, each in found.items()
        for kind, names in each.items()
        if kind in MAIN.get(view, {})
    }
    assert main == {}


@pytest.mark.parametrize(("said", "none"), [(FLAG, OFF), (CLEAR, [])])
def test_every_rule_and_face_flags_some_object_and_clears_some(asked: Asked, said: int, none: list[str]) -> None:
    assert set(RULES) == {name for each in asked.of_all.values() for name in each.rules}
    assert [name for each in asked.of_all.values() for name in never(each, said)] == none


def _too_much(h: Columns, limits: Any) -> nw.Expr:
    """More than four mu of farmland."""
    return h.farmland > 4.0


def _too_little(h: Columns, limits: Any) -> nw.Expr:
    """No more than four mu of farmland."""
    return h.farmland <= 4.0


def _pupil(p: Columns, limits: Any) -> nw.Expr:
    """A pupil."""
    return p.at_school


def _never(h: Columns, limits: Any) -> nw.Expr:
    """Flags nobody."""
    return h.farmland < -1e9


def _with(asked: Asked, *added: Rule) -> Answers:
    """The errors of a view with rules added, on the objects of one register."""
    view = added[0].view
    own = [rule for rule in RULES.values() if rule.view == view and POLICY.rule(rule.code).severity == "error"]
    return ask(asked.views, [*own, *added], asked.limits, KINDS)[view]


def test_two_rules_that_contradict_one_another_are_named(asked: Asked) -> None:
    pair = (Rule("X91", "household", _too_much, "甲"), Rule("X92", "household", _too_little, "乙"))
    worse = _with(asked, *pair)
    names = ("X91_household", "X92_household")
    assert names in contradictions(worse)
    for said in (unsatisfied(worse), hindered(worse)):
        assert set(names) <= set(said["poor"]) & set(said["exited earlier"])
    alone = _with(asked, pair[0])
    assert names not in contradictions(alone)
    assert not {"poor", "exited earlier"} & set(unsatisfied(alone))


def test_a_rule_that_forbids_a_kind_is_named(asked: Asked) -> None:
    found = unsatisfied(_with(asked, Rule("X93", "person", _pupil, "丙")))
    assert found["pupil"] == ("X93_person",)
    assert "elderly" not in found


def test_a_rule_that_nothing_can_hit_is_named(asked: Asked) -> None:
    idle = _with(asked, Rule("X94", "household", _never, "丁"))
    assert never(idle.of(["X94_household"]), FLAG) == ["X94_household"]
    assert never(idle.of(["X94_household"]), CLEAR) == []
