"""What CONTRIBUTING promises: a new rule is three files and the generated pages. Done to a copy of the project."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("povkit", "parameters", "notebooks", "tests", "docs", "pyproject.toml")
CODE = "I99"
RULE = '''

@rule("I99", "household", zh="牧草地面积大于林地面积")
def grassland_exceeds_forest(h: Columns, limits: Any) -> nw.Expr:
    """More grassland than forest.

    Why: an example of how a rule is added.
    Basis: CONTRIBUTING; S4.1.
    Flags: grassland > forest; equal is clear; blank cannot be judged.
    """
    return h.grassland > h.forest
'''
CASES = """\
I99_household:
  - flag: {grassland: 2.1, forest: 2.0}
  - clear: {grassland: 2.0, forest: 2.0}
  - unknown: {grassland: null, forest: 2.0}
"""
LINE = "  I99: {severity: hint, clause: S4.1}\n"
THREE = ("parameters/policy/yunnan-2018.yaml", "povkit/rules/living.py", "tests/rules/cases/living.yaml")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, copied."""
    root = tmp_path_factory.mktemp("copy")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "images"))
        else:
            shutil.copy(ROOT / part, root / part)
    return root


def _run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of the copied project, which must not see this one."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True)


def _hashes(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_rule_is_three_files_and_two_pages(copy: Path) -> None:
    before = _hashes(copy)
    _append(copy / "povkit/rules/living.py", RULE)
    _append(copy / "tests/rules/cases/living.yaml", CASES)
    policy = copy / THREE[0]
    head, mark, rest = policy.read_text(encoding="utf-8").partition("\n  I02: ")
    assert mark
    policy.write_text(f"{head}\n{LINE.rstrip()}{mark}{rest}", encoding="utf-8")
    made = _run(copy, "-m", "povkit", "docs")
    assert made.returncode == 0, made.stderr
    after = _hashes(copy)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {*THREE, "docs/handbook.md", "docs/coverage.md"}
    assert f"### {CODE} 牧草地面积大于林地面积" in (copy / "docs/handbook.md").read_text(encoding="utf-8")
    tests = ("tests/rules/test_contract.py", "-k", f"{CODE} or agree or familys")
    done = _run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", *tests)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "8 passed" in done.stdout
