"""What visits teach: dismissed leads stay dismissed, and from enough verdicts the order is learned."""

import numpy as np
import pandas as pd

from povkit.anomalies import rerank


def _scores(n: int = 60) -> pd.DataFrame:
    """Half of the leads are strange in their cells, half in rare combinations."""
    odd = np.arange(n) % 2 == 0
    step = 10.0 ** (-4 + 3 * np.arange(n) / n)
    table = pd.DataFrame(
        {
            "household_id": [f"H{place:02}" for place in range(n)],
            "plausibility_p": 0.5,
            "cells_p": np.where(odd, step, 0.6),
            "rarity_p": np.where(odd, 0.6, step),
            "fingerprint": [f"f{place}" for place in range(n)],
        }
    )
    return table.assign(rank=np.arange(1, n + 1))


def _verdicts(scores: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first n leads were visited: strange cells were confirmed, rare combinations cleared."""
    seen = scores.head(n)
    words = np.where(seen["cells_p"] < seen["rarity_p"], "confirmed", "cleared")
    return seen[["household_id", "fingerprint"]].assign(verdict=words)


def test_with_few_verdicts_the_order_stays_but_cleared_leads_go_last():
    scores = _scores()
    table = rerank(scores, _verdicts(scores, 10), least=30)
    assert table["chance"].isna().all()
    assert table["dismissed"].sum() == 5
    assert table["dismissed"].tolist()[-5:] == [True] * 5
    assert table.loc[~table["dismissed"], "rank"].is_monotonic_increasing
    assert table["new_rank"].tolist() == list(range(1, 61))


def test_from_enough_verdicts_the_confirmed_kind_comes_first():
    scores = _scores()
    table = rerank(scores, _verdicts(scores, 30), least=30)
    unseen = table[table["rank"] > 30]
    assert (unseen["cells_p"].head(10) < unseen["rarity_p"].head(10)).all()
    assert table["chance"].between(0, 1).all()


def test_a_lead_comes_back_when_the_values_change():
    scores = _scores()
    verdicts = _verdicts(scores, 10)
    changed = scores.assign(fingerprint=scores["fingerprint"].where(scores["household_id"] != "H01", "new"))
    table = rerank(changed, verdicts, least=30).set_index("household_id")
    assert rerank(scores, verdicts, least=30).set_index("household_id").loc["H01", "dismissed"]
    assert not table.loc["H01", "dismissed"]
    assert table.loc["H03", "dismissed"]


def test_the_latest_verdict_counts_and_a_withdrawn_one_is_none():
    scores = _scores()
    verdicts = _verdicts(scores, 10)
    later = pd.DataFrame({"household_id": ["H01"], "fingerprint": ["f1"], "verdict": ["withdrawn"]})
    table = rerank(scores, pd.concat([verdicts, later]), least=30).set_index("household_id")
    assert not table.loc["H01", "dismissed"]


def test_verdicts_of_one_kind_teach_nothing():
    scores = _scores()
    verdicts = _verdicts(scores, 40).assign(verdict="confirmed")
    assert rerank(scores, verdicts, least=30)["chance"].isna().all()
