"""Which pictures there are, under which phenomenon, and why one could not be drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from povkit.report.figures import figure_svg
from povkit.report.fonts import FontSet
from povkit.report.shapes import calendar, copies, equal, funnels, line, years
from povkit.report.shapes.canvas import Told
from povkit.report.shapes.material import Shapes, Style


@dataclass(frozen=True)
class Kind:
    """One kind of picture: the phenomenon it stands under, the codes that it shows (its frame is the first's)."""

    phenomenon: str
    codes: tuple[str, ...]
    told: Callable[[Shapes, Style], Told]
    draw: Callable[[Shapes, Style, FontSet], Figure]


KINDS: dict[str, Kind] = {
    "incidence": Kind("S5.1", ("S01", "S02"), funnels.told_incidence, funnels.draw_incidence),
    "plan": Kind("S5.1", ("K13",), equal.told_plan, equal.draw_plan),
    "balance": Kind("S5.1", ("S03",), equal.told_balance, equal.draw_balance),
    "calendar": Kind("S5.1", ("K09",), calendar.told, calendar.draw),
    "copies": Kind("S5.2", ("E15",), copies.told, copies.draw),
    "years": Kind("S5.2", ("F06",), years.told, years.draw),
    "line": Kind("S5.3", ("E13",), line.told, line.draw),
    "backstop": Kind("S5.5", ("J16",), funnels.told_backstop, funnels.draw_backstop),
}


NOTHING: dict[str, Callable[[pd.DataFrame], bool]] = {
    "plan": lambda frame: not equal.planned(frame).any(),
    "calendar": lambda frame: not frame["count"].any(),
    "balance": lambda frame: not frame[["taken_in", "removed", "gone"]].to_numpy().any(),
}
"""Pictures whose frame may hold places without anything to draw."""


@dataclass(frozen=True)
class Picture:
    """One picture as it is shown: SVG text, what it says, and in words for who cannot see it.

    absent: why it could not be drawn ("" if it was); then there is no SVG.
    """

    key: str
    phenomenon: str
    codes: tuple[str, ...]
    caption: str
    title: str = ""
    line: str = ""
    note: str = ""
    svg: str = ""
    absent: str = ""

    @property
    def alt(self) -> str:
        """What the picture shows, for readers by ear."""
        return " ".join(filter(None, (self.title, self.line, self.note)))


def draw_pictures(
    shapes: Shapes, style: Style, fonts: FontSet, rules: Mapping[str, Mapping[str, Any]]
) -> list[Picture]:
    """All pictures in order. rules: of the summary, which say why a pattern did not run.

    A picture is drawn also where nothing was found, and then says so; it is left out, with the reason, where its
    pattern did not run or had too little to draw.
    """
    return [_picture(key, kind, shapes, style, fonts, rules) for key, kind in KINDS.items()]


def _picture(
    key: str, kind: Kind, shapes: Shapes, style: Style, fonts: FontSet, rules: Mapping[str, Mapping[str, Any]]
) -> Picture:
    words = style.words
    codes = words("mark.list").join(kind.codes)
    caption = words("shape.caption", name=words(f"shape.{key}"), codes=codes)
    frame = shapes.frames.get(kind.codes[0])
    if frame is None or frame.empty or (key in NOTHING and NOTHING[key](frame)):
        why = words.pick((rules.get(kind.codes[0]) or {}).get("not_run")) or words(f"shape.{key}.too_small")
        return Picture(key, kind.phenomenon, kind.codes, caption, absent=words("shape.absent", why=why))
    told = kind.told(shapes, style)
    svg = figure_svg(kind.draw(shapes, style, fonts))
    return Picture(key, kind.phenomenon, kind.codes, caption, told.title, told.line, told.note, svg)
