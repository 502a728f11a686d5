"""Words that every room uses: findings, severities, levels, verdicts, errors. Imports nothing of povkit."""

from povkit.vocab.errors import Fault, InputError, PolicyError, PovkitError, RunError
from povkit.vocab.finding import FINDING_SCHEMA, Level, Severity, Verdict
from povkit.vocab.resources import resource

__all__ = [
    "FINDING_SCHEMA",
    "Fault",
    "InputError",
    "Level",
    "PolicyError",
    "PovkitError",
    "RunError",
    "Severity",
    "Verdict",
    "resource",
]
