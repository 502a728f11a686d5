"""How the notebook's charts are drawn: panels of lying bars and histograms, with fonts that have every character."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import MaxNLocator

from povkit.report.fonts import FontSet
from povkit.run.words import StoryWords

PALETTE = ("#5b8a6b", "#dd9a3c", "#a3262a", "#6f8aa5", "#c3cad1")
BAR = "#6f8aa5"
LINE = "#a3262a"
_INK = "#222222"
_WIDTH = 10.5
_ROW = 0.24
_BINS = 30
_WHOLE_MOST = 90
"""Whole numbers may reach so far to have a bar each."""
_LEAST_ROWS = 6

Panel = Callable[[Axes], None]


@contextmanager
def drawing(fonts: FontSet) -> Iterator[None]:
    """matplotlib's settings while a figure is made; the fonts go in by path, the machine's play no part."""
    known = {entry.fname for entry in fontManager.ttflist}
    for face in fonts.heading:
        if str(face.path) not in known:
            fontManager.addfont(str(face.path))
    settings: dict[str, Any] = {
        "font.family": fonts.families()["heading"],
        "font.size": 8.5,
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.linewidth": 0.6,
        "axes.edgecolor": "#888888",
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "ytick.major.size": 0,
        "legend.frameon": False,
        "figure.dpi": 110,
    }
    with mpl.rc_context(settings):  # type: ignore[arg-type]
        yield


def page(fonts: FontSet, columns: Sequence[Sequence[Panel]], rows: int) -> Figure:
    """A figure of columns of panels. rows: how many bars the longest column has, which sets the height."""
    with drawing(fonts):
        figure = Figure(figsize=(_WIDTH, max(2.6, 1.0 + _ROW * rows)), layout="constrained")
        parts = figure.subfigures(1, len(columns), squeeze=False).ravel()
        for part, panels in zip(parts, columns, strict=True):
            for axis, panel in zip(part.subplots(len(panels), squeeze=False).ravel(), panels, strict=True):
                panel(axis)
                handles, labels = axis.get_legend_handles_labels()
                if len(labels) > 1:
                    part.legend(
                        handles, labels, loc="outside lower center", ncols=len(labels), handlelength=1, handleheight=0.8
                    )
        figure.draw_without_rendering()
        return figure


def bars(table: pd.DataFrame, title: str, unit: str, none: str, colours: Sequence[str] = PALETTE) -> Panel:
    """Lying bars, one for each row of the table in its order, stacked by its columns, the total at the end.

    none: what stands there if there is nothing to draw.
    """

    def draw(axis: Axes) -> None:
        axis.set_title(title)
        if table.empty or not table.to_numpy().sum():
            _nothing(axis, none)
            return
        start = np.zeros(len(table))
        for place, name in enumerate(table.columns):
            values = table[name].to_numpy(dtype=float)
            axis.barh(
                range(len(table)), values, left=start, height=0.68, label=str(name), color=colours[place % len(colours)]
            )
            start = start + values
        for place, total in enumerate(start):
            axis.annotate(
                f"{int(total):,}", (total, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=7.5
            )
        axis.set_yticks(range(len(table)), [str(name) for name in table.index])
        axis.set_ylim(max(len(table), _LEAST_ROWS) - 0.4, -0.6)
        axis.set_xlim(0, float(start.max()) * 1.12)
        axis.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.set_xlabel(unit)

    return draw


def histogram(
    values: pd.Series, line: float | None, title: str, unit: str, words: StoryWords, whole: bool = False
) -> Panel:
    """How values lie around a line. Values beyond the 1st and the 99th percentile stand in the outer bars.

    whole: the values are whole numbers, one bar each, so long as they lie within `_WHOLE_MOST`.
    """

    def draw(axis: Axes) -> None:
        axis.set_title(title)
        known = values.dropna().astype(float)
        if known.empty:
            _nothing(axis, words("chart.none"))
            return
        low, most = (float(value) for value in np.quantile(known.to_numpy(), (0.01, 0.99)))
        high = float(max(most, (line or 0) * 1.1))
        if whole and high - min(low, 0.0) <= _WHOLE_MOST:
            edges = np.arange(np.floor(min(low, 0.0)) - 0.5, np.ceil(high) + 1)
        else:
            edges = np.linspace(low, max(high, low + 1), _BINS)
        axis.hist(known.clip(edges[0], edges[-1]), bins=list(edges), color=BAR, edgecolor="white", linewidth=0.4)
        if line is not None:
            axis.axvline(line, color=LINE, linewidth=1.1)
            axis.annotate(
                words("chart.line", n=words.number(line)), (line, 1), xycoords=("data", "axes fraction"),
                xytext=(3, -9), textcoords="offset points", color=LINE, fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            )  # fmt: skip
        axis.set_xlabel(unit)
        axis.set_ylabel(words("chart.households"))
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))

    return draw


def _nothing(axis: Axes, words: str) -> None:
    axis.set_axis_off()
    axis.text(0.5, 0.5, words, ha="center", va="center", transform=axis.transAxes)
