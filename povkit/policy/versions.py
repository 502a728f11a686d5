"""Which version of a test was measured: the text of its module with all that it stands on in its room."""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

NO_JUDGEMENT = ("result", "units", "pattern", "run")
"""Modules that carry results about and decide nothing."""
PICTURES = ("_picture", "funnel")
"""Functions that draw; a change of theirs does not change a rate."""


def text_version_of(modules: Iterable[str], room: str) -> str:
    """Hash (12 hex digits) of these modules' text with that of the room's modules that they import.

    Comments on lines of their own, docstrings, blanks and pictures are left out. modules, room: dotted names; the
    modules must have been imported.
    """
    names = list(modules)
    done: dict[str, str] = {}
    while names:
        name = names.pop()
        if name in done or name.rpartition(".")[2] in NO_JUDGEMENT:
            continue
        done[name], inside = _bare(name, room)
        names += inside
    return hashlib.sha256("".join(f"{name}:{done[name]};" for name in sorted(done)).encode()).hexdigest()[:12]


@cache
def _bare(module: str, room: str) -> tuple[str, tuple[str, ...]]:
    """A module's text without docstrings, pictures and blanks; and the modules of the room that it imports."""
    text = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    inside: list[str] = []
    for node in ast.walk(tree):
        inside += [name for name in _imported(node, module) if name.startswith(f"{room}.") and name in sys.modules]
        drawn = isinstance(node, ast.FunctionDef) and node.name in PICTURES
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if (drawn or said) and isinstance(node, ast.stmt):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (int(node.end_lineno or node.lineno) - node.lineno + 1)
    kept = (line for line in lines if not line.lstrip().startswith("#"))
    return "".join("".join(line.split()) for line in kept), tuple(inside)


def _imported(node: ast.AST, module: str) -> Iterator[str]:
    """Dotted names that an import brings into a module, however it is written; other than modules among them."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = resolve_name("." * node.level + (node.module or ""), str(sys.modules[module].__package__))
        yield from (source, *(f"{source}.{each.name}" for each in node.names))
