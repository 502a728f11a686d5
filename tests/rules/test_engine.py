"""The engine: counts, scopes, evidence, missing inputs, and crashes that stop nothing else."""

import hashlib
import inspect
import json
from typing import Any

import duckdb
import narwhals as nw
import pytest

from povkit.policy import Limits
from povkit.rules import RULES, Rule, run_rules
from povkit.rules.engine import Judge
from povkit.rules.rule import Columns
from povkit.views import Need, View, Views
from povkit.vocab import FINDING_SCHEMA, Level

NEED = Need("household", "irrigated")


def over(h: Columns, limits: Any) -> nw.Expr:
    """More irrigated land than the limit."""
    return h.irrigated > limits.irrigated_max_mu


def absent(h: Columns, limits: Any) -> nw.Expr:
    """Uses a column that was not handed in."""
    return h.orchard > 0


def misspelt(h: Columns, limits: Any) -> nw.Expr:
    """Names a column that does not exist."""
    return h.irigated > 0


def explodes(h: Columns, limits: Any) -> nw.Expr:
    """Fails only when the data are read."""
    return h.subject.cast(nw.Int64) > 0


@pytest.fixture
def views() -> Views:
    con = duckdb.connect()
    identity = "'1' AS county_code, '甲镇' AS township, '2' AS village_code, '某村' AS village, id AS household_id"
    con.execute(
        f"CREATE TEMP TABLE household AS SELECT id AS object_id, {identity}, NULL::VARCHAR AS person_id, "
        "'某''户' AS subject, irrigated, orchard, exited FROM (VALUES "
        "('h1', 6.0, 1.0, true), ('h2', 4.0, 1.0, true), ('h3', NULL, 1.0, true), ('h4', 9.0, 1.0, false), "
        "('h5', 9.0, 1.0, NULL)) v(id, irrigated, orchard, exited)"
    )
    types = {row[0]: str(row[1]) for row in con.execute("DESCRIBE household").fetchall()}
    needs = dict.fromkeys(types, frozenset()) | {"orchard": frozenset({Need("household", "orchard")})}
    limits = dict.fromkeys(types, frozenset())
    view = View("household", Level.HOUSEHOLD, needs, limits, types)
    return Views(con, {"household": view}, frozenset({Need("household", "orchard")}), {})


LIMITS = Limits({"irrigated_max_mu": 4.0})


def test_counts_flagged_evaluated_unknown(views: Views) -> None:
    outcome = run_rules(views, [Rule("X01", "household", over, "灌溉超限")], LIMITS).outcomes["X01_household"]
    assert (outcome.evaluated, outcome.flagged, outcome.unknown) == (4, 3, 1)


def test_within_leaves_others_out_and_counts_an_unknown_scope_as_unknown(views: Views) -> None:
    result = run_rules(views, [Rule("X01", "household", over, "灌溉超限", within="exited")], LIMITS)
    outcome = result.outcomes["X01_household"]
    assert (outcome.evaluated, outcome.flagged, outcome.unknown) == (2, 1, 2)
    assert result.findings["object_id"].to_pylist() == ["h1"]


def test_finding_carries_values_limits_and_place(views: Views) -> None:
    found = run_rules(views, [Rule("X01", "household", over, "灌溉超限")], LIMITS).findings
    assert found.schema == FINDING_SCHEMA
    first = found.to_pylist()[0]
    assert json.loads(first["evidence"]) == {"irrigated": 6.0, "limits": {"irrigated_max_mu": 4.0}}
    assert (first["subject"], first["township"], first["title_zh"]) == ("某'户", "甲镇", "灌溉超限")
    assert first["title_en"] == "More irrigated land than the limit"


