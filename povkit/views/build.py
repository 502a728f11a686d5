"""Build the views of one county: join once what rules may ask, and remember what every column needs.

Source relations in the connection: `raw_<table>` and `raw_<table>_last` hold the contract's columns (absent ones as
typed blanks); then one temporary table per view. A column is *available* when every input column behind it was handed
in; rules that use an unavailable column are not run, with the reason.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import duckdb

from povkit.register.store import Register
from povkit.views.links import described, inputs_read, link_lists
from povkit.views.needs import Need, Relation, describe
from povkit.views.placing import FILE_ROW, Lean, prune_places
from povkit.views.prune import prune, read_later
from povkit.views.select import VIEW_BASE, LimitSource, Writer
from povkit.views.slices import CUT, Cut, Slices
from povkit.views.snapshots import snapshots
from povkit.views.spec import IDENTITY, ViewSpec
from povkit.vocab import Level


@dataclass(frozen=True)
class View:
    """A view that was built: relation `name` in the connection, one row an object of `level`.

    told: columns that `places` tells for a few of its rows, those of IDENTITY that the relation has not among them.
    """

    name: str
    level: Level
    needs: dict[str, frozenset[Need]]
    limits: dict[str, frozenset[str]]
    types: dict[str, str]
    told: tuple[str, ...] = ()
    places: Callable[[str, int], str] | None = field(default=None, compare=False)
    """Takes the name of a relation of rows of the view, with FILE_ROW, and their number; gives SQL of FILE_ROW and what
    is told of them."""


@dataclass
class Views:
    """All views of one county, in one DuckDB connection, and the inputs that were not handed in."""

    con: duckdb.DuckDBPyConnection
    views: dict[str, View]
    absent: frozenset[Need]
    rows: dict[tuple[str, int | None], int | None]

    def missing(self, view: str, columns: Iterable[str]) -> tuple[Need, ...]:
        """Inputs that these columns of a view need and that were not handed in, whole tables first."""
        lacking = {need for column in columns for need in self.views[view].needs[column]} & self.absent
        whole = {Need(need.table, "*", need.last) for need in lacking} & self.absent
        part = {need for need in lacking if Need(need.table, "*", need.last) not in whole}
        return tuple(sorted(whole | part))


@dataclass(frozen=True)
class Once:
    """Views that are read when they are made and then given back, because they would fill the memory together.

    read: called with the views and the name of each as soon as it stands, or a slice of it; kept: columns by view to
    keep beyond that, besides those that later views are made of. The columns of IDENTITY stay with them; of other
    views, those that nobody reads are not even made (see `View.places`). cut: how to cut a large register; None: never.
    """

    read: Callable[[Views, str], None]
    kept: Mapping[str, Collection[str]]
    cut: Cut | None = None

    def stay(self, name: str, later: Collection[str]) -> set[str]:
        """Columns of a view that stay when it was read. later: those that later views read."""
        return set(later) | ({*self.kept[name], *IDENTITY} if name in self.kept else set())


def build_views(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    county: str,
    data_year: int,
    limits: LimitSource,
    specs: Iterable[ViewSpec],
    wanted: Mapping[str, Collection[str]] | None = None,
    once: Once | None = None,
) -> Views:
    """Build `specs` in order for a county's snapshots of `data_year` and the year before.

    wanted: columns by view, to build these alone and what they are made of (see `prune`); all by default. once: what
    to do with each view as soon as it stands, before most of it is given back; all stays by default.

    Raises InputError, or whatever DuckDB raises, for a damaged snapshot; whether snapshots exist is for the caller
    to check.
    """
    specs = tuple(specs)
    lean = _lean(specs, wanted, once)
    narrow = {spec.name: spec for spec in lean.specs}
    asked = None if wanted is None else inputs_read((*narrow.values(), *lean.places.values()))
    sources: dict[str, Relation] = {}
    rows: dict[tuple[str, int | None], int | None] = {}
    absent: set[Need] = set()
    sizes: dict[str, int] = {}
    inputs: dict[str, str] = {}
    for snapshot in snapshots(con, register, county, data_year):
        sources[snapshot.name] = snapshot.relation()
        if asked is None or snapshot.name in asked:
            inputs[snapshot.name] = snapshot.select()
            con.execute(f"CREATE OR REPLACE TEMP VIEW {snapshot.name} AS {inputs[snapshot.name]}")
        absent |= snapshot.lacking(con)
        rows[snapshot.table.name, snapshot.year] = snapshot.footer.rows if snapshot.footer else None
        sizes[snapshot.name] = snapshot.footer.rows if snapshot.footer else 0
    sources |= described()
    link_lists(con, narrow.values())
    writer = Writer(con, sources, limits, county, sizes)
    views = Views(con, {}, frozenset(absent), rows)
    making = _Making(writer, views, narrow, lean, wanted)
    slices = None if once is None or once.cut is None else once.cut.slices(writer, sizes["raw_person"])
    in_slices = [spec for spec in specs if spec.name in CUT and making.as_table(spec)] if slices else []
    if once is not None and slices is not None:
        making.in_slices(in_slices, once, slices, inputs)
    for spec in specs:
        if spec not in in_slices:
            making.make(spec)
            if once is not None:
                making.give_back(spec, once)
    return views


@dataclass(frozen=True)
class _Making:
    """Makes one view after the other. narrow: as much of each as is built, by name; wanted: see `build_views`."""

    writer: Writer
    views: Views
    narrow: Mapping[str, ViewSpec]
    lean: Lean
    wanted: Mapping[str, Collection[str]] | None

    def as_table(self, spec: ViewSpec) -> bool:
        """Whether the view becomes a table: it is built, and is more than columns of a snapshot."""
        return spec.name in self.narrow and spec.name not in self.lean.plain

    def make(self, spec: ViewSpec) -> None:
        """Describe the whole view; build what somebody reads of it, if anybody does."""
        shown = None if self.wanted is None else {*self.wanted.get(spec.name, ()), *self._later.get(spec.name, ())}
        self.views.views[spec.name] = _make(self.writer, spec, self.narrow.get(spec.name), shown, self.lean)

    def give_back(self, spec: ViewSpec, once: Once) -> None:
        """Have a view read; then drop the columns that nobody reads any more, or all of it. Its description stays."""
        name, con = spec.name, self.views.con
        if name not in self.narrow:
            return
        once.read(self.views, name)
        types = self.views.views[name].types
        gone = sorted(types.keys() - once.stay(name, self._later[name]))
        if not self.as_table(spec):
            con.execute(f"DROP VIEW {name}")
            types.clear()
        elif len(gone) == len(types):
            con.execute(f"DROP TABLE {name}")
        else:
            for column in gone:
                con.execute(f'ALTER TABLE {name} DROP COLUMN "{column}"')
        for column in gone:
            types.pop(column, None)

    def in_slices(self, specs: Sequence[ViewSpec], once: Once, slices: Slices, inputs: Mapping[str, str]) -> None:
        """Make views and have them read slice by slice, and put together what stays of them."""
        con, names = self.views.con, [spec.name for spec in specs]
        later = read_later(self.narrow.values(), names)
        places = [self.lean.places[name] for name in names if name in self.lean.places]
        slices.cut([self.narrow[name] for name in names], places, inputs)
        for _ in slices.each():
            for spec in specs:
                self.make(spec)
                once.read(self.views, spec.name)
            for name in names:
                types = self.views.views[name].types
                for column in types.keys() - once.stay(name, later[name]):
                    del types[column]
                if types:
                    rows = f"""SELECT {", ".join(f'"{column}"' for column in types)} FROM {name}"""
                    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS whole_{name} AS {rows} LIMIT 0")
                    con.execute(f"INSERT INTO whole_{name} {rows}")
                con.execute(f"DROP TABLE {name}")
        for name in names:
            if self.views.views[name].types:
                con.execute(f"ALTER TABLE whole_{name} RENAME TO {name}")

    @cached_property
    def _later(self) -> dict[str, set[str]]:
        return read_later(self.narrow.values())


def _lean(specs: tuple[ViewSpec, ...], wanted: Mapping[str, Collection[str]] | None, once: Once | None) -> Lean:
    if wanted is None:
        return Lean(specs)
    return Lean(prune(specs, wanted)) if once is None else prune_places(specs, wanted, once.kept)


def _make(writer: Writer, spec: ViewSpec, narrow: ViewSpec | None, shown: Collection[str] | None, lean: Lean) -> View:
    """Describe the whole view; build as much of it as `narrow` holds (None: nothing), keep what is `shown`."""
    scope = writer.sources[spec.name] = describe(spec, writer.sources)
    types = {}
    places = lean.places.get(spec.name)
    if narrow is not None:
        con = writer.con
        if places:
            shown = {*(shown or ()), FILE_ROW.name}
        lacks = places.identity if places else {}
        sql = writer.select(narrow, shown, [name for name in IDENTITY if name not in lacks])
        con.execute(f"CREATE OR REPLACE TEMP {'VIEW' if spec.name in lean.plain else 'TABLE'} {spec.name} AS {sql}")
        con.execute(f"DROP TABLE IF EXISTS temp.{VIEW_BASE}")
        types = {row[0]: str(row[1]) for row in con.execute(f"DESCRIBE {spec.name}").fetchall()}
    names = tuple(dict.fromkeys((*types, *scope.needs)))
    needs = {name: scope.needs.get(name, frozenset()) for name in names}
    limits = {name: scope.limits.get(name, frozenset()) for name in names}
    tell = partial(writer.places, places) if places else None
    return View(spec.name, spec.level, needs, limits, types, lean.told(spec.name), tell)
