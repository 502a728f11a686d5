"""The pieces a report is made of: plain data that the PDF's template and the notebook show as they are."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

Block = dict[str, Any]


def text(words: str, kind: str = "body") -> Block:
    """A paragraph. kind: body, intro (stays with what follows), lead (the same, smaller), note, warn (framed)."""
    return {"type": "text", "kind": kind, "text": words}


def heading(words: str, level: int = 2) -> Block:
    """A heading inside a section: level 2 is numbered and in the contents, level 3 is neither."""
    return {"type": "heading", "level": level, "heading": words}


def column(title: str, width: str = "1fr", align: str = "left") -> Block:
    """A column of a table. width: "2fr" shares what is left, "4em" is fixed, "auto" fits. align: left, center right."""
    return {"title": title, "width": width, "align": align}


def table(columns: Sequence[Block], rows: Iterable[Sequence[str]], foot: str = "") -> Block:
    """A table with a repeated header. Cells are text; "\\n" begins a second, smaller line; foot: a line under all."""
    return {"type": "table", "columns": list(columns), "rows": [list(row) for row in rows], "foot": foot}


def without_empty_columns(block: Block) -> Block:
    """The same table without the columns that are blank in every row."""
    keep = [place for place in range(len(block["columns"])) if any(row[place] for row in block["rows"])]
    rows = [[row[place] for place in keep] for row in block["rows"]]
    return {**block, "columns": [block["columns"][place] for place in keep], "rows": rows}


def as_frame(block: Block) -> pd.DataFrame:
    """A table block as a DataFrame of text, for notebooks.

    >>> as_frame(table([column("规则")], [["I02"]])).to_dict("list")
    {'规则': ['I02']}
    """
    return pd.DataFrame(block["rows"], columns=[column["title"] for column in block["columns"]], dtype="str")
