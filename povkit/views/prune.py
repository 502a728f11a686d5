"""Leave out of the views what nobody asks for: on a large register most of the time and memory goes into width.

Worked out on the descriptions alone, by the words of their SQL. A word too many keeps a column too many; a column that
is needed always stays.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from povkit.register.schema import load_tables
from povkit.register.store import SOURCE_COLUMNS
from povkit.views.spec import IDENTITY, Col, Part, ViewSpec

JOINED = re.compile(r"\bb\.([a-z_0-9]+)")
"""Columns of the view's base that a part is joined by, or that a default reads."""
_STRING = re.compile(r"'[^']*'")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


def columns_of(specs: Iterable[ViewSpec]) -> dict[str, tuple[str, ...]]:
    """Names of all columns of each view, before anything is built.

    >>> from povkit.views import VIEWS
    >>> "farmland" in columns_of(VIEWS)["household"]
    True
    """
    found: dict[str, tuple[str, ...]] = {}
    for spec in specs:
        found[spec.name] = tuple(dict.fromkeys((*IDENTITY, *own_columns(spec, found))))
    return found


def own_columns(spec: ViewSpec, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Columns that a view has of itself, in order. names: columns of the views that it may be based on."""
    more = (*_of_parts(spec.parts), *(c for stage in spec.derived for c in stage))
    return (*_of_base(spec, names), *(c.name for c in more))


def prune(specs: Iterable[ViewSpec], wanted: Mapping[str, Collection[str]]) -> tuple[ViewSpec, ...]:
    """The same views in the same order with no more than the wanted columns and what stands behind them.

    wanted: names of columns by view; a view that is neither wanted nor read by another is left out. The columns of
    IDENTITY are always there.
    """
    specs = tuple(specs)
    names = columns_of(specs)
    keep = {view: set(columns) for view, columns in wanted.items()}
    kept = []
    for spec in reversed(specs):
        if spec.name not in keep:
            continue
        narrow = _narrow(spec, keep[spec.name], names)
        kept.append(narrow)
        for source, words in _read(narrow):
            whole = "*" in source.replace("count(*)", "")
            for view in _words(source) & names.keys():
                keep.setdefault(view, set()).update(names[view] if whole else words)
    return tuple(reversed(kept))


def read_later(specs: Iterable[ViewSpec], apart: Collection[str] = ()) -> dict[str, set[str]]:
    """Columns of each view that views after it may read, by name; a view that none reads has none.

    apart: names of views whose reading does not count.

    >>> from povkit.views import HOUSEHOLD, PERSON
    >>> {view: "age" in columns for view, columns in read_later([PERSON, HOUSEHOLD]).items()}
    {'person': True, 'household': False}
    """
    specs = tuple(specs)
    names = columns_of(specs)
    later: dict[str, set[str]] = {spec.name: set() for spec in specs}
    for spec in specs:
        for source, words in () if spec.name in apart else _read(spec):
            whole = "*" in source.replace("count(*)", "")
            for view in _words(source) & names.keys():
                later[view] |= set(names[view]) if whole else words & set(names[view])
    return later


def inputs_of(specs: Iterable[ViewSpec]) -> dict[str, set[str]]:
    """Words that may be columns of the input relations (`raw_<table>`, `raw_<table>_last`) that views read."""
    found: dict[str, set[str]] = {}
    for spec in specs:
        for source, words in _read(spec):
            for name in _words(source):
                if name.startswith("raw_"):
                    found.setdefault(name, set()).update(words)
    return found


def _narrow(spec: ViewSpec, wanted: Collection[str], names: Mapping[str, tuple[str, ...]]) -> ViewSpec:
    """One view with its wanted columns and those that they are made of."""
    keep = set(wanted).union(*(_words(sql) for sql in spec.identity.values()))
    derived = []
    for stage in reversed(spec.derived):
        derived.append(tuple(c for c in stage if c.name in keep))
        keep.update(*(_words(c.sql) for c in derived[-1]))
    parts = []
    for part in reversed(spec.parts):
        columns = tuple(c for c in part.columns if c.name in keep)
        if columns:
            parts.append(replace(part, columns=columns))
            keep.update(JOINED.findall(part.on), *(JOINED.findall(c.default) for c in columns))
            if part.source == spec.base:  # a count over the base's own rows also reads the row itself
                keep.update(_words(f"{part.key} {part.where}"), *(_words(c.sql) for c in columns))
    if spec.base_columns is None:
        base = tuple(Col(name, f'"{name}"', "", "") for name in _of_base(spec, names) if name in keep)
    else:
        base = tuple(c for c in spec.base_columns if c.name in keep)
    base = base or (Col("nothing", "NULL", "", ""),)
    stages = tuple(stage for stage in reversed(derived) if stage)
    return replace(spec, parts=tuple(reversed(parts)), derived=stages, base_columns=base)


def _read(spec: ViewSpec) -> Iterable[tuple[str, set[str]]]:
    """Relations that a view reads (names or sub-selects), and the words that may be columns of theirs."""
    yield spec.base, _words(spec.base).union(*(_words(c.sql) for c in spec.base_columns or ()))
    for part in spec.parts:
        order = SOURCE_COLUMNS if part.first else ()
        yield part.source, _words(f"{part.key} {part.where}").union(order, *(_words(c.sql) for c in part.columns))


def _words(sql: str) -> set[str]:
    """All words outside quotes, those behind a dot too (`Col.words` leaves them out)."""
    return set(_WORD.findall(_STRING.sub("", sql)))


def _of_parts(parts: Iterable[Part]) -> Iterable[Col]:
    return (column for part in parts for column in part.columns)


def _of_base(spec: ViewSpec, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if spec.base_columns is not None:
        return tuple(c.name for c in spec.base_columns)
    if spec.base in names:
        return names[spec.base]
    table = load_tables()[spec.base.removeprefix("raw_").removesuffix("_last")]
    return (*table.columns, *SOURCE_COLUMNS)
