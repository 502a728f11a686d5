"""Scale control: honest counties stay quiet, planted ones are found. Coarse bounds on quick draws; the certified rates
come from the self-test."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from povkit.patterns.counting import hit_chance, poisson_binomial_tail
from povkit.patterns.forecast import forecast_chance, weighted_tail
from povkit.patterns.multiplicity import adjust
from povkit.patterns.uniformity import households_uniform, people_uniform
from povkit.policy import Limits
from tests.patterns import worlds

MEAN_SIZE = float(worlds.SIZES @ worlds.WEIGHTS)
Make = Callable[[np.random.Generator], dict[str, pd.DataFrame]]


def _rejected(code: str, make: Make, limits: Any, times: int, level: str = "county") -> float:
    """Share of worlds whose county is strange at 5 % with an effect worth a finding."""
    found = []
    for seed in range(times):
        tests = worlds.judge(code, limits, seed, **make(np.random.default_rng(1000 + seed)))
        county = tests[tests["level"] == level].iloc[0]
        assert np.isfinite(county["p"]), "the made-up county is too small"
        found.append(county["p"] <= 0.05 and county["effect"] >= county["least"])
    return float(np.mean(found))


def _with_homes(rng: np.random.Generator, villages: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"village": villages, "household": worlds.households(rng, villages)}


def quota(rng: np.random.Generator, strength: float, followers: float = 1.0, n: int = 12) -> dict[str, pd.DataFrame]:
    """Villages of which a share follows a tenth of the people, as far as `strength`."""
    villages = worlds.villages(rng, n, 1, 0.10, 0.01)
    told = np.rint((1 - strength) * villages["poor_population"] + strength * 0.10 * villages["population"])
    follow = rng.random(n) < followers
    villages["poor_population"] = np.where(follow, told, villages["poor_population"])
    return _with_homes(rng, worlds.with_incidence(villages))


def test_equal_needs_are_as_uniform_as_chance(limits: Limits):
    """With one rate for all, the p of a dispersion this small is uniform: the drawn null is the right one."""
    p = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        homes = rng.integers(80, 400, 12)
        poor = rng.multivariate_hypergeometric(homes, 150)
        people = np.array([worlds.draw_sizes(rng, k).sum() for k in poor])
        sizes = worlds.draw_sizes(rng, 200)
        p.append(
            (
                households_uniform(poor, homes, rng, 200).p,
                people_uniform(people, homes * sizes.mean(), sizes, rng, 200).p,
            )
        )
    share = (np.array(p) <= 0.2).mean(axis=0)
    assert ((share > 0.11) & (share < 0.29)).all()


def test_a_window_makes_villages_alike_and_is_allowed_for(limits: Limits):
    """Villages chosen for an incidence below 3 % differ less by that choice alone; that is no finding."""
    p = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        people = rng.integers(600, 1500, 60)
        poor = np.array([worlds.draw_sizes(rng, k).sum() for k in rng.binomial((people / MEAN_SIZE).astype(int), 0.03)])
        below = poor / people < 0.03
        sizes = worlds.draw_sizes(rng, 200)
        p.append(people_uniform(poor[below], people[below], sizes, rng, 200, (0.0, 0.03)).p)
    assert np.mean(np.array(p) <= 0.05) <= 0.12


@pytest.mark.parametrize("rho", [0.002, 0.02])
def test_needs_of_villages_are_never_too_uniform(limits: Limits, rho: float):
    def make(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
        return _with_homes(rng, worlds.villages(rng, 12, 1, 0.1, rho))

    assert _rejected("S01", make, limits, 40) <= 0.05
    assert _rejected("S04", make, limits, 40) <= 0.08


def test_one_rate_for_all_villages_is_found(limits: Limits):
    assert _rejected("S01", lambda rng: quota(rng, 1.0), limits, 15) == 1.0
    assert _rejected("S04", lambda rng: quota(rng, 1.0), limits, 15) == 1.0
    assert _rejected("S01", lambda rng: quota(rng, 0.75), limits, 25) >= 0.55


def test_half_of_the_villages_on_a_round_share_are_found(limits: Limits):
    assert _rejected("S04", lambda rng: quota(rng, 1.0, 0.5), limits, 25) >= 0.75


def test_years_of_allotted_numbers_are_not_judged(limits: Limits):
    tests = worlds.judge("S01", Limits({**limits, "data_year": 2014}), **quota(np.random.default_rng(1), 1.0))
    assert tests["p"].isna().all()


@pytest.mark.parametrize("code", ["S01", "S02"])
def test_a_village_with_more_poor_than_people_is_left_out_with_the_reason(code: str, limits: Limits):
    frames = exits(np.random.default_rng(1), 0.02, 0.8) if code == "S02" else quota(np.random.default_rng(1), 1.0)
    odd = frames["village"].iloc[[0]].assign(object_id="9", village_code="9", village="怪村", poor_population=9e9)
    both = {**frames, "village": pd.concat([frames["village"], odd], ignore_index=True)}
    usual, tests = (worlds.judge(code, limits, **each) for each in (frames, both))
    pd.testing.assert_frame_equal(
        usual.drop(columns="detail"), tests[tests["object_id"] != "9"].drop(columns="detail").reset_index(drop=True)
    )
    village = tests.set_index("object_id").loc["9"]
    assert village["level"] == "village" and np.isnan(village["p"])
    assert village["detail"]["not_judged"]["en"] == "more poor people than people"
    places = tests[(tests["level"] == "county") | (tests["object_id"] == odd["township"][0])]
    assert all(each["villages_left_out"] == ["9"] for each in places["detail"]) and len(places) == 2


def exits(rng: np.random.Generator, rate: float, parked: float) -> dict[str, pd.DataFrame]:
    """Villages that exit below 3 %, of which a share was fitted to it."""
    villages = worlds.villages(rng, 24, 1, rate, 0.004)
    out = villages["incidence_pct"] < 3
    under = np.ceil(0.03 * villages["population"]) - 1
    fitted = out & (rng.random(24) < parked)
    villages["poor_population"] = np.where(fitted, under, villages["poor_population"])
    villages["exited"], villages["exit_year"] = out.astype("boolean"), np.where(out, 2018.0, np.nan)
    return _with_homes(rng, worlds.with_incidence(villages))


@pytest.mark.parametrize("rate", [0.015, 0.03])
def test_honest_exits_are_not_parked(limits: Limits, rate: float):
    assert _rejected("S02", lambda rng: exits(rng, rate, 0.0), limits, 40) <= 0.08


def test_parked_exits_are_found(limits: Limits):
    assert _rejected("S02", lambda rng: exits(rng, 0.02, 0.8), limits, 20) >= 0.8


def balance(rng: np.random.Generator, share: float) -> dict[str, pd.DataFrame]:
    """Villages of which a share removes as many as it takes in."""
    villages = worlds.villages(rng, 16, 2)
    need = rng.gamma(2, 1.0, 16)
    new, removed = rng.poisson(need + 0.5), rng.poisson(need + 0.5)
    removed = np.where(rng.random(16) < share, new, removed)
    return {"village": villages, "change": worlds.changes(villages, change_is_new=new, change_is_removal=removed)}


def test_balances(limits: Limits):
    assert _rejected("S03", lambda rng: balance(rng, 0.0), limits, 60) <= 0.08
    assert _rejected("S03", lambda rng: balance(rng, 0.8), limits, 25) >= 0.8


def plan(rng: np.random.Generator, share: float) -> dict[str, pd.DataFrame]:
    """A forecast that misses by a fifth, and villages of which a share meets it exactly."""
    villages = worlds.villages(rng, 16, 2)
    homes = worlds.households(rng, villages, 0.6, 24)
    left = homes["leaves_this_year"].astype(float).groupby(homes["village_code"]).sum()
    actual = villages["village_code"].map(left).to_numpy()
    forecast = np.maximum(0, np.rint(actual + rng.normal(0, 1 + 0.2 * actual)))
    villages["exits_this_year"] = actual
    villages["planned_exits"] = np.where(rng.random(16) < share, actual, forecast)
    return {"village": villages, "household": homes}


def foreseen(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """A plan that foresees every village's own rate, and exits by chance around it."""
    villages = worlds.villages(rng, 16, 2)
    rate = rng.uniform(0.3, 0.8, 16)
    homes = worlds.households(rng, villages, np.repeat(rate, 24), 24)
    left = homes["leaves_this_year"].astype(float).groupby(homes["village_code"]).sum()
    villages["exits_this_year"] = villages["village_code"].map(left).to_numpy()
    villages["planned_exits"] = np.rint(24 * rate)
    return {"village": villages, "household": homes}


