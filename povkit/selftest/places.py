"""Honest counties seen by village: incidence by need, exits, changes, plans, listed people, backstop exits."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.selftest.homes import SIZES, WEIGHTS, draw_sizes
from povkit.selftest.settings import COUNTY, YEAR, Setting

Frames = dict[str, pd.DataFrame]
MEAN_SIZE = float(SIZES @ WEIGHTS)
EXIT_RATE = (6.0, 4.0)
"""Beta distribution of the villages' rates of exit in a county with a plan."""
_PLACE = ("township", "village_code", "village")


def villages(
    rng: np.random.Generator, setting: Setting, n: int = 12, towns: int = 1, least: int = 30, homes: float = 5.7
) -> pd.DataFrame:
    """n villages whose poor households come by need: shares from a beta distribution. homes: log of the households."""
    size = np.rint(rng.lognormal(homes, 0.45, n)).astype(int) + least
    rate, rho = setting.need, setting.rho
    share = rng.beta(rate * (1 - rho) / rho, (1 - rate) * (1 - rho) / rho, n)
    poor = rng.binomial(size, share)
    codes = [f"{COUNTY}{i % towns + 1:03}{i + 100:04}" for i in range(n)]
    frame = pd.DataFrame({"object_id": codes, "village_code": codes, "village": [f"村{i}" for i in range(n)]})
    frame["township"], frame["household_id"], frame["subject"] = [f"镇{i % towns}" for i in range(n)], None, None
    frame["households"], frame["population"] = size.astype(float), np.rint(size * MEAN_SIZE)
    frame["poor_households"], frame["poor_population"] = poor.astype(float), people(rng, poor).astype(float)
    frame["exited"], frame["exit_year"] = pd.array([False] * n, dtype="boolean"), np.nan
    frame["in_village_table"] = True
    return with_incidence(frame)


def people(rng: np.random.Generator, households: Any) -> Any:
    """People of so many households, by village."""
    drawn = draw_sizes(rng, int(np.sum(households)))
    return np.bincount(np.repeat(np.arange(len(households)), households), drawn, minlength=len(households))


def with_incidence(frame: pd.DataFrame) -> pd.DataFrame:
    """The same villages with their incidence worked out anew."""
    return frame.assign(incidence_pct=100 * frame["poor_population"] / frame["population"])


def exiting(rng: np.random.Generator, setting: Setting, n: int = 16, towns: int = 2) -> pd.DataFrame:
    """Villages that exit this year: need anywhere under 3 %, whole households, chosen because they came out below."""
    frame = villages(rng, setting, n, towns, least=150)
    homes = frame["households"].to_numpy()
    poor = np.maximum(1, rng.binomial(homes.astype(int), rng.uniform(0.008, 0.03, n)))
    persons = people(rng, poor)
    for _ in range(200):
        out = 100 * persons / frame["population"].to_numpy() >= 3
        if not out.any():
            break
        poor[out] = np.maximum(1, rng.binomial(homes[out].astype(int), rng.uniform(0.004, 0.03, int(out.sum()))))
        persons[out] = people(rng, poor[out])
    frame["poor_households"], frame["poor_population"] = poor.astype(float), persons.astype(float)
    return with_incidence(frame.assign(exited=pd.array([True] * n, dtype="boolean"), exit_year=float(YEAR)))


def households(rng: np.random.Generator, places: pd.DataFrame, leave: Any = 0.6, each: Any = 20) -> pd.DataFrame:
    """`each` registered households a village (a number or one by village), of which a share leaves, the rest stays."""
    counts = np.broadcast_to(np.asarray(each), len(places))
    where = np.repeat(np.arange(len(places)), counts)
    rows = places[list(_PLACE)].iloc[where].reset_index(drop=True)
    leaves = rng.random(len(rows)) < np.broadcast_to(np.asarray(leave), len(places))[where]
    rows["object_id"] = rows["household_id"] = _numbers("8", len(rows))
    rows["subject"], rows["size"] = "某户", draw_sizes(rng, len(rows)).astype(float)
    rows["leaves_this_year"] = pd.array(leaves, dtype="boolean")
    rows["not_yet_left"] = pd.array(~leaves, dtype="boolean")
    return rows


def _numbers(first: str, n: int) -> Any:
    return np.char.add(first, np.char.zfill(np.arange(n).astype(str), 8)).astype(object)


def changes(places: pd.DataFrame, **counts: Any) -> pd.DataFrame:
    """Records of change: so many in each village, by kind: `new`, `removal`, `exit`."""
    parts = []
    for kind, numbers in counts.items():
        where = np.repeat(np.arange(len(places)), np.asarray(numbers, dtype=int))
        parts.append(places[list(_PLACE)].iloc[where].assign(kind=kind))
    frame = pd.concat(parts, ignore_index=True)
    frame["object_id"] = frame["household_id"] = _numbers("7", len(frame))
    frame["subject"] = None
    flags = {"change_is_new": "new", "change_is_inclusion": "new", "change_is_removal": "removal"}
    flags["change_is_exit"] = "exit"
    for name, kind in flags.items():
        frame[name] = pd.array((frame["kind"] == kind).to_numpy(), dtype="boolean")
    return frame


