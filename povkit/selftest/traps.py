"""Honest registers that look odd for good reasons. No test may call them strange."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from povkit.selftest.homes import at, draw_sizes, register, settle, sum_up, told
from povkit.selftest.settings import HANDED_IN, Setting

Make = Callable[[np.random.Generator, Setting, int], pd.DataFrame]
STRONG = (0.1, 0.2, 0.4, 0.3)
OTHER_HEAPS = (200, 12, 365)


def plain(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Nothing odd."""
    return register(rng, setting, n)


def handed_in(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:  # noqa: ARG001 - of its own kind
    """A small county: 600 households, twelve villages, four households an official, amounts to the yuan."""
    return register(rng, HANDED_IN, 600, villages=12, towns=7)


def heaped(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Incomes per head told in round numbers, at 3,500 as elsewhere."""
    frame = register(rng, setting, n)
    pc = told(rng, frame["net_income_pc"].to_numpy(), np.tile(STRONG, (n, 1)))
    return settle(rng, frame.assign(net_income_pc=pc, net_income=pc * frame["size"]), setting)


def other_heaps(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Incomes per head that are multiples of 200, of 12 (so much a month) or of 365 (so much a day)."""
    frame = register(rng, setting, n)
    pc = frame["net_income_pc"].to_numpy(copy=True)
    unit = rng.choice([0, *OTHER_HEAPS], n, p=[0.4, 0.25, 0.2, 0.15])
    rows = unit > 0
    pc[rows] = np.maximum(1, np.rint(pc[rows] / unit[rows])) * unit[rows]
    return settle(rng, frame.assign(net_income_pc=pc, net_income=pc * frame["size"]), setting)


def resettled(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """A tenth of the villages are resettlement sites: houses by size, no land left, one distance to the road."""
    frame = register(rng, setting, n)
    codes = frame["village_code"].unique()
    rows = np.flatnonzero(frame["village_code"].isin(rng.choice(codes, max(1, len(codes) // 10), replace=False)))
    none = dict.fromkeys(("farmland", "irrigated", "forest", "orchard"), 0.0)
    return at(frame, rows, housing_area=25.0 * frame["size"].to_numpy()[rows], road_distance=0.05, **none)


def fixed_benefits(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """A third of the households have a public post, and half the same grants, at amounts fixed by policy."""
    frame = register(rng, setting, n)
    post, grant = (np.flatnonzero(rng.random(n) < share) for share in (0.33, 0.5))
    frame = at(frame, post, wage_income=6000.0, last_wage_income=6000.0)
    frame = at(frame, grant, other_transfer=480.0, last_other_transfer=480.0)
    sum_up(frame)
    return settle(rng, frame, setting)


def batch_import(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """One number stands for all officials of the county."""
    return register(rng, setting, n).assign(helper_id_number="H00000", helper_name="县扶贫办")


def bonus(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Everybody gets 500 yuan by policy this year."""
    frame = register(rng, setting, n)
    frame["other_transfer"] = frame["other_transfer"] + 500.0
    sum_up(frame)
    return settle(rng, frame, setting)


def wage_rise(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Every wage rose by 10 %, really and to the yuan."""
    frame = register(rng, setting, n)
    frame["wage_income"] = np.rint(frame["last_wage_income"] * 1.1)
    sum_up(frame)
    return settle(rng, frame, setting)


def twins(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """One household in twenty has a twin next door: brothers with half shares of house and land, and equal pay."""
    frame = register(rng, setting, n)
    order = frame.sort_values(["helper_id_number"], kind="stable").index.to_numpy()
    pairs = rng.choice(n // 2, max(1, n // 40), replace=False)
    one, other = order[2 * pairs], order[2 * pairs + 1]
    same = frame["helper_id_number"].to_numpy()[one] == frame["helper_id_number"].to_numpy()[other]
    one, other = one[same], other[same]
    for name in ("farmland", "irrigated", "forest", "housing_area", "road_distance", "size", "wage_income"):
        frame.loc[other, name] = frame.loc[one, name].to_numpy()
    sum_up(frame)
    return settle(rng, frame, setting)


def flood(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """A flood took much of what the households of half the townships earn by farming, of each another part."""
    frame = register(rng, setting, n)
    hit = frame["township"].isin(frame["township"].unique()[::2]).to_numpy()
    kept = np.where(hit, rng.uniform(0.2, 0.9, n), 1.0)
    frame["business_income"] = np.rint(frame["business_income"] * kept)
    frame["business_cost"] = np.minimum(frame["business_cost"], frame["business_income"])
    sum_up(frame)
    return settle(rng, frame, setting)


def tiny_villages(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Villages of a dozen registered households."""
    return register(rng, setting, n, villages=max(6, n // 12))


def few_sizes(rng: np.random.Generator, setting: Setting, n: int) -> pd.DataFrame:
    """Households of one or two people, whose totals make incomes per head round oftener."""
    frame = register(rng, setting, n)
    small = np.minimum(draw_sizes(rng, n), 2).astype(float)
    scale = small / frame["size"].to_numpy()
    for name in ("wage_income", "business_income", "business_cost"):
        for year in ("", "last_"):
            frame[year + name] = np.rint(frame[year + name] * scale / 10) * 10
    frame["size"] = small
    sum_up(frame)
    return settle(rng, frame, setting)


TRAPS: dict[str, tuple[str, Make]] = {
    "plain": ("平常", plain),
    "small county": ("小县（约600户）", handed_in),
    "honest heap at 3,500": ("如实取整（含3500）", heaped),
    "heaps at 200, 12, 365": ("按200、12、365的倍数", other_heaps),
    "resettlement sites": ("集中安置点住房相同", resettled),
    "fixed benefits": ("政策固定金额", fixed_benefits),
    "one official for all": ("全县批量录入同一责任人", batch_import),
    "500 yuan for everybody": ("普发500元", bonus),
    "wages rose by 10 %": ("工资普涨10%", wage_rise),
    "twin households": ("相似户成对", twins),
    "flood year": ("水灾年", flood),
    "tiny villages": ("十几户的小村", tiny_villages),
    "small households": ("一二人户为主", few_sizes),
}
"""Kinds of honest registers: English name -> (Chinese name, maker)."""
