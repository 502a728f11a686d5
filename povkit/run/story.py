"""The story between the tables: each part's heading and paragraph in Markdown, with the county's own numbers."""

from typing import Any

from povkit.report.inspection import Inspection as Gathered
from povkit.report.labels import clean
from povkit.run.tables import figure_lines
from povkit.run.words import StoryWords

_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#$~"})


def told(part: str, gathered: Gathered, words: StoryWords) -> str:
    """Markdown of a part of the story: a key of the words (`story.<part>`), or a phenomenon such as S5.1.

    Raises KeyError for a part that there is not.
    """
    if any(item["id"] == part for item in gathered.summary["phenomena"]):
        return _phenomenon(part, gathered, words)
    return words(f"story.{part}", **_values(gathered, words))


def phenomenon_of(gathered: Gathered, name: str) -> dict[str, Any]:
    """A phenomenon's part of the summary. Raises KeyError with those that there are."""
    items: dict[str, dict[str, Any]] = {item["id"]: item for item in gathered.summary["phenomena"]}
    if name not in items:
        raise KeyError(f"no phenomenon {name}; there are {', '.join(items)}")
    return items[name]


def _phenomenon(name: str, gathered: Gathered, words: StoryWords) -> str:
    item = phenomenon_of(gathered, name)
    codes = set(item["codes"])
    held = sum(row.code in codes for row in gathered.answered)
    reasons = [plain(words.pick(reason)) for reason in item["reasons"]]
    ask = [plain(words.pick(each)) for each in item["ask"]]
    return words(
        "story.phenomenon",
        id=name,
        title=plain(words.pick(item, "title")),
        verdict=words(f"verdict.{item['verdict']}"),
        figures="\n".join(f"- {plain(line)}" for line in figure_lines(item, words)) + "\n",
        basis=words("story.phenomenon_basis", list=words("mark.pairs").join(reasons)) if reasons else "",
        ask=words("story.phenomenon_ask", list=words("mark.pairs").join(ask)) if ask else "",
        held=words("story.phenomenon_held", n=words.number(held)),
    )


def _values(gathered: Gathered, words: StoryWords) -> dict[str, str]:
    summary = gathered.summary
    tables: dict[str, bool] = {}
    for item in summary["inputs"]:
        tables[item["table"]] = tables.get(item["table"], False) or item["rows"] is not None
    idle = [code for code in gathered.rules if gathered.not_run(code)]
    blank = [code for code, rule in gathered.rules.items() if rule["unknown"] and code not in idle]
    unread = sum(file.get("unreadable") or 0 for file in gathered.provenance.get("files", ()))
    counts = {
        **summary["population"],
        "findings": len(gathered.rows),
        "touched": len({row.household for row in gathered.rows if row.household}),
        "tables_here": sum(tables.values()),
        "tables_absent": len(tables) - sum(tables.values()),
        "not_run": len(idle),
        "blank": len(blank),
    }
    return {
        **{name: words.number(value) for name, value in counts.items()},
        "county": plain(gathered.county),
        "as_of": words.date(summary["as_of"]),
        "data_year": str(summary["data_year"]),
        "policy": plain(str(summary["policy"]["name"])),
        "is_not": words("analyst.is_not"),
        "privacy": words("cover.unmasked" if gathered.options.show_identities else "cover.masked"),
        "cells": words("story.cells_some", n=words.number(unread)) if unread else words("story.cells_none"),
    }


def plain(text: str) -> str:
    """Text in which nothing is taken for Markdown."""
    return clean(text).translate(_MARKDOWN)
