"""A register that is too large for the memory, cut by household: its widest views are made and judged in slices.

In a slice the names of inputs mean the rows of its households, so that the SQL of a view is the same for a slice as for
all. What a row shares with other households (how many have this number?) is worked out before the cut, over all.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from povkit.views.prune import inputs_of
from povkit.views.select import FEW, Writer, fill, together
from povkit.views.spec import Part, ViewSpec

CUT = ("person", "household")
"""Views that are made in slices. All that they read of one another is of the same household."""

_KEY = "household_id"
_FLUSH = 50_000
"""Rows that a thread holds before it writes them to their slices; DuckDB's own half a million fill the memory."""


@dataclass(frozen=True)
class Cut:
    """How to cut. folder: where slices are written, made and removed again; people: about as many are in a slice."""

    folder: Path
    people: int

    def slices(self, writer: Writer, people: int) -> "Slices | None":
        """Slices of a register of so many people; None: it is not too large."""
        number = -(-people // self.people)
        return Slices(writer, self.folder, number) if number > 1 else None


@dataclass
class Slices:
    """Inputs and parts of the views of CUT in `number` slices. First `cut`, then `each`, whose end restores all."""

    writer: Writer
    folder: Path
    number: int
    _whole: dict[str, str] = field(default_factory=dict)
    _tables: list[str] = field(default_factory=list)
    _views: list[str] = field(default_factory=list)

    def cut(self, specs: Sequence[ViewSpec], more: Iterable[ViewSpec], inputs: Mapping[str, str]) -> None:
        """Work out what is not of one household, and write the slices.

        specs: the views, so far as they are built; more: further views that are asked about rows of a slice; inputs:
        SQL of inputs by name.
        """
        self.writer.con.execute(f"SET partitioned_write_flush_threshold = {_FLUSH}")
        for spec in specs:
            for part, _ in together(spec.parts):
                if not of_household(part):
                    self._hold(spec, part)
        sources = {
            source for spec in specs for source in (spec.base, *(p.source for p in spec.parts if of_household(p)))
        }
        words = inputs_of((*specs, *more))
        for name in sorted(sources & inputs.keys()):
            self._whole[name] = inputs[name]
            self._write(name, f"SELECT {self._columns(name, words[name])}, {self._slice('')} AS slice FROM {name}")

    def each(self) -> Iterator[int]:
        """Number of each slice in turn, while the names of inputs mean its rows."""
        try:
            for number in range(self.number):
                for name in (*self._whole, *self._views):
                    self._show(name, number)
                self.writer.forget(self._whole)
                yield number
        finally:
            self._restore()

    def _hold(self, spec: ViewSpec, part: Part) -> None:
        """Work out a part over all: a table where it is small, else by slice what its households need of it."""
        name = f"held_{len(self.writer.made)}"
        sql, own = self.writer.part(spec, part, spec.base)
        self.writer.made[spec.name, part] = sql and f"FROM {name}", own
        if sql and (own or self._is_small(spec, part)):
            self._table(name, sql)
        elif sql:
            asked = f"SELECT DISTINCT {part.on} AS asked, {self._slice('b.')} AS slice FROM {spec.base} b"
            self._write(name, f"SELECT p.*, slice FROM ({sql}) p JOIN ({asked}) ON asked = part_key")
            if any((self.folder / name).iterdir()):
                self._views.append(name)
            else:
                self._table(name, f"FROM ({sql}) LIMIT 0")

    def _table(self, name: str, sql: str) -> None:
        self.writer.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        self._tables.append(name)

    def _is_small(self, spec: ViewSpec, part: Part) -> bool:
        keys = f"SELECT approx_count_distinct({fill(part.key, self.writer.limits)}) FROM {part.source}"
        return bool(self.writer.con.execute(keys).fetchall()[0][0] * FEW <= self.writer.size(spec.base))

    def _slice(self, row: str) -> str:
        return f"hash({row}{_KEY}) % {self.number}"

    def _columns(self, name: str, words: Collection[str]) -> str:
        have = [row[0] for row in self.writer.con.execute(f"DESCRIBE {name}").fetchall()]
        return ", ".join(f'"{column}"' for column in have if column in words or column == _KEY)

    def _write(self, name: str, sql: str) -> None:
        (self.folder / name).mkdir(parents=True)
        self.writer.con.execute(f"COPY ({sql}) TO {_quoted(self.folder / name)} (FORMAT parquet, PARTITION_BY (slice))")

    def _show(self, name: str, number: int) -> None:
        """Let a name mean the rows of a slice; an input without any row stays what it is."""
        own = sorted((self.folder / name / f"slice={number}").glob("*.parquet"))
        files = own or sorted((self.folder / name).rglob("*.parquet"))[:1]
        if files:
            rows = f"read_parquet([{', '.join(map(_quoted, files))}], hive_partitioning = FALSE)"
            nothing = "" if own else " WHERE FALSE"
            self.writer.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {rows}{nothing}")

    def _restore(self) -> None:
        for name, sql in self._whole.items():
            self.writer.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")
        for name in self._tables:
            self.writer.con.execute(f"DROP TABLE IF EXISTS {name}")
        for name in self._views:
            self.writer.con.execute(f"DROP VIEW IF EXISTS {name}")
        self.writer.made.clear()
        self.writer.forget(self._whole)
        shutil.rmtree(self.folder, ignore_errors=True)


def of_household(part: Part) -> bool:
    """Whether a part is about the row's household and reads nothing of others."""
    return (part.key, part.on) == (_KEY, f"b.{_KEY}")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
