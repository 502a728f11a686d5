"""What earlier marks do to a check: leads that were cleared stay away while the household's values are the same."""

from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from povkit.anomalies import AnomalyResult
from povkit.run.marks import Mark, dismissed


def heed(result: AnomalyResult, marks: Iterable[Mark]) -> AnomalyResult:
    """The result without the findings of dismissed leads; those households keep their scores and are not flagged.

    Counts of flagged households follow. The result given is left as it is.
    """
    scores = result.scores
    away = dismissed(marks, dict(zip(scores["household_id"], scores["fingerprint"], strict=True)))
    if not away:
        return result
    gone = pc.is_in(result.findings["household_id"], pa.array(sorted(away), pa.string()))
    findings = result.findings.filter(pc.invert(gone))
    codes = findings["code"].to_pylist()
    outcomes = {code: replace(each, flagged=codes.count(each.rule.code)) for code, each in result.outcomes.items()}
    kept = scores.assign(flagged=scores["flagged"] & ~scores["household_id"].isin(away))
    return replace(result, outcomes=outcomes, findings=findings, scores=kept)