def test_a_perfect_forecast_is_no_quota(limits: Limits):
    assert _rejected("K13", foreseen, limits, 60) <= 0.08


def test_plans_of_nobody_or_everybody_say_nothing(limits: Limits):
    frames = plan(np.random.default_rng(3), 0.0)
    frames["village"] = frames["village"].assign(planned_exits=[0.0, 24.0] * 8)
    frames["village"]["exits_this_year"] = frames["village"]["planned_exits"]
    assert worlds.judge("K13", limits, 0, **frames)["p"].isna().all()


def test_exits_and_the_plan(limits: Limits):
    assert _rejected("K13", lambda rng: plan(rng, 0.0), limits, 60) <= 0.08
    assert _rejected("K13", lambda rng: plan(rng, 0.6), limits, 25) >= 0.8


def batches(rng: np.random.Generator, extra: int) -> dict[str, pd.DataFrame]:
    """Removals by need in every village, and many more in the fourth."""
    villages = worlds.villages(rng, 24, 6)
    villages["registered_households"] = np.rint(rng.lognormal(4, 0.4, 24))
    removed = rng.poisson(0.03 * villages["registered_households"] * rng.gamma(3, 1 / 3, 24))
    removed[3] += extra
    new = rng.poisson(1.0, 24)
    return {"village": villages, "change": worlds.changes(villages, change_is_new=new, change_is_removal=removed)}


