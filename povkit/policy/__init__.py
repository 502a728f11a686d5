"""Limits, severities, dates and clauses by place and year, typed; the only home of numbers."""

from typing import TYPE_CHECKING

from povkit.policy.limits import AppliedOverride, Borrowed, Limits, LimitsRecorder, limits_for
from povkit.policy.load import counties, load_county, load_policy, policy_names
from povkit.policy.model import Box, Clause, County, Limit, Phenomenon, Policy, Role, RuleLine
from povkit.vocab.late import late

if TYPE_CHECKING:
    from povkit.policy.calibration import Calibration, Certified, Rate, Stale, load_calibration

__all__ = [
    "AppliedOverride",
    "Borrowed",
    "Box",
    "Calibration",
    "Certified",
    "Clause",
    "County",
    "Limit",
    "Limits",
    "LimitsRecorder",
    "Phenomenon",
    "Policy",
    "Rate",
    "Role",
    "RuleLine",
    "Stale",
    "counties",
    "limits_for",
    "load_calibration",
    "load_county",
    "load_policy",
    "policy_names",
]

__getattr__ = late(
    __name__,
    {
        name: f"povkit.policy.calibration:{name}"
        for name in ("Calibration", "Certified", "Rate", "Stale", "load_calibration")
    },
)
"""Only reports and notebooks read the record of calibration."""
