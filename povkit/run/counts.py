"""What became of every rule of a county, as lines for the terminal: counts, reasons, totals, what to ask for."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from povkit.run.words import StoryWords, words_of

_NUMBERS = ("evaluated", "flagged", "unknown")


def read_summary(folder: Path) -> dict[str, Any]:
    """The `summary.json` of a folder of results."""
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary


def borrowed_lines(folder: Path, language: str = "zh") -> list[str]:
    """What to say of limits that belong to another year than the data; nothing if there is no summary."""
    if not (folder / "summary.json").exists():
        return []
    summary, words = read_summary(folder), words_of(language)
    return [words("policy.borrowed", data_year=summary["data_year"], **each) for each in summary["policy"]["borrowed"]]


def count_lines(summary: Mapping[str, Any], language: str = "zh") -> list[str]:
    """One line a code: judged, flagged, unknown, severity and title, or why it did not run; totals; what to ask for.

    Numbers are of objects (people, households, villages …). Columns are aligned for a terminal that draws Chinese
    characters two columns wide.
    """
    words = words_of(language)
    county, rules = summary["county"], summary["rules"]
    title = words("cli.counts_title", county=county["code"], name=words.pick(county, "name"), as_of=summary["as_of"])
    head = (words("col.code"), *(words(f"cli.col_{name}") for name in _NUMBERS), words("col.severity"))
    rows = [head, *(_row(code, rule, words) for code, rule in rules.items())]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(head))]
    lines = [_aligned(head, widths) + "  " + words("col.title")]
    for row, rule in zip(rows[1:], rules.values(), strict=True):
        lines.append(_aligned(row, widths) + "  " + words.pick(rule, "title"))
        lines += [" " * (widths[0] + 2) + "└ " + why for why in _why(rule, words)]
    return [title, *lines, _totals(rules, words), *_to_ask(rules, words)]


def _row(code: str, rule: Mapping[str, Any], words: StoryWords) -> tuple[str, ...]:
    numbers = (words("mark.none") if rule["not_run"] else f"{rule[name]:,}" for name in _NUMBERS)
    return (code, *numbers, words(f"severity.{rule['severity']}"))


def _why(rule: Mapping[str, Any], words: StoryWords) -> list[str]:
    """Why a code did not run, or the parts of it that did not."""
    if rule["not_run"]:
        return [words("cli.counts_not_run", why=words.pick(rule["not_run"]) or words("cli.counts_crashed"))]
    return [words("sheet.partly", face=words.face(part), why=words.pick(part)) for part in rule["partly_not_run"]]


def _totals(rules: Mapping[str, Mapping[str, Any]], words: StoryWords) -> str:
    ran = [rule for rule in rules.values() if not rule["not_run"]]
    return words(
        "cli.counts_total",
        codes=len(rules),
        ran=len(ran),
        partly=sum(bool(rule["partly_not_run"]) for rule in ran),
        not_run=len(rules) - len(ran),
        **{name: f"{sum(rule[name] for rule in ran):,}" for name in _NUMBERS},
    )


def _to_ask(rules: Mapping[str, Mapping[str, Any]], words: StoryWords) -> list[str]:
    """Missing inputs, those first that would let most rules run."""
    wanted: dict[str, list[str]] = {}
    for code, rule in rules.items():
        for each in rule["ask"]:
            wanted.setdefault(words.pick(each), []).append(code)
    ranked = sorted(wanted.items(), key=lambda item: (-len(item[1]), item[0]))
    lines = [f"  {what} ({' '.join(codes)})" for what, codes in ranked]
    return [words("cli.counts_ask"), *lines] if lines else []


def _aligned(row: Iterable[str], widths: list[int]) -> str:
    code, *numbers, severity = row
    cells = [_pad(code, widths[0]), *(" " * (w - _width(n)) + n for n, w in zip(numbers, widths[1:-1], strict=True))]
    return "  ".join((*cells, _pad(severity, widths[-1])))


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns that a terminal gives to a text."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
