"""Lists of findings by grade and rule, cut at the number of rows that the options allow, never silently."""

from collections.abc import Mapping

from povkit.report.blocks import Block, column, heading, table, text, without_empty_columns
from povkit.report.figures import short_village
from povkit.report.inspection import WORKBOOK, Inspection
from povkit.report.rows import ANALYST_GRADE, Row
from povkit.report.sections.patterns import PATTERN_GRADE, flagged_table


def lists(inspection: Inspection) -> list[Block]:
    """Lists of every rule that found something, grades 1 to 3."""
    words, options = inspection.words, inspection.options
    codes = [code for code in inspection.ranked_codes() if inspection.by_code[code][0].grade < ANALYST_GRADE]
    withheld = len(inspection.rows) - len(inspection.answered)
    blocks: list[Block] = []
    if codes:
        masking = words("cover.unmasked" if options.show_identities else "cover.masked")
        caps = {"per_rule": words.number(options.rows_per_rule), "total": words.number(options.rows_total)}
        intro = words("lists.intro", workbook=WORKBOOK, masking=masking, **caps)
        blocks.append(text(intro))
    else:
        blocks.append(text(words("lists.empty")))
    if withheld:
        blocks.append(text(words("lists.withheld", n=words.number(withheld), workbook=WORKBOOK)))
    counts = {code: len(inspection.by_code[code]) for code in codes}
    quota = share_rows(counts, options.rows_per_rule, options.rows_total)
    grade = 0
    for code in codes:
        rows = inspection.by_code[code]
        if rows[0].grade != grade:
            grade = rows[0].grade
            blocks.append(heading(words(f"grade.heading.{grade}")))
            blocks += _patterns(inspection, codes) if grade == PATTERN_GRADE else []
        if grade == PATTERN_GRADE and inspection.shapes is not None:
            continue
        blocks += _rule(inspection, code, rows, quota[code])
    return blocks


def _patterns(inspection: Inspection, codes: list[str]) -> list[Block]:
    """The patterns in one table; pictures and households to visit stand in their own section."""
    if inspection.shapes is None:
        return []
    return [text(inspection.words("lists.patterns"), "lead"), flagged_table(inspection, inspection.shapes, codes)]


def share_rows(counts: Mapping[str, int], per_rule: int, total: int) -> dict[str, int]:
    """Rows to print for each rule: at most `per_rule`, and fewer for all alike where that would pass `total`.

    >>> share_rows({"A": 50, "B": 2, "C": 50}, 30, 42)
    {'A': 20, 'B': 2, 'C': 20}
    """
    cap = per_rule
    while cap and sum(min(count, cap) for count in counts.values()) > total:
        cap -= 1
    return {code: min(count, cap) for code, count in counts.items()}


def _rule(inspection: Inspection, code: str, rows: list[Row], shown: int) -> list[Block]:
    words = inspection.words
    title = words("mark.list").join(dict.fromkeys(row.title for row in rows)) or inspection.title(code)
    blocks = [heading(code + words("mark.gap") + title, 3), text(_statement(inspection, rows[0], title), "lead")]
    numbers = {"n": words.number(len(rows)), "shown": shown, "rest": words.number(len(rows) - shown)}
    if not shown:
        return [*blocks, text(words("lists.rest_none", workbook=WORKBOOK, **numbers), "note")]
    shared = _shared_limits(rows[:shown])
    told = [words("lists.limits", limits=shared)] if shared else []
    told += [words("lists.rest", workbook=WORKBOOK, **numbers)] if shown < len(rows) else []
    return [*blocks, findings_table(inspection, rows[:shown], with_limits=not shared) | {"foot": "\n".join(told)}]


def _shared_limits(rows: list[Row]) -> str:
    """The limits, if all rows were held against the same: said once under the table instead of in each row."""
    limits = {row.limits for row in rows}
    return limits.pop() if len(limits) == 1 else ""


def _statement(inspection: Inspection, row: Row, title: str) -> str:
    """What may be said of the rule's findings, by their grade."""
    words = inspection.words
    clause, document = inspection.clause(row.code)
    clause, document = clause or row.clause, document or row.document
    key = "lists.basis_document" if document else "lists.basis"
    basis = words(key, clause=clause or words("mark.none"), document=document)
    who = words(f"who.{row.level}") if f"who.{row.level}" in words else words("who.county")
    return words(f"grade.say.{row.grade}", title=title, basis=basis, who=who)


def findings_table(inspection: Inspection, rows: list[Row], with_limits: bool = True) -> Block:
    """Rows of one rule: place, household, object, its number, values, limits; empty columns are left out."""
    words = inspection.words
    columns = [
        column(words("col.place"), "auto"),
        column(words("col.household"), "auto"),
        column(words("col.subject"), "auto"),
        column(words("col.object_id"), "auto"),
        column(words("col.values"), "1.8fr"),
        column(words("col.limits"), "1fr"),
    ]
    return without_empty_columns(table(columns, [[*_cells(row), row.limits if with_limits else ""] for row in rows]))


def _cells(row: Row) -> list[str]:
    place = " / ".join(filter(None, (row.township, short_village(row.village))))
    number = "" if row.object_id in {row.household, row.village_code} else row.object_id
    subject = "" if row.subject in {row.village, row.township} and row.level in {"village", "township"} else row.subject
    return [place, row.household, subject, number, row.values]