def needy(rng: np.random.Generator, setting: Setting, n: int, towns: int = 1, tiny: bool = False) -> Frames:
    """An honest county for the tests of incidence: villages and their households."""
    frame = villages(rng, setting, n, towns, least=12, homes=1.0) if tiny else villages(rng, setting, n, towns)
    return {"village": frame, "household": households(rng, frame)}


def planned(rng: np.random.Generator, setting: Setting, n: int = 14, towns: int = 2, forecast: Any = 0.0) -> Frames:
    """An honest county with a plan of exits: the plan forecasts each village's own rate, exits follow the standard.

    forecast: error of the plan (sd of the log odds), for all or by village; 0 is a perfect forecast, which agrees
    oftenest by chance.
    """
    frame = villages(rng, setting, n, towns)
    could = rng.integers(8, 45, n)
    rate = rng.beta(*EXIT_RATE, n)
    homes = households(rng, frame, rate, could)
    meant = 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + rng.normal(0, 1, n) * forecast)))
    frame["planned_exits"] = np.rint(could * meant)
    left = homes.groupby("village_code")["leaves_this_year"].sum()
    frame["exits_this_year"] = frame["village_code"].map(left).astype(float)
    return {"village": frame, "household": homes}


def moving(rng: np.random.Generator, setting: Setting, n: int = 14, towns: int = 2, flooded: bool = False) -> Frames:
    """An honest county with changes: inclusions and removals by village, apart from each other.

    flooded: half the townships take in three times as many, of each village another number.
    """
    frame = villages(rng, setting, n, towns)
    register = rng.integers(25, 90, n).astype(float)
    hit = np.where((np.arange(n) % towns) % 2 == 0, 3.0, 1.0) if flooded else np.ones(n)
    into = rng.poisson(rng.gamma(2, 1.2, n) * hit * (1 + frame["households"] / 400))
    out = rng.binomial(register.astype(int), rng.beta(2, 40, n))
    frame["registered_households"] = register - out
    return {"village": frame, "change": changes(frame, new=into, removal=out, exit=rng.poisson(6, n))}


def unmet(rng: np.random.Generator, setting: Setting, n: int = 40, towns: int = 4, odds: float = 1.0) -> Frames:
    """Listed people by village, some of whose households are not registered; a third of the villages took nobody in.

    odds: of being outside the register in villages without inclusion, over that elsewhere (1: honest).
    """
    frame = villages(rng, setting, n, towns)
    closed = rng.random(n) < 0.35
    frame["inclusions_this_year"] = np.where(closed, 0.0, rng.integers(1, 8, n))
    share = rng.beta(4, 16, n)
    ratio = share / (1 - share) * np.where(closed, odds, 1.0)
    where = np.repeat(np.arange(n), rng.integers(15, 60, n))
    listed = frame[list(_PLACE)].iloc[where].reset_index(drop=True)
    outside = rng.random(len(listed)) < (ratio / (1 + ratio))[where]
    listed["household_on_register"] = pd.array(~outside, dtype="boolean")
    listed["agricultural"] = pd.array([True] * len(listed), dtype="boolean")
    listed["object_id"] = listed["household_key"] = _numbers("6", len(listed))
    return {"village": frame, "listed": listed.assign(household_id=None, subject=None)}


def backstopped(
    rng: np.random.Generator, setting: Setting, counts: Any, towns: int, hazard: Any = 0.2, rho: float | None = None
) -> tuple[Frames, Any]:
    """Backstop households by village, and the true shares that leave, drawn around `hazard` with correlation rho.

    counts: of them by village.
    """
    n, spread = len(counts), setting.rho if rho is None else rho
    number = np.arange(n)
    town = number * towns // n
    frame = pd.DataFrame({"village_code": [f"{COUNTY}{t:03}{i:04}" for t, i in zip(town, number, strict=True)]})
    frame["village"], frame["township"] = [f"村{i}" for i in number], [f"镇{t}" for t in town]
    mean = np.broadcast_to(np.asarray(hazard, dtype=float), n)
    true = rng.beta(mean * (1 - spread) / spread, (1 - mean) * (1 - spread) / spread)
    backstop = households(rng, frame, true, counts).assign(backstop=True)
    others = households(rng, frame, 0.6, 25).assign(backstop=False)
    others["household_id"] = others["object_id"] = _numbers("9", len(others))
    homes = pd.concat([backstop, others], ignore_index=True)
    return {"household": homes.astype({"backstop": "boolean"}), "village": frame}, true
