"""Villages in a funnel: incidence of poverty (S01, S02) and exits of backstop households (J16)."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from povkit.report.figures import short_village
from povkit.report.fonts import FontSet
from povkit.report.shapes.canvas import (
    INK,
    OTHER,
    PALE,
    STRANGE,
    USUAL,
    Told,
    halo,
    limit_line,
    plain,
    sheet,
)  # fmt: skip
from povkit.report.shapes.material import Shapes, Style

STRATA = {"exits_this_year": ("o", STRANGE), "exited_before": ("s", OTHER), "not_exited": ("^", "#6b7680")}
Floats = npt.NDArray[np.float64]
_HEIGHT = 2.6
NORMAL = 1.96
_NAMED = 6


def told_incidence(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of S01 and S02."""
    words, frame = style.words, shapes.frames["S01"]
    note = words("shape.incidence.note")
    titles, lines = [], []
    for code, key in (("S01", "uniform"), ("S02", "parked")):
        found = shapes.of(code, flagged=True)
        if found.empty:
            continue
        unit = found.iloc[0].to_dict()
        detail = unit["detail"]
        values = {"places": style.names(found), "n": words.number(unit["n"]), "q": style.q(unit)}
        values |= {"share": words.percent(unit["effect"]), "k": words.number(unit["statistic"])}
        if key == "uniform":
            values |= {"stratum": words(f"shape.stratum.{_stratum(detail['stratum'])}")}
            values |= {"rate": words.number(detail["incidence_pct"], 2)}
        else:
            values |= {"line": words.number(detail["line_pct"]), "band": words.number(shapes.limits["parked_band_pct"])}
            values |= {"usual": words.number(detail["usual_share"] * unit["n"], 1)}
        titles.append(words(f"shape.incidence.{key}", **values))
        lines.append(words(f"shape.incidence.{key}_line", **values))
    if titles:
        return Told(words("shape.join").join(titles), words("shape.join").join(lines), note)
    tested = shapes.of("S01")["p"].notna().any() or shapes.of("S02")["p"].notna().any()
    state = "none" if tested else "small"
    return Told(words(f"shape.incidence.{state}"), words("shape.incidence.none_line", n=len(frame)), note)


def _stratum(zh: str) -> str:
    names = {"本年出列村": "exits_this_year", "以前出列村": "exited_before", "未出列村": "not_exited"}
    return names.get(zh, "all")


