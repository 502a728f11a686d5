"""E15 as a picture: forms of one official side by side, equal fields marked."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from povkit.report.fonts import FontSet
from povkit.report.labels import Labels
from povkit.report.shapes.canvas import GREY, INK, Panel, Told, sheet
from povkit.report.shapes.material import Shapes, Style

ORDER = (
    "wage_income", "business_income", "business_cost", "property_income", "other_transfer", "farmland", "irrigated",
    "forest", "orchard", "housing_area", "road_distance",
)  # fmt: skip
_OFFICIALS, _FORMS = 2, 6
_SAME, _ZERO = "#f6cfae", "#f1f3f5"
_ROW, _HEAD = 0.19, 0.5


def told(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of E15."""
    words, found = style.words, shapes.of("E15", flagged=True)
    note = words("shape.copies.note")
    if found.empty:
        tests = shapes.of("E15")
        state = "none" if tests["p"].notna().any() else "small"
        judged = int(tests["p"].notna().sum())
        return Told(words(f"shape.copies.{state}"), words(f"shape.copies.{state}_line", n=judged), note)
    unit = found.iloc[0].to_dict()
    detail = unit["detail"]
    line = words(
        "shape.copies.found_line",
        place=style.name(unit),
        k=words.number(detail["copied_households"]),
        n=words.number(unit["n"]),
        share=words.percent(detail["largest_share_of_equal_fields"]),
        q=style.q(unit),
    )
    return Told(words("shape.copies.found", places=style.names(found), n=len(found)), line, note)


def draw(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """The first officials' copied forms; where there are none, the two forms of one official that agree most."""
    frame, found = shapes.frames["E15"], shapes.of("E15", flagged=True)
    blocks: list[tuple[str, pd.DataFrame]] = []
    for unit in found.head(_OFFICIALS).to_dict("records"):
        inside = frame[(frame["level"] == unit["level"]) & (frame["block"].astype(str) == str(unit["object_id"]))]
        if not inside.empty:
            blocks.append((style.name(unit), _largest_group(inside)))
    if not blocks and not frame.empty:
        name = style.words("shape.copies.closest" if frame["kind"].iloc[0] == "closest" else "shape.copies.below")
        blocks.append((name, _largest_group(frame)))
    panels = [_panel(name, inside, style) for name, inside in blocks]
    rows = sum(inside["field"].nunique() for _, inside in blocks)
    return sheet(told(shapes, style), panels, max(_HEAD * len(blocks) + _ROW * rows, 0.6), fonts)


def _largest_group(frame: pd.DataFrame) -> pd.DataFrame:
    """The forms of the group with most copies, the first few of them."""
    sizes = frame.groupby("group")["household_id"].nunique()
    group = frame[frame["group"] == sizes.idxmax()]
    shown = sorted(group["household_id"].dropna().unique())[:_FORMS]
    return group[group["household_id"].isin(shown)]


def _panel(name: str, frame: pd.DataFrame, style: Style) -> Panel:
    fields = [each for each in ORDER if each in set(frame["field"])]
    fields += sorted(set(frame["field"]) - set(fields))
    table = frame.pivot_table(index="field", columns="household_id", values="value", dropna=False, observed=False)
    same = frame.pivot_table(index="field", columns="household_id", values="same", aggfunc="max").astype(bool)
    table, same = table.reindex(fields), same.reindex(fields).fillna(False)
    total = style.words("shape.copies.panel", name=name, n=table.shape[1])
    return lambda axis: _draw(axis, total, table, same, Labels(style.words))


def _draw(axis: Axes, name: str, table: pd.DataFrame, same: pd.DataFrame, labels: Labels) -> None:
    axis.set_title(name, fontsize=8.5, loc="left", pad=14)
    across, down = table.shape[1], table.shape[0]
    for row, field in enumerate(table.index):
        axis.text(-0.06, row + 0.5, labels.label(str(field), "household"), ha="right", va="center", fontsize=7.5)
        for column, home in enumerate(table.columns):
            value = table.loc[field, home]
            equal = bool(same.loc[field, home])
            colour = "white" if not equal else _ZERO if not _told_value(value) else _SAME
            axis.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="white", linewidth=1.2))
            axis.text(column + 0.5, row + 0.5, _shown(value), ha="center", va="center", fontsize=7.2,
                      color=INK if equal else GREY)  # fmt: skip
    for column, home in enumerate(table.columns):
        axis.text(column + 0.5, -0.2, str(home), ha="center", va="bottom", fontsize=6.3, color=GREY)
    axis.set(xlim=(-2.2 if across > 3 else -1.1, max(across, 3)), ylim=(max(down, 1), 0))
    axis.set_axis_off()


def _told_value(value: Any) -> bool:
    return bool(value == value and value != 0)


def _shown(value: Any) -> str:
    if value != value:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")
