"""Made-up registers with incomes of two years: honest, with traps that must stay quiet, or with one thing planted."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.multiplicity import adjust
from tests.patterns.worlds import COUNTY, draw_sizes, judge

LINE = 3500
MILD = (0.3, 0.3, 0.25, 0.15)
"""How often an amount is told to the yuan, in tens, in hundreds, in five hundreds."""
FLOWS = ("wage_income", "business_income", "business_cost", "property_income", "other_transfer")


def judged(code: str, limits: Any, homes: pd.DataFrame) -> pd.DataFrame:
    """Units of one pattern over a register, with q and whether they are flagged (county tests not joined to others)."""
    tests = judge(code, limits, household=homes)
    worth = (tests["effect"] >= tests["least"]) | tests["p"].isna()
    tests["q"] = adjust(tests.assign(p=tests["p"].where(worth, 1.0)), limits.pattern_q_max)
    return tests.assign(flagged=worth & (tests["q"] <= limits.pattern_q_max))


def named(code: str, limits: Any, homes: pd.DataFrame, level: str) -> set[str]:
    """Objects of a level that are flagged."""
    tests = judged(code, limits, homes)
    return set(tests.loc[tests["flagged"] & (tests["level"] == level), "object_id"])


def told(rng: np.random.Generator, amount: Any, unit: Any) -> Any:
    """Amounts rounded to `unit` where that leaves something."""
    unit = np.where(amount >= 2 * unit, unit, 1)
    return np.rint(amount / unit) * unit


def register(
    rng: np.random.Generator, n: int = 2000, mix: tuple[float, ...] = MILD, each: int = 12, median: float = 5200
) -> pd.DataFrame:
    """An honest register of about n households: places, officials with habits of rounding, incomes, exits by need."""
    village = np.sort(rng.integers(0, max(6, n // 30), n))
    town = village // 10
    official = _officials(rng, village, each)
    frame = pd.DataFrame(
        {
            "village_code": [f"{COUNTY}{t:03}{v:03}" for t, v in zip(town, village, strict=True)],
            "village": [f"村{v}" for v in village],
            "township": [f"镇{t}" for t in town],
            "household_id": [f"8{i:08}" for i in range(n)],
            "object_id": [f"8{i:08}" for i in range(n)],
            "subject": "某户",
            "helper_id_number": [f"H{o:05}" for o in official],
            "helper_name": [f"责任人{o}" for o in official],
            "size": draw_sizes(rng, n).astype(float),
            "village_exited": pd.array(village % 3 == 0, dtype="boolean"),
        }
    )
    _assets(rng, frame)
    _money(rng, frame, official, village, mix, median)
    return settle(rng, frame)


def _officials(rng: np.random.Generator, village: Any, each: int) -> Any:
    cut = np.r_[0, np.flatnonzero(np.diff(village)) + 1, len(village)]
    official = np.empty(len(village), dtype=int)
    count = 0
    for a, b in pairwise(cut):
        groups = max(1, round((b - a) / each))
        official[a:b] = count + np.sort(rng.integers(0, groups, b - a))
        count += groups
    away = rng.random(len(village)) < 0.05
    official[away] = rng.integers(0, count, int(away.sum()))
    return official


def _assets(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    n = len(frame)
    frame["farmland"] = np.round(rng.gamma(3, 1.3, n), 1)
    frame["irrigated"] = np.round(frame["farmland"] * rng.random(n), 1)
    frame["forest"] = np.round(rng.gamma(2, 2, n) * (rng.random(n) < 0.8), 1)
    frame["orchard"] = np.round(rng.gamma(2, 0.4, n) * (rng.random(n) < 0.5), 1)
    frame["housing_area"] = np.rint(frame["size"] * 18 + rng.integers(10, 70, n))
    frame["road_distance"] = np.round(rng.exponential(0.8, n), 2)


def _money(
    rng: np.random.Generator, frame: pd.DataFrame, official: Any, village: Any, mix: tuple[float, ...], median: float
) -> None:
    n = len(frame)
    habit = rng.dirichlet(20 * np.array(mix), official.max() + 1)[official]
    place = rng.normal(0, 0.15, village.max() + 1)[village]
    log = np.log(median) + place + rng.normal(0, 0.55, n)
    growth = np.exp(rng.normal(0.09, 0.18, n))
    earns, rents, other = rng.random(n) < 0.6, rng.random(n) < 0.3, rng.random(n) < 0.5
    wage_share, cost_share, old = rng.uniform(0.3, 0.7, n) * earns, rng.uniform(0.12, 0.35, n), rng.random(n) < 0.4
    for year, scale in (("", 1.0), ("last_", 1 / growth)):
        noise = [np.exp(rng.normal(0, 0.08, n)) for _ in range(4)]
        own = np.exp(log) * frame["size"].to_numpy() * scale

        def tell(amount: Any) -> Any:
            pick = (habit.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
            return told(rng, np.rint(amount), np.array([1, 10, 100, 500])[np.minimum(pick, 3)])

        frame[f"{year}wage_income"] = tell(own * wage_share * noise[0])
        frame[f"{year}property_income"] = tell(own * 0.04 * rents * noise[1])
        frame[f"{year}business_income"] = tell(own * (1 - wage_share) * (1 + cost_share) * noise[2])
        frame[f"{year}business_cost"] = tell(frame[f"{year}business_income"] * cost_share * noise[3])
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


def settle(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Who left and who did not: above the line most leave, half of them this year; of the backstop ones fewer."""
    n = len(frame)
    backstop = rng.random(n) < 0.25
    left = (frame["net_income_pc"].to_numpy() >= LINE) & (rng.random(n) < np.where(backstop, 0.4, 0.9))
    now = left & (rng.random(n) < 0.5)
    return frame.assign(
        backstop=pd.array(backstop, dtype="boolean"),
        has_left_poverty=pd.array(left, dtype="boolean"),
        leaves_this_year=pd.array(now, dtype="boolean"),
        not_yet_left=pd.array(~left, dtype="boolean"),
    )


