"""What every rule must keep: written once, asked of all."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from povkit.anomalies import CODES
from povkit.patterns import PATTERNS
from povkit.policy import load_policy
from povkit.rules import FAMILIES, RULES
from povkit.rules.rule import Columns, Rule
from povkit.views import column_labels

WORDS = ("flag", "clear", "unknown", "outside")


def _load() -> dict[str, tuple[str, list[dict[str, Any]]]]:
    found: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        for name, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            assert name not in found, f"{name} has cases in {found[name][0]} and in {path.stem}"
            found[name] = (path.stem, cases)
    return found


CASES = _load()
EACH = pytest.mark.parametrize("name", sorted(RULES))


def _answers(cases: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(expected answer, row, changed limits) of each case."""
    return [(word, case[word], case.get("limits", {})) for case in cases for word in WORDS if word in case]


def test_rules_policy_lines_and_cases_agree() -> None:
    rules, patterns = {rule.code for rule in RULES.values()}, set(PATTERNS)
    assert rules | patterns | set(CODES) == set(load_policy("yunnan-2018").rules)
    assert not rules & patterns
    assert set(RULES) == set(CASES)


def test_cases_stand_in_their_familys_file() -> None:
    families = {family.__name__.rpartition(".")[2] for family in FAMILIES}
    assert {stem for stem, _ in CASES.values()} <= families
    for name, (stem, _) in CASES.items():
        assert RULES[name].function.__module__.endswith("." + stem), f"{name}'s cases belong to its own family's file"


@EACH
def test_cases(bench: Any, name: str) -> None:
    for expected, row, changed in _answers(CASES[name][1]):
        assert bench.judge(name, [row], **changed) == [expected], f"{name} {row}"


@EACH
def test_answers_do_not_depend_on_order(bench: Any, name: str) -> None:
    answers = [(word, row) for word, row, changed in _answers(CASES[name][1]) if not changed]
    rows = [row for _, row in answers]
    assert bench.judge(name, rows) == [word for word, _ in answers]
    assert bench.judge(name, rows[::-1]) == [word for word, _ in answers[::-1]]


@EACH
def test_every_answer_has_a_case(bench: Any, name: str) -> None:
    cases = CASES[name][1]
    answers = {word for word, _, _ in _answers(cases)}
    never = [case for case in cases if "never_unknown" in case]
    wanted = {"flag", "clear"} | (set() if never else {"unknown"}) | ({"outside"} if RULES[name].within else set())
    assert wanted <= answers, f"{name} has no case for {sorted(wanted - answers)}"
    if never:
        assert "unknown" not in answers
        assert bench.judge(name, [{}]) != ["unknown"] or RULES[name].within


@EACH
def test_limits_appear_in_a_case(bench: Any, name: str) -> None:
    """Every number or date of the policy that a rule reads is met by a case on the bound (by name or by value)."""
    recorder = bench.limits.recorder()
    RULES[name].function(Columns(RULES[name].view, bench.views.views[RULES[name].view].types), recorder)
    cases = CASES[name][1]
    seen = {str(value) for _, row, changed in _answers(cases) for value in (*row.values(), *changed.values())}
    seen |= {str(float(value)) for value in list(seen) if _is_number(value)}
    named = {name for case in cases for name in str(case.get("bound", "")).split()}
    for limit, value in recorder.used.items():
        if limit in named or isinstance(value, bool) or not isinstance(value, int | float | date):
            continue
        wanted = {str(value)} | ({str(float(value))} if isinstance(value, int | float) else set())
        assert wanted & seen, f"{name}: no case stands on the bound {limit} = {value}"


@EACH
def test_docstring_says_why_basis_and_flags(name: str) -> None:
    rule: Rule = RULES[name]
    text = rule.function.__doc__ or ""
    for word in ("Why:", "Basis:", "Flags:"):
        assert word in text, f"{name}: the docstring has no {word}"
    assert rule.en and len(rule.en) < 100
    assert rule.zh


@EACH
def test_columns_have_labels(bench: Any, name: str) -> None:
    columns = Columns(RULES[name].view, bench.views.views[RULES[name].view].types)
    RULES[name].function(columns, bench.limits.recorder())
    assert columns.used, f"{name} looks at nothing"
    labels = column_labels()
    assert all(column in labels for column in columns.used)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
