"""From flagged rows to findings: for each, the values that decided it and the limits they were held against."""

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from povkit.views import IDENTITY, View
from povkit.vocab import FINDING_SCHEMA

if TYPE_CHECKING:
    from povkit.rules.engine import Prepared


RULE = "rule"
"""Column that stands beside a finding's own while rules run: the name of the rule."""

NO_FINDINGS = pa.Table.from_batches([], FINDING_SCHEMA.append(pa.field(RULE, pa.string())))
"""Made without `empty_table`, which would load pandas: most of the start of a small run."""


def findings_of(con: duckdb.DuckDBPyConnection, relation: str, view: View, ready: Iterable["Prepared"]) -> pa.Table:
    """Findings (`NO_FINDINGS.schema`) out of a relation of flagged rows: identity, used columns, one boolean a rule."""
    parts = [f"({_select(relation, view, each)})" for each in ready]
    if not parts:
        return NO_FINDINGS
    found = con.sql(" UNION ALL ".join(parts)).to_arrow_table()
    same = found.schema.equals(NO_FINDINGS.schema)  # to cast nothing still loads Arrow's functions and their docs
    return found if same else found.cast(NO_FINDINGS.schema)


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
    columns = (
        f"({values.get(name, 'NULL')})::{'TINYINT' if name == 'grade' else 'VARCHAR'} AS {name}"
        for name in FINDING_SCHEMA.names
    )
    return f'SELECT {", ".join(columns)}, {_text(rule.name)} AS {RULE} FROM {relation} WHERE "{rule.name}"'


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
