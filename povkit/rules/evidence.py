"""From flagged rows to findings: for each, the values that decided it and the limits they were held against."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import duckdb

from povkit.views import IDENTITY, View
from povkit.vocab import FINDING_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

    from povkit.rules.engine import Prepared


_RULE = "rule"
"""Column that stands beside a finding's own while rules run: the name of the rule."""

_NUMBERS = count()


@dataclass
class Found:
    """Findings in a temporary table of DuckDB, which counts to its memory and spills like any other.

    pyarrow is loaded when they are taken over as Arrow: with NumPy behind it, it takes longer to load than ten rules
    take to run.
    """

    con: duckdb.DuckDBPyConnection

    def __post_init__(self) -> None:
        self.name = f"found_{next(_NUMBERS)}"
        columns = ", ".join(f"{name} {_type(name)}" for name in (*FINDING_COLUMNS, _RULE))
        self.con.execute(f"CREATE TEMP TABLE {self.name} ({columns})")

    def add(self, relation: str, view: View, ready: Iterable["Prepared"]) -> None:
        """Findings out of a relation of flagged rows: identity, used columns, one boolean a rule."""
        parts = [f"({_select(relation, view, each)})" for each in ready]
        if parts:
            self.con.execute(f"INSERT INTO {self.name} {' UNION ALL '.join(parts)}")

    def leave_out(self, rules: Collection[str]) -> None:
        """Take back the findings of rules, by their names."""
        if rules:
            self.con.execute(f"DELETE FROM {self.name} WHERE {_RULE} IN ({', '.join(map(_text, rules))})")

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The findings (FINDING_COLUMNS) as a relation of DuckDB."""
        return self.con.sql(f"SELECT {', '.join(FINDING_COLUMNS)} FROM {self.name}")

    def table(self) -> "pa.Table":
        """The findings (FINDING_SCHEMA) as Arrow."""
        return self.relation().to_arrow_table()

    def drop(self) -> None:
        """Give the table back."""
        self.con.execute(f"DROP TABLE {self.name}")


def _type(name: str) -> str:
    return "TINYINT" if name == "grade" else "VARCHAR"


def _select(relation: str, view: View, each: "Prepared") -> str:
    rule = each.rule
    values = {
        "code": _text(rule.code),
        "rule_version": _text(rule.version(each.limits)),
        "level": _text(str(view.level)),
        **{name: name for name in IDENTITY},
        "evidence": _evidence(each),
        "title_zh": _text(rule.zh),
        "title_en": _text(rule.en),
    }
    columns = (f"({values.get(name, 'NULL')})::{_type(name)} AS {name}" for name in FINDING_COLUMNS)
    return f'SELECT {", ".join(columns)}, {_text(rule.name)} AS {_RULE} FROM {relation} WHERE "{rule.name}"'


def _evidence(each: "Prepared") -> str:
    shown = [name for name in each.columns if name != each.rule.within]
    fields = [f'"{name}" := "{name}"' for name in shown]
    if each.rule.face:
        fields.append(f"face := {_text(each.rule.face)}")
    if each.limits:
        fields.append(f"limits := {_text(_json(each.limits))}::JSON")
    return f"to_json(struct_pack({', '.join(fields)}))" if fields else "'{}'"


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot stand in evidence")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
