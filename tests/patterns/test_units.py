"""Every unit of an effect that a pattern names has Chinese words."""

import re
from pathlib import Path

from povkit import patterns
from povkit.patterns.units import EFFECT_UNITS_ZH

_UNIT = re.compile(r"\bunit ?= ?\(?\s*\"([^\"]+)\"|effect_unit=\"([^\"]+)\"")


def test_units_of_effects_are_told_in_both_languages() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in Path(patterns.__file__).parent.glob("*.py"))
    named = {a or b for a, b in _UNIT.findall(text)} - {""}
    assert len(named) > 10
    assert named <= set(EFFECT_UNITS_ZH)
