"""Cells and pages of the workbook: looks, and texts that never turn into formulas."""

from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from povkit.report.words import Words

_LONGEST = 32_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_A3 = 8


@dataclass(frozen=True)
class Formats:
    """The formats of a book, by what a cell is."""

    head: Format
    head_fill: Format
    text: Format
    quoted: Format
    number: Format
    fill: Format
    fill_date: Format
    note: Format


def formats_of(book: Workbook) -> Formats:
    """Add the formats to a book."""
    cell: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1}
    cell |= {"border_color": "#BFBFBF"}
    head = cell | {"bg_color": "#E9E4DA", "align": "center", "valign": "vcenter", "font_name": "黑体"}
    text = cell | {"num_format": "@"}
    return Formats(
        head=book.add_format(head),
        head_fill=book.add_format(head | {"bg_color": "#F6DFA4"}),
        text=book.add_format(text),
        quoted=book.add_format(text | {"quote_prefix": True}),
        number=book.add_format(cell | {"num_format": "#,##0"}),
        fill=book.add_format(text | {"bg_color": "#FFFBEF", "locked": False}),
        fill_date=book.add_format(cell | {"num_format": "yyyy-mm-dd", "bg_color": "#FFFBEF", "locked": False}),
        note=book.add_format({"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "top"}),
    )


def set_page(sheet: Worksheet, words: Words, title: str) -> None:
    """Landscape on A3, one page wide, the header on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R{words('cover.note_head')}")
    sheet.set_footer("&C" + words("workbook.page"))


def write_text(sheet: Worksheet, line: int, place: int, value: str, formats: Formats) -> None:
    """Write a text as text; one that begins like a formula carries the text mark too."""
    if not value:
        sheet.write_blank(line, place, None, formats.text)
        return
    risky = value.lstrip().startswith(_FORMULA_STARTS)
    cut = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    sheet.write_string(line, place, cut, formats.quoted if risky else formats.text)