def draw_incidence(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Incidence against population, by stratum, with the band in which 95 % of villages lie by chance."""
    words, frame = style.words, shapes.frames["S01"]

    def panel(axis: Axes) -> None:
        most = float(frame["population"].max()) * 1.05
        grid = np.linspace(max(float(frame["population"].min()) * 0.7, 1), most, 200)
        for stratum, (marker, colour) in STRATA.items():
            inside = frame[frame["stratum"] == stratum]
            if inside.empty:
                continue
            name = words("shape.incidence.stratum", name=words(f"shape.stratum.{stratum}"), n=len(inside))
            axis.scatter(
                inside["population"], inside["incidence_pct"], s=26, marker=marker, color=colour, label=name,
                edgecolor="white", linewidth=0.4, zorder=3,
            )  # fmt: skip
            pooled = float(inside["pooled_pct"].iloc[0])
            wide = float(((inside["high_pct"] - pooled) * np.sqrt(inside["population"])).iloc[0])
            axis.fill_between(
                grid, np.maximum(pooled - wide / np.sqrt(grid), 0), pooled + wide / np.sqrt(grid), color=colour,
                alpha=0.10, linewidth=0,
            )  # fmt: skip
            axis.plot(grid, np.full(len(grid), pooled), color=colour, linewidth=0.8)
        for line in shapes.limits["parked_lines_pct"]:
            limit_line(axis, line, words("shape.incidence.limit", line=words.number(line)), across=True)
        plain(axis, words("shape.incidence.population"), words("shape.incidence.rate"))
        axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.set_xlim(0, most)
        axis.set_ylim(0, max(float(frame["incidence_pct"].max()) * 1.2, 3.6))
        axis.figure.legend(loc="outside lower center", ncols=3, fontsize=7.5, frameon=False, handletextpad=0.3)

    return sheet(told_incidence(shapes, style), [panel], _HEIGHT, fonts)


def told_backstop(shapes: Shapes, style: Style) -> Told:
    """Title and numbers of J16."""
    words, frame, found = style.words, shapes.frames["J16"], shapes.of("J16", flagged=True)
    usual = words.percent(float(frame["usual"].iloc[0])) if len(frame) else words("mark.none")
    note = words("shape.backstop.note", least=words.number(shapes.limits["backstop_exits_min"]))
    homes = words.number(int(frame["backstop"].sum()))
    if found.empty:
        state = "none" if shapes.of("J16")["p"].notna().any() else "small"
        line = words("shape.backstop.none_line", usual=usual, n=homes, villages=len(frame))
        return Told(words(f"shape.backstop.{state}"), line, note)
    unit = found.iloc[0].to_dict()
    line = words(
        "shape.backstop.found_line",
        place=style.name(unit),
        k=words.number(unit["statistic"]),
        n=words.number(unit["n"]),
        share=words.percent(unit["statistic"] / unit["n"]),
        usual=usual,
        q=style.q(unit),
    )
    return Told(words("shape.backstop.found", places=style.names(found)), line, note)


def draw_backstop(shapes: Shapes, style: Style, fonts: FontSet) -> Figure:
    """Share of backstop households that left, against their number, with the band of ordinary villages."""
    words, frame = style.words, shapes.frames["J16"]
    rows = frame[frame["backstop"] > 0].reset_index(drop=True)
    found = shapes.of("J16", flagged=True)
    places = set(found["object_id"]) | set(found.loc[found["level"] == "township", "object_id"])
    strange = rows["village_code"].isin(places) | rows["township"].isin(places)

    def panel(axis: Axes) -> None:
        share = 100 * rows["left"] / rows["backstop"]
        most = int(rows["backstop"].max()) + 3 if len(rows) else 10
        grid = np.linspace(1, most, 200)
        usual, low, high = _band(rows, grid)
        axis.fill_between(grid, 100 * low, 100 * high, color=PALE, alpha=0.55, linewidth=0)
        axis.plot(grid, np.full(len(grid), 100 * usual), color=INK, linewidth=0.9)
        label = words("shape.backstop.usual", share=words.percent(usual))
        axis.annotate(label, (most, 100 * usual), xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=7.5,
                      bbox=halo())  # fmt: skip
        axis.scatter(rows["backstop"][~strange], share[~strange], s=24, color=USUAL, edgecolor="white", linewidth=0.4,
                     zorder=3)  # fmt: skip
        axis.scatter(rows["backstop"][strange], share[strange], s=40, color=STRANGE, marker="D", edgecolor="white",
                     linewidth=0.4, zorder=4)  # fmt: skip
        marked = rows[strange].assign(share=share).sort_values(["backstop", "share"], kind="stable").head(_NAMED)
        for place, row in enumerate(marked.itertuples()):
            name, late = f"{row.township}{short_village(str(row.village))}", float(str(row.backstop)) > most / 2
            spot, away = (float(str(row.backstop)), float(str(row.share))), (-6 if late else 6, (6, -12)[place % 2])
            axis.annotate(name, spot, xytext=away, ha="right" if late else "left", textcoords="offset points",
                          fontsize=7.5, color=STRANGE, zorder=5)  # fmt: skip
        plain(axis, words("shape.backstop.could"), words("shape.backstop.share"))
        axis.set(xlim=(0, most), ylim=(-3, 106))

    return sheet(told_backstop(shapes, style), [panel], _HEIGHT, fonts)


def _band(rows: pd.DataFrame, sizes: Floats) -> tuple[float, Floats, Floats]:
    """The usual share, and between which shares about 95 % of ordinary villages of each size lie."""
    if rows.empty:
        return 0.0, np.zeros(len(sizes)), np.ones(len(sizes))
    mean, spread = (float(rows[name].iloc[0]) for name in ("usual", "spread"))
    half = NORMAL * np.sqrt(mean * (1 - mean) / sizes + spread**2)
    return mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1)
