"""From views to scores, outcomes, findings and reasons."""

import inspect
import json
import sys
from pkgutil import iter_modules

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from povkit import anomalies
from povkit.anomalies import CODES, SHELF, AnomalyResult, find, find_anomalies, fit_wider
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


@pytest.mark.parametrize(
    ("change", "judged"),
    [
        ("net_income_pc = NULL", {"X01": 0, "X02": 400, "X03": 400}),
        ("helper_id_number = '530199196304150090'", {"X01": 400, "X02": 400, "X03": 400}),
        ("helper_id_number = rowid % 2", {"X01": 400, "X02": 400, "X03": 400}),
        ("farmland = NULL, fuel = NULL", {"X01": 400, "X02": 400, "X03": 400}),
    ],
    ids=["no income", "one official", "two officials", "blank items"],
)
def test_what_a_county_leaves_blank_for_everybody_stops_no_other_channel(
    changing: Views, limits: Limits, change: str, judged: dict[str, int]
):
    changing.con.execute(f"UPDATE household SET {change}")
    found = find_anomalies(changing, limits, seed=1)
    assert {code: one.evaluated for code, one in found.outcomes.items()} == judged
    assert {code: one.unknown for code, one in found.outcomes.items()} == {c: 400 - n for c, n in judged.items()}


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


def test_the_same_bytes_with_one_thread_and_with_two(views: Views, limits: Limits, result: AnomalyResult):
    numbers = result.scores["household_id"].head(12)
    texts = set()
    before = views.con.sql("SELECT current_setting('threads')").fetchall()[0][0]
    for threads in (1, 2):
        views.con.execute(f"SET threads = {threads}")
        try:
            with threadpool_limits(limits=threads):
                found = find_anomalies(views, limits, seed=1)
                texts.add(repr((found.scores.to_csv(), found.findings.to_pylist(), found.reasons(numbers))))
        finally:
            views.con.execute(f"SET threads = {before}")
    assert len(texts) == 1


def test_a_channel_whose_input_was_not_handed_in_says_what_to_ask_for(views: Views, limits: Limits):
    needed = views.views["household"].needs["net_income_pc"]
    assert needed
    own = {need for need in needed if need not in views.views["household"].needs["size"]}
    lacking = Views(views.con, views.views, frozenset(own), views.rows)
    found = find_anomalies(lacking, limits, seed=1)
    assert found.outcomes["X01"].missing == tuple(sorted(own))
    assert not found.outcomes["X01"].ran
    assert (found.outcomes["X01"].evaluated, found.outcomes["X01"].unknown) == (0, 0)
    assert {found.outcomes[code].evaluated for code in ("X02", "X03")} == {400}
    assert found.scores["plausibility"].isna().all()
    assert found.complete


def test_a_small_county_is_judged_by_a_wider_model(views: Views, limits: Limits, result: AnomalyResult):
    more = Limits({**limits, "anomaly_households_min": 401})
    found = find_anomalies(views, more, seed=1, wider=fit_wider([views], seed=1))
    assert {code: (one.evaluated, one.unknown) for code, one in found.outcomes.items()} == dict.fromkeys(
        CODES, (400, 0)
    )
    top, own = (set(each.scores["household_id"].head(40)) for each in (found, result))
    assert len(top & own) >= 30
    number = found.scores["household_id"].iloc[0]
    assert found.reasons([number])[number].household_id == number
    with pytest.raises(ValueError, match="no county given"):
        fit_wider([], seed=1)


def test_the_version_rests_on_every_module_of_the_room_and_on_the_limits():
    modules = [f"{anomalies.__name__}.{each.name}" for each in iter_modules(anomalies.__path__)]
    for name in modules:
        assert inspect.getsource(sys.modules[name]) in find.room_text()
    used = dict.fromkeys(find.USED, 0.1)
    assert find.version(SHELF[0], used) == find.version(SHELF[0], used)
    assert find.version(SHELF[0], used) != find.version(SHELF[0], {**used, "anomaly_q_max": 0.05})
    assert find.version(SHELF[0], used) != find.version(SHELF[1], used)
