"""From views to scores, outcomes, findings and reasons."""

import json

import numpy as np
import pytest

from povkit.anomalies import CODES, AnomalyResult, find_anomalies
from povkit.policy import Limits
from povkit.views import Views
from povkit.vocab import FINDING_SCHEMA


def test_every_household_has_a_score_and_a_rank(result: AnomalyResult):
    scores = result.scores
    assert len(scores) == result.population == 400
    assert scores["household_id"].is_unique
    assert scores["rank"].tolist() == list(range(1, 401))
    assert scores["p"].is_monotonic_increasing
    assert np.isfinite(scores[["p", "q", "rarity", "cells", "plausibility"]].to_numpy()).all()
    assert (scores["q"] >= scores["p"] - 1e-12).all()
    assert scores["fingerprint"].str.fullmatch("[0-9a-f]{16}").all()


def test_a_county_without_faults_gets_no_flag(result: AnomalyResult):
    assert list(result.outcomes) == list(CODES)
    assert {code: (one.evaluated, one.flagged, one.unknown) for code, one in result.outcomes.items()} == dict.fromkeys(
        CODES, (400, 0, 0)
    )
    assert result.findings.schema == FINDING_SCHEMA
    assert result.findings.num_rows == 0


def test_a_slip_becomes_a_finding_with_a_sentence(views: Views, limits: Limits):
    row = "(SELECT household_id FROM household WHERE business_income > 4000 ORDER BY household_id LIMIT 1)"
    number = views.con.sql(row).fetchall()[0][0]
    set_to = "UPDATE household SET business_income = business_income {} 20 WHERE household_id = ?"
    views.con.execute(set_to.format("*"), [number])
    try:
        found = find_anomalies(views, limits, seed=1)
    finally:
        views.con.execute(set_to.format("/"), [number])
    assert found.scores["household_id"].iloc[0] == number
    assert found.findings["object_id"].to_pylist()[0] == number
    assert found.findings["code"].to_pylist()[0] == "X02"
    assert found.outcomes["X02"].flagged >= 1
    evidence = json.loads(found.findings["evidence"].to_pylist()[0])
    assert evidence["q"] <= limits.anomaly_q_max == evidence["limits"]["anomaly_q_max"]
    reason = found.reasons([number])[number]
    assert evidence["reason"] == {language: reason.sentence(language) for language in ("zh", "en")}
    assert reason.fields[0].column == "business_income"
    assert reason.fields[0].clears_low < reason.fields[0].clears_high < reason.fields[0].value
    assert reason.sentence().startswith("登记的生产经营性收入")


def test_contributions_add_up_to_the_score(result: AnomalyResult):
    scores = result.scores.set_index("household_id")
    by_channel = {name: scores.index[scores["channel"] == name][:4] for name in ("plausibility", "cells", "rarity")}
    chosen = [number for numbers in by_channel.values() for number in numbers]
    reasons = result.reasons(chosen)
    assert list(reasons) == chosen
    for number, reason in reasons.items():
        assert reason.channel == scores.loc[number, "channel"]
        assert reason.base + sum(reason.contributions.values()) == pytest.approx(reason.score)
        if reason.channel != "rarity":
            assert reason.score == pytest.approx(scores.loc[number, reason.channel], rel=1e-6)
        assert len(reason.fields) == 3
        assert reason.n_peers >= 8


def test_unknown_household_is_told(result: AnomalyResult):
    with pytest.raises(KeyError, match="no score for households 99"):
        result.reasons(["99"])


def test_a_small_county_is_unknown(views: Views, limits: Limits):
    more = Limits({**limits, "anomaly_households_min": 401})
    found = find_anomalies(views, more, seed=1)
    assert {code: (one.evaluated, one.unknown) for code, one in found.outcomes.items()} == dict.fromkeys(
        CODES, (0, 400)
    )
    assert found.scores.empty
    assert found.reasons([]) == {}


def test_only_the_codes_asked_for(views: Views, limits: Limits):
    found = find_anomalies(views, limits, seed=1, codes=["X03"])
    assert list(found.outcomes) == ["X03"]
    assert found.scores["plausibility"].isna().all()
    assert (found.scores["channel"] == "rarity").all()
    assert find_anomalies(views, limits, seed=1, codes=[]).outcomes == {}
