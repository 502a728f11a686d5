"""Write a county's report and workbook into its folder."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from povkit.report.content import build_content
from povkit.report.fonts import find_fonts
from povkit.report.inspection import WORKBOOK, gather
from povkit.report.options import REPORT, ReportOptions
from povkit.report.pdf import render_pdf
from povkit.report.shapes import Picture, Shapes
from povkit.report.workbook import write_workbook


def write_report(
    folder: Path,
    findings: pa.Table,
    summary: Mapping[str, Any],
    provenance: Mapping[str, Any],
    options: ReportOptions | None = None,
    shapes: Shapes | None = None,
    drawn: Iterable[Picture] | None = None,
) -> list[Path]:
    """Write `report.pdf` and `rectification.xlsx`; the same arguments give the same bytes.

    folder: must exist. findings: FINDING_SCHEMA, any order. summary: as in summary.json. provenance: "files" and
    "unrecognised" as in an import receipt; any other keys (policy, code, environment, parameters) are printed as they
    are, nested mappings included. shapes: tests and pictures of the patterns; without them that section is left out.
    drawn: those pictures, if they have been drawn already (see `draw_pictures`).

    Both are made in full before either is put in place, so that a failure leaves earlier files as they were.
    Raises RunError for a character without a shape, InputError for a font folder that cannot be used.
    """
    options = options or ReportOptions()
    fonts = find_fonts(options.fonts)
    inspection = gather(findings, summary, provenance, options, shapes)
    pdf = render_pdf(build_content(inspection, fonts, drawn), fonts, summary["as_of"])
    return _put(folder, {REPORT: pdf, WORKBOOK: write_workbook(inspection)})


def _put(folder: Path, made: Mapping[str, bytes]) -> list[Path]:
    """Write all files beside their places, then move them in."""
    waiting = {folder / name: folder / f".{name}.part" for name in made}
    try:
        for target, part in waiting.items():
            part.write_bytes(made[target.name])
        for target, part in waiting.items():
            part.replace(target)
    finally:
        for part in waiting.values():
            part.unlink(missing_ok=True)
    return list(waiting)
