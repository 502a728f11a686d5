"""The report as PDF, set by Typst. Data reach the template as data (JSON), never as markup."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Literal

import typst

from povkit.report.content import Content
from povkit.report.fonts import FontSet, check_characters
from povkit.vocab import Fault, RunError


def render_pdf(content: Content, fonts: FontSet, as_of: str) -> bytes:
    """The PDF's bytes: the same for the same content, fonts and day. Tagged, so that it can be read by ear: headings,
    tables and what pictures show (alt texts); tags make the file about three times as large, 1 to 4 MB.

    as_of: YYYY-MM-DD, stands in the file as its date of creation.
    Raises RunError if a character is in none of the fonts, naming it and where it stands.
    """
    return _compile(content, fonts, "pdf", as_of)[0]


def render_pages(content: Content, fonts: FontSet, pixels_per_inch: float = 72) -> list[bytes]:
    """Every page as a PNG, for looking at."""
    return _compile(content, fonts, "png", "2000-01-01", ppi=pixels_per_inch)


def _compile(content: Content, fonts: FontSet, form: Literal["pdf", "png"], as_of: str, **more: Any) -> list[bytes]:
    check_characters(content, fonts)
    template = files("povkit.report").joinpath("templates", "report.typ").read_bytes()
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts.folders))
    compiler = typst.Compiler(template, font_paths=found, sys_inputs={"content": json.dumps(content)})
    created = int(datetime.fromisoformat(as_of).replace(tzinfo=UTC).timestamp())
    try:
        made = compiler.compile(format=form, timestamp=created, pdf_tags=form == "pdf", **more)
    except typst.TypstError as error:
        raise RunError(Fault(("report.pdf",), f"could not be set: {error.message}")) from error
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]
