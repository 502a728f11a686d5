"""Build the views of one county: join once what rules may ask, and remember what every column needs.

Source relations in the connection: `raw_<table>` and `raw_<table>_last` hold the contract's columns (absent ones as
typed blanks); then one temporary table per view. A column is *available* when every input column behind it was handed
in; rules that use an unavailable column are not run, with the reason.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import duckdb

from povkit.register.store import Register
from povkit.views.links import described, inputs_read, link_lists
from povkit.views.needs import Need, Relation, describe
from povkit.views.placing import FILE_ROW, Lean, prune_places
from povkit.views.prune import prune, read_later
from povkit.views.select import VIEW_BASE, LimitSource, Writer
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

    read: called with the views and the name of each as soon as it stands; kept: columns by view to keep beyond that,
    besides those that later views are made of. The columns of IDENTITY stay with them; of other views, those that
    nobody reads are not even made (see `View.places`).
    """

    read: Callable[[Views, str], None]
    kept: Mapping[str, Collection[str]]


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
    for snapshot in snapshots(con, register, county, data_year):
        sources[snapshot.name] = snapshot.relation()
        if asked is None or snapshot.name in asked:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {snapshot.name} AS {snapshot.select()}")
        absent |= snapshot.lacking(con)
        rows[snapshot.table.name, snapshot.year] = snapshot.footer.rows if snapshot.footer else None
        sizes[snapshot.name] = snapshot.footer.rows if snapshot.footer else 0
    sources |= described()
    link_lists(con, narrow.values())
    writer = Writer(con, sources, limits, county, sizes)
    views = Views(con, {}, frozenset(absent), rows)
    later = read_later(narrow.values())
    for spec in specs:
        shown = None if wanted is None else {*wanted.get(spec.name, ()), *later.get(spec.name, ())}
        views.views[spec.name] = _make(writer, spec, narrow.get(spec.name), shown, lean)
        if once is not None and spec.name in narrow:
            once.read(views, spec.name)
            if spec.name in lean.plain:
                con.execute(f"DROP VIEW {spec.name}")
                views.views[spec.name].types.clear()
            else:
                _give_back(views, spec.name, later[spec.name], once.kept.get(spec.name))
    return views


def _lean(specs: tuple[ViewSpec, ...], wanted: Mapping[str, Collection[str]] | None, once: Once | None) -> Lean:
    if wanted is None:
        return Lean(specs)
    return Lean(prune(specs, wanted)) if once is None else prune_places(specs, wanted, once.kept)


def _give_back(views: Views, name: str, later: Collection[str], kept: Collection[str] | None) -> None:
    """Drop the columns of a view that nobody reads any more, or all of it; its description stays."""
    stay = set(later) | (set() if kept is None else {*kept, *IDENTITY})
    types = views.views[name].types
    gone = sorted(types.keys() - stay)
    if len(gone) == len(types):
        views.con.execute(f"DROP TABLE {name}")
    else:
        for column in gone:
            views.con.execute(f'ALTER TABLE {name} DROP COLUMN "{column}"')
    for column in gone:
        del types[column]


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
