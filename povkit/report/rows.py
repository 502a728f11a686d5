"""Findings as readable, masked rows: what the lists of the report and the workbook show."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from povkit.report.labels import Labels, clean
from povkit.report.masking import PLACE_LEVELS, kind_of, mask_as, mask_evidence, mask_name, mask_number, mask_text
from povkit.report.words import Words

ANALYST_GRADE = 4
"""Findings of this grade rest on a score alone and are never in a list that a county must answer."""

_PATTERN_GRADE, _INNER = 3, frozenset({"test", "tests"})
_HEALTHY = "health_healthy"
"""The limit that names the word for good health, which need not be masked."""

_DOCUMENT = re.compile(r"^(\S+?)[\s,，;；(（·]+(.+?)[)）]?$")


@dataclass(frozen=True)
class Row:
    """One finding, ready to be shown. `values` and `limits` are label: value pairs on one line."""

    code: str
    severity: str
    grade: int
    level: str
    township: str
    village: str
    village_code: str
    household: str
    subject: str
    object_id: str
    title: str
    clause: str
    document: str
    values: str
    limits: str


@dataclass(frozen=True)
class RowStyle:
    """How rows are worded: language, labels, masking, and the documents that the rules' clauses name."""

    words: Words
    labels: Labels
    show_identities: bool
    documents: Mapping[str, str]


def split_clause(text: str) -> tuple[str, str]:
    """Clause id and document of a finding's clause column.

    >>> split_clause("S1.1a 云开组〔2018〕51号"), split_clause("S4.1")
    (('S1.1a', '云开组〔2018〕51号'), ('S4.1', ''))
    """
    hit = _DOCUMENT.match(text.strip())
    return (hit[1], hit[2].strip()) if hit else (text.strip(), "")


def readable_rows(findings: pa.Table, style: RowStyle) -> list[Row]:
    """All findings as rows, sorted by grade, township, village, household, code and object.

    findings: FINDING_SCHEMA, any order.
    """
    rows = [_row(record, style) for batch in findings.to_batches() for record in _records(batch)]
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[Any, ...]:
    township = (row.village_code[:9], row.township)
    return row.grade, *township, row.village_code, row.household, row.code, row.object_id, row.values


def _records(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    for values in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
        yield {name: "" if value is None else value for name, value in zip(names, values, strict=True)}


def _row(record: dict[str, Any], style: RowStyle) -> Row:
    evidence = json.loads(record["evidence"] or "{}")
    limits = evidence.pop("limits", None) or {}
    level, subject = record["level"], record["subject"]
    evidence = {key: value for key, value in evidence.items() if value != subject or kind_of(key, level) != "name"}
    if not style.show_identities:
        masked, healthy = mask_evidence(evidence, level), limits.get(_HEALTHY)
        evidence = {key: value if healthy and value == healthy else masked[key] for key, value in evidence.items()}
    if record["grade"] == _PATTERN_GRADE:
        evidence = _pattern_values(evidence)
    clause, document = split_clause(record["clause"])
    return Row(
        code=record["code"],
        severity=record["severity"],
        grade=int(record["grade"] or 0),
        level=level,
        township=clean(record["township"]),
        village=clean(record["village"] or record["village_code"]),
        village_code=record["village_code"],
        household=clean(_household(record, style)),
        subject=clean(_subject(record, style)),
        object_id=clean(_object_id(record, style)),
        title=style.words.pick(record, "title"),
        clause=clause,
        document=document or style.documents.get(record["code"], ""),
        values=_reason(record, evidence, style) or style.labels.pairs(evidence, level),
        limits=style.labels.pairs(limits),
    )


def _pattern_values(evidence: dict[str, Any]) -> dict[str, Any]:
    """A pattern's values for people: whom to visit by that name, without the inner names of its tests."""
    shown = {key: value for key, value in evidence.items() if key not in _INNER}
    return {"visit_first" if key == "households" else key: value for key, value in shown.items()}


def _reason(record: dict[str, Any], evidence: dict[str, Any], style: RowStyle) -> str:
    """An anomaly's values are its sentence alone: what tells of illness is left out of it."""
    told = evidence.get("reason") if record["grade"] == ANALYST_GRADE else None
    return clean(style.words.pick(told)) if told else ""


def _subject(record: dict[str, Any], style: RowStyle) -> str:
    subject: str = record["subject"]
    place = record["level"] in PLACE_LEVELS or subject in {record["village"], record["township"]}
    if style.show_identities or place:
        return subject
    if record["level"] == "problem":
        return mask_text(subject)
    if subject in {record["household_id"], record["object_id"]}:
        return _object_id(record, style) if subject == record["object_id"] else subject
    numbered = subject.isascii() and any(char.isdigit() for char in subject)
    return mask_text(subject) if numbered else mask_name(subject)


def _object_id(record: dict[str, Any], style: RowStyle) -> str:
    """The object's number; a helper's is an identity number, and so is that of someone outside the register."""
    number: str = record["object_id"]
    if style.show_identities or record["level"] in PLACE_LEVELS:
        return number
    if number in {record["household_id"], record["person_id"]} and mask_text(number) == number:
        return number
    if record["level"] == "helper" or (record["level"] == "person" and not record["person_id"]):
        return mask_number(number)
    return str(mask_as("", number))


def _household(record: dict[str, Any], style: RowStyle) -> str:
    number: str = record["household_id"]
    return number if style.show_identities else mask_text(number)
