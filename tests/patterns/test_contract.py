"""What every pattern must keep: written once, asked of all."""

import re

import pytest

from povkit.patterns import FAMILIES, PATTERNS
from povkit.policy import load_policy

EACH = pytest.mark.parametrize("code", sorted(PATTERNS))
ACCUSING = re.compile(r"造假|舞弊|作弊|fraud|cheat|falsif|forge", re.IGNORECASE)


@EACH
def test_policy_has_its_line_of_grade_3(code: str):
    assert load_policy("yunnan-2018").rule(code).effective_grade == 3


@EACH
def test_docstring_says_why_basis_and_flags(code: str):
    text = PATTERNS[code].function.__doc__ or ""
    for word in ("Why:", "Basis:", "Flags:"):
        assert word in text
    assert len(PATTERNS[code].en) < 100


@EACH
def test_titles_say_unusual_and_accuse_nobody(code: str):
    pattern = PATTERNS[code]
    assert "待核实" in pattern.zh
    assert "verify" in pattern.en
    assert not ACCUSING.search(pattern.zh + (pattern.function.__doc__ or ""))


@EACH
def test_pattern_lives_in_a_family_module(code: str):
    assert PATTERNS[code].function.__module__ in {family.__name__ for family in FAMILIES}
    assert PATTERNS[code].family in ("scale", "exits", "copies")


@EACH
def test_version_changes_with_the_limits(code: str):
    assert PATTERNS[code].version({"a": 1}) != PATTERNS[code].version({"a": 2})
