"""Two counts of each village against each other: exits and the plan (K13), entries and removals (S03)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from povkit.report.fonts import FontSet
from povkit.report.shapes.canvas import GREY, STRANGE, USUAL, Told, plain, sheet
from povkit.report.shapes.material import Shapes, Style

PAIRS = {
    "identified = removed": ("identified", "removed"),
    "all taken in = removed": ("taken_in", "removed"),
    "all taken in = all that left": ("taken_in", "gone"),
}
_HEIGHT = 2.6
_MOST, _FAR = 0.75, 4
"""Where three quarters of the counts lie below a fourth of the greatest, axes grow by the square root."""


def told_plan(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of K13."""
    return _told(shapes, style, "K13", "plan")


def told_balance(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of S03."""
    return _told(shapes, style, "S03", "balance")


def _told(shapes: Shapes, style: Style, code: str, key: str) -> Told:
    words, found = style.words, shapes.of(code, flagged=True)
    note = words(f"shape.{key}.note")
    unit = found.iloc[0].to_dict() if len(found) else dict(shapes.county(code))
    if not unit or unit["p"] != unit["p"]:
        return Told(words(f"shape.{key}.small"), words("shape.equal.small_line"), note)
    detail = unit["detail"]
    values = {"k": words.number(unit["statistic"]), "n": words.number(unit["n"]), "q": style.q(unit)}
    values |= {"usual": words.number(detail["usual_share"] * unit["n"], 1)}
    values |= {"places": style.names(found), "pair": _pair(style, detail) if key == "balance" else ""}
    state = "found" if len(found) else "none"
    return Told(words(f"shape.{key}.{state}", **values), words("shape.equal.line", **values), note)


def _pair(style: Style, detail: dict[str, object]) -> str:
    left, right = PAIRS[str(detail["balance"])]
    return style.words("shape.balance.pair", left=style.words(f"shape.{left}"), right=style.words(f"shape.{right}"))


def planned(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Villages that the test counts: a plan of nobody or of everybody says nothing, nor does one without exits told."""
    told = (frame["planned_exits"] > 0) & (frame["planned_exits"] < frame["could_exit"])
    return told & frame["exits_this_year"].notna()


def draw_plan(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Exits against the plan, one mark a village (larger where several lie on one spot)."""
    frame, words = shapes.frames["K13"], style.words
    known = frame[planned(frame)]
    across, up = words("shape.plan.planned"), words("shape.plan.actual")
    return sheet(
        told_plan(shapes, style),
        [lambda axis: _draw(axis, known["planned_exits"], known["exits_this_year"], (across, up), style)],
        _HEIGHT,
        fonts,
    )


def draw_balance(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Entries against removals, one mark a village."""
    frame, words = shapes.frames["S03"], style.words
    found = shapes.of("S03", flagged=True)
    unit = found.iloc[0].to_dict() if len(found) else shapes.county("S03")
    left, right = PAIRS[(unit.get("detail") or {}).get("balance", next(iter(PAIRS)))]
    known = frame[(frame[left] + frame[right]) > 0]
    across, up = (words("shape.balance.axis", kind=words(f"shape.{name}")) for name in (right, left))
    return sheet(
        told_balance(shapes, style),
        [lambda axis: _draw(axis, known[right], known[left], (across, up), style)],
        _HEIGHT,
        fonts,
    )


def _draw(axis: Axes, x: pd.Series, y: pd.Series, labels: tuple[str, str], style: Style) -> None:
    """Counts of villages on a square of numbers, those on the diagonal marked and counted."""
    words = style.words
    spots = pd.DataFrame({"x": x.to_numpy(float), "y": y.to_numpy(float)}).value_counts().reset_index(name="villages")
    spots = spots.sort_values(["x", "y"], ignore_index=True)
    sides = spots[["x", "y"]].to_numpy(float).ravel()
    most = max(float(sides.max()) if len(sides) else 1.0, 4.0) * 1.08
    if len(sides) and np.quantile(sides, _MOST) < most / _FAR:
        for scale in (axis.set_xscale, axis.set_yscale):
            scale("function", functions=(np.sqrt, np.square))
    axis.plot([0, most], [0, most], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    on, handles = spots["x"] == spots["y"], []
    for which, colour, marker, key in ((~on, USUAL, "o", "off"), (on, STRANGE, "D", "on")):
        part = spots[which]
        name = words(f"shape.equal.{key}", n=int(part["villages"].sum()))
        axis.scatter(part["x"], part["y"], s=26 * part["villages"], color=colour, marker=marker, edgecolor="white",
                     linewidth=0.5, zorder=3, clip_on=False)  # fmt: skip
        handles.append(Line2D([], [], color=colour, marker=marker, linestyle="", markersize=5, label=name))
    for spot in spots[spots["villages"] > 1].to_dict("records"):
        axis.annotate(f"{spot['villages']}", (spot["x"], spot["y"]), ha="center", va="center", fontsize=6.5,
                      color="white", zorder=5)  # fmt: skip
    plain(axis, *labels)
    axis.set(xlim=(0, most), ylim=(0, most))
    axis.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    axis.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axis.legend(handles=handles, fontsize=7.5, frameon=False, loc="upper left", handletextpad=0.3)
