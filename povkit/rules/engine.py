"""Run rules over views: all rules of a view in one pass, blanks counted apart, every flagged object written.

A rule whose inputs were not handed in is not run, with what to ask for; a rule that crashes is not run either, and
marks the run incomplete. Neither stops the others.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import duckdb
import narwhals as nw
import pyarrow as pa

from povkit.rules.evidence import findings_of
from povkit.rules.rule import Columns, Rule
from povkit.views import IDENTITY, Need, View, Views
from povkit.vocab import FINDING_SCHEMA

FrameOf = Callable[[str], Any]
"""Name of a view -> native lazy frame that narwhals understands."""


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
        """Set the three numbers from what was counted: whoever is neither judged nor outside the scope is unknown."""
        name = self.rule.name
        self.evaluated, self.flagged = counts[f"{name} evaluated"], counts[f"{name} flagged"]
        outside = counts[f"{self.rule.within} outside"] if self.rule.within else 0
        self.unknown = counts["rows"] - outside - self.evaluated

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
    """Outcomes by rule name, and all findings (FINDING_SCHEMA; severity to clause are still blank)."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    findings: pa.Table = field(default_factory=lambda: FINDING_SCHEMA.empty_table())

    @property
    def complete(self) -> bool:
        """False if any rule crashed."""
        return not any(outcome.crash for outcome in self.outcomes.values())


def run_rules(views: Views, rules: Iterable[Rule], limits: LimitsLike, frame_of: FrameOf | None = None) -> Result:
    """Evaluate `rules` on their views.

    limits: read by attribute; `limits.recorder()` gives each rule a copy that remembers what it read.
    frame_of: gives a view as a native lazy frame of another engine (Spark, say); DuckDB's own relation by default.
    """
    pass_over = Pass(views, frame_of or views.con.table)
    result = Result()
    tables = []
    by_view: dict[str, list[Rule]] = {}
    for each in rules:
        by_view.setdefault(each.view, []).append(each)
    for name, shelf in by_view.items():
        ready = []
        for each in shelf:
            outcome, prepared = prepare(each, views, limits)
            result.outcomes[each.name] = outcome
            if prepared is not None:
                ready.append(prepared)
        tables.append(pass_over.run(views.views[name], ready, result.outcomes))
    result.findings = pa.concat_tables([FINDING_SCHEMA.empty_table(), *tables])
    return result


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


@dataclass(frozen=True)
class Pass:
    """One pass over each view, on whatever engine `frame_of` reads from."""

    views: Views
    frame_of: FrameOf

    def run(self, view: View, ready: list[Prepared], outcomes: dict[str, Outcome]) -> pa.Table:
        """Findings of one view. If the pass fails, find the rules that fail alone, set them aside, and pass again."""
        if not ready:
            return FINDING_SCHEMA.empty_table()
        try:
            counts = self._count(view, ready)
            table = self._collect(view, [each for each in ready if counts[f"{each.rule.name} flagged"]])
        except Exception:
            sound = [each for each in ready if self._runs_alone(view, each, outcomes)]
            if len(sound) == len(ready):
                raise
            return self.run(view, sound, outcomes)
        for each in ready:
            outcomes[each.rule.name].take(counts)
        return table

    def _runs_alone(self, view: View, each: Prepared, outcomes: dict[str, Outcome]) -> bool:
        try:
            self._count(view, [each])
            self._collect(view, [each])
        except Exception as error:  # noqa: BLE001  a rule that fails is reported, whatever it raised
            outcomes[each.rule.name].crash = f"{type(error).__name__}: {error}".partition("\n")[0]
            return False
        return True

    def _flags(self, view: View, ready: list[Prepared], keep: Iterable[str]) -> Any:
        frame = nw.from_native(self.frame_of(view.name))
        scopes = {each.rule.within for each in ready} - {"", *keep}
        return frame.select(
            *(nw.col(name) for name in (*keep, *sorted(scopes))),
            *(each.expression.alias(each.rule.name) for each in ready),
        )

    def _count(self, view: View, ready: list[Prepared]) -> dict[str, int]:
        """Rows, flags and judgements of each rule, rows outside each scope, in one aggregate (see `Outcome.take`)."""
        sums = {"rows": nw.len()}
        for each in ready:
            flag, name = _hit(each), each.rule.name
            sums |= {f"{name} evaluated": flag.count(), f"{name} flagged": flag.cast(nw.Int64).sum()}
            if each.rule.within:
                sums[f"{each.rule.within} outside"] = (~nw.col(each.rule.within)).cast(nw.Int64).sum()
        asked = (value.cast(nw.Int64).alias(name) for name, value in sums.items())
        counted = self._flags(view, ready, ()).select(*asked).collect(backend="pyarrow").to_native()
        return {name: int(value or 0) for name, value in counted.to_pylist()[0].items()}

    def _collect(self, view: View, ready: list[Prepared]) -> pa.Table:
        """Findings of one view: every flagged object, with the values that decided it."""
        if not ready:
            return FINDING_SCHEMA.empty_table()
        keep = tuple(dict.fromkeys((*IDENTITY, *(column for each in ready for column in each.columns))))
        hit = nw.any_horizontal(*(_hit(each) for each in ready), ignore_nulls=True)
        hits = self._flags(view, ready, keep).filter(hit).to_native()
        con = self.views.con
        if isinstance(hits, duckdb.DuckDBPyRelation):
            hits.create_view("hits", replace=True)
        else:
            con.register("hits", nw.from_native(hits).collect(backend="pyarrow").to_native())
        con.execute("CREATE OR REPLACE TEMP TABLE flagged AS SELECT * FROM hits")
        try:
            return findings_of(con, "flagged", view, ready)
        finally:
            con.execute("DROP TABLE flagged")
            con.execute("DROP VIEW hits")


def _hit(each: Prepared) -> nw.Expr:
    """The rule's flag; blank outside its scope, and where the scope itself is blank."""
    flag = nw.col(each.rule.name)
    return nw.when(nw.col(each.rule.within)).then(flag) if each.rule.within else flag
