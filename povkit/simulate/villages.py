"""Village tables: what they say follows from the household and person tables, this year's and last's."""

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array, Columns, Frame, count_by, typed
from povkit.simulate.assumptions import LAST, THIS, Behaviour
from povkit.simulate.beyond import village_form
from povkit.simulate.names import full_names, surnames
from povkit.simulate.standing import on_register, poor

POOR_STATUS = ("未脱贫", "返贫")
_FIT = 0.027
"""Villages whose incidence is below this may exit: a little under the limit."""

STANDARDS = (
    "贫困发生率",
    "道路硬化到村",
    "通动力电",
    "广播电视覆盖",
    "网络宽带覆盖",
    "饮水有保障",
    "卫生室建设",
    "公共服务和活动场所",
    "适龄儿童有学上",
    "集体经济收入",
)
DEPARTMENTS = ("统计局", "交通局", "供电局", "文广局", "工信局", "水务局", "卫计局", "民政局", "教育局", "农业局")


def draw_villages(rng: np.random.Generator, villages: Columns, homes: Columns, behaviour: Behaviour) -> None:
    """Population of each village, and whether and when it exits: only poor villages below the limit do."""
    n = len(villages["village_code"])
    here = on_register(homes, THIS)
    people = np.bincount(homes["village"], weights=homes[f"size{THIS}"] * here, minlength=n)
    still = np.bincount(homes["village"], weights=homes[f"size{THIS}"] * (here & poor(homes, THIS)), minlength=n)
    share = rng.uniform(*behaviour.share_registered, n)
    villages["population"] = np.maximum(np.rint(people / share), 180).astype(int) + rng.integers(0, 9, n)
    villages["households"] = np.rint(villages["population"] / rng.uniform(3.6, 4.1, n)).astype(int)
    fit = villages["poor_village"] & (still / villages["population"] < _FIT) & (rng.random(n) < behaviour.village_exits)
    before = rng.random(n) < behaviour.village_left_before
    villages["exit_year"] = np.where(fit, np.where(before, LAST, THIS), 0)
    villages["collective_income"] = np.round(rng.lognormal(1.6, 0.6, n), 2)
    male = rng.random(n) < 0.8
    villages["first_secretary"] = full_names(rng, surnames(rng, n), male)


def village_frame(
    county: str, villages: Columns, households: Frame, people: Frame, helpers: Frame | None, year: int
) -> pd.DataFrame:
    """The village table that agrees with the household and person tables of the year."""
    exited = (villages["exit_year"] > 0) & (villages["exit_year"] <= year)
    columns: Columns = {
        "county": np.full(len(exited), county, dtype=object),
        **{name: villages[name] for name in ("township", "village", "village_code", "poor_village")},
        "exited": exited,
        "exit_year": np.where(exited, villages["exit_year"], np.nan),
        **{name: villages[name] for name in ("households", "population", "collective_income", "first_secretary")},
        **{name: np.round(villages[name], 6) for name in ("longitude", "latitude")},
        **village_counts(villages["village_code"], households, people),
        **village_form(villages, households, people, helpers, _index(villages["village_code"], households, people)),
    }
    return typed("village", columns)


def _index(codes: Array, households: Frame, people: Frame) -> Columns:
    """The village of each household row (`home`) and person row (`person`, -1 without a household)."""
    place = pd.Series(np.arange(len(codes)), index=codes)
    village = place.reindex(households["village_code"]).to_numpy().astype(int)
    home = pd.Series(village, index=households["household_id"].to_numpy())
    person = home[~home.index.duplicated()].reindex(people["household_id"]).fillna(-1).to_numpy().astype(int)
    return {"home": village, "person": person}


