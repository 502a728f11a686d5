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

_FACTS = ("code", "rule_version", "title_zh", "title_en", _RULE)
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
        """Findings out of a relation of flagged rows: identity, used columns, one boolean a rule.

        One pass over the rows, each with the list of its findings: a query for each rule takes longer to plan than a
        small county takes to judge.
        """
        ready = list(ready)
        if not ready:
            return
        hits = ", ".join(
            f'CASE WHEN "{each.rule.name}" THEN {{number: {number}, evidence: ({_evidence(each)})::VARCHAR}} END'
            for number, each in enumerate(ready)
        )
        facts = ", ".join(f"({number}, {_facts(each)})" for number, each in enumerate(ready))
        own = {name: f"h.{name}" for name in IDENTITY} | {name: f"r.{name}" for name in _FACTS}
        own |= {"evidence": "h.hit.evidence", "level": _text(str(view.level))}
        columns = (f"({own.get(name, 'NULL')})::{_type(name)}" for name in (*FINDING_COLUMNS, _RULE))
        self.con.execute(
            f"INSERT INTO {self.name} SELECT {', '.join(columns)} "
            f"FROM (SELECT {', '.join(IDENTITY)}, unnest([{hits}]) AS hit FROM {relation}) h "
            f"JOIN (VALUES {facts}) r(number, {', '.join(_FACTS)}) ON r.number = h.hit.number"
        )

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


def _facts(each: "Prepared") -> str:
    """What all findings of a rule share (`_FACTS`)."""
    rule = each.rule
    return ", ".join(map(_text, (rule.code, rule.version(each.limits), rule.zh, rule.en, rule.name)))


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
