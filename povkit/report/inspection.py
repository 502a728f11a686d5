"""What one county's report is made from, gathered once: words, labels, summary, rows."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from povkit.report.labels import Labels, clean
from povkit.report.options import ReportOptions
from povkit.report.rows import ANALYST_GRADE, Row, RowStyle, readable_rows, split_clause
from povkit.report.shapes.material import Shapes, Style
from povkit.report.words import Words

WORKBOOK = "rectification.xlsx"
_SEVERITIES = ("error", "suspect", "missing", "hint")


@dataclass(frozen=True)
class Inspection:
    """A county's findings and summary with everything needed to word them.

    frame: the findings as a DataFrame, for counts and figures; never shown as it is, since it is not masked.
    rows: the same findings readable and masked, sorted. by_code: rows of each rule. shapes: what the patterns gave,
    None if they were not run.
    """

    summary: Mapping[str, Any]
    provenance: Mapping[str, Any]
    options: ReportOptions
    words: Words
    labels: Labels
    frame: pd.DataFrame
    rows: list[Row]
    by_code: Mapping[str, list[Row]]
    shapes: Shapes | None = None

    @property
    def county(self) -> str:
        """The county's name."""
        return clean(self.words.pick(self.summary["county"], "name"))

    @property
    def rules(self) -> Mapping[str, Mapping[str, Any]]:
        """Rules of the summary by code."""
        rules: Mapping[str, Mapping[str, Any]] = self.summary["rules"]
        return rules

    @property
    def style(self) -> Style:
        """How pictures are worded."""
        return Style(self.words, self.options.show_identities)

    @property
    def answered(self) -> list[Row]:
        """Rows that a county must answer: all but the analyst's grade."""
        return [row for row in self.rows if row.grade < ANALYST_GRADE]

    def title(self, code: str) -> str:
        """A rule's title."""
        rows = self.by_code.get(code)
        return clean(self.words.pick(self.rules.get(code), "title")) or (rows[0].title if rows else code)

    def clause(self, code: str) -> tuple[str, str]:
        """A rule's clause id and document."""
        rule = self.rules.get(code, {})
        clause, document = split_clause(str(rule.get("clause") or ""))
        return clause, document or str(rule.get("document") or "")

    def clause_title(self, clause: str) -> str:
        """Readable name of a clause: from the summary's `clauses` if it has them, else from the fixed words."""
        given = (self.summary.get("clauses") or {}).get(clause)
        if given:
            return clean(self.words.pick(given, "title") or self.words.pick(given))
        return self.words(f"clause.{clause}") if f"clause.{clause}" in self.words else ""

    def not_run(self, code: str) -> str:
        """Why a rule did not run, "" if it ran."""
        rule = self.rules[code]
        if rule.get("not_run"):
            return self.words("clauses.not_run", why=clean(self.words.pick(rule["not_run"])))
        return self.words("clauses.crashed") if rule.get("crashed") and not rule.get("partly_not_run") else ""

    def partly_not_run(self, code: str) -> str:
        """Which parts of a rule did not run and why, "" if all or none did. Parts are groups such as a sector list."""
        parts = self.rules[code].get("partly_not_run") or ()
        said = (self.words("clauses.part", face=self.words.face(part), why=self.words.pick(part)) for part in parts)
        joined = self.words("mark.pairs").join(dict.fromkeys(clean(text) for text in said))
        return self.words("clauses.partly", why=joined) if joined else ""

    def ranked_codes(self) -> list[str]:
        """Codes that have rows, by grade, severity and code."""
        return sorted(self.by_code, key=lambda code: (self.by_code[code][0].grade, self._severity(code), code))

    def _severity(self, code: str) -> int:
        severity = self.by_code[code][0].severity
        return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def gather(
    findings: pa.Table,
    summary: Mapping[str, Any],
    provenance: Mapping[str, Any],
    options: ReportOptions,
    shapes: Shapes | None = None,
) -> Inspection:
    """Read findings and summary into one `Inspection`. findings: FINDING_SCHEMA; shapes: tests and pictures' data."""
    words = Words(options.language)
    labels = Labels(words, options.labels)
    documents = {code: str(rule.get("document") or "") for code, rule in summary["rules"].items()}
    rows = readable_rows(findings, RowStyle(words, labels, options.show_identities, documents))
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_code[row.code].append(row)
    frame = findings.drop_columns(["evidence"]).to_pandas()
    return Inspection(summary, provenance, options, words, labels, frame, rows, dict(by_code), shapes)


def clause_order(clause: str) -> tuple[Any, ...]:
    """Sort key that puts S1.2a before S1.10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", clause))
