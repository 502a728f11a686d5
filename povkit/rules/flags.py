"""One pass over a view: every rule's flag worked out once, counted, and the flagged rows turned into findings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from povkit.rules.evidence import Found
from povkit.views import FILE_ROW, IDENTITY, View, Views

if TYPE_CHECKING:
    from povkit.rules.engine import Outcome, Prepared

FrameOf = Callable[[str], Any]
"""Name of a view -> native lazy frame that narwhals understands."""

_ROW = FILE_ROW.name
"""Column of `flags` and `hits`: the row of the view. Where the view does not number its rows, DuckDB does."""


@dataclass(frozen=True)
class Pass:
    """Passes over views. frame_of: gives a view as another engine's frame; None: DuckDB's own tables.

    found: where findings are put.
    """

    views: Views
    frame_of: FrameOf | None
    found: Found

    def run(self, view: View, ready: list["Prepared"], outcomes: Mapping[str, "Outcome"]) -> None:
        """Put the findings of one view to the others, add its counts to the outcomes.

        If the pass fails, find the rules that fail alone, set them aside, and pass again.
        """
        if not ready:
            return
        try:
            counts = self._judge(view, ready)
        except Exception:
            sound = [each for each in ready if self._runs_alone(view, each, outcomes)]
            if len(sound) == len(ready):
                raise
            self.run(view, sound, outcomes)
            return
        for each in ready:
            outcomes[each.rule.name].take(counts)

    def _runs_alone(self, view: View, each: "Prepared", outcomes: Mapping[str, "Outcome"]) -> bool:
        trial = Found(self.views.con)
        try:
            replace(self, found=trial)._judge(view, [each])
        except Exception as error:  # noqa: BLE001  a rule that fails is reported, whatever it raised
            outcomes[each.rule.name].crash = f"{type(error).__name__}: {error}".partition("\n")[0]
            return False
        finally:
            trial.drop()
        return True

    def _judge(self, view: View, ready: list["Prepared"]) -> dict[str, int]:
        """Counts (see `Outcome.take`) of one view; its findings are put to the others."""
        con = self.views.con
        try:
            if self.frame_of is None:
                counts = self._mark(view, ready)
            else:
                counts = self._mark_elsewhere(nw.from_native(self.frame_of(view.name)), ready)
            flagged = [each for each in ready if counts[f"{each.rule.name} flagged"]]
            self.found.add("flagged", view, flagged)
            return counts
        finally:
            for name in ("flags", "hits", "flagged"):
                con.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def _mark(self, view: View, ready: list["Prepared"]) -> dict[str, int]:
        """In DuckDB: keep all flags with the number of their row, count them, then fetch the flagged rows.

        `flags` holds a boolean a rule and row, so that no expression is worked out twice; `flagged` the rows of the
        view with a flag, and the columns that decide.
        """
        con = self.views.con
        numbered = nw.from_native(con.sql(f"SELECT {'' if view.places else f'rowid AS {_ROW}, '}* FROM {view.name}"))
        asked = numbered.select(nw.col(_ROW), *(_hit(each).alias(each.rule.name) for each in ready)).to_native()
        asked.create_view("asked", replace=True)
        con.execute("CREATE OR REPLACE TEMP TABLE flags AS FROM asked")
        con.execute("DROP VIEW asked")
        rules = [each.rule.name for each in ready]
        sums = "".join(f', count("{name}"), count_if("{name}")' for name in rules)
        rows, *values = (value or 0 for value in con.execute(f"SELECT count(*){sums} FROM flags").fetchall()[0])
        counts = {"rows": rows}
        for name, judged, hit in zip(rules, values[::2], values[1::2], strict=True):
            counts |= {f"{name} evaluated": judged, f"{name} flagged": hit}
        counts |= self._outside(view, ready)
        hits = {name: counts[f"{name} flagged"] for name in rules if counts[f"{name} flagged"]}
        if hits:
            self._fetch(view, _kept(ready, hits), hits)
        return counts

    def _fetch(self, view: View, columns: Iterable[str], hits: Mapping[str, int]) -> None:
        """Columns of the rows with a flag, from the view or from what tells its places. hits: flags by rule."""
        con, flags = self.views.con, [f'"{name}"' for name in hits]
        some = f"SELECT {_ROW}, {', '.join(flags)} FROM flags WHERE {' OR '.join(flags)}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE hits AS {some}")
        own = [f'v."{name}"' for name in columns if name not in view.told]
        told = [f'p."{name}"' for name in columns if name in view.told]
        source = "hits h"
        if own:
            source += f" JOIN {view.name} v ON v.{_ROW if view.places else 'rowid'} = h.{_ROW}"
        if view.places and told:
            source += f" JOIN ({view.places('hits', sum(hits.values()))}) p ON p.{_ROW} = h.{_ROW}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE flagged AS SELECT {', '.join((*own, *told, *flags))} FROM {source}")

    def _outside(self, view: View, ready: list["Prepared"]) -> dict[str, int]:
        """Rows outside each scope."""
        scopes = sorted({each.rule.within for each in ready} - {""})
        if not scopes:
            return {}
        sums = ", ".join(f'count_if(NOT "{scope}")' for scope in scopes)
        values = self.views.con.execute(f"SELECT {sums} FROM {view.name}").fetchall()[0]
        return {f"{scope} outside": value or 0 for scope, value in zip(scopes, values, strict=True)}

    def _mark_elsewhere(self, frame: Any, ready: list["Prepared"]) -> dict[str, int]:
        """On another engine: one aggregate for the counts, one pass for the flagged rows, which come into DuckDB."""
        sums = {"rows": nw.len()}
        for each in ready:
            flag, name = nw.col(each.rule.name), each.rule.name
            sums |= {f"{name} evaluated": flag.count(), f"{name} flagged": flag.cast(nw.Int64).sum()}
            if each.rule.within:
                sums[f"{each.rule.within} outside"] = (~nw.col(each.rule.within)).cast(nw.Int64).sum()
        hits = {each.rule.name: _hit(each).alias(each.rule.name) for each in ready}
        scopes = sorted({each.rule.within for each in ready} - {""})
        counted = frame.select(*map(nw.col, scopes), *hits.values()).select(
            *(value.cast(nw.Int64).alias(name) for name, value in sums.items())
        )
        totals = counted.collect(backend="pyarrow").to_native().to_pylist()[0]
        counts = {name: int(value or 0) for name, value in totals.items()}
        flagged = [each.rule.name for each in ready if counts[f"{each.rule.name} flagged"]]
        if flagged:
            any_hit = nw.any_horizontal(*map(nw.col, flagged), ignore_nulls=True)
            kept = frame.select(*map(nw.col, _kept(ready, flagged)), *(hits[name] for name in flagged)).filter(any_hit)
            con = self.views.con
            con.register("brought", kept.collect(backend="pyarrow").to_native())
            con.execute("CREATE OR REPLACE TEMP TABLE flagged AS SELECT * FROM brought")
            con.unregister("brought")
        return counts


def _kept(ready: Iterable["Prepared"], flagged: Iterable[str]) -> tuple[str, ...]:
    """Columns of a view that findings of the flagged rules show."""
    shown = {each.rule.name: each.columns for each in ready}
    return tuple(dict.fromkeys((*IDENTITY, *(column for name in flagged for column in shown[name]))))


def _hit(each: "Prepared") -> nw.Expr:
    """The rule's flag; blank outside its scope, and where the scope itself is blank."""
    return nw.when(nw.col(each.rule.within)).then(each.expression) if each.rule.within else each.expression
