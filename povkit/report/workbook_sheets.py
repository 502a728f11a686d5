"""Sheets of the workbook beside the findings: whom to visit first, and what could not be judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from povkit.report.inspection import Inspection
from povkit.report.openpoints import OPEN_COLUMNS, OPEN_TO_FILL, open_points
from povkit.report.visits import VISIT_COLUMNS, VISIT_TO_FILL, visit_cells, visits
from povkit.report.workbook_cells import Formats, set_page, write_text


@dataclass(frozen=True)
class Listing:
    """A sheet of text: name (key of the words), columns (key, width), how many of the last are to be filled in.

    frozen: columns that stay in sight. rows: the cells of all columns that are not to be filled in.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    to_fill: int
    frozen: int
    rows: Callable[[Inspection], Sequence[Sequence[str]]]


def _visit_rows(inspection: Inspection) -> list[list[str]]:
    return [visit_cells(inspection, visit) for visit in visits(inspection)]


LISTINGS = (
    Listing("visits", VISIT_COLUMNS, VISIT_TO_FILL, 4, _visit_rows),
    Listing("open", OPEN_COLUMNS, OPEN_TO_FILL, 2, open_points),
)


def add_listings(book: Workbook, inspection: Inspection, formats: Formats, title: str) -> None:
    """Write every listing as a sheet of the book."""
    for listing in LISTINGS:
        _add(book, listing, inspection, formats, title)


def _add(book: Workbook, listing: Listing, inspection: Inspection, formats: Formats, title: str) -> None:
    words = inspection.words
    sheet = book.add_worksheet(words(f"{listing.name}.sheet"))
    first_blank = len(listing.columns) - listing.to_fill
    for place, (key, width) in enumerate(listing.columns):
        sheet.set_column(place, place, width)
        head = formats.head_fill if place >= first_blank else formats.head
        sheet.write_string(0, place, words(f"{listing.name}.{key}"), head)
    rows = listing.rows(inspection)
    set_page(sheet, words, title)
    sheet.freeze_panes(1, listing.frozen)
    sheet.autofilter(0, 0, max(len(rows), 1), len(listing.columns) - 1)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if value.replace(",", "").isdecimal() and len(value) < _LONG:
                sheet.write_number(line, place, int(value.replace(",", "")), formats.number)
            else:
                write_text(sheet, line, place, value, formats)
        for place in range(first_blank, len(listing.columns)):
            sheet.write_blank(line, place, None, formats.fill)


_LONG = 8
"""Digits from which a number is a number of somebody, and stays text."""
