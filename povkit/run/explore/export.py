"""A selection of households as XLSX: their rows, all their leads by grade, the reasons. Masked as the notebook is."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from povkit.run.explore import card
from povkit.run.explore.case import Case
from povkit.run.explore.rows import all_rows, labelled

_LONGEST = 32_000
_WIDEST, _NARROWEST = 60, 8
_TEXT = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True}
_SETTINGS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def selection_xlsx(case: Case, households: Sequence[str], more: Sequence[str] = ()) -> bytes:
    """The workbook's bytes: the same for the same county and households.

    Sheets: households (one row each, with `more` columns), leads of all grades, reasons, notes. Texts are never
    formulas or links.
    """
    words = case.inspection.words
    rows = all_rows(case, more)
    rows = rows.loc[rows.index.isin(set(households))]
    buffer = BytesIO()
    with Workbook(buffer, _SETTINGS) as book:
        created = datetime.combine(case.inspection.settings.as_of, datetime.min.time())
        book.set_properties({"title": words("explore.title_plain"), "author": "povkit", "created": created})
        head = book.add_format(_TEXT | {"bold": True, "bg_color": "#E9E4DA", "border": 1})
        text = book.add_format(_TEXT)
        _put(book.add_worksheet(words("explore.sheet.households")), labelled(case, rows), head, text)
        numbers = [str(number) for number in rows.index]
        _put(book.add_worksheet(words("explore.sheet.leads")), _leads(case, numbers), head, text)
        _put(book.add_worksheet(words("explore.sheet.reasons")), _reasons(case, numbers), head, text)
        _put(book.add_worksheet(words("explore.sheet.notes")), _notes(case, len(rows)), head, text)
    return buffer.getvalue()


def _leads(case: Case, numbers: list[str]) -> pd.DataFrame:
    titles = {"household": case.inspection.words("col.household"), **card.lead_titles(case)}
    rows = [{"household": number, **lead} for number in numbers for lead in card.leads_of(case, number)]
    return pd.DataFrame(rows, columns=list(titles)).rename(columns=titles)


def _reasons(case: Case, numbers: list[str]) -> pd.DataFrame:
    """Sentences of the flagged households; the others have no reason worth a line."""
    words = case.inspection.words
    flagged = [number for number in numbers if number in case.scores.index and case.scores.at[number, "flagged"]]
    found = case.reasons(flagged)
    rows = [
        (number, found[number].sentence(words.language, case.show_identities)) for number in flagged if number in found
    ]
    return pd.DataFrame(rows, columns=[words("col.household"), words("explore.why")])


def _notes(case: Case, rows: int) -> pd.DataFrame:
    words = case.inspection.words
    lines = [
        case.inspection.gathered.county,
        words("cover.as_of") + words("mark.equals") + case.inspection.settings.as_of.isoformat(),
        words("explore.rows_exported", n=words.number(rows), of=words.number(len(case.households))),
        words("explore.what_it_is_not"),
        words("cover.unmasked" if case.show_identities else "cover.masked"),
    ]
    return pd.DataFrame({words("explore.sheet.notes"): lines})


def _put(sheet: Worksheet, frame: pd.DataFrame, head: Any, text: Any) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(frame.columns):
        longest = max([2 * len(str(name)), *(len(str(value)) * 1.6 for value in frame[name].head(200))])
        sheet.set_column(place, place, min(max(longest, _NARROWEST), _WIDEST))
        sheet.write_string(0, place, str(name), head)
    for line, row in enumerate(frame.astype(object).itertuples(index=False, name=None), 1):
        for place, value in enumerate(row):
            _cell(sheet, line, place, value, text)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), max(len(frame.columns) - 1, 0))


def _cell(sheet: Worksheet, line: int, place: int, value: Any, text: Any) -> None:
    if value is None or value is pd.NA or value != value or value == "":
        return
    if isinstance(value, int | float):
        sheet.write_number(line, place, value, text)
    else:
        sheet.write_string(line, place, str(value)[:_LONGEST], text)
