"""Figures of the report and the notebook, in matplotlib. Each function takes findings as a DataFrame, gives a Figure.

Chinese labels are drawn with the fonts that come with povkit (or the user's); the machine's fonts play no part.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from povkit.report.fonts import FontSet, check_characters, find_fonts
from povkit.report.words import Language, Words

SEVERITY_COLOURS = {"error": "#a3262a", "suspect": "#dd9a3c", "missing": "#6f8aa5", "hint": "#c3cad1"}
GRADE_COLOURS = {1: "#a3262a", 2: "#dd9a3c", 3: "#6f8aa5", 4: "#c3cad1"}
VERDICT_COLOURS = {"found": "#a3262a", "signs": "#dd9a3c", "no_sign": "#5b8a6b", "cannot_judge": "#9aa3ab"}
_INK = "#222222"
_WIDTH = 6.1
_LONGEST: dict[Language, int] = {"zh": 24, "en": 48}
_ROW = 0.18
_REGULAR = 500


@contextmanager
def drawing(fonts: FontSet | None) -> Iterator[None]:
    """matplotlib's settings while a figure is made: fonts by path, thin lines, no frame."""
    faces = [face for face in (fonts or find_fonts()).heading if face.weight <= _REGULAR]
    known = {entry.fname for entry in fontManager.ttflist}
    for face in faces:
        if str(face.path) not in known:
            fontManager.addfont(str(face.path))
    settings: Any = {
        "font.family": list(dict.fromkeys(face.family for face in faces)),
        "font.size": 8.5,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": "#888888",
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "text.parse_math": False,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "xtick.major.width": 0.6,
        "ytick.major.size": 0,
        "figure.dpi": 120,
        "savefig.dpi": 150,
    }
    with mpl.rc_context(settings):
        yield


def severity_by_township(findings: pd.DataFrame, language: Language = "zh", fonts: FontSet | None = None) -> Figure:
    """Findings of each township, stacked by severity; columns used: township, severity."""
    words = Words(language)
    table = _counted(findings, _named(findings["township"], words), findings["severity"])
    return _bars(table, SEVERITY_COLOURS, {key: words(f"severity.{key}") for key in SEVERITY_COLOURS}, words, fonts)


def grade_by_clause(findings: pd.DataFrame, language: Language = "zh", fonts: FontSet | None = None) -> Figure:
    """Findings under each clause, stacked by grade; columns used: clause (id first), grade."""
    words = Words(language)
    clause = findings["clause"].fillna("").str.split(r"[\s,，;；(（]", regex=True).str[0]
    names = {key: f"{key} {words(f'clause.{key}')}" for key in clause.unique() if f"clause.{key}" in words}
    table = _counted(findings, _named(clause.replace(names), words), findings["grade"]).sort_index()
    labels = {grade: words(f"grade.name.{grade}") for grade in GRADE_COLOURS}
    return _bars(table, GRADE_COLOURS, labels, words, fonts)


def top_rules(findings: pd.DataFrame, language: Language = "zh", fonts: FontSet | None = None, top: int = 15) -> Figure:
    """The rules with most findings, stacked by severity; columns used: code, title_zh or title_en, severity."""
    words = Words(language)
    longest = _LONGEST[language]
    label = findings["code"] + " " + findings[f"title_{language}"].map(lambda title: _shortened(title, longest))
    table = _counted(findings, _named(label, words), findings["severity"]).head(top)
    return _bars(table, SEVERITY_COLOURS, {key: words(f"severity.{key}") for key in SEVERITY_COLOURS}, words, fonts)


def worst_villages(
    findings: pd.DataFrame, language: Language = "zh", fonts: FontSet | None = None, top: int = 15
) -> Figure:
    """The villages with most findings, stacked by severity; columns used: township, village, village_code, severity."""
    words = Words(language)
    placed = findings[findings["village_code"].fillna("") != ""]
    village = placed["village"].fillna("").where(placed["village"].fillna("") != "", placed["village_code"])
    label = village.map(short_village) + "\u2002" + placed["township"].fillna("")
    table = _counted(placed, _named(label, words), placed["severity"]).head(top)
    return _bars(table, SEVERITY_COLOURS, {key: words(f"severity.{key}") for key in SEVERITY_COLOURS}, words, fonts)


