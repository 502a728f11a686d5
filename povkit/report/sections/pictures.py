"""The section of figures."""

from collections.abc import Callable

from matplotlib.figure import Figure

from povkit.report.blocks import Block, text
from povkit.report.figures import (
    figure_svg,
    figure_texts,
    grade_by_clause,
    severity_by_township,
    top_rules,
    worst_villages,
)
from povkit.report.fonts import FontSet
from povkit.report.inspection import Inspection


def pictures(inspection: Inspection, fonts: FontSet) -> list[Block]:
    """The figures with captions; `alt` holds every text drawn, for readers by ear and for the check of characters."""
    words, language, top = inspection.words, inspection.options.language, inspection.options.top
    frame = inspection.frame
    if frame.empty:
        return [text(words("lists.empty"))]
    makers: list[tuple[str, Callable[[], Figure]]] = [
        (words("figure.township"), lambda: severity_by_township(frame, language, fonts)),
        (words("figure.villages", n=top), lambda: worst_villages(frame, language, fonts, top)),
        (words("figure.clause"), lambda: grade_by_clause(frame, language, fonts)),
        (words("figure.rules", n=top), lambda: top_rules(frame, language, fonts, top)),
    ]
    blocks = [text(words("figures.intro"))]
    for number, (title, make) in enumerate(makers, 1):
        figure = make()
        caption = words("figure.caption", n=number, title=title)
        alt = f"{title}: " + " ".join(figure_texts(figure))
        blocks.append({"type": "figure", "svg": figure_svg(figure), "caption": caption, "alt": alt})
    return blocks
