"""Markdown that the pages share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

MADE = "<!-- Written by `make docs` from the code and the policy. Do not edit. -->"
_SHOWN = 8


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table, followed by a blank line."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines), ""]


def paragraph(text: str) -> str:
    """Text on one line, with what Markdown would take for marks or tags escaped.

    >>> paragraph("a <b>\\n*c*")
    'a &lt;b> \\\\*c\\\\*'
    """
    joined = " ".join(text.split())
    for sign, written in (("\\", "\\\\"), ("<", "&lt;"), ("*", "\\*"), ("_", "\\_"), ("|", "\\|")):
        joined = joined.replace(sign, written)
    return joined


def value(of: Any, all_of_it: bool = False) -> str:
    """A limit's value; of a long list the first entries and how many there are.

    >>> value((1, 2.5)), value(True), value(date(2018, 12, 31))
    ('1、2.5', 'true', '2018-12-31')
    """
    if isinstance(of, tuple | list):
        shown = of if all_of_it else of[:_SHOWN]
        more = f" … ({len(of)})" if len(of) > len(shown) else ""
        return "、".join(value(each) for each in shown) + more
    if isinstance(of, bool):
        return str(of).lower()
    return of.isoformat() if isinstance(of, date) else str(of)
