"""K09 as a picture: who was taken in or removed on which day of the year, village by village."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from povkit.report.figures import short_village
from povkit.report.fonts import FontSet
from povkit.report.shapes.canvas import STRANGE, USUAL, Panel, Told, halo, plain, sheet
from povkit.report.shapes.material import Shapes, Style
from povkit.report.words import Words

MOVEMENTS = ("removed", "taken_in")
_HEIGHT = 1.9
_NAMED, _BARS, _LATE = 5, 8, 8
_DAYS = 366


def told(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of K09."""
    words, frame, found = style.words, shapes.frames["K09"], shapes.of("K09", flagged=True)
    note = words(
        f"shape.calendar.note{'' if _dated(frame) else '_whole'}", least=words.number(shapes.limits["effect_min_k09"])
    )
    sums = frame.groupby("movement")["count"].sum()
    values = {name: words.number(int(sums.get(name, 0))) for name in MOVEMENTS}
    values |= {"villages": str(frame["village_code"].nunique())}
    if found.empty:
        state = "none" if shapes.of("K09")["p"].notna().any() else "small"
        return Told(words(f"shape.calendar.{state}"), words("shape.calendar.none_line", **values), note)
    title, unit = words("shape.calendar.found", places=style.names(found)), found.iloc[0].to_dict()
    if unit["level"] == "county":
        kind = words.pick(unit["detail"]["movement"])
        return Told(words("shape.calendar.flat", kind=kind), words("shape.calendar.none_line", **values), note)
    return Told(title, words("mark.pairs").join(_one(style, each) for each in found.head(2).to_dict("records")), note)


def _one(style: Style, unit: Mapping[Any, Any]) -> str:
    words, detail = style.words, unit["detail"]
    told = words(
        "shape.calendar.one",
        place=style.name(unit),
        kind=words.pick(detail["movement"]),
        k=words.number(unit["statistic"]),
        usual=words.number(round(float(detail["usual_count"]), 1), 1),
        q=style.q(unit),
    )
    if "busiest_day_share" not in detail:
        return told
    return told + words("shape.calendar.day", share=words.percent(detail["busiest_day_share"]))


def draw(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Households removed, and taken in, by village and day; by village alone where no days were handed in."""
    frame, tests = shapes.frames["K09"], shapes.of("K09")
    kinds = zip(MOVEMENTS, ("removed", "taken in"), strict=True)
    strange = {name: _villages(tests[tests["flagged"].astype(bool)], kind) for name, kind in kinds}
    year = int(shapes.limits["data_year"])
    panels = []
    for name in MOVEMENTS:
        inside = frame[frame["movement"] == name]
        make = _by_day if _dated(inside) else _by_village
        panels.append(make(inside, name, strange[name], year, style))
    return sheet(told(shapes, style), panels, _HEIGHT * len(panels), fonts)


def _dated(frame: pd.DataFrame) -> bool:
    """Whether the picture goes by days: a record has one, or there is no record."""
    return bool(frame["changed_on"].notna().any() or not frame["count"].any())


def _villages(found: pd.DataFrame, kind: str) -> set[str]:
    """Codes of the villages flagged for this movement."""
    rows = found[found["level"] == "village"].to_dict("records")
    return {str(row["object_id"]) for row in rows if row["detail"]["movement"]["en"] == kind}


def _title(axis: Axes, frame: pd.DataFrame, name: str, words: Words, undated: int) -> None:
    total = words.number(int(frame["count"].sum()))
    title = words("shape.calendar.panel", kind=words(f"shape.{name}"), n=total)
    title += words("shape.calendar.undated", n=words.number(undated)) if undated else ""
    axis.set_title(title, fontsize=8.5, loc="left")


def _by_day(frame: pd.DataFrame, name: str, strange: set[str], year: int, style: Style) -> Panel:
    words = style.words
    dated = frame[frame["changed_on"].notna() & (frame["count"] > 0)]

    def panel(axis: Axes) -> None:
        _title(axis, frame, name, words, int(frame.loc[frame["changed_on"].isna(), "count"].sum()))
        if dated.empty:
            axis.set_axis_off()
            axis.text(0.5, 0.5, words("shape.calendar.nothing"), ha="center", va="center", transform=axis.transAxes)
            return
        days, counts = dated["changed_on"].dt.day_of_year.to_numpy(), dated["count"].to_numpy()
        marked = dated["village_code"].isin(strange).to_numpy()
        axis.vlines(days, 0, counts, color=np.where(marked, STRANGE, USUAL).tolist(), linewidth=1.0)
        axis.scatter(days[~marked], counts[~marked], s=14, color=USUAL, zorder=3)
        axis.scatter(days[marked], counts[marked], s=26, color=STRANGE, marker="D", zorder=4)
        _names(axis, dated[marked])
        plain(axis, words("shape.calendar.day_axis", year=year), words("shape.households"))
        axis.set_xlim(1, _DAYS)
        axis.set_ylim(0, max(float(counts.max()) * 1.25, 4))
        months = [date(year, month, 1).timetuple().tm_yday for month in range(1, 13)]
        axis.set_xticks(months, [words("shape.calendar.month", n=n) for n in range(1, 13)])
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))

    return panel


def _names(axis: Axes, marked: pd.DataFrame) -> None:
    """Names of the strange villages at their busiest day."""
    busiest = marked.sort_values("count", ascending=False, kind="stable").drop_duplicates("village_code").head(_NAMED)
    for row in busiest.to_dict("records"):
        late = row["changed_on"].month > _LATE
        spot = float(row["changed_on"].day_of_year), float(row["count"])
        axis.annotate(f"{row['township']}{short_village(str(row['village']))}", spot,
                      xytext=(-6 if late else 6, 3), ha="right" if late else "left", textcoords="offset points",
                      fontsize=7.5, color=STRANGE, bbox=halo(), zorder=5)  # fmt: skip


def _by_village(frame: pd.DataFrame, name: str, strange: set[str], year: int, style: Style) -> Panel:
    """Lying bars of the villages with most households; for registers whose changes carry no dates."""
    words = style.words
    sums = frame.groupby(["village_code", "village", "township"])["count"].sum().reset_index()
    top = sums.sort_values(["count", "village_code"], ascending=[False, True], kind="stable").head(_BARS)

    def panel(axis: Axes) -> None:
        _title(axis, frame, name, words, 0)
        colours = [STRANGE if code in strange else USUAL for code in top["village_code"]]
        axis.barh(range(len(top)), top["count"], color=colours, height=0.7)
        for place, count in enumerate(top["count"]):
            axis.annotate(f"{count:,}", (count, place), xytext=(3, 0), textcoords="offset points", va="center",
                          fontsize=7.5)  # fmt: skip
        named = [f"{row['township']}{short_village(str(row['village']))}" for row in top.to_dict("records")]
        plain(axis, words("shape.calendar.by_village", year=year), "")
        axis.set_yticks(range(len(top)), named, fontsize=7.5)
        axis.set_ylim(max(len(top), 4) - 0.4, -0.6)
        axis.set_xlim(0, max(float(top["count"].max()) * 1.12, 1))
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))

    return panel
