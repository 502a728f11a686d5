"""Patterns as a notebook shows them: a table of what is unusual, and pictures as SVG with what they say below."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from IPython.display import SVG, Markdown, display

from povkit.report import Picture, Shapes
from povkit.report.inspection import Inspection as Gathered
from povkit.report.sections.patterns import flagged_rows, pattern_codes
from povkit.run.sheets import Sheet, sheet
from povkit.run.story import plain
from povkit.run.words import StoryWords


@dataclass(frozen=True)
class Gallery:
    """Pictures in order. Shown by a notebook one after another; a picture that could not be drawn says why."""

    pictures: tuple[Picture, ...]
    words: StoryWords

    def _ipython_display_(self) -> None:
        for picture in self.pictures:
            if picture.svg:
                display(SVG(picture.svg))  # type: ignore[no-untyped-call]
            told = picture.note or f"{picture.caption}{self.words('mark.equals')}{picture.absent}"
            display(Markdown(f"*{plain(told)}*"))  # type: ignore[no-untyped-call]


def patterns_of(gathered: Gathered, item: Mapping[str, Any], shapes: Shapes, words: StoryWords) -> Sheet:
    """Units of a phenomenon's patterns that are unusual: pattern, place, n, effect, q, households to visit first."""
    keys = ("what", "where", "n", "effect", "q", "visit")
    found = flagged_rows(gathered, shapes, pattern_codes(gathered, item))
    rows = [dict(zip(keys, (cell.replace("\n", " ") for cell in row), strict=True)) for row in found]
    columns = {key: f"patterns.{key}" for key in keys}
    return sheet(words, "patterns", columns, rows)
