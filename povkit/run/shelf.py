"""The rules as people read them on the command line."""

from difflib import get_close_matches

from povkit.policy import Policy
from povkit.rules import RULES, Rule
from povkit.run.words import StoryWords, words_of
from povkit.vocab import Fault, RunError


def list_rules(policy: Policy, language: str) -> list[str]:
    """One line a rule: code, severity, clause, title."""
    words = words_of(language)
    return list(dict.fromkeys(_line(rule, policy, words) for rule in _ordered()))


def explain(code: str, policy: Policy, language: str) -> list[str]:
    """Everything about one rule: title, why, basis, what it flags, and its line of the policy.

    Raises RunError naming near codes if there is no such rule.
    """
    words, wanted = words_of(language), code.strip().upper()
    found = [rule for rule in _ordered() if rule.code == wanted]
    if not found:
        near = ", ".join(get_close_matches(wanted, {rule.code for rule in RULES.values()})) or words("mark.none")
        raise RunError(Fault((code,), words("cli.rule_missing", value=code, near=near)))
    lines: list[str] = []
    for rule in found:
        text = "\n".join(line.strip() for line in (rule.function.__doc__ or "").strip().splitlines())
        entry = [_line(rule, policy, words), *text.splitlines()]
        if entry[1:] != lines[1:]:
            lines += ["", *entry] if lines else entry
    return lines


def _ordered() -> list[Rule]:
    return sorted(RULES.values(), key=lambda rule: rule.name)


def _title(rule: Rule, language: str) -> str:
    return rule.zh if language == "zh" else rule.en


def _line(rule: Rule, policy: Policy, words: StoryWords) -> str:
    title = _title(rule, words.language)
    if rule.code not in policy.rules:
        return f"{rule.code}  {words('mark.none')}  {title}"
    line = policy.rule(rule.code)
    return f"{rule.code}  {words(f'severity.{line.severity}')}  {line.clause}  {title}"
