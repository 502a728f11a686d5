"""From findings to what may be said: grades of findings, and the verdicts on the six phenomena of S5."""

from povkit.verdicts.coverage import coverage
from povkit.verdicts.evidence import AnyOutcome, Evidence, ran_codes, too_small_codes
from povkit.verdicts.facts import Facts, count_facts, fact_columns, villages_without_inclusion
from povkit.verdicts.grading import grade_findings, graded
from povkit.verdicts.phenomena import judge

__all__ = [
    "AnyOutcome",
    "Evidence",
    "Facts",
    "count_facts",
    "coverage",
    "fact_columns",
    "grade_findings",
    "graded",
    "judge",
    "ran_codes",
    "too_small_codes",
    "villages_without_inclusion",
]
