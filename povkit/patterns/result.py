"""What patterns give: units tested by each of them, and the result of all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from math import nan
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
import pyarrow as pa

from povkit.views import Need
from povkit.vocab import FINDING_SCHEMA, Level

if TYPE_CHECKING:
    from povkit.patterns.pattern import Pattern


@dataclass(frozen=True)
class Unit:
    """One unit tested by one pattern.

    level, object_id: what was tested (a county, township, village or helper), with its place and name.
    n: objects inside it that the test rests on (villages, households).
    p: of the unit over all the tests made of it (min(1, m * min p)); NaN: too small, counted as unknown.
    statistic: the figure whose p it is. effect with low and high (95 % interval): how strange, in `effect_unit`;
    every effect is built so that more is stranger. least: the policy's least effect worth a finding.
    households: numbers of the households to visit first. detail: further values for the evidence.
    """

    level: Level
    object_id: str
    n: int
    p: float = nan
    statistic: float = nan
    effect: float = nan
    low: float = nan
    high: float = nan
    effect_unit: str = ""
    least: float = 0.0
    township: str | None = None
    village_code: str | None = None
    village: str | None = None
    subject: str | None = None
    households: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


UNIT_COLUMNS = tuple(each.name for each in fields(Unit))
TEXTS = ("object_id", "township", "village_code", "village", "subject")


@dataclass(frozen=True)
class Tested:
    """What a pattern returns: units in any order, and the data of its picture (tidy, one row a mark), if it has one."""

    __test__: ClassVar[bool] = False  # pytest takes the name for a test

    units: list[Unit]
    picture: pd.DataFrame | None = None


@dataclass
class Outcome:
    """What became of one pattern: units evaluated (tested), flagged, unknown (too small); or why it was not run.

    `rule` is the pattern: code, view, zh, en, face are named as a rule's are. columns: what it read, by view.
    """

    rule: "Pattern"
    evaluated: int = 0
    flagged: int = 0
    unknown: int = 0
    missing: tuple[Need, ...] = ()
    crash: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ran(self) -> bool:
        """Whether it judged at all."""
        return not (self.missing or self.crash)


@dataclass
class PatternResult:
    """Everything that the patterns of one county gave.

    findings: FINDING_SCHEMA, one row a flagged unit (severity, grade and clause are still blank).
    outcomes: by code. tests: every unit tested (`code`, the columns of `Unit`, `q`, `flagged`), sorted.
    pictures: by code, the data that a figure can be drawn from.
    """

    findings: pa.Table = field(default_factory=lambda: FINDING_SCHEMA.empty_table())
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    tests: pd.DataFrame = field(default_factory=lambda: tabulate(()))
    pictures: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """False if any pattern crashed."""
        return not any(outcome.crash for outcome in self.outcomes.values())


def tabulate(units: Iterable[tuple[str, Unit]]) -> pd.DataFrame:
    """(code, unit) pairs as one frame, sorted by code, level and object, so that the order of patterns is nothing."""
    pairs = list(units)
    columns: dict[str, Any] = {"code": [code for code, _ in pairs]}
    columns |= {name: [getattr(unit, name) for _, unit in pairs] for name in UNIT_COLUMNS}
    columns["level"] = [str(level) for level in columns["level"]]
    for name in TEXTS:
        columns[name] = pd.Series([None if pd.isna(text) else text for text in columns[name]], dtype=object)
    frame = pd.DataFrame(columns)
    frame = frame.astype(dict.fromkeys(("p", "statistic", "effect", "low", "high", "least"), "float64"))
    return frame.sort_values(["code", "level", "object_id"], kind="stable", ignore_index=True)
