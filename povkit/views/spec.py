"""How a view is described: a base table, parts that others add to it, and columns derived from both.

A column is one line: its name, its SQL, its label. What it needs (which columns of which input tables, which limits)
is read off its SQL, so that it cannot drift: a word that names a column of the source needs that column, a word
`:name` is a limit of the policy.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from povkit.register.schema import load_tables
from povkit.vocab import Level

IDENTITY = ("object_id", "county_code", "township", "village_code", "village", "household_id", "person_id", "subject")
"""Columns that every view has: where the object belongs and what it is called."""

_STRING = re.compile(r"'[^']*'")
_WORD = re.compile(r"(?<![:\w.])[a-z_][a-z0-9_]*")
LIMIT = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


@cache
def _words(sql: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_STRING.sub("", sql)))


@cache
def _limits(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(LIMIT.findall(_STRING.sub("", sql)))) if ":" in sql else ()


@dataclass(frozen=True)
class Col:
    """A derived column. `default` stands where a part has no row for the object (a count of nothing is 0).

    spare: columns in the SQL that only add to what the others say; the column stays available where they were not
    handed in.
    """

    name: str
    sql: str
    zh: str
    en: str
    default: str = ""
    spare: tuple[str, ...] = ()

    def words(self) -> set[str]:
        """Words of the SQL outside quotes: candidates for column names."""
        return set(_words(self.sql))

    def limits(self) -> tuple[str, ...]:
        """Names of the policy's limits in the SQL, in order."""
        return _limits(self.sql)


@dataclass(frozen=True)
class Part:
    """Columns that a source adds to a view, one row for each value of `key`.

    source: relation to read: `raw_<table>`, `raw_<table>_last` (the year before), or a view built earlier.
    key: SQL over the source; on: column of the view that equals it.
    first: take the first row of a key in file order instead of aggregating.
    optional: the part only adds to what the view knows otherwise; without its input its columns stand at their
    defaults (or blank) and stay available.
    blank_stays: a blank that the part itself gives means unknown; defaults stand only where it has no row.
    counts_itself: the part counts rows of the view's own base, and which rows count depends on their key alone.
    """

    source: str
    key: str
    on: str
    columns: tuple[Col, ...]
    where: str = ""
    first: bool = False
    optional: bool = False
    blank_stays: bool = False
    counts_itself: bool = False


@dataclass(frozen=True)
class ViewSpec:
    """A view: one row an object of `level`. `base`: a relation or sub-select; `derived` stages build on each other."""

    name: str
    level: Level
    base: str
    parts: tuple[Part, ...]
    derived: tuple[tuple[Col, ...], ...]
    identity: dict[str, str] = field(default_factory=dict)
    base_columns: tuple[Col, ...] | None = None


def take(table: str, *names: str, prefix: str = "") -> tuple[Col, ...]:
    """Columns of a contract table under their own names (or with a prefix), with the form's headers as labels."""
    columns = load_tables()[table].columns
    last = prefix == "last_"
    return tuple(
        Col(
            prefix + name,
            f'"{name}"' if name == "on" else name,
            ("上年" if last else "") + columns[name].zh[0],
            ("last year's " if last else "") + (name if name == "on" else name.replace("_", " ")),
        )
        for name in names
    )
