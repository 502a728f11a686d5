"""From findings to findings that say how far they carry: severity, grade, clause (rulebook: grades 1 to 4)."""

from typing import cast

import duckdb
import pyarrow as pa

from povkit.policy import Policy
from povkit.views.select import literal
from povkit.vocab import FINDING_COLUMNS

ORDER = ("grade", "code", "township", "village_code", "household_id", "object_id", "evidence")
"""Columns that findings are sorted by, then by all others, so that the same inputs give the same bytes."""

_BY_CODE = ("severity", "grade", "clause")


def graded(findings: duckdb.DuckDBPyRelation, policy: Policy) -> duckdb.DuckDBPyRelation:
    """Fill `severity`, `grade` and `clause` (id and document) by the policy's lines, and sort.

    findings: FINDING_COLUMNS, held by DuckDB within its memory. Codes without a line in the policy are switched off:
    their findings are left out.
    """
    lines = ", ".join(
        literal((code, str(line.severity), line.effective_grade, policy.citation(line.clause)))
        for code, line in policy.rules.items()
    )
    named = f"(VALUES {lines}) l(code, severity, grade, clause)"
    by_code = f"SELECT code, severity, grade::TINYINT AS grade, clause FROM {named}"
    columns = ", ".join(f"{'l' if name in _BY_CODE else 'f'}.{name}" for name in FINDING_COLUMNS)
    order = ", ".join(f"{name} NULLS LAST" for name in dict.fromkeys((*ORDER, *FINDING_COLUMNS)))
    made = findings.query("f", f"SELECT {columns} FROM f JOIN ({by_code}) l USING (code) ORDER BY {order}")
    return cast("duckdb.DuckDBPyRelation", made)  # None only of statements that give no rows


def grade_findings(findings: pa.Table, policy: Policy) -> pa.Table:
    """The same of a table in memory (FINDING_SCHEMA)."""
    with duckdb.connect() as con:
        return graded(con.from_arrow(findings), policy).to_arrow_table()
