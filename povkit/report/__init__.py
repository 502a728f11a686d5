"""From findings to what people read: the PDF, the workbook, the figures. Never reads registers."""

from povkit.report.blocks import as_frame
from povkit.report.content import build_content
from povkit.report.fonts import find_fonts
from povkit.report.inspection import gather
from povkit.report.options import ReportOptions
from povkit.report.shapes import Picture, Shapes, draw_pictures
from povkit.report.write import write_report

__all__ = [
    "Picture",
    "ReportOptions",
    "Shapes",
    "as_frame",
    "build_content",
    "draw_pictures",
    "find_fonts",
    "gather",
    "write_report",
]
