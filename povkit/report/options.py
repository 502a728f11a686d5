"""What the caller of a report chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from povkit.report.words import Language

REPORT = "report.pdf"
"""File name of the report."""

ColumnLabels = Mapping[str, tuple[str, str]]
"""Column or limit name -> (Chinese label, English label)."""


@dataclass(frozen=True)
class ReportOptions:
    """How a report is written.

    language: of the report, the workbook and the figures.
    show_identities: names, identity numbers, phones and birth dates unmasked.
    fonts: a folder of the user's own fonts (FangSong, XiaoBiaoSong, Hei); fonts that come with povkit fill the gaps.
    labels: labels of columns and limits; what is not named there takes the form's header.
    rows_per_rule, rows_total: at most so many rows are printed; all are in the workbook.
    worst_villages: villages named under each clause. top: bars in a figure that shows only the first ones.
    """

    language: Language = "zh"
    show_identities: bool = False
    fonts: Path | None = None
    labels: ColumnLabels | None = None
    rows_per_rule: int = 30
    rows_total: int = 1500
    worst_villages: int = 5
    top: int = 12
