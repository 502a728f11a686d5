"""The six phenomena of S5: one of four verdicts each, by the policy's minima. Never "clean", never an accusation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

import povkit.patterns as patterns
import povkit.rules as rules
from povkit.policy import Phenomenon, Policy
from povkit.register.schema import load_tables
from povkit.verdicts.facts import Facts, available
from povkit.verdicts.figures import figures_of
from povkit.views import Views
from povkit.vocab import Level, Verdict

ZERO_INCLUSION = {"S5.1": ("K14", "K16")}
"""Codes that speak for a phenomenon only in villages that took nobody in this year."""

Words = dict[str, str]
AnyOutcome = rules.Outcome | patterns.Outcome


@dataclass(frozen=True)
class Evidence:
    """What a verdict looks at: findings, outcomes, counts, and where nobody was taken in."""

    policy: Policy
    findings: pa.Table
    ran: frozenset[str]
    facts: Facts
    views: Views
    without_inclusion: frozenset[str] | None
    checked_share_min: float


def ran_codes(outcomes: Mapping[str, AnyOutcome]) -> frozenset[str]:
    """Codes of which at least one rule judged."""
    return frozenset(outcome.rule.code for outcome in outcomes.values() if outcome.ran)


def judge(evidence: Evidence) -> list[dict[str, Any]]:
    """Verdicts of all phenomena in the policy, as the summary holds them."""
    return [_judge_one(name, line, evidence) for name, line in evidence.policy.verdicts.items()]


def _judge_one(name: str, line: Phenomenon, evidence: Evidence) -> dict[str, Any]:
    objects = _objects(name, line, evidence)
    reasons: list[Words] = []
    ask = _lacking(line, evidence.views)
    units = evidence.facts.get(line.of)
    grade1 = len(set().union(*(objects[code] for code in line.grade1))) if line.grade1 else 0
    lower = sum(len(objects[code]) for code in (*line.grade2, *line.grade3) if code not in line.grade1)
    enough = grade1 >= line.minimum_count and grade1 >= line.minimum_share * (units or 0)
    ran = [code for code in line.codes if code in evidence.ran]
    if units is not None and units < line.minimum_units:
        reasons.append(
            {
                "zh": f"可核查单位仅{units}个，少于下限{line.minimum_units}个",
                "en": f"only {units} units to judge, fewer than the minimum {line.minimum_units}",
            }
        )
    if not ran or len(ran) < evidence.checked_share_min * len(line.codes):
        reasons.append(
            {
                "zh": f"{len(line.codes)}项检查中只运行了{len(ran)}项",
                "en": f"only {len(ran)} of {len(line.codes)} checks were run",
            }
        )
    small = units is not None and units < line.minimum_units
    if (enough or _supported(line, evidence, objects)) and not small:
        verdict = Verdict.FOUND
    elif (grade1 or lower) and not small:
        verdict = Verdict.SIGNS
    elif ask or reasons:
        verdict = Verdict.CANNOT_JUDGE
    else:
        verdict = Verdict.NO_SIGN
    return {
        "id": name,
        "title_zh": line.zh,
        "title_en": line.en,
        "verdict": str(verdict),
        "codes": list(line.codes),
        "codes_run": ran,
        "units": units,
        "figures": figures_of(name, objects, ran, line.grade1, evidence.facts),
        "reasons": [*reasons, *_basis(grade1, lower, line, units)],
        "ask": ask,
    }


def _objects(name: str, line: Phenomenon, evidence: Evidence) -> dict[str, set[str]]:
    """Flagged objects by code, with the phenomenon's own conditions applied."""
    objects: dict[str, set[str]] = {code: set() for code in line.codes}
    columns = (evidence.findings[c].to_pylist() for c in ("code", "object_id", "village_code"))
    narrowed = ZERO_INCLUSION.get(name, ())
    for code, object_id, village in zip(*columns, strict=True):
        if code not in objects:
            continue
        if code in narrowed and evidence.without_inclusion is not None and village not in evidence.without_inclusion:
            continue
        objects[code].add(object_id)
    return objects


def _supported(line: Phenomenon, evidence: Evidence, objects: dict[str, set[str]]) -> bool:
    """Whether a pattern stands beside enough findings of grade 1 or 2 in the same place."""
    columns = ("code", "level", "object_id", "township", "village_code")
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*(evidence.findings[c].to_pylist() for c in columns), strict=True)
    ]
    levels = {str(level) for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.HELPER)}
    lower = [r for r in rows if r["code"] in (*line.grade1, *line.grade2) and r["object_id"] in objects[r["code"]]]
    for pattern in rows:
        if pattern["code"] not in line.grade3 or pattern["level"] not in levels:
            continue
        place = {key: pattern[key] for key in ("village_code", "township") if pattern[key]}
        near = {r["object_id"] for r in lower if r is not pattern and all(r[k] == v for k, v in place.items())}
        if len(near - {pattern["object_id"]}) >= line.minimum_count:
            return True
    return False


def _basis(grade1: int, lower: int, line: Phenomenon, units: int | None) -> list[Words]:
    of_zh, of_en = ("" if units is None else f"，单位{units}个"), ("" if units is None else f", units {units}")
    return [
        {
            "zh": f"一级线索{grade1}个对象，二、三级线索{lower}条"
            f"（下限{line.minimum_count}个且占比{line.minimum_share:.0%}{of_zh}）",
            "en": f"grade 1: {grade1} objects; grades 2 and 3: {lower} findings "
            f"(minimum {line.minimum_count} and {line.minimum_share:.0%}{of_en})",
        }
    ]


def _lacking(line: Phenomenon, views: Views) -> list[Words]:
    """What to ask the county for: every line of `needs` must be met by any of its entries."""
    return [
        {
            "zh": "请提供：" + "或".join(entry_words(entry)["zh"] for entry in choices),
            "en": "ask for: " + " or ".join(entry_words(entry)["en"] for entry in choices),
        }
        for choices in line.needs
        if not any(available(views, entry) for entry in choices)
    ]


def entry_words(entry: str) -> Words:
    """An input's readable name: a table, last year's table, or a department's list."""
    table, _, part = entry.removesuffix("_last_year").partition(":")
    name = load_tables()[table].zh
    if entry.endswith("_last_year"):
        return {"zh": f"上年度《{name}》", "en": f"last year's {table} table"}
    if part:
        return {"zh": f"{part}名单", "en": f"the list {part}"}
    return {"zh": f"《{name}》", "en": f"the {table.replace('_', ' ')} table"}
