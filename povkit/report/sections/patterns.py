"""The section of patterns: for each phenomenon what was tested, what is unusual and where, whom to visit, pictures."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from povkit.report.blocks import Block, column, heading, table, text
from povkit.report.inspection import WORKBOOK, Inspection
from povkit.report.labels import clean
from povkit.report.shapes import Picture, Shapes

PATTERN_GRADE = 3
HOMES = 8
"""Households spelt out in a row; the workbook has them all."""


def patterns(inspection: Inspection, drawn: Iterable[Picture]) -> list[Block]:
    """Blocks of every phenomenon that has patterns, its pictures too; [] if no patterns were handed to the report."""
    shapes, words = inspection.shapes, inspection.words
    if shapes is None:
        return []
    q_max = words.number(shapes.limits.get("pattern_q_max"))
    blocks = [text(words("patterns.intro", q=q_max, workbook=WORKBOOK))]
    number, shown = 0, list(drawn)
    for item in inspection.summary["phenomena"]:
        codes = pattern_codes(inspection, item)
        if not codes:
            continue
        blocks.append(heading(f"{item['id']} {clean(words.pick(item, 'title'))}"))
        blocks += _tables(inspection, shapes, codes)
        for picture in (each for each in shown if each.phenomenon == item["id"]):
            number += not picture.absent
            blocks.append(_figure(inspection, picture, number))
    return blocks


def pattern_codes(inspection: Inspection, item: Mapping[str, Any]) -> list[str]:
    """The phenomenon's codes that are patterns: of grade 3 in the summary's rules."""
    return [code for code in item["codes"] if (inspection.rules.get(code) or {}).get("grade") == PATTERN_GRADE]


def _tables(inspection: Inspection, shapes: Shapes, codes: list[str]) -> list[Block]:
    words = inspection.words
    found = flagged_rows(inspection, shapes, codes)
    blocks: list[Block] = []
    if found:
        blocks += [text(words("patterns.found"), "lead"), flagged_table(inspection, shapes, codes)]
        blocks += [
            text(words("patterns.homes", where=row[1], code=row[0].split()[0], list=row[-1]), "note") for row in found
        ]
    else:
        blocks.append(text(words("patterns.none"), "lead"))
    columns = [
        column(words("col.code"), "3em"),
        column(words("col.title"), "1fr"),
        column(words("patterns.tested"), "4.6em", "right"),
        column(words("patterns.small"), "5.4em", "right"),
        column(words("col.flagged"), "4em", "right"),
        column(words("patterns.least_q"), "5em", "right"),
    ]
    return [*blocks, table(columns, [_tested(inspection, shapes, code) for code in codes], words("patterns.foot"))]


def flagged_table(inspection: Inspection, shapes: Shapes, codes: list[str]) -> Block:
    """The flagged units of these patterns: pattern, place, n, effect, q."""
    words = inspection.words
    columns = [
        column(words("patterns.what"), "1.5fr"),
        column(words("patterns.where"), "1.1fr"),
        column(words("patterns.n"), "3em", "right"),
        column(words("patterns.effect"), "1.6fr"),
        column("q", "4em", "right"),
    ]
    return table(columns, [row[:-1] for row in flagged_rows(inspection, shapes, codes)], words("patterns.n_is"))


def flagged_rows(inspection: Inspection, shapes: Shapes, codes: list[str]) -> list[list[str]]:
    """One row a flagged unit: pattern, place, n, effect with interval and unit, q, households to visit first."""
    words, style = inspection.words, inspection.style
    return [
        [
            f"{code} {inspection.title(code)}",
            style.name(unit),
            words.number(unit["n"]),
            effect(inspection, unit),
            _q(inspection, unit["q"]),
            homes(inspection, unit["households"]),
        ]
        for code in codes
        for unit in shapes.of(code, flagged=True).to_dict("records")
    ]


def effect(inspection: Inspection, unit: Mapping[Any, Any]) -> str:
    """An effect with its 95 % interval, and what it is on a second line."""
    words = inspection.words
    value, low, high = (words.number(unit[name]) for name in ("effect", "low", "high"))
    return words("patterns.interval", effect=value, low=low, high=high) + "\n" + words.pick(unit["effect_unit"])


def homes(inspection: Inspection, numbers: tuple[str, ...]) -> str:
    """The first household numbers, and how many there are."""
    words = inspection.words
    listed = words("mark.list").join(clean(str(number)) for number in numbers[:HOMES])
    return listed + (words("mark.gap") + words("patterns.more", n=len(numbers)) if len(numbers) > HOMES else "")


def _tested(inspection: Inspection, shapes: Shapes, code: str) -> list[str]:
    words, rule, idle = inspection.words, inspection.rules[code], inspection.not_run(code)
    title = inspection.title(code) + (f"\n{idle}" if idle else "")
    if idle:
        return [code, title, *[words("mark.none")] * 4]
    least = shapes.of(code)["q"].min()
    counts = [words.number(rule[key]) for key in ("evaluated", "unknown", "flagged")]
    return [code, title, *counts, words("mark.none") if pd.isna(least) else _q(inspection, least)]


def _q(inspection: Inspection, value: float) -> str:
    return inspection.style.q({"q": value}).removeprefix("q=").removeprefix("q")


def _figure(inspection: Inspection, picture: Picture, number: int) -> Block:
    words = inspection.words
    if picture.absent:
        return text(f"{picture.caption}{words('mark.equals')}{picture.absent}", "note")
    caption = words("patterns.caption", n=number, title=picture.caption)
    return {"type": "figure", "svg": picture.svg, "caption": caption, "alt": picture.alt, "note": picture.note}
