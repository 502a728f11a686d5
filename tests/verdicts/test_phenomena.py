"""Verdicts on the six phenomena, on both sides of each minimum."""

from typing import Any

import duckdb
import pyarrow as pa

from povkit.policy import load_policy
from povkit.verdicts import Evidence, grade_findings, judge
from povkit.views import Need, Views
from povkit.vocab import FINDING_SCHEMA

POLICY = load_policy("yunnan-2018")


def found(*rows: tuple[str, str, str]) -> pa.Table:
    blank = dict.fromkeys(FINDING_SCHEMA.names)
    made = [{**blank, "code": c, "object_id": o, "village_code": v, "evidence": "{}"} for c, o, v in rows]
    return grade_findings(pa.Table.from_pylist(made, schema=FINDING_SCHEMA), POLICY)


def verdict(
    findings: pa.Table, phenomenon: str = "S5.4", absent: tuple[Need, ...] = (), **changed: Any
) -> dict[str, Any]:
    facts = {"exited_households": 100, "villages": 20, "households": 100, "key_group_households": 100}
    evidence = Evidence(
        policy=POLICY,
        findings=findings,
        ran=changed.get("ran", frozenset(POLICY.verdicts[phenomenon].codes)),
        facts=facts | changed.get("facts", {}),
        views=Views(duckdb.connect(), {}, frozenset(absent), {}),
        without_inclusion=changed.get("without_inclusion"),
        checked_share_min=0.5,
    )
    return next(each for each in judge(evidence) if each["id"] == phenomenon)


def many(code: str, count: int, village: str = "v1") -> list[tuple[str, str, str]]:
    return [(code, f"h{i}", village) for i in range(count)]


def test_found_from_the_minimum_number_on() -> None:
    line = POLICY.verdicts["S5.4"]
    assert verdict(found(*many("J15", line.minimum_count)))["verdict"] == "found"
    assert verdict(found(*many("J15", line.minimum_count - 1)))["verdict"] == "signs"


def test_found_needs_the_minimum_share() -> None:
    line = POLICY.verdicts["S5.3"]
    units = round(line.minimum_count / line.minimum_share)
    at = {"facts": {"exited_households": units}}
    above = {"facts": {"exited_households": units + 1}}
    assert verdict(found(*many("J01", line.minimum_count)), "S5.3", **at)["verdict"] == "found"
    assert verdict(found(*many("J01", line.minimum_count)), "S5.3", **above)["verdict"] == "signs"


def test_pattern_is_found_only_with_support_in_the_same_place() -> None:
    blank = dict.fromkeys(FINDING_SCHEMA.names)
    pattern = {**blank, "code": "E13", "object_id": "甲镇", "level": "township", "township": "甲镇", "evidence": "{}"}

    def beside(township: str, count: int) -> pa.Table:
        homes = [
            {**blank, "code": "J13", "object_id": f"h{i}", "level": "household", "township": township, "evidence": "{}"}
            for i in range(count)
        ]
        return grade_findings(pa.Table.from_pylist([pattern, *homes], schema=FINDING_SCHEMA), POLICY)

    enough = POLICY.verdicts["S5.3"].minimum_count
    assert verdict(beside("甲镇", enough), "S5.3")["verdict"] == "found"
    assert verdict(beside("甲镇", enough - 1), "S5.3")["verdict"] == "signs"
    assert verdict(beside("乙镇", enough), "S5.3")["verdict"] == "signs"


def test_one_object_hit_by_several_rules_counts_once() -> None:
    hits = found(("J01", "h1", "v"), ("J04", "h1", "v"), ("J07", "h1", "v"))
    assert verdict(hits, "S5.3")["verdict"] == "signs"


def test_lower_grades_alone_are_signs() -> None:
    assert verdict(found(*many("J13", 50)), "S5.3")["verdict"] == "signs"


def test_nothing_found_is_no_sign_only_when_enough_was_checked() -> None:
    codes = POLICY.verdicts["S5.3"].codes
    assert verdict(found(), "S5.3")["verdict"] == "no_sign"
    few = frozenset(codes[: (len(codes) - 1) // 2])  # fewer than half, be their number odd or even
    assert verdict(found(), "S5.3", ran=few)["verdict"] == "cannot_judge"


def test_missing_input_cannot_be_judged_and_says_what_to_ask_for() -> None:
    judged = verdict(found(), absent=(Need("procedure", "*"),))
    assert judged["verdict"] == "cannot_judge"
    assert "程序台账" in judged["ask"][0]["zh"]


def test_too_few_units_cannot_be_judged_whatever_was_found() -> None:
    small = {"exited_households": POLICY.verdicts["S5.4"].minimum_units - 1}
    assert verdict(found(*many("J15", 5)), facts=small)["verdict"] == "cannot_judge"


def test_scale_control_counts_only_villages_that_took_nobody_in() -> None:
    hits = found(*many("K14", 5, "open"))
    assert verdict(hits, "S5.1", without_inclusion=frozenset({"shut"}))["verdict"] != "found"
    assert verdict(hits, "S5.1", without_inclusion=frozenset({"open"}))["verdict"] == "found"


def test_every_phenomenon_has_three_figures() -> None:
    for line in POLICY.verdicts:
        assert len(verdict(found(), line)["figures"]) == 3


def test_grades_come_from_the_policy_and_rows_are_sorted() -> None:
    graded = found(("K05", "b", "v"), ("J13", "a", "v"), ("I02", "c", "v"), ("K05", "a", "v")).to_pylist()
    assert [(row["code"], row["object_id"], row["grade"]) for row in graded] == [
        ("I02", "c", 1),
        ("K05", "a", 1),
        ("K05", "b", 1),
        ("J13", "a", 2),
    ]
    assert graded[1]["severity"] == "suspect"
    assert graded[1]["clause"].startswith("S2.1a ")


def test_code_without_a_policy_line_is_switched_off() -> None:
    assert found(("Z99", "a", "v")).num_rows == 0
