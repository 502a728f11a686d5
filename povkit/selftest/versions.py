"""Which version of a pattern was measured: its text with all that it stands on in the room, and the limits it used."""

import ast
import hashlib
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from povkit.patterns import PATTERNS
from povkit.policy import Calibration
from povkit.selftest import homes, places
from povkit.selftest.settings import CERTIFY
from povkit.selftest.source import judge

ROOM = "povkit.patterns"
NO_JUDGEMENT = ("result", "units", "pattern", "run")
"""Modules that carry results about and decide nothing."""
PICTURES = ("_picture", "funnel")
"""Functions that draw; a change of theirs does not change a rate."""
NOT_MEASURED = ("pattern_draws", "county_code", "data_year", "leaves_this_year", "income_line", "pattern_q_max")
"""Limits that the worlds set themselves, or that are facts of a run."""


@cache
def text_version(code: str) -> str:
    """Hash (12 hex digits) of a pattern's text, without comments of its own, docstrings, blanks and pictures."""
    names = [PATTERNS[code].function.__module__, f"{ROOM}.multiplicity"]
    done: dict[str, str] = {}
    while names:
        name = names.pop()
        if name in done or name.rpartition(".")[2] in NO_JUDGEMENT:
            continue
        text, inside = _bare(Path(str(sys.modules[name].__file__)).read_text(encoding="utf-8"))
        done[name] = text
        names += inside
    return hashlib.sha256("".join(f"{name}:{done[name]};" for name in sorted(done)).encode()).hexdigest()[:12]


def _bare(text: str) -> tuple[str, list[str]]:
    """A module's text without docstrings, pictures and blanks; and the modules of the room that it imports."""
    tree, lines, inside = ast.parse(text), text.splitlines(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{ROOM}."):
            inside.append(str(node.module))
        drawn = isinstance(node, ast.FunctionDef) and node.name in PICTURES
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if (drawn or said) and isinstance(node, ast.stmt):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (int(node.end_lineno or node.lineno) - node.lineno + 1)
    kept = (line for line in lines if not line.lstrip().startswith("#"))
    return "".join("".join(line.split()) for line in kept), inside


def used_limits(codes: Iterable[str], limits: Any) -> dict[str, dict[str, Any]]:
    """The limits that each pattern reads on an honest county, with their values."""
    rng = np.random.default_rng(0)
    frames = {"household": homes.register(rng, CERTIFY)}
    needy, moving = places.exiting(rng, CERTIFY), places.moving(rng, CERTIFY)
    by_place = {"village": needy, "household": places.households(rng, needy)}
    by_code: dict[str, Mapping[str, Any]] = {
        "K13": places.planned(rng, CERTIFY), "K09": moving, "S03": moving, "S05": places.unmet(rng, CERTIFY),
        "S01": by_place, "S02": by_place, "S04": by_place,
    }  # fmt: skip
    found = {code: judge(by_code.get(code, frames), (code,), limits).limits[code] for code in codes}
    return {
        code: {name: values[name] for name in sorted(values) if name not in NOT_MEASURED}
        for code, values in found.items()
    }


def stale(record: Calibration, limits: Mapping[str, Any]) -> dict[str, str]:
    """Codes that are not those measured: code -> what is wrong. limits: the policy's, of now."""
    found = record.stale({code: text_version(code) for code in PATTERNS})
    for code, certified in record.codes.items():
        changed = [name for name, value in certified.limits.items() if _plain(limits.get(name)) != _plain(value)]
        if changed and code not in found:
            found[code] = f"was measured with other limits ({', '.join(changed)})"
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
