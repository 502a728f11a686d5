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
    known = pa.array(list(lines), pa.string())
    line_of = pc.index_in(findings["code"], known)
    kept = findings.filter(pc.is_valid(line_of))
    line_of = pc.drop_null(line_of)
    filled = {
        "severity": pa.array([str(line.severity) for line in lines.values()], pa.string()).take(line_of),
        "grade": pa.array([line.effective_grade for line in lines.values()], pa.int8()).take(line_of),
        "clause": pa.array([policy.citation(line.clause) for line in lines.values()], pa.string()).take(line_of),
    }
    for name, values in filled.items():
        kept = kept.set_column(FINDING_SCHEMA.get_field_index(name), FINDING_SCHEMA.field(name), values)
    return kept.sort_by([(name, "ascending") for name in ORDER]).combine_chunks()