def at(frame: pd.DataFrame, rows: Any, **values: Any) -> pd.DataFrame:
    """The same register with other values in these rows."""
    changed = frame.copy()
    for name, value in values.items():
        changed.loc[rows, name] = value
    return changed


def heaped(rng: np.random.Generator, frame: pd.DataFrame, mix: tuple[float, ...] = MILD) -> pd.DataFrame:
    """Incomes per head told in round numbers, at the line as elsewhere."""
    unit = rng.choice([1, 10, 100, 500], len(frame), p=mix)
    pc = told(rng, frame["net_income_pc"].to_numpy(), unit)
    return settle(rng, frame.assign(net_income_pc=pc, net_income=pc * frame["size"]))


def lifted(rng: np.random.Generator, frame: pd.DataFrame, share: float, exact: bool = False) -> pd.DataFrame:
    """A share of those just below the line written just above it, and as having left."""
    near = frame["net_income_pc"].between(LINE - 500, LINE, inclusive="left").to_numpy()
    rows = np.flatnonzero(near & (rng.random(len(frame)) < share))
    pc = LINE + (0 if exact else np.round(rng.exponential(60, len(rows)), 2))
    net = pc * frame["size"].to_numpy()[rows]
    left = {"has_left_poverty": True, "leaves_this_year": True, "not_yet_left": False}
    return at(frame, rows, net_income_pc=pc, net_income=net, **left)


def copied(
    rng: np.random.Generator, frame: pd.DataFrame, official: str, forms: int, altered: float = 0.0
) -> pd.DataFrame:
    """The first form of an official copied into the next ones, a share of the fields being altered."""
    rows = np.flatnonzero(frame["helper_id_number"] == official)[:forms]
    fields = [*FLOWS, "farmland", "irrigated", "forest", "orchard", "housing_area", "road_distance"]
    values = np.repeat(frame.loc[rows[:1], fields].to_numpy(float), len(rows), axis=0)
    change = rng.random(values.shape) < altered
    change[0] = False
    values = np.where(change, np.rint(values * rng.uniform(0.5, 2, values.shape)) + 7, values)
    changed = at(frame, rows, **{name: values[:, f] for f, name in enumerate(fields)})
    sum_up(changed)
    return changed


def updated(frame: pd.DataFrame, rows: Any, factor: float, fields: tuple[str, ...] = FLOWS) -> pd.DataFrame:
    """This year's amounts worked out from last year's."""
    changed = at(frame, rows, **{name: np.rint(frame.loc[rows, f"last_{name}"] * factor) for name in fields})
    sum_up(changed)
    return changed