def phenomena_strip(summary: Mapping[str, Any], language: Language = "zh", fonts: FontSet | None = None) -> Figure:
    """The six phenomena as coloured tiles with their verdicts."""
    words = Words(language)
    with drawing(fonts):
        figure = Figure(figsize=(_WIDTH, 1.5), layout="constrained")
        axes = figure.subplots(2, 3, squeeze=False).ravel()
        for axis in axes:
            axis.set_axis_off()
        for axis, item in zip(axes, summary["phenomena"], strict=False):
            colour = VERDICT_COLOURS[item["verdict"]]
            axis.axvspan(0, 0.02, color=colour)
            axis.set(xlim=(0, 1), ylim=(0, 1))
            axis.text(0.05, 0.68, _fold(f"{item['id']} {words.pick(item, 'title')}", language), va="center", fontsize=8)
            axis.text(0.05, 0.18, words(f"verdict.{item['verdict']}"), va="center", fontsize=9.5, color=colour)
        return finished(figure)


def short_village(name: str) -> str:
    """A village's name without the words for its committee.

    >>> short_village("碧云社区居民委员会"), short_village("木多村民委员会"), short_village("仓房村村民委员会")
    ('碧云社区', '木多村', '仓房村')
    """
    bare = name.removesuffix("居民委员会").removesuffix("村民委员会").removesuffix("村委会")
    return bare if bare == name or bare.endswith(("村", "社区")) else bare + "村"


def figure_svg(figure: Figure) -> str:
    """The figure as SVG text, glyphs drawn as paths; the same bytes for the same figure."""
    buffer = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "povkit", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode("utf-8")


def figure_texts(figure: Figure) -> list[str]:
    """Every text drawn in a figure, to be checked against the fonts."""
    return [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]


def _named(labels: pd.Series, words: Words) -> pd.Series:
    return labels.fillna("").where(labels.fillna("") != "", words("figure.no_place"))


def _counted(findings: pd.DataFrame, rows: pd.Series, parts: pd.Series) -> pd.DataFrame:
    """Counts by label and part, most findings first, ties by label."""
    table = pd.crosstab(rows.to_numpy(), parts.to_numpy()) if len(findings) else pd.DataFrame()
    totals = table.sum(axis=1)
    return table.loc[sorted(table.index, key=lambda name: (-totals[name], name))] if len(table) else table


def _bars(
    table: pd.DataFrame,
    colours: Mapping[Any, str],
    labels: Mapping[Any, str],
    words: Words,
    fonts: FontSet | None,
) -> Figure:
    """Lying bars, one for each row of the table, stacked by its columns, the total written at the end."""
    fonts = fonts or find_fonts()
    check_characters({"heading": words("section.figures"), "labels": [str(name) for name in table.index]}, fonts)
    with drawing(fonts):
        figure = Figure(figsize=(_WIDTH, 0.75 + _ROW * max(len(table), 2)), layout="constrained")
        axis = figure.subplots()
        if table.empty:
            axis.set_axis_off()
            axis.text(0.5, 0.5, words("figure.none"), ha="center", va="center", transform=axis.transAxes)
            return finished(figure)
        start = pd.Series(0, index=table.index)
        for part in [part for part in colours if part in table.columns]:
            axis.barh(range(len(table)), table[part], left=start, color=colours[part], height=0.68, label=labels[part])
            start = start + table[part]
        for place, total in enumerate(start):
            axis.text(float(start.max()) * 0.008 + total, place, f"{total:,}", va="center", fontsize=7.5)
        axis.set_yticks(range(len(table)), [str(name) for name in table.index])
        axis.set_ylim(len(table) - 0.4, -0.6)
        axis.set_xlim(0, float(start.max()) * 1.08)
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.set_xlabel(words("figure.count"))
        figure.legend(loc="outside upper right", ncols=len(colours), frameon=False, handlelength=1, handleheight=0.8)
        return finished(figure)


def _shortened(title: str, longest: int) -> str:
    return title if len(title) <= longest else title[: longest - 2].rstrip() + " ..."


def finished(figure: Figure) -> Figure:
    """Make every tick now, while the fonts are set."""
    figure.draw_without_rendering()
    return figure


def _fold(text: str, language: Language) -> str:
    """Break a tile's title in two where it is too long for one line."""
    width = 15 if language == "zh" else 30
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width) if language == "en" else width
    return text[:cut] + "\n" + text[cut:].strip()
