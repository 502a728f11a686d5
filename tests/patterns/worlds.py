"""Made-up counties as frames, honest or with one thing planted, and a source that hands them to a pattern."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns import PATTERNS
from povkit.patterns.result import tabulate

COUNTY = "530199"
SIZES = np.array([1, 2, 3, 4, 5, 6])
WEIGHTS = np.array([0.14, 0.22, 0.24, 0.22, 0.12, 0.06])


class Frames:
    """Frames by view instead of views; columns that are not there stand for inputs that were not handed in."""

    def __init__(self, **frames: pd.DataFrame) -> None:
        self.frames = frames

    def has(self, view: str, columns: Iterable[str]) -> bool:
        return set(columns) <= set(self.frames.get(view, ()))

    def frame(self, view: str, columns: Iterable[str]) -> pd.DataFrame:
        kept = ("object_id", "township", "village_code", "village", "household_id", "subject")
        names = list(dict.fromkeys((*kept, *columns)))
        return self.frames[view].reindex(columns=names).copy()


def judge(code: str, limits: Any, seed: int = 0, **frames: pd.DataFrame) -> pd.DataFrame:
    """Tests of one pattern over made-up frames, as `run_patterns` tabulates them, without q."""
    pattern = PATTERNS[code]
    tested = pattern.function(Frames(**frames), limits, pattern.generator(seed))  # type: ignore[arg-type]
    return tabulate((code, unit) for unit in tested.units)


def villages(
    rng: np.random.Generator, n: int = 24, towns: int = 2, rate: float = 0.06, rho: float = 0.01
) -> pd.DataFrame:
    """Villages whose poor households come by need: shares beta-distributed with intra-class correlation rho."""
    homes = np.rint(rng.lognormal(5.7, 0.4, n)).astype(int) + 30
    share = rng.beta(rate * (1 - rho) / rho, (1 - rate) * (1 - rho) / rho, n)
    poor = rng.binomial(homes, share)
    people = np.array([draw_sizes(rng, k).sum() for k in poor])
    codes = [f"{COUNTY}{i % towns + 1:03}{i + 200}" for i in range(n)]
    frame = pd.DataFrame(
        {
            "object_id": codes,
            "village_code": codes,
            "village": [f"村{i}" for i in range(n)],
            "township": [f"镇{i % towns}" for i in range(n)],
            "households": homes.astype(float),
            "population": np.rint(homes * (SIZES @ WEIGHTS)),
            "poor_households": poor.astype(float),
            "poor_population": people.astype(float),
            "exited": pd.array([False] * n, dtype="boolean"),
            "exit_year": np.nan,
            "in_village_table": True,
        }
    )
    return with_incidence(frame)


def with_incidence(frame: pd.DataFrame) -> pd.DataFrame:
    """The same villages with their incidence worked out anew."""
    return frame.assign(incidence_pct=100 * frame["poor_population"] / frame["population"])


def draw_sizes(rng: np.random.Generator, n: int) -> Any:
    return rng.choice(SIZES, size=n, p=WEIGHTS)


def households(rng: np.random.Generator, places: pd.DataFrame, leave: float = 0.6, each: int = 20) -> pd.DataFrame:
    """`each` registered households a village, of which a share leaves this year and the rest stays poor."""
    rows = places.loc[places.index.repeat(each), ["township", "village_code", "village"]].reset_index(drop=True)
    n = len(rows)
    leaves = rng.random(n) < leave
    numbers = [f"8{i:08}" for i in range(n)]
    return rows.assign(
        object_id=numbers,
        household_id=numbers,
        subject="某户",
        size=draw_sizes(rng, n).astype(float),
        leaves_this_year=pd.array(leaves, dtype="boolean"),
        not_yet_left=pd.array(~leaves, dtype="boolean"),
        net_income_pc=np.rint(np.exp(rng.normal(8.7, 0.45, n))),
    )


def changes(places: pd.DataFrame, **counts: Any) -> pd.DataFrame:
    """Records of change: so many of each kind (`change_is_new`, `change_is_removal`, …) in each village."""
    parts = []
    for kind, numbers in counts.items():
        part = places.loc[places.index.repeat(np.asarray(numbers, dtype=int)), ["township", "village_code", "village"]]
        parts.append(part.assign(kind=kind))
    frame = pd.concat(parts, ignore_index=True)
    numbers_ = [f"7{i:08}" for i in range(len(frame))]
    flags = {name: pd.array(frame["kind"] == name, dtype="boolean") for name in ("change_is_removal", "change_is_exit")}
    new = pd.array(frame["kind"] == "change_is_new", dtype="boolean")
    return frame.assign(
        object_id=numbers_, household_id=numbers_, subject=None, change_is_new=new, change_is_inclusion=new, **flags
    )
