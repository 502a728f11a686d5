"""What a finding of each pattern carries, and that too few objects give no verdict: one planted county a code."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from povkit.patterns import PATTERNS
from povkit.selftest import faults, places
from povkit.selftest.homes import register
from povkit.selftest.settings import DEVELOP, world_limits
from povkit.selftest.source import judge

Frames = dict[str, pd.DataFrame]
LIMITS = world_limits(400)


def _homes(
    plant: Callable[[np.random.Generator, pd.DataFrame], faults.Planted], helped: float = 12.0
) -> Callable[[], Frames]:
    def make() -> Frames:
        rng = np.random.default_rng(4)
        return {"household": plant(rng, register(rng, replace(DEVELOP, helped=helped), 1500))[0]}

    return make


def _some(rng: np.random.Generator, frame: pd.DataFrame) -> list[str]:
    return faults.officials_with(rng, frame, 10, 3)


def _quota() -> Frames:
    rng = np.random.default_rng(1)
    frame = places.villages(rng, DEVELOP, 12, 1, least=120)
    frame = places.with_incidence(frame.assign(poor_population=np.rint(0.1 * frame["population"])))
    return {"village": frame, "household": places.households(rng, frame)}


def _parked() -> Frames:
    rng = np.random.default_rng(1)
    frame = places.exiting(rng, DEVELOP)
    frame = places.with_incidence(frame.assign(poor_population=np.ceil(0.03 * frame["population"]) - 1))
    return {"village": frame, "household": places.households(rng, frame)}


def _balanced() -> Frames:
    rng = np.random.default_rng(1)
    frame = places.villages(rng, DEVELOP, 14, 2)
    moved = rng.integers(3, 12, 14)
    return {"village": frame, "change": places.changes(frame, new=moved, removal=moved)}


def _on_plan() -> Frames:
    frames = places.planned(np.random.default_rng(1), DEVELOP)
    frames["village"]["planned_exits"] = frames["village"]["exits_this_year"]
    return frames


def _batch() -> Frames:
    rng = np.random.default_rng(1)
    frame = places.villages(rng, DEVELOP, 12, 4)
    frame["registered_households"] = 60.0
    out = rng.poisson(2, 12)
    out[5] = 50
    return {"village": frame, "change": places.changes(frame, new=rng.poisson(3, 12), removal=out)}


def _backstop() -> Frames:
    rng = np.random.default_rng(3)
    hazard, counts = np.full(12, 0.15), np.full(12, 12)
    hazard[4], counts[4] = 0.9, 30
    return places.backstopped(rng, DEVELOP, counts, 6, hazard)[0]


PLANTED: dict[str, Callable[[], Frames]] = {
    "E13": _homes(lambda rng, frame: faults.lifted(rng, frame, 0.8)),
    "E14": _homes(lambda rng, frame: faults.invented(rng, frame, "uniform digits", 1.0, _some(rng, frame))),
    "E15": _homes(lambda rng, frame: faults.copied(rng, frame, 0.1, _some(rng, frame), 0.8)),
    "F06": _homes(lambda rng, frame: faults.repeated(rng, frame, "jitter", 1.0, _some(rng, frame))),
    "J16": _backstop,
    "K09": _batch,
    "K13": _on_plan,
    "S01": _quota,
    "S02": _parked,
    "S03": _balanced,
    "S04": _quota,
    "S05": lambda: places.unmet(np.random.default_rng(1), DEVELOP, odds=6.0),
    "S06": _homes(lambda rng, frame: faults.all_leave(rng, frame, 1.0, _some(rng, _poor(frame))), 24.0),
}


def _poor(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["leaves_this_year"].astype(bool) | frame["not_yet_left"].astype(bool)]


def test_every_pattern_is_planted():
    assert set(PLANTED) == set(PATTERNS)


@pytest.mark.parametrize("code", PLANTED)
def test_findings_carry_households_effect_interval_p_and_q(code: str):
    tests = judge(PLANTED[code](), (code,), LIMITS).of(code)
    found = tests[tests["flagged"]]
    assert len(found), tests[["level", "object_id", "p", "effect", "least", "q"]]
    assert (found["households"].map(len) > 0).all()
    assert (found["q"] <= LIMITS.pattern_q_max).all() and (found["p"] <= found["q"] + 1e-9).all()
    assert (found["effect"] >= found["least"]).all() and found["effect_unit"].map(bool).all()
    assert (found["low"] <= found["effect"] + 1e-9).all() and (found["effect"] <= found["high"] + 1e-9).all()


@pytest.mark.parametrize("code", PLANTED)
def test_too_few_objects_are_unknown(code: str):
    """Of the same county only three villages, or a few households: no verdict."""
    frames = PLANTED[code]()
    if "village" in frames:
        kept = frames["village"]["village_code"].iloc[:3]
        frames = {name: frame[frame["village_code"].isin(kept)] for name, frame in frames.items()}
        frames = {name: frame.groupby("village_code").head(4) for name, frame in frames.items()}
        frames["village"] = frames["village"].assign(registered_households=4.0, households=12.0)
    else:
        frames = {"household": frames["household"].groupby("helper_id_number").head(1).head(2 if code == "F06" else 20)}
    assert judge(frames, (code,), LIMITS).of(code)["p"].isna().all()


def test_allotted_numbers_of_the_years_of_quotas_are_not_judged():
    limits = type(LIMITS)({**LIMITS, "data_year": 2014})
    assert judge(_quota(), ("S01",), limits).of("S01")["p"].isna().all()


def test_an_official_is_not_strange_for_his_colleague():
    """Two officials a village; where all households of one leave, the other is not named for leaving fewer."""
    rng = np.random.default_rng(5)
    honest = register(rng, replace(DEVELOP, helped=16.0, strays=0.0), 2400)
    chosen = faults.officials_with(rng, _poor(honest), 8)
    frame, truth = faults.all_leave(rng, honest, 1.0, chosen)
    tests = judge({"household": frame}, ("S06",), LIMITS).of("S06")
    named = set(
        tests.loc[tests["flagged"] & tests["detail"].map(lambda each: each.get("trait") == "exits"), "object_id"]
    )
    assert named and named <= truth.units["helper"]