@pytest.mark.parametrize("name", sorted(RULES)[::20])
def test_the_version_stands_on_the_whole_text_of_a_rule(name: str) -> None:
    rule, of = RULES[name], {"income_line": 3500}
    parts = (inspect.getsource(rule.function), str(rule.function.__doc__), rule.zh, rule.within, rule.face, *rule.shows)
    whole = "".join(parts) + "income_line=3500;"
    assert rule.version(of) == hashlib.sha256(whole.encode()).hexdigest()[:12]


def test_version_changes_with_limit_and_text(views: Views) -> None:
    rule = Rule("X01", "household", over, "灌溉超限")
    assert rule.version({"irrigated_max_mu": 4.0}) != rule.version({"irrigated_max_mu": 5.0})
    assert rule.version({}) != Rule("X01", "household", over, "灌溉超限额").version({})
    assert rule.version({}) != Rule("X01", "household", absent, "灌溉超限").version({})


def test_missing_input_is_not_run_with_what_to_ask_for(views: Views) -> None:
    shelf = [Rule("X01", "household", over, "甲"), Rule("X02", "household", absent, "乙")]
    result = run_rules(views, shelf, LIMITS)
    assert result.outcomes["X02_household"].missing == (Need("household", "orchard"),)
    assert not result.outcomes["X02_household"].ran
    assert result.outcomes["X01_household"].flagged == 3
    assert result.complete


@pytest.mark.parametrize("bad", [misspelt, explodes])
def test_crash_is_reported_and_stops_nothing_else(views: Views, bad: Any) -> None:
    shelf = [Rule("X01", "household", over, "甲"), Rule("X02", "household", bad, "乙")]
    result = run_rules(views, shelf, LIMITS)
    assert result.outcomes["X02_household"].crash
    assert result.outcomes["X01_household"].flagged == 3
    assert set(result.findings["code"].to_pylist()) == {"X01"}
    assert not result.complete


def test_misspelt_column_names_the_near_one(views: Views) -> None:
    outcome = run_rules(views, [Rule("X02", "household", misspelt, "乙")], LIMITS).outcomes["X02_household"]
    assert "irrigated" in outcome.crash


def test_slices_of_a_view_add_up_and_a_late_crash_takes_the_rule_out_of_all(views: Views) -> None:
    def sums(h: Columns, limits: Any) -> nw.Expr:
        """Fails on what only the second slice holds."""
        return h.township.cast(nw.Int64) + h.irrigated > limits.irrigated_max_mu

    shelf = [Rule("X01", "household", over, "灌溉超限", within="exited"), Rule("X02", "household", sums, "乙")]
    views.con.execute("CREATE TEMP TABLE whole AS FROM household; UPDATE whole SET township = '1' WHERE irrigated > 5")
    judge = Judge(views.con, shelf, LIMITS)
    for part in ("irrigated > 5", "irrigated IS NULL OR irrigated <= 5"):
        views.con.execute(f"CREATE OR REPLACE TEMP TABLE household AS SELECT * FROM whole WHERE {part}")
        judge.judge(views, "household")
    result = judge.result()
    first, second = result.outcomes.values()
    assert (first.evaluated, first.flagged, first.unknown) == (2, 1, 2)
    assert second.crash
    assert (second.evaluated, second.flagged) == (0, 0)
    assert result.findings["object_id"].to_pylist() == ["h1"]


def test_another_engine_gives_the_same_rows_and_counts(views: Views) -> None:
    shelf = [
        Rule("X01", "household", over, "灌溉超限", within="exited"),
        Rule("X02", "household", over, "乙", face="乙"),
        Rule("X03", "household", lambda h, limits: h.irrigated > 100, "丙"),
    ]
    here = run_rules(views, shelf, LIMITS)
    there = run_rules(views, shelf, LIMITS, views.con.table)
    assert here.findings.sort_by("object_id").to_pylist() == there.findings.sort_by("object_id").to_pylist()
    for one, other in zip(here.outcomes.values(), there.outcomes.values(), strict=True):
        assert (one.evaluated, one.flagged, one.unknown) == (other.evaluated, other.flagged, other.unknown)
