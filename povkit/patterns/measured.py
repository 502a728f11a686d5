"""Whether a pattern that ran is the one that the self-test measured."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from povkit.patterns.pattern import PATTERNS
from povkit.policy import Calibration, Stale


@cache
def text_version(code: str) -> str:
    """Hash (12 hex digits) of a pattern's text with all that it stands on in the room."""
    return PATTERNS[code].text_version


def stale(record: Calibration, limits: Mapping[str, Any]) -> dict[str, Stale]:
    """Patterns that are not those measured, or never were: code -> what is wrong. limits: those of now."""
    return record.stale({code: text_version(code) for code in PATTERNS}, limits)
