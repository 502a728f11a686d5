"""Honest registers as frames: places, officials with habits of rounding, assets, two years of income, exits by need."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.selftest.settings import COUNTY, LINE, Setting

Floats = npt.NDArray[np.float64]
SIZES = np.array([1, 2, 3, 4, 5, 6])
WEIGHTS = np.array([0.14, 0.22, 0.24, 0.22, 0.12, 0.06])
FLOWS = ("wage_income", "business_income", "business_cost", "property_income", "other_transfer")
ASSETS = ("farmland", "irrigated", "forest", "orchard", "housing_area", "road_distance")
VILLAGES_A_TOWN = 10


def register(
    rng: np.random.Generator, setting: Setting, n: int = 2000, villages: int = 0, towns: int = 0
) -> pd.DataFrame:
    """An honest register of n households. villages, towns: how many (0: one per 30 households, per 10 villages)."""
    count = villages or max(6, n // 30)
    village = np.sort(rng.integers(0, count, n))
    town = village * (towns or max(1, -(-count // VILLAGES_A_TOWN))) // count
    official = _officials(rng, village, setting)
    numbers = np.char.add("8", np.char.zfill(np.arange(n).astype(str), 8)).astype(object)
    frame = pd.DataFrame({"object_id": numbers, "household_id": numbers, "subject": "某户"})
    frame["village_code"] = [f"{COUNTY}{t:03}{v:03}" for t, v in zip(town, village, strict=True)]
    frame["village"], frame["township"] = [f"村{v}" for v in village], [f"镇{t}" for t in town]
    frame["helper_id_number"] = [f"H{o:05}" for o in official]
    frame["helper_name"] = [f"责任人{o}" for o in official]
    frame["size"] = draw_sizes(rng, n).astype(float)
    frame["village_exited"] = pd.array(village % 3 == 0, dtype="boolean")
    _assets(rng, frame)
    _money(rng, frame, official, village, setting)
    return settle(rng, frame, setting)


def draw_sizes(rng: np.random.Generator, n: int) -> Any:
    """Sizes of n households."""
    return rng.choice(SIZES, size=n, p=WEIGHTS)


def _officials(rng: np.random.Generator, village: Any, setting: Setting) -> Any:
    """Officials nested in villages, but for some households helped from elsewhere."""
    sizes = np.bincount(village)
    groups = np.maximum(1, np.rint(sizes / setting.helped).astype(int))
    first = np.cumsum(groups) - groups
    official = first[village] + np.floor(rng.random(len(village)) * groups[village]).astype(int)
    away = rng.random(len(village)) < setting.strays
    return np.where(away, rng.integers(0, groups.sum(), len(village)), official)


def _assets(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    n = len(frame)
    frame["farmland"] = np.round(rng.gamma(3, 1.3, n), 1)
    frame["irrigated"] = np.round(frame["farmland"] * rng.random(n), 1)
    frame["forest"] = np.round(rng.gamma(2, 2, n) * (rng.random(n) < 0.8), 1)
    frame["orchard"] = np.round(rng.gamma(2, 0.4, n) * (rng.random(n) < 0.5), 1)
    frame["housing_area"] = np.rint(frame["size"] * 18 + rng.integers(10, 70, n))
    frame["road_distance"] = np.round(rng.exponential(0.8, n), 2)


def told(rng: np.random.Generator, amount: Any, habit: Floats) -> Floats:
    """Amounts rounded by habit (rows of shares: yuan, 10, 100, 500) where that leaves something."""
    pick = (habit.cumsum(axis=1) < rng.random(len(habit))[:, None]).sum(axis=1)
    unit = np.array([1, 10, 100, 500])[np.minimum(pick, 3)]
    unit = np.where(amount >= 2 * unit, unit, 1)
    return np.asarray(np.rint(amount / unit) * unit)


def _money(rng: np.random.Generator, frame: pd.DataFrame, official: Any, village: Any, setting: Setting) -> None:
    n = len(frame)
    habit = rng.dirichlet(setting.habit * np.maximum(setting.rounding, 1e-3), official.max() + 1)[official]
    place = rng.normal(0, setting.village_sd, village.max() + 1)[village]
    own = np.exp(np.log(setting.median) + place + rng.normal(0, setting.log_sd, n)) * frame["size"].to_numpy()
    growth = np.exp(rng.normal(setting.growth, setting.growth_sd, n))
    earns, rents, other, old = (rng.random(n) < share for share in (0.6, 0.3, 0.5, 0.4))
    wage, cost = rng.uniform(0.3, 0.7, n) * earns, rng.uniform(0.12, 0.35, n)
    for year, scale in (("", np.ones(n)), ("last_", 1 / growth)):
        noise = np.exp(rng.normal(0, 0.08, (4, n)))
        frame[f"{year}wage_income"] = told(rng, own * scale * wage * noise[0], habit)
        frame[f"{year}property_income"] = told(rng, own * scale * 0.04 * rents * noise[1], habit)
        frame[f"{year}business_income"] = told(rng, own * scale * (1 - wage) * (1 + cost) * noise[2], habit)
        frame[f"{year}business_cost"] = told(rng, frame[f"{year}business_income"] * cost * noise[3], habit)
        frame[f"{year}other_transfer"] = np.where(other, rng.integers(150, 900, n), 0.0)
        frame[f"{year}pension"] = np.where(old, 1236.0 if year == "" else 1140.0, 0.0)
    sum_up(frame)


def sum_up(frame: pd.DataFrame) -> None:
    """Make the sums of both years agree with their parts."""
    for year in ("", "last_"):
        frame[f"{year}transfer_income"] = frame[f"{year}other_transfer"] + frame[f"{year}pension"]
        own = frame[f"{year}wage_income"] + frame[f"{year}business_income"] + frame[f"{year}property_income"]
        frame[f"{year}net_income"] = own + frame[f"{year}transfer_income"] - frame[f"{year}business_cost"]
        frame[f"{year}net_income_pc"] = (frame[f"{year}net_income"] / frame["size"]).round(2)


def settle(rng: np.random.Generator, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Who left and who did not: above the line most leave, half of them this year; of the backstop ones fewer."""
    n = len(frame)
    over = frame["net_income_pc"].to_numpy() / LINE - 1
    chance = 0.5 + 0.4 * (1 - np.exp(-np.maximum(over, 0) / 0.2)) if setting.rising else np.full(n, 0.85)
    backstop = rng.random(n) < 0.25
    left = (over >= 0) & (rng.random(n) < np.where(backstop, 0.45, 1.0) * chance)
    now = left & (rng.random(n) < 0.5)
    truths = {"backstop": backstop, "has_left_poverty": left, "leaves_this_year": now, "not_yet_left": ~left}
    return frame.assign(**{name: pd.array(each, dtype="boolean") for name, each in truths.items()})


def at(frame: pd.DataFrame, rows: Any, **values: Any) -> pd.DataFrame:
    """The same register with other values in these rows (positions)."""
    changed = frame.copy()
    for name, value in values.items():
        changed.loc[rows, name] = value
    return changed
