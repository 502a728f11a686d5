"""Pictures of the analyst's notebook: channels, villages as small multiples, any two fields, a household's place."""

from collections.abc import Iterable
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from povkit.report.figures import short_village
from povkit.report.fonts import FontSet, find_fonts
from povkit.report.masking import kind_of
from povkit.run.charts import BAR, LINE, drawing
from povkit.run.explore.case import Case

CHANNELS = ("plausibility_p", "cells_p", "rarity_p")
PANELS = 24
_ACROSS = 6
_BINS = 20
_WIDTH = 10.5
_HIGH = 0.99
_NAME = 8
_PANEL, _FOOT = 1.35, 0.5
_CHOSEN = "#1b5e9b"
_GREY = "#c3cad1"
FEWEST_VALUES = 3
_CODES = ("exit_year", "identified_year", "longitude", "latitude", "source_row", "standard", "rebuilt_year")


def fields(case: Case) -> dict[str, str]:
    """Title -> name of every numeric field of a household that takes several values, in the form's order."""
    frame, named = case.households, {}
    for name in frame.columns:
        if _is_number(frame[name]) and not kind_of(name) and name.removeprefix("last_") not in _CODES:
            title = case.label(name)
            named[title if title not in named else f"{title} ({name})"] = name
    return named


def is_dull(case: Case, name: str) -> bool:
    """Whether it is a field of the households that this county left blank, or filled in with hardly two numbers."""
    if name not in case.households.columns:
        return False
    column = case.households[name]
    return not column.notna().any() or (_is_numeric(column) and column.nunique() < FEWEST_VALUES)


def _is_number(column: pd.Series) -> bool:
    """Whether it holds numbers, and not just one or two of them."""
    return _is_numeric(column) and column.nunique() >= FEWEST_VALUES


