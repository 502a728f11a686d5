"""Tables as the notebook shows them: DataFrames whose HTML reads well, whatever stands in the cells."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd

from povkit.run.words import StoryWords, words_of

_SHOWN = 20
_CELL = "text-align:{side};vertical-align:baseline;white-space:{wrap};padding:2px 8px;max-width:34em"
_HEAD = "text-align:{side};white-space:nowrap;padding:2px 8px;border-bottom:1px solid #888"
_WIDE = 12


class Sheet(pd.DataFrame):
    """A DataFrame that a notebook shows with a caption and without index: text left, numbers right, first rows only.

    All rows are there. `attrs` says how it is shown: language, caption, shown (rows), note (key of the word below).
    """

    def _repr_html_(self) -> str:
        words, shown = words_of(self.attrs.get("language", "zh")), self.attrs.get("shown", _SHOWN)
        above = f"<p><b>{escape(self.attrs.get('caption', ''))}</b></p>"
        if self.empty:
            return f"{above}<p>{escape(words('sheet.empty'))}</p>"
        note = words(self.attrs.get("note", "sheet.shown_plain"), shown=shown, rows=words.number(len(self)))
        below = f"<p>{escape(note)}</p>" if len(self) > shown else ""
        return above + _html(self.head(shown), words) + below


def sheet(
    words: StoryWords,
    caption: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
    shown: int = _SHOWN,
    note: str = "sheet.shown_plain",
) -> Sheet:
    """A sheet out of rows, numbered from 1.

    caption: key of the words above it (`caption.<caption>`). columns: key of the rows -> key of the title, in order; a
    column of whole numbers becomes Int64, blank where None. note: key of the words below when rows are left out.
    """
    listed = list(rows)
    made = Sheet({words(title): _column([row[name] for row in listed]) for name, title in columns.items()})
    made.index = pd.RangeIndex(1, len(made) + 1)
    made.attrs.update(language=words.language, caption=words(f"caption.{caption}"), shown=shown, note=note)
    return made


def _column(values: list[Any]) -> pd.Series:
    known = [value for value in values if value is not None]
    whole = known and all(isinstance(value, int) and not isinstance(value, bool) for value in known)
    return pd.Series(values, dtype="Int64" if whole else "object" if not known else None)


def _html(table: pd.DataFrame, words: StoryWords) -> str:
    sides = {name: "right" if pd.api.types.is_numeric_dtype(table[name]) else "left" for name in table.columns}
    head = "".join(f'<th style="{_HEAD.format(side=side)}">{escape(str(name))}</th>' for name, side in sides.items())
    rows = table.itertuples(index=False, name=None)
    body = "".join(f"<tr>{''.join(map(_cell, row, sides.values(), [words] * len(sides)))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any, side: str, words: StoryWords) -> str:
    blank = value is None or value is pd.NA or value != value
    number = side == "right"
    text = (words("mark.none") if number else "") if blank else words.number(value) if number else str(value)
    wrap = "nowrap" if number or len(text) <= _WIDE else "normal"
    return f'<td style="{_CELL.format(side=side, wrap=wrap)}">{escape(text)}</td>'
