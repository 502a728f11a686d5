"""What verdicts look at: findings, what ran, counts, inputs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

import povkit.anomalies as anomalies
import povkit.patterns as patterns
import povkit.rules as rules
from povkit.policy import Policy
from povkit.verdicts.facts import Facts
from povkit.views import Views

Words = dict[str, str]
AnyOutcome = rules.Outcome | patterns.Outcome | anomalies.Outcome


@dataclass(frozen=True)
class Evidence:
    """What a verdict looks at: findings, outcomes, counts, and where nobody was taken in.

    ran: codes of which at least one rule judged. too_small: patterns whose every unit was too small to be tested.
    """

    policy: Policy
    findings: pa.Table
    ran: frozenset[str]
    facts: Facts
    views: Views
    without_inclusion: frozenset[str] | None
    checked_share_min: float
    too_small: frozenset[str] = frozenset()


def ran_codes(outcomes: Mapping[str, AnyOutcome]) -> frozenset[str]:
    """Codes of which at least one rule judged."""
    return frozenset(outcome.rule.code for outcome in outcomes.values() if outcome.ran)


def too_small_codes(outcomes: Mapping[str, AnyOutcome]) -> frozenset[str]:
    """Patterns that ran and could test nothing, since every village, township or official was too small."""
    found = (one for one in outcomes.values() if isinstance(one, patterns.Outcome))
    return frozenset(one.rule.code for one in found if one.ran and not one.evaluated)
