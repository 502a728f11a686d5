"""What a finding is about, how it must be handled, and what a report may say."""

from enum import StrEnum

FINDING_COLUMNS = (
    "code",
    "rule_version",
    "severity",
    "grade",
    "level",
    "object_id",
    "county_code",
    "township",
    "village_code",
    "village",
    "household_id",
    "person_id",
    "subject",
    "evidence",
    "clause",
    "title_zh",
    "title_en",
)
"""Columns of findings.parquet: text, `grade` a small whole number. `village` is the village's name, `subject` the name
of the person, household head, helper or place; `evidence` is JSON: the values that decided (keys are column names of
the view) and, under "limits", the limits they were held against."""


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
