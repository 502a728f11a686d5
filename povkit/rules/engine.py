"""Run rules over views: all rules of a view in one pass, blanks counted apart, every flagged object written.

A rule whose inputs were not handed in is not run, with what to ask for; a rule that crashes is not run either, and
marks the run incomplete. Neither stops the others.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import narwhals as nw

from povkit.rules.evidence import Found
from povkit.rules.flags import FrameOf, Pass
from povkit.rules.rule import Columns, Rule
from povkit.views import Need, Views

if TYPE_CHECKING:
    import pyarrow as pa


class Recorder(Protocol):
    """Limits that remember which of them were read (`povkit.policy.Limits.recorder()`)."""

    used: dict[str, Any]

    def __getattr__(self, name: str) -> Any: ...


class LimitsLike(Protocol):
    """What the engine asks of `povkit.policy.Limits`."""

    def __getattr__(self, name: str) -> Any: ...

    def recorder(self) -> Recorder:
        """The same limits, remembering which of them are read."""


@dataclass
class Outcome:
    """What became of one rule: objects evaluated (flagged + clear), flagged, unknown; or why it was not run."""

    rule: Rule
    evaluated: int = 0
    flagged: int = 0
    unknown: int = 0
    missing: tuple[Need, ...] = ()
    crash: str = ""

    def take(self, counts: Mapping[str, int]) -> None:
        """Add what was counted in a view or a slice of it: who is neither judged nor outside the scope is unknown."""
        name = self.rule.name
        evaluated, flagged = counts[f"{name} evaluated"], counts[f"{name} flagged"]
        outside = counts[f"{self.rule.within} outside"] if self.rule.within else 0
        self.evaluated += evaluated
        self.flagged += flagged
        self.unknown += counts["rows"] - outside - evaluated

    @property
    def ran(self) -> bool:
        """Whether it judged at all."""
        return not (self.missing or self.crash)


@dataclass(frozen=True)
class Prepared:
    """A rule made ready for a view: its expression, and the columns and limits it uses."""

    rule: Rule
    expression: nw.Expr
    columns: tuple[str, ...]
    limits: Mapping[str, Any]


@dataclass
class Result:
    """Outcomes by rule name, and all findings; their severity, grade and clause are still blank.

    They lie in the connection of the views until `findings` takes them over; after that there is no `relation`.
    """

    outcomes: dict[str, Outcome]
    found: Found

    @cached_property
    def findings(self) -> "pa.Table":
        """All findings (FINDING_SCHEMA), taken over as Arrow when first asked for."""
        taken = self.found.table()
        self.found.drop()
        return taken

    @property
    def relation(self) -> duckdb.DuckDBPyRelation:
        """All findings (FINDING_COLUMNS) where they lie."""
        return self.found.relation()

    @property
    def complete(self) -> bool:
        """False if any rule crashed."""
        return not any(outcome.crash for outcome in self.outcomes.values())


@dataclass
class Judge:
    """Rules held against views, whole or slice by slice; `result` tells what all of it gave.

    con: connection of the views.
    limits: read by attribute; `limits.recorder()` gives each rule a copy that remembers what it read.
    frame_of: gives a view as a native lazy frame of another engine (Spark, say); DuckDB's own table by default.
    """

    con: duckdb.DuckDBPyConnection
    rules: Iterable[Rule]
    limits: LimitsLike
    frame_of: FrameOf | None = None
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _ready: dict[str, list[Prepared]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._found = Found(self.con)

    def judge(self, views: Views, name: str) -> None:
        """Judge the rows that the view `name` now holds. Rules that cannot be run, or crash, are set aside.

        A view that no rule reads is left alone.
        """
        if name not in self._ready:
            self._ready[name] = self._prepare(views, name)
        ready = [each for each in self._ready[name] if not self._outcomes[each.rule.name].crash]
        Pass(views, self.frame_of, self._found).run(views.views[name], ready, self._outcomes)

    def _prepare(self, views: Views, name: str) -> list[Prepared]:
        ready = []
        for each in self.rules:
            if each.view == name:
                self._outcomes[each.name], prepared = prepare(each, views, self.limits)
                if prepared is not None:
                    ready.append(prepared)
        return ready

    def result(self) -> Result:
        """Outcomes in the order of the rules, view by view, and the findings of those that ran to the end."""
        views = dict.fromkeys(each.view for each in self.rules)
        outcomes = {each.name: self._outcomes[each.name] for view in views for each in self.rules if each.view == view}
        for outcome in outcomes.values():
            if outcome.crash:
                outcome.evaluated = outcome.flagged = outcome.unknown = 0
        self._found.leave_out([name for name, outcome in outcomes.items() if outcome.crash])
        return Result(outcomes, self._found)


def run_rules(views: Views, rules: Iterable[Rule], limits: LimitsLike, frame_of: FrameOf | None = None) -> Result:
    """Evaluate `rules` on their views, all of a view in one pass (see `Judge` for the arguments)."""
    judge = Judge(views.con, tuple(rules), limits, frame_of)
    for name in dict.fromkeys(each.view for each in judge.rules):
        judge.judge(views, name)
    return judge.result()


def prepare(rule: Rule, views: Views, limits: LimitsLike) -> tuple[Outcome, Prepared | None]:
    """Build a rule's expression; if an input is missing or the rule itself fails, say so instead."""
    outcome = Outcome(rule)
    view = views.views[rule.view]
    columns = Columns(rule.view, view.needs)
    recorder = limits.recorder()
    try:
        expression = _ask(rule, columns, recorder)
        for column in columns.used:
            for name in sorted(view.limits[column]):
                getattr(recorder, name)
    except Exception as error:  # noqa: BLE001  a rule that fails is reported, whatever it raised
        outcome.crash = f"{type(error).__name__}: {error}"
        return outcome, None
    outcome.missing = views.missing(rule.view, columns.used)
    if outcome.missing:
        return outcome, None
    return outcome, Prepared(rule, expression, tuple(columns.used), dict(recorder.used))


def _ask(rule: Rule, columns: Columns, recorder: Recorder) -> nw.Expr:
    """The rule's expression; `columns` and `recorder` then know all that it uses."""
    expression = rule.function(columns, recorder)
    for shown in (rule.within, *rule.shows):
        if shown:
            getattr(columns, shown)
    return expression


def columns_used(rules: Iterable[Rule], limits: LimitsLike, names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Columns that rules use, by view, found by calling them; a rule that fails is left for `run_rules` to report.

    names: all columns of each view (`povkit.views.columns_of`).
    """
    used: dict[str, set[str]] = {}
    for each in rules:
        columns = Columns(each.view, dict.fromkeys(names[each.view]))
        with suppress(Exception):
            _ask(each, columns, limits.recorder())
        used.setdefault(each.view, set()).update(columns.used)
    return used
