"""Shapes of groups: scale control, lax exits, copies. Statistics of villages, townships, counties and officials.

Importing the package fills the shelf `PATTERNS`. A pattern says that something is unusual, never why.
"""

from povkit.patterns import (
    backstop,
    copies,
    digits,
    forecast,
    line,
    mass,
    movement,
    officials,
    scale,
    targets,
    updates,
)
from povkit.patterns.measured import stale, text_version
from povkit.patterns.pattern import PATTERNS, Pattern, Source, pattern
from povkit.patterns.result import Outcome, PatternResult, Tested, Unit
from povkit.patterns.run import run_patterns

FAMILIES = (backstop, copies, digits, forecast, line, mass, movement, officials, scale, targets, updates)

__all__ = [
    "FAMILIES",
    "PATTERNS",
    "Outcome",
    "Pattern",
    "PatternResult",
    "Source",
    "Tested",
    "Unit",
    "pattern",
    "run_patterns",
    "stale",
    "text_version",
]
