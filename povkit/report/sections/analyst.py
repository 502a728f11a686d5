"""Leads for the analyst: what anomaly models found strange, beside what rules and patterns say of the same household.

Grade 4: never in a list that a county must answer. The words say what such a lead is not.
"""

from povkit.report.blocks import Block, column, table, text, without_empty_columns
from povkit.report.figures import short_village
from povkit.report.inspection import Inspection
from povkit.report.rows import ANALYST_GRADE, Row
from povkit.report.visits import FIRST, SECOND, Visit, visits

_MODELS = "X"


def analyst(inspection: Inspection) -> list[Block]:
    """The section, nothing where no anomaly model is on the policy's shelf."""
    codes = [code for code in inspection.rules if code.startswith(_MODELS)]
    if not codes:
        return []
    words = inspection.words
    leads = [row for row in inspection.rows if row.grade == ANALYST_GRADE]
    blocks = [text(words("analyst.is_not"), "warn"), _channels(inspection, codes)]
    if not leads:
        return [*blocks, text(words("analyst.none"))]
    shown = leads[: inspection.options.rows_total]
    blocks += [text(words("analyst.leads", n=words.number(len(leads)), shown=words.number(len(shown))), "lead")]
    return [*blocks, _side_by_side(inspection, shown)]


def _channels(inspection: Inspection, codes: list[str]) -> Block:
    """What each channel judged, or why it did not run."""
    words = inspection.words
    columns = [column(words("col.code"), "3em"), column(words("col.title"), "2fr")]
    columns += [column(words(f"col.{key}"), "5em", "right") for key in ("evaluated", "flagged", "unknown")]
    columns.append(column(words("col.reason"), "2fr"))
    rows = []
    for code in codes:
        rule, idle = inspection.rules[code], inspection.not_run(code)
        counts = [
            words("mark.none") if idle else words.number(rule[key]) for key in ("evaluated", "flagged", "unknown")
        ]
        rows.append([code, inspection.title(code), *counts, idle])
    return without_empty_columns(table(columns, rows))


def _side_by_side(inspection: Inspection, leads: list[Row]) -> Block:
    """One row a household: place, number, head; rules of grade 1 and 2, patterns that list it, why it is a lead."""
    words = inspection.words
    known = {visit.household: visit for visit in visits(inspection)}
    columns = [
        column(words("analyst.household"), "9em"),
        column(words("grade.name.1"), "4.4em"),
        column(words("grade.name.2"), "4.4em"),
        column(words("grade.name.3"), "1.3fr"),
        column(words("analyst.why"), "2.7fr"),
    ]
    return table(columns, [_row(inspection, row, known.get(row.household)) for row in leads])


def _row(inspection: Inspection, row: Row, visit: Visit | None) -> list[str]:
    words = inspection.words
    home = "\n".join(filter(None, (row.household, " ".join((row.township, short_village(row.village))), row.subject)))
    found = visit.rows if visit else []
    rules = [words("mark.list").join(sorted({each.code for each in found if each.grade == g})) for g in (FIRST, SECOND)]
    patterns = words("mark.pairs").join(dict.fromkeys(visit.patterns)) if visit else ""
    cells = [cell or words("mark.none") for cell in (*rules, patterns)]
    return [home, *cells, row.code + words("mark.gap") + row.values]
