"""F06 as a picture: two years against each other, and by how much incomes grew."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from povkit.report.fonts import FontSet
from povkit.report.shapes.canvas import GREY, OTHER, STRANGE, USUAL, Told, plain, sheet
from povkit.report.shapes.material import Shapes, Style

_HEIGHT = 2.8
_MARKS = 1500
"""Households drawn one by one; more are drawn as a map of how many lie where."""
_STEP = 0.01
_GROWTH = (-0.6, 1.0)
_HIGH = 0.98


def told(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of F06."""
    words, frame, found = style.words, shapes.frames["F06"], shapes.of("F06", flagged=True)
    note = words("shape.years.note")
    if found.empty:
        state = "none" if shapes.of("F06")["p"].notna().any() else "small"
        return Told(words(f"shape.years.{state}"), words("shape.years.none_line", n=words.number(len(frame))), note)
    unit = found.iloc[0].to_dict()
    detail = unit["detail"]
    rate = "rate_pct" in detail
    values = {"places": style.names(found), "place": style.name(unit), "q": style.q(unit)}
    values |= {"k": words.number(unit["statistic"]), "n": words.number(detail.get("comparable", unit["n"]))}
    values |= {"rate": words.number(detail.get("rate_pct"), 1), "share": words.percent(unit["effect"])}
    key = "rate" if rate else "unchanged"
    return Told(words(f"shape.years.{key}", **values), words(f"shape.years.{key}_line", **values), note)


def draw(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Left: this year's income per head against last year's; right: growth, those of flagged units marked."""
    words, frame = style.words, shapes.frames["F06"]
    known = frame[(frame["last"] > 0) & (frame["now"] > 0)]
    found = shapes.of("F06", flagged=True)
    marked = known["household_id"].isin({home for homes in found["households"] for home in homes})

    def years(axis: Axes) -> None:
        top = float(np.quantile(known[["last", "now"]].to_numpy(), _HIGH)) * 1.1 if len(known) else 1.0
        if len(known) > _MARKS:
            _dense(axis, known, top)
        else:
            axis.scatter(known["last"][~marked], known["now"][~marked], s=5, color=USUAL, alpha=0.6, linewidth=0)
        axis.scatter(
            known["last"][marked], known["now"][marked], s=11, color=STRANGE, marker="D", linewidth=0, zorder=3
        )
        axis.plot([0, top], [0, top], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        plain(axis, words("shape.years.last"), words("shape.years.now"))
        axis.set(xlim=(0, top), ylim=(0, top))
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_locator(MaxNLocator(5))
            side.set_major_formatter(lambda value, _: f"{value:,.0f}")

    def growth(axis: Axes) -> None:
        edges = np.arange(_GROWTH[0], _GROWTH[1] + _STEP, _STEP) - _STEP / 2
        rate = (known["now"] / known["last"] - 1).clip(edges[0], edges[-1] - 1e-9)
        parts = [100 * rate[~marked], 100 * rate[marked]]
        names = [words("shape.years.others"), words("shape.years.marked")]
        axis.hist(parts, bins=list(100 * edges), stacked=True, color=[USUAL, STRANGE], label=names)
        axis.axvline(0, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        middle = float(100 * rate.median()) if len(rate) else 0.0
        axis.axvline(middle, color=OTHER, linewidth=0.9)
        axis.annotate(words("shape.years.median", rate=words.number(round(middle, 1), 1)), (middle, 1),
                      xycoords=("data", "axes fraction"), xytext=(3, -9), textcoords="offset points", fontsize=7.5,
                      color=OTHER)  # fmt: skip
        plain(axis, words("shape.years.growth"), words("shape.households"))
        axis.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.set_xlim(100 * edges[0], 100 * edges[-1])
        if marked.any():
            axis.legend(fontsize=7, frameon=False, loc="center right", handlelength=1)

    return sheet(told(shapes, style), [years, growth], _HEIGHT, fonts, columns=2)


def _dense(axis: Axes, known: pd.DataFrame, top: float) -> None:
    counts, x, y = np.histogram2d(known["last"], known["now"], bins=60, range=[[0, top], [0, top]])
    shades = LinearSegmentedColormap.from_list("povkit", ["#ffffff", USUAL, "#2b3d4d"])
    axis.pcolormesh(x, y, np.sqrt(counts.T), cmap=shades, linewidth=0)
