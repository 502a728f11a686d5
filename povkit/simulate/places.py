"""The county that is imitated: its file, and real villages of it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import yaml

from povkit.simulate.arrays import Columns
from povkit.simulate.assumptions import BEHAVIOUR, Behaviour
from povkit.vocab import Fault, InputError, resource

_ANYWHERE = {"west": 102.5, "south": 24.6, "east": 103.4, "north": 26.2}
"""Box for a county without a file: the middle of Kunming."""


@dataclass(frozen=True)
class County:
    """What a county's file says that a made-up register needs. `box` is west, south, east, north in degrees."""

    code: str
    name: str
    role: str
    location_deadline: str
    box: tuple[float, float, float, float]

    @property
    def behaviour(self) -> Behaviour:
        """How a county of this role behaves."""
        return BEHAVIOUR.get(self.role, BEHAVIOUR["has_poor"])

    @property
    def exits_this_year(self) -> bool:
        """Whether the county applies for exit this year."""
        return self.role == "exits_2018"


@cache
def kunming_villages() -> pd.DataFrame:
    """Villages of Kunming with their 12-digit codes, all as text."""
    return pd.read_csv(resource("parameters", "places", "kunming_villages.csv"), dtype=str)


def read_county(code: str) -> County:
    """The county of a six-digit code. Raises InputError if Kunming has none of that code."""
    names = kunming_villages().drop_duplicates("county_code").set_index("county_code")["county_name"]
    if code not in names.index:
        known = " ".join(names.index)
        raise InputError(Fault((code,), f"no county of Kunming has this code; write one of {known}"))
    spec = _county_file(code)
    box = spec.get("box", _ANYWHERE)
    corners = (float(box["west"]), float(box["south"]), float(box["east"]), float(box["north"]))
    deadline = str(spec.get("location_deadline", "2019-06-30"))
    return County(code, str(names[code]), str(spec.get("role", "has_poor")), deadline, corners)


def _county_file(code: str) -> dict[str, Any]:
    try:
        path = resource("parameters", "counties", f"{code}.yaml")
    except FileNotFoundError:
        return {}
    loaded: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


def choose_villages(rng: np.random.Generator, county: County, households: int) -> Columns:
    """10 to 40 villages in some of the county's towns, with centres inside the box and a share of the households."""
    rows = kunming_villages()
    rows = rows[rows["county_code"] == county.code]
    wanted = int(np.clip(households // 50, 10, 40))
    towns = rng.permutation(rows["town_code"].unique())
    in_order = rows.set_index("town_code").loc[towns].reset_index().drop_duplicates("village_name")
    pool = in_order.head(max(wanted * 4, 40))
    chosen = pool.iloc[np.sort(rng.choice(len(pool), min(wanted, len(pool)), replace=False))].sort_values(
        "village_code"
    )
    n = len(chosen)
    west, south, east, north = county.box
    weight = rng.lognormal(0, 0.5, n)
    poor = np.zeros(n, dtype=bool)
    poor[rng.permutation(n)[: round(n * county.behaviour.poor_village)]] = True
    return {
        "village_code": chosen["village_code"].to_numpy(dtype=object),
        "village": chosen["village_name"].to_numpy(dtype=object),
        "township": chosen["town_name"].to_numpy(dtype=object),
        "town_code": chosen["town_code"].to_numpy(dtype=object),
        "town": np.unique(chosen["town_code"].to_numpy(dtype=str), return_inverse=True)[1],
        "weight": weight / weight.sum(),
        "poor_village": poor,
        "longitude": rng.uniform(west + 0.15 * (east - west), east - 0.15 * (east - west), n),
        "latitude": rng.uniform(south + 0.15 * (north - south), north - 0.15 * (north - south), n),
    }
