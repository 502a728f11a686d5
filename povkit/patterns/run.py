"""Run patterns over the views of a county: test every unit, adjust for many tests, write the strange ones as findings.

A pattern whose inputs were not handed in is not run, with what to ask for; a pattern that crashes is not run either,
and marks the result incomplete. Neither stops the others.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from povkit.patterns.multiplicity import judged
from povkit.patterns.pattern import PATTERNS, Missing, Pattern, Ran
from povkit.patterns.result import Outcome, PatternResult
from povkit.patterns.units import EFFECT_UNITS_ZH
from povkit.policy import Limits
from povkit.views import Views
from povkit.vocab import FINDING_SCHEMA

DIGITS = 6
"""Significant digits of numbers in the evidence."""


def run_patterns(views: Views, limits: Limits, seed: int, patterns: Iterable[Pattern] | None = None) -> PatternResult:
    """Test every unit of every pattern and flag those with q <= limits.pattern_q_max and effect >= the unit's least.

    seed: all chance of the run; each pattern draws from its own stream, so that results depend neither on which other
    patterns ran nor on their order. patterns: those to run instead of all on the shelf.

    Families: the county-level tests of one `family` of patterns are adjusted together (Benjamini-Hochberg); below the
    county, each code's townships are one family, and its villages are looked at only inside rejected townships.
    """
    result = PatternResult()
    ran: dict[str, Ran] = {}
    for each in sorted(PATTERNS.values() if patterns is None else patterns, key=lambda one: one.code):
        outcome = result.outcomes[each.code] = Outcome(each)
        try:
            ran[each.code] = each.run(views, limits, seed)
        except Missing as lacking:
            outcome.missing = lacking.needs
        except Exception as error:  # noqa: BLE001 - a pattern that fails is reported, whatever it raised
            outcome.crash = f"{type(error).__name__}: {error}"
    result.pictures = {code: one.tested.picture for code, one in ran.items() if one.tested.picture is not None}
    result.tests = judged(ran, {code: result.outcomes[code].rule for code in ran}, limits.pattern_q_max)
    for code, one in ran.items():
        result.outcomes[code].columns = one.columns
        _count(result.outcomes[code], result.tests[result.tests["code"] == code])
        ran[code] = Ran(one.tested, {**one.limits, "pattern_q_max": limits.pattern_q_max}, one.columns)
    result.findings = _findings(result, ran, limits)
    return result


def _count(outcome: Outcome, tests: pd.DataFrame) -> None:
    outcome.unknown = int(tests["p"].isna().sum())
    outcome.evaluated = len(tests) - outcome.unknown
    outcome.flagged = int(tests["flagged"].sum())


def _findings(result: PatternResult, ran: dict[str, Ran], limits: Limits) -> pa.Table:
    flagged = result.tests[result.tests["flagged"]]
    rows = []
    for row in flagged.to_dict("records"):
        pattern, used = result.outcomes[row["code"]].rule, ran[row["code"]].limits
        rows.append(
            {name: row.get(name) for name in ("code", "level", "object_id", "township", "village_code", "village")}
            | {"subject": row["subject"] or row["object_id"], "county_code": limits.county_code}
            | {"rule_version": pattern.version(used), "title_zh": pattern.zh, "title_en": pattern.en}
            | {"evidence": _evidence(row, used)}
        )
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


def _evidence(row: dict[Any, Any], used: dict[str, Any]) -> str:
    """JSON of a flagged unit: n, statistic, p, q, effect and its interval, details, households to visit, limits."""
    numbers = ("n", "statistic", "p", "q", "effect", "low", "high")
    values: dict[str, Any] = {name: row[name] for name in numbers if not pd.isna(row[name])}
    values |= {"effect_unit": _both(row["effect_unit"]), "least": row["least"], **row["detail"]}
    values |= {"households": list(row["households"]), "limits": used}
    return json.dumps(_short(values), ensure_ascii=False, sort_keys=True, default=_plain)


def _both(unit: str) -> dict[str, str]:
    """The unit of an effect in both languages."""
    return {"zh": EFFECT_UNITS_ZH[unit], "en": unit} if unit else {"zh": "", "en": ""}


def _short(value: Any) -> Any:
    """Floats with `DIGITS` significant digits, since the last bits differ between machines."""
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {str(name): _short(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.integer):
        return int(value)
    raise TypeError(f"{value!r} cannot stand in evidence")
