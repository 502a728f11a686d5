"""Build the views of one county: join once what rules may ask, and remember what every column needs.

Source relations in the connection: `raw_<table>` and `raw_<table>_last` hold the contract's columns (absent ones as
typed blanks); then one temporary table per view. A column is *available* when every input column behind it was handed
in; rules that use an unavailable column are not run, with the reason.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import duckdb

from povkit.register.schema import SQL_TYPE, Table, load_tables
from povkit.register.store import SOURCE_COLUMNS, Register
from povkit.views.links import described, link_lists
from povkit.views.needs import SECTOR, Need, Relation, describe
from povkit.views.prune import own_columns, prune
from povkit.views.spec import IDENTITY, LIMIT, Col, Part, ViewSpec
from povkit.vocab import Level


class LimitSource(Protocol):
    """Where limits come from: `povkit.policy.Limits` (attributes by name)."""

    def __getattr__(self, name: str) -> Any: ...


FEW = 10
"""Repeated keys are few if there are fewer than one to so many rows."""


@dataclass(frozen=True)
class View:
    """A view that was built: relation `name` in the connection, one row an object of `level`."""

    name: str
    level: Level
    needs: dict[str, frozenset[Need]]
    limits: dict[str, frozenset[str]]
    types: dict[str, str]


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


def build_views(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    county: str,
    data_year: int,
    limits: LimitSource,
    specs: Iterable[ViewSpec],
    wanted: Mapping[str, Collection[str]] | None = None,
) -> Views:
    """Build `specs` in order for a county's snapshots of `data_year` and the year before.

    wanted: columns by view, to build these alone and what they are made of (see `prune`); all by default.

    Raises whatever DuckDB raises for a damaged snapshot; whether snapshots exist is for the caller to check.
    """
    sources: dict[str, Relation] = {}
    rows: dict[tuple[str, int | None], int | None] = {}
    absent: set[Need] = set()
    for table in load_tables().values():
        years = ((data_year, False), (data_year - 1, True)) if table.snapshot else ((data_year, False),)
        for year, last in years:
            source, lacking, count = _load(con, register, county, table, year, last)
            sources[source.name] = source
            absent |= lacking
            rows[table.name, year if table.snapshot else None] = count
    sources |= described()
    specs = tuple(specs)
    narrow = {spec.name: spec for spec in (specs if wanted is None else prune(specs, wanted))}
    link_lists(con, narrow.values())
    maker = _Maker(con, sources, limits, county)
    views = {spec.name: maker.make(spec, narrow.get(spec.name)) for spec in specs}
    return Views(con, views, frozenset(absent), rows)


def _load(
    con: duckdb.DuckDBPyConnection, register: Register, county: str, table: Table, year: int, last: bool
) -> tuple[Relation, set[Need], int | None]:
    name = f"raw_{table.name}" + ("_last" if last else "")
    path = register.path(county, table.name, year)
    relation = Relation(name, {c: frozenset({Need(table.name, c, last)}) for c in table.columns})
    relation.needs |= {c: frozenset() for c in SOURCE_COLUMNS}
    lists = table.columns["list"].codes if table.name == SECTOR else ()
    everything = {Need(table.name, c, last) for c in ("*", *table.columns, *lists)}
    if not path.exists():
        blanks = [f'NULL::{SQL_TYPE[c.type]} AS "{c.name}"' for c in table.columns.values()]
        blanks += [f"NULL::{'BIGINT' if c == 'source_row' else 'VARCHAR'} AS {c}" for c in SOURCE_COLUMNS]
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {', '.join(blanks)} WHERE false")
        return relation, everything, None
    file = str(path).replace("'", "''")
    have = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()}
    columns = [
        (f'"{c.name}"' if c.name in have else "NULL") + f'::{SQL_TYPE[c.type]} AS "{c.name}"'
        for c in table.columns.values()
    ]
    columns += list(SOURCE_COLUMNS)
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {', '.join(columns)} FROM read_parquet('{file}')")
    counted = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    lacking = {Need(table.name, c, last) for c in table.columns if c not in have}
    if table.name == SECTOR:
        have = {row[0] for row in con.execute(f"SELECT DISTINCT list FROM {name}").fetchall()}
        have |= register.lists(county)
        lacking |= {Need(SECTOR, c) for c in table.columns["list"].codes if c not in have}
    return relation, lacking, int(counted)


@dataclass
class _Maker:
    """Makes one view after the other; `repeated` remembers the keys of a source that stand in several rows."""

    con: duckdb.DuckDBPyConnection
    sources: dict[str, Relation]
    limits: LimitSource
    county: str
    repeated: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def make(self, spec: ViewSpec, narrow: ViewSpec | None) -> View:
        """Describe the whole view; build as much of it as `narrow` holds (None: nothing)."""
        scope = self.sources[spec.name] = describe(spec, self.sources)
        types = {}
        if narrow is not None:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {spec.name} AS {self._select(narrow)}")
            types = {row[0]: str(row[1]) for row in self.con.execute(f"DESCRIBE {spec.name}").fetchall()}
        names = tuple(dict.fromkeys((*types, *scope.needs)))
        needs = {name: scope.needs.get(name, frozenset()) for name in names}
        limits = {name: scope.limits.get(name, frozenset()) for name in names}
        return View(spec.name, spec.level, needs, limits, types)

    def _select(self, spec: ViewSpec) -> str:
        """SQL of a view."""
        joins = []
        selects = ["b.*"]
        for number, part in enumerate(spec.parts):
            alias = f"p{number}"
            joins.append(f"LEFT JOIN ({self._part(part)}) {alias} ON {alias}.part_key = {part.on}")
            selects += [
                f"{_default(part, alias, c)} AS {c.name}" if c.default else f"{alias}.{c.name}" for c in part.columns
            ]
        sql = f"SELECT {', '.join(selects)} FROM ({self._base(spec)}) b {' '.join(joins)}"
        for stage in spec.derived:
            sql = f"SELECT *, {self._columns(stage)} FROM ({sql})"
        identity = [
            f"({_fill(spec.identity.get(c, 'NULL'), self.limits)})::VARCHAR AS {c}"
            for c in IDENTITY
            if c != "county_code"
        ]
        taken = sorted(
            set(IDENTITY) & set(own_columns(spec, {name: tuple(of.needs) for name, of in self.sources.items()}))
        )
        keep = "* EXCLUDE (" + ", ".join(taken) + ")" if taken else "*"
        return f"SELECT '{self.county}' AS county_code, {', '.join(identity)}, {keep} FROM ({sql})"

    def _base(self, spec: ViewSpec) -> str:
        if spec.base_columns is None:
            return f"SELECT * FROM {spec.base}"
        return f"SELECT {self._columns(spec.base_columns)} FROM {_fill(spec.base, self.limits)}"

    def _columns(self, columns: Iterable[Col]) -> str:
        return ", ".join(f"{_fill(c.sql, self.limits)} AS {c.name}" for c in columns)

    def _part(self, part: Part) -> str:
        """SQL of a part: one row a key. Keys that stand in one row only are taken as they are, where most do.

        Taking the first row, or different values, of a group costs many times the plain aggregate.
        """
        columns, key = self._columns(part.columns), _fill(part.key, self.limits)
        where = f" WHERE {_fill(part.where, self.limits)}" if part.where else ""
        of = f"SELECT {key} AS part_key, {columns} FROM {part.source}"
        order = ", ".join(c for c in SOURCE_COLUMNS if c in self.sources[part.source].needs) or "ALL"
        first = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"
        whole = first if part.first else f"GROUP BY {key}"
        if not (part.first or "DISTINCT" in columns):
            return f"{of}{where} {whole}"
        repeated, few = self._repeated(part.source, key, where)
        if not few:
            return f"{of}{where} {whole}"
        alone = "" if part.first else f"GROUP BY {key}"
        return (
            f"{_of_single_rows(of)} ANTI JOIN {repeated} ON {repeated}.repeated_key = {key}{where} {alone} "
            f"UNION ALL ({of} SEMI JOIN {repeated} ON {repeated}.repeated_key = {key}{where} {whole})"
        )

    def _repeated(self, source: str, key: str, where: str) -> tuple[str, bool]:
        """A table of the keys that stand in several rows of a source, and whether they are few."""
        asked = f"SELECT {key} AS repeated_key FROM {source}{where} GROUP BY {key}"
        if asked not in self.repeated:
            name = f"repeated_{len(self.repeated)}"
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS {asked} HAVING count(*) > 1 AND repeated_key IS NOT NULL"
            )
            counts = f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM {source})"
            twice, rows = self.con.execute(counts).fetchall()[0]
            self.repeated[asked] = name, twice * FEW <= rows
        return self.repeated[asked]


def _of_single_rows(sql: str) -> str:
    """Aggregates over groups of one row: neither order nor repetition is possible, and a list has one member.

    >>> _of_single_rows("SELECT string_agg(DISTINCT list, '、' ORDER BY list), list(DISTINCT name) FROM x")
    "SELECT string_agg(list, '、'), [min(name)] FROM x"
    """
    sql = re.sub(r"\blist\(DISTINCT ([a-z_]+)\)(?! FILTER)", r"[min(\1)]", sql)
    return re.sub(r" ORDER BY [a-z_]+(?=\))", "", sql.replace("(DISTINCT ", "("))


def _default(part: Part, alias: str, column: Col) -> str:
    """A part's column, or its default where the part has no row (or, mostly, nothing in it)."""
    value = f"{alias}.{column.name}"
    if part.blank_stays:
        return f"CASE WHEN {alias}.part_key IS NULL THEN {column.default} ELSE {value} END"
    return f"coalesce({value}, {column.default})"


def _fill(sql: str, limits: LimitSource) -> str:
    """Put the limits' values where the SQL names them."""
    return LIMIT.sub(lambda found: literal(getattr(limits, found[1])), sql)


def literal(value: Any) -> str:
    """A limit's value as SQL: numbers, texts, dates, booleans, and lists of them in brackets.

    >>> literal(["C级", "D级"])
    "('C级', 'D级')"
    """
    if isinstance(value, list | tuple):
        return "(" + ", ".join(literal(item) for item in value) + ")"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, bool) or value is None:
        return {True: "TRUE", False: "FALSE", None: "NULL"}[value]
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
