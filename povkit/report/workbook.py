"""`rectification.xlsx`: one row a finding, with blank columns for what the verification at the door says.

Beside it, whom to visit first, what could not be judged, and notes.
"""

from datetime import date, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from povkit.report.inspection import Inspection
from povkit.report.rows import Row
from povkit.report.words import Words
from povkit.report.workbook_cells import Formats, formats_of, set_page, write_text
from povkit.report.workbook_sheets import add_listings

ROWS_PER_SHEET = 1_000_000
_COLUMNS = (
    ("county", 9),
    ("township", 12),
    ("village", 17),
    ("household", 16),
    ("subject", 10),
    ("object_id", 20),
    ("code", 6),
    ("title_column", 30),
    ("clause", 7),
    ("document", 20),
    ("grade", 6),
    ("severity", 6),
    ("values", 42),
    ("limits", 20),
    ("result", 13),
    ("evidence", 18),
    ("checker", 10),
    ("date", 11),
)
_TO_FILL = 4


def write_workbook(inspection: Inspection) -> bytes:
    """The workbook's bytes: the same for the same findings, summary and options.

    Every text is written as text, never as a formula or a link; texts that begin like a formula also carry Excel's
    text mark, so that they stay text when a cell is edited.
    """
    words, summary = inspection.words, inspection.summary
    buffer = BytesIO()
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, settings) as book:
        title = words("workbook.title", county=inspection.county)
        created = datetime.fromisoformat(summary["as_of"])
        book.set_properties(
            {"title": title, "author": "povkit", "comments": words("workbook.lead"), "created": created}
        )
        formats = formats_of(book)
        rows = inspection.answered
        for number, start in enumerate(range(0, max(len(rows), 1), ROWS_PER_SHEET), 1):
            sheet = book.add_worksheet(words("workbook.sheet") + (f" {number}" if number > 1 else ""))
            _findings(sheet, rows[start : start + ROWS_PER_SHEET], inspection, formats, title)
        add_listings(book, inspection, formats, title)
        _notes(book.add_worksheet(words("workbook.help")), inspection, formats)
    return buffer.getvalue()


def _findings(sheet: Worksheet, rows: list[Row], inspection: Inspection, formats: Formats, title: str) -> None:
    words, last = inspection.words, len(_COLUMNS) - 1
    first_blank = len(_COLUMNS) - _TO_FILL
    for place, (key, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        head = formats.head_fill if place >= first_blank else formats.head
        sheet.write_string(0, place, words(f"workbook.{key}"), head)
    set_page(sheet, words, title)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), last)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(_cells(row, inspection)):
            write_text(sheet, line, place, value, formats)
        for place in range(first_blank, last):
            sheet.write_blank(line, place, None, formats.fill)
        sheet.write_blank(line, last, None, formats.fill_date)
    _validate(sheet, words, max(len(rows), 1))


def _cells(row: Row, inspection: Inspection) -> list[str]:
    words = inspection.words
    placed = [inspection.county, row.township, row.village, row.household, row.subject, row.object_id]
    rule = [row.code, row.title, row.clause, row.document]
    weight = [words(f"grade.{row.grade}"), words(f"severity.{row.severity}")]
    return placed + rule + weight + [row.values, row.limits]


def _validate(sheet: Worksheet, words: Words, last_row: int) -> None:
    """A drop-down for the result, dates only for the date."""
    result, day = len(_COLUMNS) - _TO_FILL, len(_COLUMNS) - 1
    choices = [words(f"workbook.result.{key}") for key in ("true", "false", "open")]
    sheet.data_validation(
        1,
        result,
        last_row,
        result,
        {
            "validate": "list",
            "source": choices,
            "input_message": words("workbook.result.prompt"),
            "error_message": words("workbook.result.error"),
        },
    )
    since = {
        "validate": "date",
        "criteria": ">=",
        "value": date(2000, 1, 1),
        "error_message": words("workbook.date.error"),
    }
    sheet.data_validation(1, day, last_row, day, since)


def _notes(sheet: Worksheet, inspection: Inspection, formats: Formats) -> None:
    """The last sheet: what a finding is, and what each column means."""
    words = inspection.words
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 92)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lead = [words("workbook.lead"), words("cover.note")]
    lead += [words("visits.about"), words("open.about")]
    lead.append(words("cover.unmasked") if inspection.options.show_identities else words("method.privacy"))
    withheld = len(inspection.rows) - len(inspection.answered)
    if withheld:
        lead.append(words("workbook.withheld", n=words.number(withheld)))
    line = 0
    for paragraph in (f"{inspection.county} · {words('cover.as_of')} {inspection.summary['as_of']}", *lead):
        sheet.write_string(line, 1, paragraph, formats.note)
        line += 1
    sheet.write_string(line + 1, 0, words("workbook.about_column"), formats.head)
    sheet.write_string(line + 1, 1, words("workbook.about_meaning"), formats.head)
    for offset, (key, _) in enumerate(_COLUMNS, line + 2):
        sheet.write_string(offset, 0, words(f"workbook.{key}"), formats.text)
        sheet.write_string(offset, 1, words(f"workbook.about.{key}"), formats.text)
