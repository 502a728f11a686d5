"""Column names and values as people read them."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from povkit.register.schema import Column, load_tables
from povkit.report.options import ColumnLabels
from povkit.report.words import Words


@cache
def _schema_columns() -> dict[str, Column]:
    """Every column of the contract by name; a name that two tables use takes the first table's meaning."""
    columns: dict[str, Column] = {}
    for table in load_tables().values():
        for name, column in table.columns.items():
            columns.setdefault(name, column)
    return columns


def clean(text: str) -> str:
    """Text without control characters (they have no shape and break spreadsheets): each becomes a blank.

    >>> clean("a\\x07b\\nc")
    'a b c'
    """
    return text if text.isprintable() else "".join(" " if ord(char) < 32 or ord(char) == 127 else char for char in text)


_LISTED_MAX = 12
"""Items of a list that are spelt out in a report; findings.parquet holds them all."""


class Labels:
    """Readable labels and values in one language.

    A label comes from the mapping given, else from the fixed words, else from the form's header (Chinese) or the
    column's own name (English).
    """

    def __init__(self, words: Words, given: ColumnLabels | None = None) -> None:
        self._words = words
        self._given = given or {}
        self._known: dict[tuple[str, str], str] = {}

    def label(self, column: str, table: str = "") -> str:
        """Label of a column or limit. `table` says which table's header to take where several have such a column."""
        if (column, table) not in self._known:
            self._known[column, table] = clean(self._find(column, table))
        return self._known[column, table]

    def _find(self, column: str, table: str) -> str:
        if column in self._given:
            return self._given[column][0 if self._words.language == "zh" else 1]
        if f"value.{column}" in self._words:
            return self._words(f"value.{column}")
        return self._formal(column, table)

    def header(self, column: str, table: str) -> str:
        """The form's header of a table's column in Chinese, the column's name in English."""
        return clean(self._formal(column, table))

    def _formal(self, column: str, table: str) -> str:
        tables = load_tables()
        own = tables[table].columns.get(column) if table in tables else None
        found = own or _schema_columns().get(column)
        return found.zh[0] if found and self._words.language == "zh" else column.replace("_", " ")

    def table(self, name: str) -> str:
        """Label of a table of the contract."""
        found = load_tables().get(name)
        return found.zh if found and self._words.language == "zh" else clean(name.replace("_", " "))

    def need(self, need: str) -> str:
        """Label of what a rule needs: a table, `table.column`, or a column."""
        table, _, column = need.partition(".")
        if table not in load_tables():
            return self.label(need)
        return f"{self.table(table)} · {self.header(column, table)}" if column else self.table(table)

    def value(self, value: Any) -> str:
        """A value of the evidence: blank is said, truth is yes or no, lists are joined, decimals cut to two.

        What is said in both languages ({"zh": …, "en": …}) is said in this one.
        """
        words = self._words
        if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
            return words("mark.blank")
        if isinstance(value, bool):
            return words("mark.true" if value else "mark.false")
        if isinstance(value, float):
            return _decimal(value)
        if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
            return self.value(value[words.language])
        if isinstance(value, Mapping):
            return "(" + self.pairs(value) + ")"
        if isinstance(value, list | tuple):
            shown = words("mark.list").join(self.value(item) for item in value[:_LISTED_MAX])
            rest = words("mark.gap") + words("mark.more", n=len(value)) if len(value) > _LISTED_MAX else ""
            return shown + rest or words("mark.blank")
        return clean(str(value))

    def pairs(self, values: Mapping[str, Any], table: str = "") -> str:
        """label: value pairs on one line. `table` as in `label`; a finding's level is its table."""
        equals = self._words("mark.equals")
        texts = (self.label(name, table) + equals + self.value(value) for name, value in values.items())
        return self._words("mark.pairs").join(texts)


def _decimal(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if abs(value) < 0.01:
        return f"{value:.2g}"
    text = f"{value:.4f}" if abs(value) < 1 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".")
