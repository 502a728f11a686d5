"""Certified rates of the patterns: what `povkit selftest` measured, as it lies in `parameters/calibration/`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from povkit.vocab import Fault, PolicyError, resource

FILE = "patterns.json"
"""Name of the record in the folder `calibration` of the parameters."""
POOLED = ("all honest worlds", "全部如实登记")
"""The case under which honest worlds of all kinds are counted together."""
BOUND = "best test possible"
"""Among the baselines: a bound that no test of the same level exceeds on these worlds (Neyman & Pearson 1933)."""
MEASURES = ("size", "false alarms", "power", "false discovery", "coverage", "accuracy")


@dataclass(frozen=True)
class Rate:
    """One measured rate of one test.

    measure: one of `MEASURES`. case: the kind of worlds in English, with what was planted how strongly; zh: the same
    in Chinese. level: what was judged (county, township, village, helper, household). value with its Monte-Carlo
    standard error, over `worlds` made-up registers. good, excellent: the aims, as (least, most); None: no aim.
    baseline: what a simple rule reaches on the same worlds, by its name.
    """

    measure: str
    case: str
    zh: str
    level: str
    value: float
    error: float
    worlds: int
    good: tuple[float, float] | None = None
    excellent: tuple[float, float] | None = None
    baseline: Mapping[str, float] | None = None

    @property
    def mark(self) -> str:
        """ "excellent", "good", "missed", "unsure" (missed by less than two errors); "" where there is no aim.

        "beyond": missed, and out of reach of every test, see `BOUND`.
        """
        if self.good is None:
            return ""
        for name, aim in (("excellent", self.excellent), ("good", self.good)):
            if aim is not None and aim[0] <= self.value <= aim[1]:
                return name
        if self.bound is not None and self.bound < self.good[0]:
            return "beyond"
        return "unsure" if self.apart <= 2 * self.error else "missed"

    @property
    def bound(self) -> float | None:
        """What no test exceeds on the same worlds, where it was worked out."""
        return (self.baseline or {}).get(BOUND)

    @property
    def apart(self) -> float:
        """How far the value is from what must be reached; 0 or less: reached, or no aim."""
        return 0.0 if self.good is None else max(self.good[0] - self.value, self.value - self.good[1])


@dataclass(frozen=True)
class Certified:
    """Rates of one code. version: of the pattern's text, limits: of those it used, when measured; effort: 1 = full."""

    code: str
    version: str
    effort: float
    seed: int
    povkit: str
    rates: tuple[Rate, ...]
    limits: Mapping[str, Any] = field(default_factory=dict)

    def of(self, measure: str) -> tuple[Rate, ...]:
        """Rates of one measure, in the order measured."""
        return tuple(rate for rate in self.rates if rate.measure == measure)

    def other_limits(self, limits: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the limits that are not those measured with."""
        return tuple(name for name, value in self.limits.items() if _plain(limits.get(name)) != _plain(value))

    @property
    def size(self) -> Rate | None:
        """Share of honest units called strange at 5 %, over all kinds of honest worlds: of the level with most."""
        return max(self._pooled("size"), key=lambda rate: rate.value, default=None)

    @property
    def alarms(self) -> Rate | None:
        """Share of honest registers, of all kinds, in which anything was flagged (q and effect together)."""
        return max(self._pooled("false alarms"), key=lambda rate: rate.value, default=None)

    @property
    def worst(self) -> Rate | None:
        """The size in the kind of honest worlds, and at the level, where it is greatest."""
        single = [rate for rate in self.of("size") if rate.case != POOLED[0]]
        return max(single, key=lambda rate: rate.value, default=None)

    def _pooled(self, measure: str) -> list[Rate]:
        return [rate for rate in self.of(measure) if rate.case == POOLED[0]]

    @property
    def power(self) -> tuple[Rate, ...]:
        """Shares of planted faults named at the right place, by strength."""
        return self.of("power")


@dataclass(frozen=True)
class Stale:
    """Why a record does not hold for a test. kind: "unmeasured", "text" (of the test has changed) or "limits".

    limits: names of those that differ, for the last.
    """

    kind: str
    limits: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind == "limits":
            return f"was measured with other limits ({', '.join(self.limits)})"
        return (
            "was never measured" if self.kind == "unmeasured" else "is not the version measured (its text has changed)"
        )


@dataclass(frozen=True)
class Calibration:
    """The whole record: certified codes by code."""

    codes: Mapping[str, Certified]

    def stale(self, versions: Mapping[str, str], limits: Mapping[str, Any]) -> dict[str, Stale]:
        """Codes that are not those measured: code -> what is wrong. versions: of the texts, limits: those of now."""
        found = {}
        for code, version in sorted(versions.items()):
            each = self.codes.get(code)
            if each is None:
                found[code] = Stale("unmeasured")
            elif each.version != version:
                found[code] = Stale("text")
            elif changed := each.other_limits(limits):
                found[code] = Stale("limits", changed)
        return found


def load_calibration(parameters: Path | None = None) -> Calibration:
    """The record of `parameters/calibration/patterns.json`; empty where there is none.

    parameters: folder to look in instead of povkit's own. Raises PolicyError if the file cannot be read.
    """
    root = resource("parameters") if parameters is None else parameters
    path = root / "calibration" / FILE
    if not path.exists():
        return Calibration({})
    try:
        codes = json.loads(path.read_text(encoding="utf-8"))["codes"]
        return Calibration({code: _certified(code, each) for code, each in codes.items()})
    except (ValueError, KeyError, TypeError) as error:
        what = f"is no record of a self-test ({error}); write it anew with: povkit selftest --into ."
        raise PolicyError(Fault((str(path),), what)) from error


def _certified(code: str, record: Mapping[str, object]) -> Certified:
    rates = tuple(_rate(each) for each in record["rates"])  # type: ignore[attr-defined]
    known = {name: record[name] for name in ("version", "effort", "seed", "povkit", "limits")}
    return Certified(code=code, rates=rates, **known)  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _rate(record: Mapping[str, object]) -> Rate:
    values = dict(record)
    for name in ("good", "excellent"):
        if values.get(name) is not None:
            values[name] = tuple(values[name])  # type: ignore[arg-type]
    return Rate(**values)  # type: ignore[arg-type]
