"""What stands behind each column of a view: which inputs, which limits. Read off the SQL, so that it cannot drift."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from povkit.register.schema import load_tables
from povkit.views.prune import JOINED
from povkit.views.spec import IDENTITY, Col, Part, ViewSpec

SECTOR = "sector"
"""The table that holds many lists: a list that was not handed in is absent like a column."""


class Need(NamedTuple):
    """An input: table, column (`*`: the whole table; of `sector` also a list), this year's or last year's."""

    table: str
    column: str
    last: bool = False


@dataclass
class Relation:
    """A relation and, for each of its columns, the inputs and the limits behind it."""

    name: str
    needs: dict[str, frozenset[Need]] = field(default_factory=dict)
    limits: dict[str, frozenset[str]] = field(default_factory=dict)


def describe(spec: ViewSpec, sources: dict[str, Relation]) -> Relation:
    """A view as a relation: needs and limits of all its columns. sources: the relations it is made of."""
    scope = Relation(spec.name)
    if spec.base_columns is None:
        scope.needs |= sources[spec.base].needs
        scope.limits |= sources[spec.base].limits
    else:
        source = _merged(spec.base, sources)
        for column in spec.base_columns:
            _note(scope, column, source, _presence(spec.base, sources))
    for part in spec.parts:
        _note_part(scope, part, sources)
    for stage in spec.derived:
        for column in stage:
            _note(scope, column, scope, ())
    for name in IDENTITY:
        scope.needs.setdefault(name, frozenset())
    return scope


def _note_part(scope: Relation, part: Part, sources: dict[str, Relation]) -> None:
    source = sources[part.source]
    extra = Col("", f"{part.key} {part.where}", "", "")
    presence = _presence(part.source, sources)
    conditions = [need for word in extra.words() for need in source.needs.get(word, ())]
    joined = [need for word in JOINED.findall(part.on) for need in scope.needs.get(word, ())]
    conditions += [need for need in joined if need.column not in load_tables()[need.table].key]
    for column in part.columns:
        _note(scope, column, source, (*presence, *conditions), extra.limits())
        if part.optional:
            scope.needs[column.name] = frozenset()


def _merged(sql: str, sources: dict[str, Relation]) -> Relation:
    """Columns of all the relations that a sub-select names."""
    merged = Relation(sql)
    for name in Col("", sql, "", "").words() & sources.keys():
        for column, needs in sources[name].needs.items():
            merged.needs[column] = merged.needs.get(column, frozenset()) | needs
        merged.limits |= sources[name].limits
    return merged


def _presence(sql: str, sources: dict[str, Relation]) -> tuple[Need, ...]:
    """The tables as a whole that a relation name or sub-select reads directly."""
    raw = [name for name in Col("", sql, "", "").words() & sources.keys() if name.startswith("raw_")]
    return tuple(Need(n.removeprefix("raw_").removesuffix("_last"), "*", n.endswith("_last")) for n in raw)


def _note(scope: Relation, column: Col, source: Relation, extra: Iterable[Need], limits: Iterable[str] = ()) -> None:
    words = (column.words() & source.needs.keys()) - {*column.spare}
    needs = frozenset(need for word in words for need in source.needs[word]) | frozenset(extra)
    if any(need.table == SECTOR for need in needs) and "list" in words:
        needs |= {
            Need(SECTOR, code) for code in load_tables()[SECTOR].columns["list"].codes if f"'{code}'" in column.sql
        }
    behind = frozenset(name for word in words for name in source.limits.get(word, ()))
    scope.needs[column.name] = needs
    scope.limits[column.name] = behind | frozenset(column.limits()) | frozenset(limits)
