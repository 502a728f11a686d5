"""Limits, severities, dates and clauses by place and year, typed; the only home of numbers."""

from povkit.policy.calibration import Calibration, Certified, Rate, Stale, load_calibration
from povkit.policy.limits import AppliedOverride, Borrowed, Limits, LimitsRecorder, limits_for
from povkit.policy.load import counties, load_county, load_policy, policy_names
from povkit.policy.model import Box, Clause, County, Limit, Phenomenon, Policy, Role, RuleLine

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
