"""What a finding is about, how it must be handled, and what a report may say."""

from enum import StrEnum


class Severity(StrEnum):
    """How a finding must be handled (S4.2): error corrected, suspect verified with evidence, missing filled in."""

    ERROR = "error"
    SUSPECT = "suspect"
    MISSING = "missing"
    HINT = "hint"


class Level(StrEnum):
    """What a finding is about."""

    PERSON = "person"
    HOUSEHOLD = "household"
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    HELPER = "helper"
    PROBLEM = "problem"
    VISIT = "visit"


class Verdict(StrEnum):
    """What a county's report may say of one of the six phenomena of S5."""

    FOUND = "found"
    SIGNS = "signs"
    NO_SIGN = "no_sign"
    CANNOT_JUDGE = "cannot_judge"
