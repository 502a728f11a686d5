"""Words that every room uses: findings, severities, levels, verdicts, errors. Imports nothing of povkit.

FINDING_SCHEMA is loaded when first used: it brings pyarrow, most of the time to wait for `povkit --help`.
"""

from typing import TYPE_CHECKING, Any

from povkit.vocab.errors import Fault, InputError, PolicyError, PovkitError, RunError
from povkit.vocab.finding import FINDING_COLUMNS, Level, Severity, Verdict
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


def __getattr__(name: str) -> Any:
    if name == "FINDING_SCHEMA":
        from povkit.vocab.schema import FINDING_SCHEMA  # noqa: PLC0415 - the reason stands above

        return FINDING_SCHEMA
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
