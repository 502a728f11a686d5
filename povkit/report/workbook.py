"""`rectification.xlsx`: one row a finding, with blank columns for what the verification at the door says."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from povkit.report.inspection import Inspection
from povkit.report.rows import Row
from povkit.report.words import Words

ROWS_PER_SHEET = 1_000_000
_LONGEST = 32_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_A3 = 8
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


@dataclass(frozen=True)
class _Formats:
    head: Format
    head_fill: Format
    text: Format
    quoted: Format
    fill: Format
    fill_date: Format
    note: Format


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
        formats = _formats(book)
        rows = inspection.answered
        for number, start in enumerate(range(0, max(len(rows), 1), ROWS_PER_SHEET), 1):
            sheet = book.add_worksheet(words("workbook.sheet") + (f" {number}" if number > 1 else ""))
            _findings(sheet, rows[start : start + ROWS_PER_SHEET], inspection, formats, title)
        _notes(book.add_worksheet(words("workbook.help")), inspection, formats)
    return buffer.getvalue()


def _formats(book: Workbook) -> _Formats:
    cell: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1}
    cell |= {"border_color": "#BFBFBF"}
    head = cell | {"bg_color": "#E9E4DA", "align": "center", "valign": "vcenter", "font_name": "黑体"}
    text = cell | {"num_format": "@"}
    return _Formats(
        head=book.add_format(head),
        head_fill=book.add_format(head | {"bg_color": "#F6DFA4"}),
        text=book.add_format(text),
        quoted=book.add_format(text | {"quote_prefix": True}),
        fill=book.add_format(text | {"bg_color": "#FFFBEF", "locked": False}),
        fill_date=book.add_format(cell | {"num_format": "yyyy-mm-dd", "bg_color": "#FFFBEF", "locked": False}),
        note=book.add_format({"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "top"}),
    )


def _findings(sheet: Worksheet, rows: list[Row], inspection: Inspection, formats: _Formats, title: str) -> None:
    words, last = inspection.words, len(_COLUMNS) - 1
    first_blank = len(_COLUMNS) - _TO_FILL
    for place, (key, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        head = formats.head_fill if place >= first_blank else formats.head
        sheet.write_string(0, place, words(f"workbook.{key}"), head)
    _page(sheet, words, title)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), last)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(_cells(row, inspection)):
            _text(sheet, line, place, value, formats)
        for place in range(first_blank, last):
            sheet.write_blank(line, place, None, formats.fill)
        sheet.write_blank(line, last, None, formats.fill_date)
    _validate(sheet, words, max(len(rows), 1))


def _page(sheet: Worksheet, words: Words, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R{words('cover.note_head')}")
    sheet.set_footer("&C" + words("workbook.page"))


def _cells(row: Row, inspection: Inspection) -> list[str]:
    words = inspection.words
    placed = [inspection.county, row.township, row.village, row.household, row.subject, row.object_id]
    rule = [row.code, row.title, row.clause, row.document]
    weight = [words(f"grade.{row.grade}"), words(f"severity.{row.severity}")]
    return placed + rule + weight + [row.values, row.limits]


def _text(sheet: Worksheet, line: int, place: int, value: str, formats: _Formats) -> None:
    if not value:
        sheet.write_blank(line, place, None, formats.text)
        return
    risky = value.lstrip().startswith(_FORMULA_STARTS)
    cut = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    sheet.write_string(line, place, cut, formats.quoted if risky else formats.text)


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


def _notes(sheet: Worksheet, inspection: Inspection, formats: _Formats) -> None:
    """The second sheet: what a finding is, and what each column means."""
    words = inspection.words
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 92)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lead = [words("workbook.lead"), words("cover.note")]
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
