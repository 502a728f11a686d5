"""The SQL of a view: its base, the parts joined to it, the derived stages.

Three things keep large registers quick, and change nothing in the result. Parts of one source and key are one
aggregate. Where a part counts the base's own rows (how many share this telephone?), most rows stand alone, and only
repeated keys are grouped. Where the base is small beside a source, only the source's rows of the base are read.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

import duckdb

from povkit.register.store import SOURCE_COLUMNS
from povkit.views.needs import Relation
from povkit.views.placing import FILE_ROW
from povkit.views.prune import own_columns
from povkit.views.spec import IDENTITY, LIMIT, Col, Part, ViewSpec

FEW = 10
"""Repeated keys are few, and a base is small, if it has fewer than one row to so many of the source."""

COUNT = re.compile(r"count\((?:\*|DISTINCT (.+))\)")
"""Counts that are known of a row that stands alone: 1, or whether there is a value."""
_DIFFERENT = re.compile(r"count\(DISTINCT ([a-z_]+)\) FILTER \(WHERE (.+)\)")
_PIECE = re.compile(r"'[^']*'|[^']+")
_NAME = re.compile(r'(?<![\w."])"?\b([a-z_][a-z0-9_]*)\b"?(?!\w*\()')


VIEW_BASE = "view_base"
"""Temporary table of a base that is no input by itself, while its view is made."""


class LimitSource(Protocol):
    """Where limits come from: `povkit.policy.Limits` (attributes by name)."""

    def __getattr__(self, name: str) -> Any: ...


@dataclass
class Writer:
    """Writes the SQL of one view after the other; remembers the keys that stand in several rows.

    sizes: numbers of rows of relations, so far as they are known. made: by view and part, SQL of parts that stand
    already, and whether they count the base's own rows (see `part`).
    """

    con: duckdb.DuckDBPyConnection
    sources: dict[str, Relation]
    limits: LimitSource
    county: str
    sizes: dict[str, int] = field(default_factory=dict)
    made: dict[tuple[str, Part], tuple[str, bool]] = field(default_factory=dict)
    _repeated: dict[str, tuple[str, int, bool]] = field(default_factory=dict)

    def select(self, spec: ViewSpec, shown: Collection[str] | None = None, identity: Collection[str] = IDENTITY) -> str:
        """SQL of a view whose sources stand in the connection.

        shown: its columns beside IDENTITY, all by default; identity: columns of IDENTITY.
        """
        return self._select(spec, self._base(spec), shown, identity)

    def places(self, spec: ViewSpec, rows: str, number: int) -> str:
        """SQL of what `placing.prune_places` says of some rows of a view.

        rows: a relation of `number` rows that has FILE_ROW; so has the result.
        """
        place = FILE_ROW.sql
        these = f"{spec.base} SEMI JOIN {rows} ON {rows}.{FILE_ROW.name} = {place}"
        base = f"(SELECT {self._columns(spec.base_columns or ())} FROM {these})"
        self.sizes[base] = number
        return self._select(spec, base, None, spec.identity)

    def _select(self, spec: ViewSpec, base: str, shown: Collection[str] | None, identity: Collection[str]) -> str:
        selects, joins = ["b.*"], []
        for number, (part, members) in enumerate(together(spec.parts)):
            alias = f"p{number}"
            sql, own = self.made.get((spec.name, part)) or self.part(spec, part, base)
            if sql:
                joins.append(f"LEFT JOIN ({sql}) {alias} ON {alias}.part_key = {part.on}")
            for one in members:
                write = self._own if own else _joined
                selects += [f"{write(one, alias if sql else '', c)} AS {c.name}" for c in one.columns]
        sql = f"SELECT {', '.join(selects)} FROM {base} b {' '.join(joins)}"
        for stage in spec.derived:
            sql = f"SELECT *, {self._columns(stage)} FROM ({sql})"
        return self._with_identity(spec, sql, shown, identity)

    def part(self, spec: ViewSpec, part: Part, base: str) -> tuple[str, bool]:
        """SQL of a part with its `part_key`, and whether it counts repeated keys of the base's own rows alone.

        base: relation of the view's rows. Without repeated keys the SQL is "".
        """
        alone = self._alone(spec, part)
        return (self._part(part, base), False) if alone is None else (alone, True)

    def forget(self, relations: Collection[str]) -> None:
        """Ask anew about these relations and about repeated keys: the names mean other rows now."""
        for name in (*relations, *(name for name, *_ in self._repeated.values())):
            self.sizes.pop(name, None)
        self._repeated.clear()

    def _with_identity(self, spec: ViewSpec, sql: str, shown: Collection[str] | None, identity: Collection[str]) -> str:
        known = spec.identity | {"county_code": f"'{self.county}'"}
        places = [f"({fill(known.get(c, 'NULL'), self.limits)})::VARCHAR AS {c}" for c in IDENTITY if c in identity]
        own = own_columns(spec, {name: tuple(of.needs) for name, of in self.sources.items()})
        others = [f'"{c}"' for c in dict.fromkeys(own) if c not in IDENTITY and (shown is None or c in shown)]
        return f"SELECT {', '.join((*places, *others))} FROM ({sql})"

    def _base(self, spec: ViewSpec) -> str:
        """The base as a relation: an input as it is, anything else as a temporary table of its own."""
        columns = "*" if spec.base_columns is None else self._columns(spec.base_columns)
        sql = f"(SELECT {columns} FROM {fill(spec.base, self.limits)})"
        if spec.base in self.sources or not spec.parts:
            self.sizes[sql] = self.size(spec.base) if spec.base in self.sources else 0
            return sql
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {VIEW_BASE} AS FROM {sql}")
        self.sizes.pop(VIEW_BASE, None)
        return VIEW_BASE

    def size(self, relation: str) -> int:
        """Number of rows."""
        if relation not in self.sizes:
            self.sizes[relation] = int(self.con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
        return self.sizes[relation]

    def _columns(self, columns: Iterable[Col]) -> str:
        return ", ".join(f"{fill(c.sql, self.limits)} AS {c.name}" for c in columns)

    def _part(self, part: Part, base: str) -> str:
        """SQL of a part: one row a key. Keys that stand in one row only are taken as they are, where most do.

        Taking the first row, or different values, of a group costs many times the plain aggregate.
        """
        columns, key = self._columns(part.columns), fill(part.key, self.limits)
        where = f" WHERE {fill(part.where, self.limits)}" if part.where else ""
        of = f"SELECT {key} AS part_key, {columns} FROM {part.source}"
        order = ", ".join(c for c in SOURCE_COLUMNS if c in self.sources[part.source].needs) or "ALL"
        first = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"
        whole = first if part.first else f"GROUP BY {key}"
        if apart := self._counted_apart(part, key, where):
            return apart
        if "b." in part.on and self._asks_for_few(part, base):
            asked = f"(SELECT DISTINCT {part.on} AS asked_key FROM {base} b) asked"
            return f"{of} SEMI JOIN {asked} ON asked.asked_key = {key}{where} {whole}"
        if not (part.first or "DISTINCT" in columns):
            return f"{of}{where} {whole}"
        repeated, number, few = self._keys_repeated(part.source, key, where)
        if not few:
            return f"{of}{where} {whole}"
        alone = "" if part.first else f"GROUP BY {key}"
        if not number:
            return f"{_of_single_rows(of)}{where} {alone}"
        return (
            f"{_of_single_rows(of)} ANTI JOIN {repeated} ON {repeated}.repeated_key = {key}{where} {alone} "
            f"UNION ALL ({of} SEMI JOIN {repeated} ON {repeated}.repeated_key = {key}{where} {whole})"
        )

    def _counted_apart(self, part: Part, key: str, where: str) -> str:
        """SQL of a part that counts the different values of one column under several conditions; "" for another part.

        What holds of a value is found once for all conditions, instead of the different values once for each.
        """
        found = [_DIFFERENT.fullmatch(c.sql) for c in part.columns]
        counted = {each[1] if each else "" for each in found}
        if len(found) == 1 or len(counted) > 1 or "" in counted:
            return ""
        value = counted.pop()
        holds = ", ".join(
            f"bool_or({fill(each[2], self.limits)}) AS {c.name}"
            for c, each in zip(part.columns, found, strict=True)
            if each
        )
        counts = ", ".join(
            f"count(*) FILTER (WHERE {value} IS NOT NULL AND {c.name}) AS {c.name}" for c in part.columns
        )
        of = f"SELECT {key} AS part_key, {value}, {holds} FROM {part.source}{where} GROUP BY {key}, {value}"
        return f"SELECT part_key, {counts} FROM ({of}) GROUP BY part_key"

    def _asks_for_few(self, part: Part, base: str) -> bool:
        """Whether the base has few different keys beside the rows of a source."""
        most = self.size(part.source) // FEW
        if most < self.size(base) < self.size(part.source):
            asked = self.con.execute(f"SELECT approx_count_distinct({part.on}) FROM {base} b").fetchall()
            return int(asked[0][0]) <= most
        return self.size(base) <= most

    def _alone(self, spec: ViewSpec, part: Part) -> str | None:
        """SQL of a part that counts the base's own rows: repeated keys alone, "" if there are none; None: no such part.

        What a row that stands alone counts is written by `_own`.
        """
        if not (part.counts_itself and part.source == spec.base):
            return None
        key, where = fill(part.key, self.limits), f" WHERE {fill(part.where, self.limits)}" if part.where else ""
        repeated, number, few = self._keys_repeated(part.source, key, where)
        if not few:
            return None
        joined = f"{part.source} SEMI JOIN {repeated} ON {repeated}.repeated_key = {key}{where} GROUP BY {key}"
        return f"SELECT {key} AS part_key, {self._columns(part.columns)} FROM {joined}" if number else ""

    def _own(self, part: Part, alias: str, column: Col) -> str:
        """A count over the base's own rows: of a repeated key as joined, else of the row alone."""
        counted = COUNT.fullmatch(column.sql)
        names = self.sources[part.source].needs
        value = counted[1] if counted else None
        alone = f"(({_of_base(value, names)}) IS NOT NULL)::BIGINT" if value else "1::BIGINT"
        whole = f"({part.on}) IS NOT NULL"
        if part.where:
            whole += f" AND ({_of_base(fill(part.where, self.limits), names)})"
        joined = f"WHEN {alias}.part_key IS NOT NULL THEN {alias}.{column.name} " if alias else ""
        return f"CASE {joined}WHEN {whole} THEN {alone} END"

    def _keys_repeated(self, source: str, key: str, where: str) -> tuple[str, int, bool]:
        """A table of the keys that stand in several rows of a source, how many there are, and whether that is few."""
        asked = f"SELECT {key} AS repeated_key FROM {source}{where} GROUP BY {key}"
        if asked not in self._repeated:
            name = f"repeated_{len(self._repeated)}"
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS {asked} HAVING count(*) > 1 AND repeated_key IS NOT NULL"
            )
            number = self.size(name)
            self._repeated[asked] = name, number, number * FEW <= self.size(source)
        return self._repeated[asked]