def _is_numeric(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def channels(case: Case) -> Figure:
    """How the p values of each channel lie: flat where nothing is strange, heaped at the left where something is."""
    words = case.inspection.words
    with drawing(_fonts(case)):
        figure = Figure(figsize=(_WIDTH, 2.4), layout="constrained")
        for axes, name in zip(figure.subplots(1, len(CHANNELS), sharey=True), CHANNELS, strict=True):
            values = case.scores[name].dropna()
            axes.hist(values, bins=_BINS, range=(0, 1), color=BAR)
            axes.axhline(len(values) / _BINS, color=LINE, linewidth=0.8, linestyle=":")
            axes.set_title(words(f"explore.channel.{name}"))
            axes.set_xlabel("p")
        figure.axes[0].set_ylabel(words("chart.households"))
    return figure


def villages(case: Case, field: str, township: str = "") -> tuple[Figure, int, int]:
    """One small histogram a village, the county's shape grey behind it, flagged households marked.

    township: only its villages. Gives the figure, how many villages are drawn and how many there are; those with most
    flagged households come first, then the largest.
    """
    homes = case.households if not township else case.households[case.households["township"] == township]
    flagged = _flagged(case, homes)
    order = pd.DataFrame(
        {"flagged": flagged.groupby(homes["village_code"]).sum(), "n": homes.groupby("village_code").size()}
    )
    order["code"] = order.index.astype(str)
    order = order.sort_values(["flagged", "n", "code"], ascending=[False, False, True])
    drawn = list(order.index[:PANELS])
    county = case.households[field].dropna().astype(float)
    top = float(county.quantile(_HIGH)) if len(county) else 1.0
    edges = np.linspace(float(min(county.min(), 0)) if len(county) else 0.0, max(top, 1.0), _BINS + 1).tolist()
    high = ceil(max(len(drawn), 1) / _ACROSS)
    with drawing(_fonts(case)):
        tall = _PANEL * high + _FOOT
        figure = Figure(figsize=(_WIDTH, tall))
        figure.subplots_adjust(0.02, _FOOT / tall, 0.98, 1 - _FOOT / 2 / tall, wspace=0.12, hspace=0.55)
        grid = figure.subplots(high, _ACROSS, squeeze=False, sharex=True).ravel()
        for axes, code in zip(grid, drawn, strict=False):
            here = homes[homes["village_code"] == code]
            _village(axes, here, here[_flagged(case, here)], county, field, edges)
        for axes in grid[len(drawn) :]:
            axes.set_axis_off()
        figure.text(0.5, 0.04 / tall, case.label(field), ha="center", fontsize=9)
    return figure, len(drawn), len(order)


def scatter(case: Case, x: str, y: str, household: str = "") -> tuple[Figure, int]:
    """Two fields of every household, flagged ones marked, the chosen one ringed. Gives the number drawn too."""
    words = case.inspection.words
    homes = case.households[[x, y]].apply(pd.to_numeric).dropna() if x != y else case.households[[x]].dropna()
    flagged = _flagged(case, homes).to_numpy()
    with drawing(_fonts(case)):
        figure = Figure(figsize=(_WIDTH * 0.72, 4.6), layout="constrained")
        axes = figure.subplots()
        for part, colour, size, label in ((~flagged, BAR, 10, "others"), (flagged, LINE, 26, "flagged")):
            some = homes[part]
            name = words(f"explore.legend.{label}", n=words.number(len(some)))
            axes.scatter(
                some[x], some[y], s=size, c=colour, alpha=0.75 if label == "flagged" else 0.4, linewidths=0, label=name
            )
        if household in homes.index:
            at = homes.loc[household]
            axes.scatter(
                [at[x]], [at[y]], s=110, facecolors="none", edgecolors=_CHOSEN, linewidths=1.6, label=household
            )
        axes.set_xlabel(case.label(x))
        axes.set_ylabel(case.label(y))
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure, len(homes)


def place(case: Case, household: str, names: Iterable[str]) -> Figure:
    """Where the household lies among its village (dots) and its county (middle eight tenths and median), by field."""
    home = case.home(household)
    village = case.households[case.households["village_code"] == home["village_code"]]
    listed = [name for name in names if name in case.households.columns and case.households[name].notna().any()]
    with drawing(_fonts(case)):
        figure = Figure(figsize=(_WIDTH * 0.72, 0.5 + 0.42 * len(listed)), layout="constrained")
        for axes, name in zip(np.atleast_1d(figure.subplots(len(listed), 1)), listed, strict=True):
            _strip(axes, case.households[name].dropna(), village[name].dropna(), home[name], case.label(name))
    return figure


def _village(
    axes: Axes, here: pd.DataFrame, flagged: pd.DataFrame, county: pd.Series, field: str, edges: list[float]
) -> None:
    clipped = here[field].dropna().clip(edges[0], edges[-1])
    if len(county):
        weights = np.full(len(county), len(clipped) / len(county))
        axes.hist(county.clip(edges[0], edges[-1]), bins=edges, weights=weights, color=_GREY)
    axes.hist(clipped, bins=edges, histtype="step", color=BAR, linewidth=1.1)
    marked = flagged[field].dropna().clip(edges[0], edges[-1])
    axes.plot(marked, np.zeros(len(marked)), "^", color=LINE, markersize=5, clip_on=False)
    name = short_village(str(here["village"].iloc[0] or here["village_code"].iloc[0]))
    axes.set_title(f"{name[:_NAME]}  {len(here)}", fontsize=8).set_in_layout(False)
    axes.tick_params(labelsize=6.5)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=3)


def _strip(axes: Axes, county: pd.Series, village: pd.Series, value: Any, label: str) -> None:
    low, middle, high = (float(county.quantile(share)) for share in (0.1, 0.5, 0.9))
    axes.barh([0], [high - low], left=[low], height=0.6, color=_GREY)
    axes.plot([middle, middle], [-0.3, 0.3], color="#6b747c", linewidth=1.2)
    axes.scatter(village, np.zeros(len(village)), s=8, color=BAR, alpha=0.6, linewidths=0)
    if value is not None and value is not pd.NA and value == value:
        axes.scatter([float(value)], [0], s=42, marker="D", color=LINE, zorder=3)
    axes.set_ylim(-0.6, 0.6)
    axes.set_yticks([0], [label])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=6.5)
    axes.locator_params(axis="x", nbins=6)


def _flagged(case: Case, homes: pd.DataFrame) -> pd.Series:
    numbers = case.scores.index[case.scores["flagged"].eq(True)]
    return pd.Series(homes.index.isin(numbers), index=homes.index)


def _fonts(case: Case) -> FontSet:
    return find_fonts(case.inspection.settings.fonts)
