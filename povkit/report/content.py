"""From findings and summary to the plain data that the report shows. All wording is decided here and below here."""

from collections.abc import Iterable
from typing import Any

from povkit.report.blocks import Block
from povkit.report.fonts import FontSet, check_characters
from povkit.report.inspection import Inspection
from povkit.report.sections.analyst import analyst
from povkit.report.sections.by_clause import by_clause
from povkit.report.sections.closing import method, provenance
from povkit.report.sections.lists import lists
from povkit.report.sections.overview import cover, overview
from povkit.report.sections.patterns import patterns
from povkit.report.sections.pictures import pictures
from povkit.report.sections.unjudged import inputs, unjudged
from povkit.report.shapes import Picture, draw_pictures

Content = dict[str, Any]


def build_content(inspection: Inspection, fonts: FontSet, drawn: Iterable[Picture] | None = None) -> Content:
    """The whole report: cover, running head, and sections in order, each a heading and blocks.

    drawn: pictures of the patterns, if they have been drawn already.

    The summary comes first and the contents after it, so that a reader who stops early has read what matters.
    Raises RunError if a character is in none of the fonts, naming it and where it stands.
    """
    words = inspection.words
    leads = analyst(inspection)
    told = [
        _section(words("section.clauses"), by_clause(inspection), page=True),
        _section(words("section.lists"), lists(inspection), page=True),
        *([_section(words("section.analyst"), leads)] if leads else []),
        _section(words("section.unjudged"), unjudged(inspection)),
        _section(words("section.inputs"), inputs(inspection)),
        _section(words("section.method"), method(inspection)),
        _section(words("section.provenance"), provenance(inspection)),
    ]
    check_characters(told, fonts)
    if drawn is None and inspection.shapes is not None:
        drawn = draw_pictures(inspection.shapes, inspection.style, fonts, inspection.rules)
    shapes = patterns(inspection, drawn or ())
    shaped = [_section(words("section.patterns"), shapes, page=True)] if shapes else []
    return {
        "language": inspection.options.language,
        "fonts": fonts.families(),
        "heading": words("report.title"),
        "running": words("report.running", county=inspection.county, as_of=inspection.summary["as_of"]),
        "page": words("report.page", n="{n}"),
        "contents": words("section.contents"),
        "cover": cover(inspection),
        "sections": [
            _section(words("section.summary"), overview(inspection)),
            _section(words("section.figures"), pictures(inspection, fonts)),
            *shaped,
            *told,
        ],
    }


def _section(title: str, blocks: list[Block], page: bool = False) -> Block:
    """page: whether the section begins a new page."""
    return {"heading": title, "blocks": blocks, "page": page}