def together(parts: Iterable[Part]) -> Iterable[tuple[Part, list[Part]]]:
    """Parts that one aggregate can give, of the same rows and the same key: as one, and one by one."""
    groups: dict[tuple[Any, ...], list[Part]] = {}
    for part in parts:
        distinct = any("DISTINCT" in c.sql for c in part.columns)
        groups.setdefault(
            (part.source, part.key, part.on, part.where, part.first, part.counts_itself, distinct), []
        ).append(part)
    for group in groups.values():
        yield replace(group[0], columns=tuple(c for part in group for c in part.columns)), group


def _of_single_rows(sql: str) -> str:
    """Aggregates over groups of one row: neither order nor repetition is possible, and a list has one member.

    >>> _of_single_rows("SELECT string_agg(DISTINCT list, '、' ORDER BY list), list(DISTINCT name) FROM x")
    "SELECT string_agg(list, '、'), [min(name)] FROM x"
    """
    sql = re.sub(r"\blist\(DISTINCT ([a-z_]+)\)(?! FILTER)", r"[min(\1)]", sql)
    return re.sub(r" ORDER BY [a-z_]+(?=\))", "", sql.replace("(DISTINCT ", "("))


def _of_base(sql: str, names: Iterable[str]) -> str:
    """The same SQL with columns of the base named as such.

    >>> _of_base("list = 'list' AND left(name, 1) = 'x'", ["list", "name", "left"])
    "b.list = 'list' AND left(b.name, 1) = 'x'"
    """
    known = set(names)

    def named(found: re.Match[str]) -> str:
        return f"b.{found[1]}" if found[1] in known else found[0]

    return "".join(piece if piece.startswith("'") else _NAME.sub(named, piece) for piece in _PIECE.findall(sql))


def _joined(part: Part, alias: str, column: Col) -> str:
    """A part's column, or its default where the part has no row (or, mostly, nothing in it)."""
    value = f"{alias}.{column.name}"
    if not column.default:
        return value
    if part.blank_stays:
        return f"CASE WHEN {alias}.part_key IS NULL THEN {column.default} ELSE {value} END"
    return f"coalesce({value}, {column.default})"


def fill(sql: str, limits: LimitSource) -> str:
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
