"""Every unit of an effect that a pattern names has Chinese words."""

import ast
from pathlib import Path

from povkit import patterns
from povkit.patterns.units import EFFECT_UNITS_ZH

_BEGINS = ("share ", "difference ", "households over ", "log income ")


def test_units_of_effects_are_told_in_both_languages() -> None:
    """However a module hands its unit on: units are told by how they begin."""
    named = set()
    for path in Path(patterns.__file__).parent.glob("*.py"):
        if path.name != "units.py":
            words = [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _is_text(node)]
            named |= {word for word in words if word.startswith(_BEGINS) and "\n" not in word}
    assert named == set(EFFECT_UNITS_ZH)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
