"""Helpers (帮扶责任人): some seven households each, at most ten, mostly of one village."""

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Columns, pick, select, typed
from povkit.simulate.assumptions import HOUSEHOLDS_PER_HELPER, MOST_HOUSEHOLDS, THIS
from povkit.simulate.names import distinct_names
from povkit.simulate.numbers import Numbers, phones

_UNITS = {
    "县": ("县住建局", "县水务局", "县教育局", "县卫计局", "县林业局", "县财政局", "县民政局", "县人社局"),
    "镇": ("镇人民政府", "镇农业服务中心", "镇中心学校"),
    "市、地区": ("市烟草公司", "市规划局", "市审计局"),
}
_TYPES = {"局": "国家机关", "府": "国家机关", "心": "事业单位", "校": "事业单位", "司": "国有企业"}
"""By the last character of a unit's name."""
_FIRST_DAY, _LAST_DAY = np.datetime64("2016-06-01"), np.datetime64("2020-12-31")


def make_helpers(rng: np.random.Generator, homes: Columns, numbers: Numbers) -> Columns:
    """The helpers; `homes["helper"]` points at them. One in twenty households has a helper from elsewhere."""
    n = len(homes["village"])
    helper = np.empty(n, dtype=int)
    count = 0
    for village in range(homes["village"].max() + 1):
        places = np.nonzero(homes["village"] == village)[0]
        cuts = np.cumsum(np.clip(rng.poisson(HOUSEHOLDS_PER_HELPER, len(places) // 4 + 1), 4, MOST_HOUSEHOLDS))
        group = np.searchsorted(cuts, np.arange(len(places)), side="right")
        helper[places] = count + group
        count += int(group.max()) + 1 if len(places) else 0
    away = rng.permutation(n)[: min(count, round(n * 0.05))]
    helper[away] = rng.permutation(count)[: len(away)]
    used, homes["helper"] = np.unique(helper, return_inverse=True)
    return _people(rng, len(used), numbers)


def _people(rng: np.random.Generator, n: int, numbers: Numbers) -> Columns:
    male = rng.random(n) < 0.65
    birth = np.datetime64(f"{THIS - 58}-01-01") + rng.integers(0, 33 * 365, n).astype("timedelta64[D]")
    level = pick(rng, {"县": 0.55, "镇": 0.35, "市、地区": 0.10}, n)
    unit = [_UNITS[place][rng.integers(len(_UNITS[place]))] for place in level]
    return {
        "helper_name": distinct_names(rng, male),
        "helper_id_number": numbers.draw(rng, birth, male),
        "helper_phone": phones(rng, n),
        "unit": np.array(unit, dtype=object),
        "unit_level": level,
        "unit_type": np.array([_TYPES[name[-1]] for name in unit], dtype=object),
        "helper_political": pick(rng, {"中共党员": 0.6, "群众": 0.4}, n),
        "stationed": rng.random(n) < 0.12,
        "rank": pick(rng, {"科员级": 0.6, "办事员级": 0.2, "乡科级副职": 0.15, "乡科级正职": 0.05}, n),
    }


def helper_frame(helpers: Columns, homes: Columns, ids: Columns) -> pd.DataFrame:
    """One row a household of `ids` (household_id, home): its helper, from 2016 to the end of 2020."""
    n = len(ids["household_id"])
    rows = select(helpers, homes["helper"][ids["home"]])
    there = rows["stationed"]
    return typed(
        "helper",
        {
            "household_id": ids["household_id"],
            **rows,
            "is_first_secretary": np.zeros(n, dtype=bool),
            "is_team_leader": np.zeros(n, dtype=bool),
            "is_team_member": there,
            "stationed_from": np.where(there, np.datetime64("2018-02-26"), np.datetime64("NaT")),
            "starts": np.full(n, _FIRST_DAY),
            "ends": np.full(n, _LAST_DAY),
        },
    )
