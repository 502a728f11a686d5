"""E13 as a picture: incomes around the exit line beside the curve that the other incomes promise."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator

from povkit.report.fonts import FontSet
from povkit.report.shapes.canvas import INK, PALE, STRANGE, USUAL, Panel, Told, limit_line, plain, sheet
from povkit.report.shapes.material import Shapes, Style

_BAR = 100
"""Width of a bar in yuan; the test itself uses narrower bins."""
_TOWNSHIPS = 3
_COUNTY_HEIGHT, _TOWNSHIP_HEIGHT = 2.2, 1.9


def told(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of E13."""
    words, limits = style.words, shapes.limits
    line, found = words.number(limits["income_line"]), shapes.of("E13", flagged=True)
    note = words("shape.line.note", line=line, bar=_BAR)
    if found.empty:
        county = shapes.county("E13")
        n = words.number(county.get("n"))
        untested = county.get("p", np.nan) != county.get("p", np.nan)
        state = "small" if untested else "none"
        return Told(words(f"shape.line.{state}", line=line), words(f"shape.line.{state}_line", n=n), note)
    first = found.iloc[0].to_dict()
    title = words("shape.line.found", places=style.names(found), line=line)
    return Told(title, _numbers(shapes, style, first), note)


def _numbers(shapes: Shapes, style: Style, unit: Mapping[Any, Any]) -> str:
    """Recorded and expected households just below and above the line, of the strangest place; else the test's own."""
    words, limits = style.words, shapes.limits
    frame = shapes.frames["E13"]
    here = frame[(frame["level"] == unit["level"]) & (frame["place"] == unit["object_id"]) & frame["window"]]
    share = words.percent(unit["effect"])
    if here.empty:
        return words("shape.line.found_official", share=share, n=words.number(unit["n"]), q=style.q(unit))
    below = here["income"] < limits["income_line"]
    seen = here["left"] + here["not_left"]
    return words(
        "shape.line.found_line",
        place=style.name(unit),
        over=words.number(limits["bunch_above_yuan"]),
        under=words.number(limits["bunch_below_yuan"]),
        seen_over=words.number(int(seen[~below].sum())),
        usual_over=words.number(round(float(here.loc[~below, "expected"].sum()), 1), 1),
        seen_under=words.number(int(seen[below].sum())),
        usual_under=words.number(round(float(here.loc[below, "expected"].sum()), 1), 1),
        n=words.number(unit["n"]),
        q=style.q(unit),
    )


def draw(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """The county, and below it the townships that are flagged, each with bars and curve."""
    found = shapes.of("E13", flagged=True)
    towns = [str(name) for name in found.loc[found["level"] == "township", "object_id"]][:_TOWNSHIPS]
    frame = shapes.frames["E13"]
    panels: list[Panel] = []
    for level, name in (("county", None), *(("township", town) for town in towns)):
        inside = frame[(frame["level"] == level) & ((frame["place"] == name) | (name is None))]
        if not inside.empty:
            panels.append(
                _panel(inside, name or style.words("shape.county"), (not found.empty, not panels), shapes, style)
            )
    height = _COUNTY_HEIGHT + _TOWNSHIP_HEIGHT * (len(panels) - 1)
    return sheet(told(shapes, style), panels, height, fonts)


def _panel(frame: pd.DataFrame, name: str, state: tuple[bool, bool], shapes: Shapes, style: Style) -> Panel:
    """state: whether anything was found; whether this is the first panel, which carries the legend."""
    words, line, (found, first) = style.words, float(shapes.limits["income_line"]), state
    left = line + np.floor((frame["income"] - line) / _BAR) * _BAR
    bars = frame.assign(start=left).groupby("start")[["left", "not_left", "expected"]].sum().reset_index()
    start = bars["start"].to_numpy()
    near = found & (start >= line) & (start < line + shapes.limits["bunch_above_yuan"])

    def draw_on(axis: Axes) -> None:
        colours = np.where(near, STRANGE, USUAL).tolist()
        wide = _BAR * 0.9
        axis.bar(start, bars["left"], wide, align="edge", color=colours, label=words("shape.line.left"))
        axis.bar(
            start, bars["not_left"], wide, align="edge", bottom=bars["left"], color=PALE,
            label=words("shape.line.not_left"),
        )  # fmt: skip
        axis.step(
            np.append(start, start[-1] + _BAR), np.append(bars["expected"], bars["expected"].iloc[-1]),
            where="post", color=INK, linewidth=1.0, label=words("shape.line.expected"),
        )  # fmt: skip
        limit_line(axis, line, words("shape.line.limit", line=words.number(line)))
        seen = int((bars["left"] + bars["not_left"]).sum())
        axis.set_title(words("shape.panel", name=name, n=words.number(seen)), fontsize=8.5, loc="left")
        plain(axis, words("shape.line.income"), words("shape.households"))
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axis.xaxis.set_major_locator(MultipleLocator(500))
        axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.set_xlim(start[0], start[-1] + _BAR)
        axis.set_ylim(0, max(float((bars["left"] + bars["not_left"]).max()), float(bars["expected"].max()), 1) * 1.18)
        if first:
            axis.figure.legend(loc="outside lower center", ncols=3, fontsize=7.5, frameon=False, handlelength=1.2)

    return draw_on