def village_counts(codes: Array, households: Frame, people: Frame) -> Columns:
    """The village table's counts, for villages in the order of `codes`."""
    n = len(codes)
    index = _index(codes, households, people)
    village, person_village = index["home"], index["person"]
    still = households["status"].isin(POOR_STATUS).to_numpy()
    size = households["size"].fillna(0).to_numpy(dtype=int)
    category = households["category"].astype(str).str
    disabled = people["health"].astype(str).str.contains("残疾").to_numpy()
    known = person_village >= 0
    members = person_village[known]
    return {
        "poor_households": count_by(village, n, still),
        "poor_population": np.bincount(village, weights=size * still, minlength=n).astype(int),
        "dibao_households": count_by(village, n, category.startswith("低保").to_numpy()),
        "tekun_population": count_by(members, n, people["tekun"].fillna(False).to_numpy(dtype=bool)[known]),
        "disabled_population": count_by(members, n, disabled[known]),
        "unsafe_water_households": count_by(village, n, ~households["water_safe"].fillna(True).to_numpy(dtype=bool)),
        "unsafe_house_households": count_by(village, n, households["unsafe_house"].fillna(False).to_numpy(dtype=bool)),
    }


def standards_frame(rng: np.random.Generator, villages: Columns) -> pd.DataFrame:
    """The ten standards of each village that exits or has exited, all met and certified."""
    rows = np.repeat(np.nonzero(villages["exit_year"] > 0)[0], len(STANDARDS))
    item = np.tile(np.arange(len(STANDARDS)), len(rows) // len(STANDARDS))
    year = villages["exit_year"][rows]
    day = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 273
    return typed(
        "village_standard",
        {
            "village_code": villages["village_code"][rows],
            "item": item + 1,
            "name": np.array(STANDARDS, dtype=object)[item],
            "met": np.ones(len(rows), dtype=bool),
            "department": np.array(DEPARTMENTS, dtype=object)[item],
            "certified_on": day + rng.integers(0, 28, len(rows)).astype("timedelta64[D]"),
        },
    )


def plan_frame(rng: np.random.Generator, county: str, villages: Columns, homes: Columns) -> pd.DataFrame:
    """The year's plan by village, town and county: near to what came about, as an honest forecast is.

    Villages marked `on_plan`, where any are, had the plan done to the household.
    """
    n = len(villages["village_code"])
    here = on_register(homes, THIS)
    leaving = here & (homes["exit_year"] == THIS)
    actual = count_by(homes["village"], n, leaving)
    households = np.maximum(0, np.rint(actual + rng.normal(0, 1.5 + 0.2 * actual))).astype(int)
    households = np.where(villages.get("on_plan", np.zeros(n, dtype=bool)), actual, households)
    people = np.rint(households * rng.uniform(3.2, 4.0, n)).astype(int)
    new = rng.poisson(0.6, n)
    rows = [
        ("村", code, h, p, k) for code, h, p, k in zip(villages["village_code"], households, people, new, strict=True)
    ]
    for town in np.unique(villages["town_code"].astype(str)):
        inside = villages["town_code"] == town
        rows.append(("乡", town, int(households[inside].sum()), int(people[inside].sum()), int(new[inside].sum())))
    rows.append(("县", county, int(households.sum()), int(people.sum()), int(new.sum())))
    level, code, exit_households, exit_people, new_households = zip(*rows, strict=True)
    return typed(
        "plan",
        {
            "level": np.array(level, dtype=object),
            "code": np.array(code, dtype=object),
            "exit_households": np.array(exit_households),
            "exit_people": np.array(exit_people),
            "new_households": np.array(new_households),
        },
    )


def milestone_frame(rng: np.random.Generator, county: str) -> pd.DataFrame:
    """When a county that leaves this year handed in its papers: in time."""
    first = np.datetime64(f"{THIS}-12-12") + rng.integers(0, 7)
    days = np.array([first, first + rng.integers(4, 9)])
    steps = np.array(["县报市", "市报省"], dtype=object)
    return typed("milestone", {"code": np.array([county] * 2, dtype=object), "step": steps, "on": days})
