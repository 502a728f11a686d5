"""A cleared lead stays away while the values are the same; everything else of the result stays as it was."""

import pandas as pd
import pyarrow as pa
import pytest

from povkit.anomalies import SHELF, AnomalyResult, Outcome
from povkit.run.heed import heed
from povkit.run.marks import CLEARED, CONFIRMED, Mark
from povkit.vocab import FINDING_SCHEMA


@pytest.fixture
def result() -> AnomalyResult:
    numbers = ["H1", "H2", "H3"]
    scores = pd.DataFrame({"household_id": numbers, "fingerprint": ["f1", "f2", "f3"], "flagged": [True, True, False]})
    rows = [{"code": "X01", "household_id": "H1"}, {"code": "X02", "household_id": "H2"}]
    outcomes = {each.code: Outcome(each, evaluated=3, flagged=int(each.code != "X03")) for each in SHELF}
    return AnomalyResult(outcomes, pa.Table.from_pylist(rows, schema=FINDING_SCHEMA), scores, 3)


def mark(household: str, print_: str, verdict: str = CLEARED) -> Mark:
    return Mark("2019-01-02T08:00:00+00:00", "530113", household, print_, verdict, "", "")


def test_a_cleared_lead_is_neither_found_nor_flagged(result: AnomalyResult) -> None:
    heeded = heed(result, [mark("H1", "f1")])
    assert heeded.findings["household_id"].to_pylist() == ["H2"]
    assert heeded.scores["flagged"].tolist() == [False, True, False]
    assert {code: each.flagged for code, each in heeded.outcomes.items()} == {"X01": 0, "X02": 1, "X03": 0}
    assert [each.evaluated for each in heeded.outcomes.values()] == [3, 3, 3]
    assert result.scores["flagged"].tolist() == [True, True, False]
    assert result.outcomes["X01"].flagged == 1


def test_a_cleared_lead_comes_back_when_its_values_change(result: AnomalyResult) -> None:
    assert heed(result, [mark("H1", "what it was before")]) is result


def test_a_confirmed_lead_stays(result: AnomalyResult) -> None:
    assert heed(result, [mark("H1", "f1"), mark("H1", "f1", CONFIRMED)]) is result