def test_mass_removal_is_found_in_its_village_alone(limits: Limits):
    found = others = 0
    for seed in range(15):
        made = batches(np.random.default_rng(seed), 30)
        tests = worlds.judge("K09", limits, seed, **made)
        tests = tests[tests["level"] == "village"]
        flagged = (adjust(tests, 0.05) <= 0.05) & (tests["effect"] >= tests["least"])
        here = tests["object_id"] == made["village"]["village_code"][3]
        found += int(flagged[here].sum())
        others += int(flagged[~here].sum())
        unit = tests[here].iloc[0]
        assert len(unit["households"]) >= 30
    assert found >= 13
    assert others <= 1


def test_the_same_share_removed_everywhere_is_found_in_the_county(limits: Limits):
    villages = worlds.villages(np.random.default_rng(9), 20, 5)
    villages["registered_households"] = 95.0
    removed = np.full(20, 5)
    changes = worlds.changes(villages, change_is_new=np.zeros(20), change_is_removal=removed)
    changes["reason"], changes["rechecked"] = "有机动车", pd.array([False] * len(changes), dtype="boolean")
    tests = worlds.judge("K09", limits, village=villages, change=changes)
    county = tests[tests["level"] == "county"].iloc[0]
    assert county["p"] < 0.01
    assert county["effect"] == pytest.approx(1.0)
    assert county["detail"] == {
        "movement": {"zh": "剔除", "en": "removed"},
        "reason": "有机动车",
        "same_reason_share": 1.0,
        "not_rechecked_share": 1.0,
    }


def test_changes_of_other_years_do_not_count(limits: Limits):
    villages = worlds.villages(np.random.default_rng(9), 20, 5)
    villages["registered_households"] = 95.0
    changes = worlds.changes(villages, change_is_new=np.zeros(20), change_is_removal=np.full(20, 5))
    changes["changed_on"] = pd.Timestamp(2014, 6, 1)
    tests = worlds.judge("K09", limits, village=villages, change=changes)
    assert (tests["statistic"].dropna() == 0).all()


def listed(rng: np.random.Generator, extra: float) -> dict[str, pd.DataFrame]:
    """People on lists of whom a tenth is outside the register; more in one village that took nobody in."""
    villages = worlds.villages(rng, 20, 5)
    villages["inclusions_this_year"] = np.where(np.arange(20) < 6, 0.0, 2.0)
    share = rng.beta(4, 36, 20)
    share[2] += extra
    people = villages.loc[villages.index.repeat(30), ["township", "village_code", "village"]].reset_index(drop=True)
    registered = rng.random(600) >= np.repeat(share, 30)
    people["household_on_register"] = pd.array(registered, dtype="boolean")
    people["agricultural"] = pd.array([True] * 600, dtype="boolean")
    people["household_key"] = people["object_id"] = [f"户{i:03}" for i in range(600)]
    return {"village": villages, "listed": people}


