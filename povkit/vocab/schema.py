"""What povkit finds: one row of one table, whatever found it."""

import pyarrow as pa

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
