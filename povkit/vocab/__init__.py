"""Words that every room uses: findings, severities, levels, verdicts, errors. Imports nothing of povkit.

FINDING_SCHEMA is loaded when first used: it brings pyarrow, most of the time to wait for `povkit --help`.
"""

from typing import TYPE_CHECKING

from povkit.vocab.errors import Fault, InputError, PolicyError, PovkitError, RunError
from povkit.vocab.finding import FINDING_COLUMNS, Level, Severity, Verdict
from povkit.vocab.late import late
from povkit.vocab.resources import resource

if TYPE_CHECKING:
    from povkit.vocab.schema import FINDING_SCHEMA

__all__ = [
    "FINDING_COLUMNS",
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

__getattr__ = late(__name__, {"FINDING_SCHEMA": "povkit.vocab.schema:FINDING_SCHEMA"})
