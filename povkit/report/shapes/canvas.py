"""The sheet that pictures of patterns are drawn on: what was found as title, a line of numbers, then the panels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from povkit.report.figures import drawing, finished
from povkit.report.fonts import FontSet

USUAL = "#8ea3b5"
STRANGE = "#d55e00"
OTHER = "#0072b2"
PALE = "#d3dbe2"
INK = "#1c1c1c"
GREY = "#5d6670"
WIDTH = 6.1
_TITLE, _LINE = (10.5, 40), (8.0, 54)
_LEADING = 1.6
_POINTS = 72
_NEVER_FIRST = "，。；：、）”》·%,.;:)"

Panel = Callable[[Axes], None]


@dataclass(frozen=True)
class Told:
    """What a picture says: title (the finding in words), line (numbers that carry it), note (how to read it)."""

    title: str
    line: str
    note: str


def sheet(told: Told, panels: Sequence[Panel], height: float, fonts: FontSet, columns: int = 1) -> Figure:
    """A figure of panels in rows of `columns`, height in inches without the title. Chinese text is folded to fit."""
    title, line = folded(told.title, 2 * _TITLE[1]), folded(told.line, 2 * _LINE[1])
    above = (len(title) * _TITLE[0] + len(line) * _LINE[0]) * _LEADING / _POINTS + 0.1
    rows = -(-len(panels) // columns)
    with drawing(fonts):
        figure = Figure(figsize=(WIDTH, above + height), layout="constrained")
        head, body = figure.subfigures(2, 1, height_ratios=[above, height], squeeze=False).ravel()
        lower = 1 - (len(title) * _TITLE[0] * _LEADING) / (above * _POINTS)
        head.text(0.005, 1.0, "\n".join(title), va="top", fontsize=_TITLE[0], linespacing=1.25, color=INK)
        head.text(0.005, lower, "\n".join(line), va="top", fontsize=_LINE[0], linespacing=1.25, color=GREY)
        axes = body.subplots(rows, columns, squeeze=False).ravel()
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        for axis, panel in zip(axes, panels, strict=False):
            panel(axis)
        return finished(figure)


def folded(text: str, width: int) -> list[str]:
    """Lines of at most `width` halfwidth characters: Latin words stay whole, Chinese breaks anywhere.

    >>> folded("甲乙丙丁，戊", 8), folded("two words", 5)
    (['甲乙丙', '丁，戊'], ['two', 'words'])
    """
    lines, current = [], ""
    for piece in _pieces(text):
        if current and _width(current + piece.rstrip()) > width:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    return [*lines, current.rstrip()] if current.strip() else lines or [""]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _pieces(text: str) -> list[str]:
    """What may not be broken: a Latin word with its blank, a Chinese character with the mark that follows it."""
    pieces: list[str] = []
    for char in text:
        last = pieces[-1] if pieces else " "
        latin = east_asian_width(char) not in "WF" and not last.endswith(" ") and not _ends_wide(last)
        if pieces and (latin or char == " " or char in _NEVER_FIRST):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _ends_wide(piece: str) -> bool:
    return east_asian_width(piece[-1]) in "WF"


def plain(axis: Axes, across: str, up: str) -> None:
    """Labels of both axes and a pale grid behind the marks."""
    axis.set_xlabel(across, fontsize=8)
    axis.set_ylabel(up, fontsize=8)
    axis.tick_params(labelsize=7.5)
    axis.grid(color="#eceff2", linewidth=0.6)
    axis.set_axisbelow(True)


def limit_line(axis: Axes, at: float, label: str, across: bool = False) -> None:
    """A limit, drawn and named: upright at a value of x, or across at a value of y."""
    spot: dict[str, Any]
    if across:
        axis.axhline(at, color=OTHER, linewidth=1.1, linestyle=(0, (4, 2)))
        spot = {"xy": (1, at), "xycoords": ("axes fraction", "data"), "xytext": (-2, 2), "ha": "right"}
    else:
        axis.axvline(at, color=OTHER, linewidth=1.1, linestyle=(0, (4, 2)))
        spot = {"xy": (at, 1), "xycoords": ("data", "axes fraction"), "xytext": (3, -9), "ha": "left"}
    axis.annotate(label, textcoords="offset points", color=OTHER, fontsize=7.5, bbox=halo(), **spot)


def halo() -> dict[str, object]:
    """A white ground behind words that stand on marks."""
    return {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8}
