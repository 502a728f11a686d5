"""Rules with their counts under the clause they rest on, and the villages that stand out."""

from collections import Counter, defaultdict

from povkit.report.blocks import Block, column, heading, table, text
from povkit.report.figures import short_village
from povkit.report.inspection import Inspection, clause_order
from povkit.report.rows import Row
from povkit.report.sections.coverage import CODES, coverage

_COVERED = "S2.1a"
"""The clause that asks for the key groups one by one: their coverage stands under it."""


def by_clause(inspection: Inspection) -> list[Block]:
    """For each clause: its name and document, a table of its rules, the villages with most findings."""
    codes: dict[str, list[str]] = defaultdict(list)
    for code in inspection.rules:
        codes[inspection.clause(code)[0]].append(code)
    blocks = [text(inspection.words("clauses.intro"))]
    for clause in sorted(codes, key=clause_order):
        blocks += _clause(inspection, clause, sorted(codes[clause]))
    return blocks


def _clause(inspection: Inspection, clause: str, codes: list[str]) -> list[Block]:
    words = inspection.words
    rows = [row for code in codes for row in inspection.by_code.get(code, [])]
    named = [part for part in (clause, inspection.clause_title(clause)) if part]
    title = words("mark.gap").join(named) or words("clauses.other")
    counted = rules_table(inspection, codes) | {"foot": _worst(inspection, rows)}
    blocks = [heading(title), text(_line(inspection, codes, rows), "lead"), counted]
    return blocks + (coverage(inspection) if clause == _COVERED and CODES & set(codes) else [])


def _line(inspection: Inspection, codes: list[str], rows: list[Row]) -> str:
    words = inspection.words
    documents = dict.fromkeys(document for code in codes if (document := inspection.clause(code)[1]))
    grades = Counter(row.grade for row in rows)
    counts = [
        words("clauses.grade_count", grade=words(f"grade.name.{grade}"), n=words.number(count))
        for grade, count in sorted(grades.items())
    ]
    named = words("mark.list").join(documents)
    return words(
        "clauses.line",
        document=words("clauses.document", document=named) if named else "",
        rules=len(codes),
        run=sum(not inspection.not_run(code) for code in codes),
        findings=words.number(len(rows)),
        grades=words("clauses.grades", list=words("mark.list").join(counts)) if counts else "",
    )


def rules_table(inspection: Inspection, codes: list[str]) -> Block:
    """Rules with severity, grade and the three counts; why a rule did not run stands under its title."""
    words = inspection.words
    columns = [
        column(words("col.code"), "3em"),
        column(words("col.title"), "1fr"),
        column(words("col.severity"), "4.2em", "center"),
        column(words("col.grade"), "3.4em", "center"),
        column(words("col.evaluated"), "5em", "right"),
        column(words("col.flagged"), "4em", "right"),
        column(words("col.unknown"), "5em", "right"),
    ]
    return table(columns, [_rule(inspection, code) for code in codes])


def _rule(inspection: Inspection, code: str) -> list[str]:
    words, rule, idle = inspection.words, inspection.rules[code], inspection.not_run(code)
    counts = [None if idle else rule[key] for key in ("evaluated", "flagged", "unknown")]
    title = "\n".join(filter(None, (inspection.title(code), idle or inspection.partly_not_run(code))))
    severity, grade = words(f"severity.{rule['severity']}"), words(f"grade.{rule['grade']}")
    return [code, title, severity, grade, *(words.number(count) for count in counts)]


def _worst(inspection: Inspection, rows: list[Row]) -> str:
    words = inspection.words
    counts = Counter((row.village_code, row.village, row.township) for row in rows if row.village_code)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: inspection.options.worst_villages]
    named = [
        words(
            "clauses.worst_one" if township else "clauses.worst_one_bare",
            village=short_village(village),
            township=township,
            n=words.number(count),
        )
        for (_, village, township), count in ranked
    ]
    return words("clauses.worst", list=words("mark.list").join(named)) if named else ""
