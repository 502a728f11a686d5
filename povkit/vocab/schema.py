"""What povkit finds: one row of one table, whatever found it."""

import pyarrow as pa

from povkit.vocab.finding import FINDING_COLUMNS

FINDING_SCHEMA = pa.schema([(name, pa.int8() if name == "grade" else pa.string()) for name in FINDING_COLUMNS])
"""FINDING_COLUMNS as a schema of Arrow."""
