"""Rules that the schema makes: fields that must be filled in, and codes that must be in their list.

No rule is written here: `parameters/layouts/tables.yaml` says under `checks` which column serves which code of the
catalogue. Columns that share a code make one rule; a column beyond the 2018 export makes its own, so that its absence
stops no other.
"""

from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from povkit.register.schema import Column, load_tables
from povkit.rules.rule import Columns, Rule, add

_WORDS = {
    "blank": ("为空", "Blank"),
    "codes": ("不在代码表", "Not in the code list"),
    "blank+codes": ("为空或不在代码表", "Blank or not in the code list"),
}

_WITHIN = {"village": "in_village_table"}
"""Views with rows that are not in the table itself: the rules speak of those that are."""

_NAMES_SHOWN = 5
"""A title names so many fields; where there are more it names two and how many there are."""


def _doubt(h: Columns, column: Column, kind: str) -> nw.Expr:
    """True where a column is blank (kind "blank") or holds something that is not in its list (kind "codes")."""
    value = getattr(h, column.name)
    if kind == "blank":
        blank: nw.Expr = value.is_null()
        return blank
    if column.multiple:
        choice = "|".join(column.codes)
        outside: nw.Expr = ~value.str.contains(f"^({choice})(,({choice}))*$")
    else:
        outside = ~value.is_in([*column.codes, *column.aka])
    return outside.fill_null(False) if "blank" in column.checks else outside


def _few(names: list[str], between: str, more: str) -> str:
    """The names, or where they are many the first ones and how many there are."""
    return between.join(names) if len(names) <= _NAMES_SHOWN else between.join(names[:2]) + more.format(len(names))


def _make(code: str, table: str, columns: list[Column]) -> Rule:
    kinds = [kind for kind in ("blank", "codes") if any(kind in column.checks for column in columns)]

    def check(h: Columns, limits: Any) -> nw.Expr:
        return reduce(or_, (_doubt(h, column, kind) for column in columns for kind in column.checks))

    zh = _few([column.zh[0] for column in columns], "、", "等{}项")
    names = [column.name.replace("_", " ") for column in columns]
    en = _few(names, ", ", " and others ({} fields)")
    codes = "; ".join(f"{column.name} in {', '.join(column.codes)}" for column in columns if "codes" in column.checks)
    words_zh, words_en = _WORDS["+".join(kinds)]
    check.__doc__ = (
        f"{words_en}: {en}.\n\n"
        f"Why: the form asks for it, and other checks and the household's help depend on it.\n"
        f"Basis: the register's form; code list: {codes or 'none'}.\n"
        f"Flags: {'blank' if 'blank' in kinds else 'a value outside the list; blank cannot be judged'}"
        f"{' or a value outside the list' if len(kinds) == 2 else ''}: {', '.join(names)}.\n"
    )
    face = columns[0].zh[0] if columns[0].optional else ""
    return Rule(code, table, check, zh + words_zh, within=_WITHIN.get(table, ""), face=face)


def _fill_shelf() -> None:
    for table in load_tables().values():
        by_code: dict[tuple[str, str], list[Column]] = {}
        for column in table.columns.values():
            for code in dict.fromkeys(column.checks.values()):
                by_code.setdefault((code, column.name if column.optional else ""), []).append(column)
        for (code, _), columns in by_code.items():
            add(_make(code, table.name, columns))


_fill_shelf()
