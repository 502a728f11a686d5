"""From findings to findings that say how far they carry: severity, grade, clause (rulebook: grades 1 to 4)."""

import pyarrow as pa
import pyarrow.compute as pc

from povkit.policy import Policy
from povkit.vocab import FINDING_SCHEMA

ORDER = ("grade", "code", "township", "village_code", "household_id", "object_id", "evidence")
"""Columns that findings are sorted by, so that the same inputs give the same bytes."""


def grade_findings(findings: pa.Table, policy: Policy) -> pa.Table:
    """Fill `severity`, `grade` and `clause` (id and document) by the policy's lines, and sort.

    findings: FINDING_SCHEMA. Codes without a line in the policy are switched off: their findings are left out.
    """
    lines = {code: policy.rules[code] for code in pc.unique(findings["code"]).to_pylist() if code in policy.rules}
    kept = findings.filter(pc.is_in(findings["code"], pa.array(list(lines), pa.string())))
    codes = kept["code"].to_pylist()
    filled = {
        "severity": pa.array([str(lines[code].severity) for code in codes], pa.string()),
        "grade": pa.array([lines[code].effective_grade for code in codes], pa.int8()),
        "clause": pa.array([policy.citation(lines[code].clause) for code in codes], pa.string()),
    }
    for name, values in filled.items():
        kept = kept.set_column(FINDING_SCHEMA.get_field_index(name), FINDING_SCHEMA.field(name), values)
    return kept.sort_by([(name, "ascending") for name in ORDER]).combine_chunks()
