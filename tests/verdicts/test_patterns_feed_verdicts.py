"""How patterns carry a verdict: alone, supported in the same villages, too small, or not run."""

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from povkit.patterns import PATTERNS
from povkit.patterns import Outcome as OneOutcome
from povkit.policy import load_policy
from povkit.verdicts import Evidence, grade_findings, judge, too_small_codes
from povkit.views import Need, Views
from povkit.vocab import FINDING_SCHEMA

POLICY = load_policy("yunnan-2018")
UNITS = {"exited_households": 100, "villages": 20, "households": 100, "key_group_households": 100}


def row(code: str, name: str, level: str = "household", village: str = "", town: str = "", **told: Any) -> dict:
    blank = dict.fromkeys(FINDING_SCHEMA.names)
    place = {"village_code": village or None, "township": town or None}
    return {**blank, "code": code, "object_id": name, "level": level, **place, "evidence": json.dumps(told)}


def verdict(phenomenon: str, *rows: dict, absent: tuple[Need, ...] = (), **changed: Any) -> dict[str, Any]:
    findings = grade_findings(pa.Table.from_pylist(list(rows), schema=FINDING_SCHEMA), POLICY)
    evidence = Evidence(
        policy=POLICY,
        findings=findings,
        ran=changed.get("ran", frozenset(POLICY.verdicts[phenomenon].codes)),
        facts=UNITS,
        views=Views(duckdb.connect(), {}, frozenset(absent), {}),
        without_inclusion=None,
        checked_share_min=0.5,
        too_small=changed.get("too_small", frozenset()),
    )
    return next(each for each in judge(evidence) if each["id"] == phenomenon)


PATTERN = {
    "S5.1": row("K13", "530113", "county", villages=["v1", "v2"]),
    "S5.2": row("E15", "530199197001011234", "helper", "v1", "镇"),
    "S5.3": row("E13", "镇", "township", town="镇"),
}
LOWER = {"S5.1": "K17", "S5.2": "F01", "S5.3": "J13"}


@pytest.mark.parametrize("phenomenon", PATTERN)
def test_a_pattern_alone_is_a_sign_and_with_support_in_its_villages_it_is_found(phenomenon: str) -> None:
    line, shape, code = POLICY.verdicts[phenomenon], PATTERN[phenomenon], LOWER[phenomenon]

    def beside(village: str, town: str, count: int) -> str:
        rows = [row(code, f"h{i}", village=village, town=town) for i in range(count)]
        return str(verdict(phenomenon, shape, *rows)["verdict"])

    assert verdict(phenomenon, shape)["verdict"] == "signs"
    assert beside("v1", "镇", line.minimum_count) == "found"
    assert beside("v1", "镇", line.minimum_count - 1) == "signs"
    assert beside("v9", "他镇", line.minimum_count) == "signs"


def test_backstop_exits_that_a_pattern_lists_are_its_rows_where_the_clause_speaks_of_them() -> None:
    def mass(households: int, leaves: bool, exited: bool | None) -> str:
        told: dict[str, Any] = {"households": [f"h{i}" for i in range(households)], "county_leaves_this_year": leaves}
        told |= {} if exited is None else {"village_exited": exited}
        return str(verdict("S5.5", row("J16", "v1", "village", "v1", "镇", **told))["verdict"])

    least = POLICY.verdicts["S5.5"].minimum_count
    assert mass(least, leaves=False, exited=None) == "found"
    assert mass(least, leaves=False, exited=False) == "found"
    assert mass(least, leaves=True, exited=True) == "found"
    assert mass(least, leaves=True, exited=False) == "signs"
    assert mass(least, leaves=True, exited=None) == "signs"
    assert mass(least - 1, leaves=False, exited=False) == "signs"


def test_a_code_that_is_row_and_pattern_is_counted_once() -> None:
    told = verdict("S5.5", row("J16", "v1", "village", "v1"))["reasons"][-1]["zh"]
    assert "二、三级线索1条" in told


def test_nothing_found_without_the_plan_cannot_be_judged_and_names_plan_and_check() -> None:
    judged = verdict("S5.1", absent=(Need("plan", "*"),), ran=frozenset(POLICY.verdicts["S5.1"].codes) - {"K13"})
    assert judged["verdict"] == "cannot_judge"
    assert [each["zh"] for each in judged["ask"]] == ["请提供：《年度计划》（用于K13）"]
    assert judged["ask"][0]["en"] == "ask for: the plan table (for K13)"
    found = verdict("S5.1", PATTERN["S5.1"], absent=(Need("plan", "*"),))
    assert found["verdict"] == "signs"
    assert found["ask"] == judged["ask"]


def test_an_input_of_one_check_is_asked_for_and_does_not_hold_up_the_verdict() -> None:
    judged = verdict("S5.3", absent=(Need("visit", "*"),))
    assert judged["verdict"] == "no_sign"
    assert "V03" in judged["ask"][0]["zh"]


@pytest.mark.parametrize("phenomenon", ["S5.1", "S5.5"])
def test_patterns_without_a_large_enough_unit_cannot_be_judged(phenomenon: str) -> None:
    small = frozenset(POLICY.verdicts[phenomenon].grade3)
    judged = verdict(phenomenon, too_small=small)
    assert judged["verdict"] == "cannot_judge"
    assert all(code in judged["reasons"][0]["zh"] for code in small)
    assert verdict(phenomenon)["verdict"] == "no_sign"


def test_too_small_are_patterns_that_ran_and_tested_nothing() -> None:
    def outcome(code: str, evaluated: int, crash: str = "") -> OneOutcome:
        return OneOutcome(PATTERNS[code], evaluated=evaluated, unknown=3, crash=crash)

    outcomes = {"S01": outcome("S01", 0), "S02": outcome("S02", 1), "J16": outcome("J16", 0, "ValueError")}
    assert too_small_codes(outcomes) == {"S01"}