def test_need_outside_beside_no_inclusion(limits: Limits):
    found = others = 0
    for seed in range(15):
        made = listed(np.random.default_rng(100 + seed), 0.6)
        tests = worlds.judge("S05", limits, seed, **made)
        tests = tests[tests["level"] == "village"]
        assert set(tests["object_id"]) == set(made["village"]["village_code"][:6])
        flagged = (adjust(tests, 0.05) <= 0.05) & (tests["effect"] >= tests["least"])
        here = tests["object_id"] == made["village"]["village_code"][2]
        found += int(flagged[here].sum())
        others += int(flagged[~here].sum())
    assert found >= 13
    assert others <= 2


def officials(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Forty officials with twelve households each, in twenty villages."""
    villages = worlds.villages(rng, 20, 4)
    homes = worlds.households(rng, villages, 0.6, 24)
    homes["helper_id_number"] = [f"官{i // 12:03}" for i in range(len(homes))]
    homes["helper_name"] = "某人"
    return {"household": homes}


def test_an_official_whose_households_earn_alike_is_found(limits: Limits):
    found = others = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        made = officials(rng)
        mine = made["household"]["helper_id_number"] == "官005"
        made["household"].loc[mine, "net_income_pc"] = np.rint(np.exp(8.7 + rng.normal(0, 0.08, 12)))
        tests = worlds.judge("S06", limits, seed, **made)
        flagged = (adjust(tests, 0.05) <= 0.05) & (tests["effect"] >= tests["least"])
        here = tests["object_id"] == "官005"
        found += int(flagged[here].sum())
        others += int(flagged[~here].sum())
        assert tests[here].iloc[0]["detail"]["trait"] == "spread"
    assert found == 6
    assert others <= 2


def test_officials_with_few_households_or_few_peers_are_unknown(limits: Limits):
    made = officials(np.random.default_rng(1))
    homes = made["household"]
    few = homes[homes["helper_id_number"] < "官005"]
    assert worlds.judge("S06", limits, household=few)["p"].isna().all()
    small = homes.groupby("helper_id_number").head(7)
    assert worlds.judge("S06", limits, household=small)["p"].isna().all()


def test_weights_keep_the_tail_exact():
    """Against every outcome of five villages; equal weights give the Poisson-binomial."""
    rng = np.random.default_rng(2)
    chances, weights = rng.uniform(0.1, 0.6, 5), np.array([1.0, 0.9, 0.5, 0.4, 0.2])
    every = np.array(list(product([False, True], repeat=5)))
    odds = np.where(every, chances, 1 - chances).prod(axis=1)
    for hit in every:
        exact = odds[every @ weights >= weights[hit].sum() - 1e-9].sum()
        assert weighted_tail(hit, chances, weights) == pytest.approx(exact)
        assert weighted_tail(hit, chances, np.ones(5)) == pytest.approx(poisson_binomial_tail(int(hit.sum()), chances))


def test_how_far_forecasts_miss_is_learned_where_they_miss():
    rng = np.random.default_rng(4)
    could, rate = np.full(400, 30.0), rng.beta(6, 4, 400)
    planned = np.clip(np.rint(30 * rate), 1, 29)
    most = hit_chance(could, planned, planned).mean()
    exits = rng.binomial(30, rate).astype(float)
    assert forecast_chance(exits, planned, could).mean() == pytest.approx(most, abs=0.01)
    apart = rng.binomial(30, np.clip(rate + rng.normal(0, 0.15, 400), 0.01, 0.99)).astype(float)
    seen = (apart == planned).mean()
    assert forecast_chance(apart, planned, could).mean() == pytest.approx(seen, abs=0.03) and seen < most - 0.05
    assert forecast_chance(planned, planned, could).mean() == pytest.approx(most, abs=0.01)


def test_the_effect_is_the_share_that_follows_the_plan(limits: Limits):
    """Chance taken off, whether forecasts are good or bad; p holds against the best of them."""
    rng = np.random.default_rng(8)
    units = [worlds.judge("K13", limits, 0, **plan(rng, 0.5)) for _ in range(60)]
    effects = [tests.loc[tests["level"] == "county", "effect"].iloc[0] for tests in units]
    assert np.mean(effects) == pytest.approx(0.5, abs=0.05)
