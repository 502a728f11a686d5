"""Whether a pattern that ran is the one that the self-test measured."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from povkit.patterns.pattern import PATTERNS
from povkit.policy import Calibration, Stale
from povkit.policy.versions import text_version_of

ROOM = "povkit.patterns"


@cache
def text_version(code: str) -> str:
    """Hash (12 hex digits) of a pattern's text with all that it stands on in the room."""
    return text_version_of([PATTERNS[code].function.__module__, f"{ROOM}.multiplicity"], ROOM)


def stale(record: Calibration, limits: Mapping[str, Any]) -> dict[str, Stale]:
    """Patterns that are not those measured, or never were: code -> what is wrong. limits: those of now."""
    return record.stale({code: text_version(code) for code in PATTERNS}, limits)
