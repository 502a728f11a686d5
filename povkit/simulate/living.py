"""Land, house, water, road and what else the form asks about a household's life."""

import numpy as np

from povkit.simulate.arrays import Array, Columns, filled, pick
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.standing import poor


def draw_land(rng: np.random.Generator, homes: Columns) -> None:
    """Areas in mu, the same in both years."""
    n = len(homes["kind"])
    landless = rng.random(n) < 0.03
    farmland = np.where(landless, rng.uniform(0.1, 0.4, n), np.clip(rng.lognormal(1.2, 0.5, n), 0.8, 9.6))
    forest = np.clip(rng.lognormal(1.4, 0.7, n), 0, 45)
    homes["landless"] = landless
    homes["farmland"] = np.round(farmland, 1)
    homes["irrigated"] = np.round(homes["farmland"] * rng.choice((0, 0.3, 0.5, 0.8), n, p=(0.3, 0.3, 0.25, 0.15)), 1)
    homes["forest"] = np.round(forest, 1)
    homes["reforested"] = np.where(rng.random(n) < 0.4, np.round(homes["forest"] * 0.4, 1), 0)
    homes["orchard"] = np.where(rng.random(n) < 0.3, np.round(homes["forest"] * 0.2, 1), 0)
    homes["grassland"] = np.where(rng.random(n) < 0.05, np.round(rng.uniform(0.5, 6, n), 1), 0)
    homes["water_area"] = np.where(rng.random(n) < 0.03, np.round(rng.uniform(0.2, 2, n), 1), 0)


def draw_living(rng: np.random.Generator, homes: Columns, village_exited: Array) -> None:
    """House, water, road and so on. Households of villages that exit, and those that left, have all that it takes."""
    n = len(homes["kind"])
    lacking_allowed = poor(homes, THIS) & ~village_exited & ~homes["removed"]
    rebuilt = (homes["exit_year"] == THIS) & (rng.random(n) < 0.15) & ~homes["removed"]
    homes["rebuilt"], homes["relocated"] = rebuilt, rebuilt & (rng.random(n) < 0.4)
    unsafe = lacking_allowed & (rng.random(n) < 0.15)
    dry = lacking_allowed & (rng.random(n) < 0.08)
    grade = pick(rng, {"A级": 0.5, "B级": 0.5}, n)
    bad = pick(rng, {"C级": 0.75, "D级": 0.25}, n)
    for year in (LAST, THIS):
        unsafe_now = unsafe | rebuilt if year == LAST else unsafe
        homes[f"unsafe_house{year}"] = unsafe_now
        homes[f"house_grade{year}"] = np.where(unsafe_now, bad, grade)
        homes[f"moved_in{year}"] = filled(rebuilt & (year == THIS), True)
    homes["water_safe"], homes["water_difficult"] = ~dry, dry & (rng.random(n) < 0.5)
    size = homes[f"size{THIS}"]
    homes["housing_area"] = np.rint(np.where(size == 1, rng.uniform(35, 55, n), size * rng.uniform(18, 42, n)))
    homes["road_type"] = pick(rng, {"泥土路": 0.08, "砂石路": 0.22, "水泥路": 0.6, "沥青路": 0.1}, n)
    homes["road_distance"] = np.round(rng.uniform(0.05, 1.8, n), 2)
    homes["toilet"] = rng.random(n) < 0.75
    homes["fuel"] = pick(rng, {"柴草": 0.4, "煤炭": 0.1, "清洁能源": 0.5}, n)
    homes["cooperative"] = (rng.random(n) < 0.4) & (homes["able"] > 0)


_CAUSES = ("因病", "因残", "因学", "缺土地", "缺水", "缺技术", "缺劳动力", "缺资金", "交通条件落后", "自身发展动力不足")
_WEIGHTS = (4, 4, 2.5, 2, 0.6, 2, 3, 2, 0.5, 0.3)


def draw_causes(rng: np.random.Generator, homes: Columns) -> None:
    """A main cause that the rest of the record bears out, now and then one or two others."""
    n = len(homes["kind"])
    fits = np.stack(
        [
            homes["ill"] > 0,
            homes["disabled"] > 0,
            homes["students"] > 0,
            homes["landless"],
            ~homes["water_safe"] & (homes["irrigated"] == 0),
            homes["able"] > 0,
            homes["hands"] * 4 <= homes[f"size{THIS}"],
            homes["able"] > 0,
            np.isin(homes["road_type"].astype(str), ("泥土路", "砂石路")) & (homes["road_distance"] > 0.5),
            homes["able"] > 1,
        ],
        axis=1,
    )
    keys = np.where(fits, np.log(_WEIGHTS) + rng.gumbel(size=fits.shape), -np.inf)
    order = np.argsort(-keys, axis=1, kind="stable")
    names = np.array(_CAUSES, dtype=object)
    fallback = fits.sum(axis=1) == 0
    homes["cause"] = np.where(fallback, "其他", names[order[:, 0]])
    chance, several = rng.random(n), fits.sum(axis=1)
    second = filled((chance < 0.3) & (several > 1), names[order[:, 1]])
    third = names[order[:, 2]]
    both = (chance < 0.06) & (several > 2)
    homes["other_causes"] = np.where(both, second.astype(str).astype(object) + "," + third, second)
    homes["return_cause"] = np.where(homes["ill"] > 0, "因病", np.where(homes["students"] > 0, "因学", "因灾")).astype(
        object
    )


def draw_places(rng: np.random.Generator, homes: Columns, villages: Columns) -> None:
    """Coordinates around the village's centre, in degrees, no two alike to the sixth decimal but by rare chance."""
    n = len(homes["kind"])
    for name in ("longitude", "latitude"):
        homes[name] = np.round(villages[name][homes["village"]] + rng.normal(0, 0.006, n).clip(-0.02, 0.02), 6)
