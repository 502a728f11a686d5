"""What povkit finds: one row of one table, whatever found it."""

from enum import StrEnum

import pyarrow as pa


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


_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("code", pa.string()),
    ("rule_version", pa.string()),
    ("severity", pa.string()),
    ("grade", pa.int8()),
    ("level", pa.string()),
    ("object_id", pa.string()),
    ("county_code", pa.string()),
    ("township", pa.string()),
    ("village_code", pa.string()),
    ("village", pa.string()),
    ("household_id", pa.string()),
    ("person_id", pa.string()),
    ("subject", pa.string()),
    ("evidence", pa.string()),
    ("clause", pa.string()),
    ("title_zh", pa.string()),
    ("title_en", pa.string()),
]
FINDING_SCHEMA = pa.schema(_COLUMNS)
"""Columns of findings.parquet. `village` is the village's name, `subject` the name of the person, household head,
helper or place; `evidence` is JSON: the values that decided (keys are column names of the view) and, under "limits",
the limits they were held against."""
