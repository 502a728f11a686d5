"""Columns of text become columns of the contract's types. Whole columns at a time, over their distinct values.

A quick pattern settles what needs no thought; only the distinct values that it does not settle go through
`values`, one by one. What cannot be understood becomes blank and is told with its row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from povkit.register import values
from povkit.register.schema import Column, Kind

IDENTITY_COLUMNS = frozenset(
    {
        "bank_account",
        "code",
        "head_id_number",
        "helper_id_number",
        "helper_phone",
        "household_id",
        "household_key",
        "id_number",
        "object_id",
        "person_id",
        "phone",
        "problem_id",
        "village_code",
        "visit_id",
    }
)
"""Text columns that hold numbers: digits, no words. A spreadsheet may have turned them into numbers."""

CITIZEN_COLUMNS = frozenset({"id_number", "head_id_number", "helper_id_number"})
"""Identity columns whose check character may be an x."""

ARROW_TYPE: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}

_QUICK = {
    Kind.FLOAT: r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$",
    Kind.INT: r"^-?[0-9]{1,15}$",
}
_QUICK_IDENTITY = r"^(?:[A-Za-z]{0,4}[0-9]+|[0-9]{17}[0-9Xx][0-9A-Za-z]*)$"
_QUICK_DATE = (
    (r"年([0-9])月", r"年0\1月"),
    (r"月([0-9])日", r"月0\1日"),
    (r"^((?:18|19|20|21)[0-9]{2})(?:-|年)?([0-9]{2})(?:-|月)?([0-9]{2})日?(?: 00:00:00)?$", r"\1-\2-\3"),
)
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_QUICK_YEAR = r"^(?:19|20)[0-9]{2}$"
_ODD_TEXT = (
    "^[#='\u2018\u2019`]|[\u200b-\u200f\u2060\ufeff\u00ad]"
    r"|(?i:^(?:-|--|—|——|－|–|/|\\|null|none|nan|n/a|#n/a)$)"
)


@dataclass(frozen=True)
class BadCell:
    """A cell that could not be understood: place in the column (from 0), what it held, a key of `messages.WHY`."""

    place: int
    value: str
    why: str


def clean_column(raw: pa.Array, column: Column | None) -> tuple[pa.Array, list[BadCell]]:
    """A column of text as the contract wants it; None stands for a column that the contract does not know.

    Returns the values (text as a dictionary array, all else plain; same length, blank where unreadable) and the
    cells that could not be understood, in order.
    """
    encoded = raw.dictionary_encode()
    words = encoded.dictionary
    cleaned, whys = _clean_words(words, column)
    bad = _bad_cells(encoded.indices, words, whys)
    if cleaned.type != pa.string():
        return cleaned.take(encoded.indices), bad
    if cleaned.equals(words):
        return encoded, bad
    return cleaned.take(encoded.indices).dictionary_encode(), bad


def _bad_cells(indices: pa.Array, words: pa.Array, whys: dict[int, str]) -> list[BadCell]:
    if not whys:
        return []
    hits = pc.indices_nonzero(pc.is_in(indices, pa.array(sorted(whys), indices.type)))
    chosen = indices.take(hits).to_pylist()
    texts = words.take(pa.array(chosen, indices.type)).to_pylist()
    return [BadCell(p, t, whys[c]) for p, c, t in zip(hits.to_pylist(), chosen, texts, strict=True)]


def _clean_words(words: pa.Array, column: Column | None) -> tuple[pa.Array, dict[int, str]]:
    """Distinct values, cleaned, and the places of those that could not be understood with the reason."""
    if column is None:
        return _text_words(words, values.tidy)
    if column.name in IDENTITY_COLUMNS:
        return _identity_words(words, column)
    if column.type is Kind.TEXT:
        return _text_words(words, values.tidy)
    slow = _slow_reader(column)
    if column.type is Kind.DATE:
        return _date_words(words, slow)
    kind = ARROW_TYPE[column.type]
    pattern = _QUICK_YEAR if _is_year(column) else _QUICK.get(column.type)
    if pattern is None:
        return _patch(pa.nulls(len(words), kind), pa.repeat(True, len(words)), words, slow)
    quick = pc.match_substring_regex(words, pattern)
    settled = pc.if_else(quick, words, pa.scalar(None, pa.string())).cast(kind)
    return _patch(settled, pc.invert(quick), words, slow)


def _is_year(column: Column) -> bool:
    return column.type is Kind.INT and column.name.endswith("year")


def _slow_reader(column: Column) -> Callable[[str], Any]:
    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.INT: values.year if _is_year(column) else partial(values.whole, unit=column.unit),
        Kind.FLOAT: partial(values.number, unit=column.unit),
        Kind.BOOL: values.yes_no,
        Kind.DATE: values.day,
        Kind.CODE: partial(values.code, labels=values.code_labels(column)),
    }
    return readers[column.type]


def _text_words(words: pa.Array, slow: Callable[[str], str | None]) -> tuple[pa.Array, dict[int, str]]:
    trimmed = pc.utf8_trim_whitespace(words)
    settled = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    odd = pc.match_substring_regex(trimmed, _ODD_TEXT)
    return _patch(settled, odd, words, slow)


def _identity_words(words: pa.Array, column: Column) -> tuple[pa.Array, dict[int, str]]:
    odd = pc.invert(pc.match_substring_regex(words, _QUICK_IDENTITY))
    cleaned, whys = _patch(words, odd, words, values.identity_text)
    return (pc.utf8_upper(cleaned) if column.name in CITIZEN_COLUMNS else cleaned), whys


def _date_words(words: pa.Array, slow: Callable[[str], Any]) -> tuple[pa.Array, dict[int, str]]:
    iso = words
    for pattern, replacement in _QUICK_DATE:
        iso = pc.replace_substring_regex(iso, pattern, replacement)
    quick = pc.match_substring_regex(iso, _ISO_DATE)
    try:
        settled = pc.if_else(quick, iso, pa.scalar(None, pa.string())).cast(pa.date32())
    except pa.ArrowInvalid:  # some look like dates and are not in the calendar: read all of them slowly
        quick, settled = pa.repeat(False, len(words)), pa.nulls(len(words), pa.date32())
    return _patch(settled, pc.invert(quick), words, slow)


def _patch(
    settled: pa.Array, odd: pa.Array, words: pa.Array, slow: Callable[[str], Any]
) -> tuple[pa.Array, dict[int, str]]:
    """`settled` with the values at `odd` places read by `slow`."""
    places = pc.indices_nonzero(odd).to_pylist()
    if not places:
        return settled, {}
    whys: dict[int, str] = {}
    found: list[str | float | bool | date | None] = []
    for place, text in zip(places, words.filter(odd).to_pylist(), strict=True):
        try:
            found.append(slow(text))
        except values.UnreadableError as error:
            whys[place] = error.why
            found.append(None)
    return pc.replace_with_mask(settled, odd, pa.array(found, settled.type)), whys
