"""From findings to what people read: the PDF, the workbook, the figures. Never reads registers.

The names below are loaded when first used: who only asks for words or options need not wait for matplotlib.
"""

from typing import TYPE_CHECKING

from povkit.vocab.late import late

if TYPE_CHECKING:
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

__getattr__ = late(
    __name__,
    {
        "Picture": "povkit.report.shapes:Picture",
        "ReportOptions": "povkit.report.options:ReportOptions",
        "Shapes": "povkit.report.shapes:Shapes",
        "as_frame": "povkit.report.blocks:as_frame",
        "build_content": "povkit.report.content:build_content",
        "draw_pictures": "povkit.report.shapes:draw_pictures",
        "find_fonts": "povkit.report.fonts:find_fonts",
        "gather": "povkit.report.inspection:gather",
        "write_report": "povkit.report.write:write_report",
    },
)
