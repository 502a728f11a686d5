"""Pictures of patterns that a reader gets without statistics: the same in the report and in the county notebook."""

from povkit.report.shapes.album import Picture, draw_pictures
from povkit.report.shapes.material import Shapes, Style

__all__ = ["Picture", "Shapes", "Style", "draw_pictures"]
