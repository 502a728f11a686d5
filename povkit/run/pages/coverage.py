"""docs/coverage.md: each clause of the source document, the checks that serve it, where they are shown, their tests."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from povkit.policy import Policy
from povkit.run.pages.entries import RULE, Entry
from povkit.run.pages.text import MADE, paragraph, table
from povkit.run.tables import PARTS
from povkit.run.words import StoryWords

_INTRO = """\
# 条款覆盖 · Coverage of the clauses

Each clause of the source document, with the codes that serve it, where notebook and report show them, and the tests
that hold them. `code` is of the clause by the policy; in brackets stand codes of other clauses that name this one as a
basis. A clause without a check is a **缺口 gap**: {gaps}.

What stands in every row besides: the report lists the codes under their clause (section {by_clause}), the contract
tests ask the same of every rule (`tests/rules/test_contract.py`) and pattern (`tests/patterns/test_contract.py`).
"""
_CLAUSE = re.compile(r"\bS\d\.\d[a-z]?\b")
_CODE = re.compile(r"\b[A-Z]\d{2}\b")


def coverage_page(entries: list[Entry], policy: Policy, root: Path) -> str:
    """The page: one row a clause. root: the checkout, whose tests are read."""
    tests = _tests_by_name(root)
    rows = [_row(clause, entries, policy, tests) for clause in policy.clauses]
    gaps = [row[0] for row in rows if _GAP in row[2]]
    intro = _INTRO.format(gaps="、".join(gaps) or "none", by_clause=StoryWords("zh")("section.clauses"))
    head = ("clause", "what must hold", "checks", "notebook, report", "tests")
    return "\n".join([MADE, "", intro, *table(head, rows), *_numbers(entries)]).rstrip() + "\n"


_GAP = "**缺口 gap**"


def _row(clause: str, entries: list[Entry], policy: Policy, tests: Mapping[str, set[str]]) -> tuple[str, ...]:
    named = policy.clauses[clause]
    own = [entry for entry in entries if entry.line.clause == clause]
    carried = set(policy.verdicts[clause].codes) if clause in policy.verdicts else set()
    others = [entry for entry in entries if entry not in own and (entry.code in carried or _rests_on(entry, clause))]
    checks = " ".join(entry.code for entry in own)
    if others:
        checks = f"{checks} ({' '.join(entry.code for entry in others)})".strip()
    what = f"{paragraph(named.zh)}<br>{paragraph(named.en)}<br>{named.document}"
    shown = _shown(clause, own) if own or others else ""
    return (
        clause,
        what,
        checks or f"{_GAP} {paragraph(named.unchecked)}".strip(),
        shown,
        "<br>".join(_tests(clause, [*own, *others], tests)),
    )


def _rests_on(entry: Entry, clause: str) -> bool:
    """Whether the basis of a code names the clause."""
    return any(clause in _CLAUSE.findall(face.text) for face in entry.faces)


def _shown(clause: str, own: Iterable[Entry]) -> str:
    """Parts of the notebook that list the codes of a clause."""
    words = StoryWords("zh")
    if f"story.{clause}" in words or clause.startswith("S5."):
        return f"{words('summary.phenomena')}: {clause}"
    letters = {entry.code[0] for entry in own}
    parts = [name for name, (prefixes, family) in PARTS.items() if clause.startswith(prefixes) or family in letters]
    return "<br>".join(words(f"story.{name}").partition("\n")[0].strip("# ") for name in parts)


def _tests(clause: str, served: Iterable[Entry], tests: Mapping[str, set[str]]) -> list[str]:
    """Case files of the rules, and the tests that name a pattern, an anomaly or the clause itself."""
    found = set(tests.get(clause, ()))
    for entry in served:
        if entry.kind == RULE:
            found |= {f"tests/rules/cases/{face.module.rpartition('.')[2]}.yaml" for face in entry.faces}
        else:
            found |= tests.get(entry.code, set())
    return sorted(f"`{path.removeprefix('tests/')}`" for path in found)


def _tests_by_name(root: Path) -> dict[str, set[str]]:
    """Test modules by the codes that they name; those of the verdicts by the clauses too."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        clauses = _CLAUSE.findall(text) if path.parent.name == "verdicts" else ()
        for name in {*_CODE.findall(text), *clauses}:
            found.setdefault(name, set()).add(path.relative_to(root).as_posix())
    return found


def _numbers(entries: list[Entry]) -> list[str]:
    """How many codes each severity and kind has."""
    counts: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.kind, str(entry.line.severity))
        counts[key] = counts.get(key, 0) + 1
    rows = [(kind, severity, str(count)) for (kind, severity), count in sorted(counts.items())]
    return ["## Codes by kind and severity", "", *table(("kind", "severity", "codes"), rows)]
