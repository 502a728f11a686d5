"""Simple rules that others use, worked out on the same worlds, to be printed beside the patterns."""

from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from povkit.patterns.multiplicity import benjamini_hochberg
from povkit.selftest.homes import ASSETS, FLOWS
from povkit.selftest.settings import LINE

Floats = npt.NDArray[np.float64]
MATCH, MAD, SIDE = 0.85, 0.015, 100.0
"""Share of equal fields (Kuriakose & Robbins 2016); deviation from Benford (Nigrini 2012); yuan beside the line."""


def best_match(frame: pd.DataFrame) -> Floats:
    """Each household's greatest share of equal fields with another of the same official; 0 where there is none."""
    values = frame[[*FLOWS, *ASSETS]].to_numpy(float)
    best = np.zeros(len(frame))
    for rows in frame.groupby("helper_id_number").indices.values():
        if 2 <= len(rows) <= 200:
            own = values[rows]
            same = (own[:, None, :] == own[None, :, :]).mean(axis=2)
            np.fill_diagonal(same, 0.0)
            best[rows] = same.max(axis=1)
    return best


def match_rule(frame: pd.DataFrame) -> tuple[float, float]:
    """Officials with a pair of at least 85 % equal fields, and officials with two households or more."""
    top = pd.Series(best_match(frame)).groupby(frame["helper_id_number"].to_numpy()).max()
    several = (frame["helper_id_number"].value_counts() >= 2).reindex(top.index).to_numpy()
    return float((top[several] >= MATCH).sum()), float(several.sum())


def beside_the_line(frame: pd.DataFrame) -> bool:
    """Whether more incomes lie within 100 yuan above the line than below it, binomial at 5 %."""
    over = frame["net_income_pc"].to_numpy() - LINE
    up, down = int(((over >= 0) & (over < SIDE)).sum()), int(((over < 0) & (over >= -SIDE)).sum())
    return bool(stats.binom.sf(up - 1, up + down, 0.5) <= 0.05) if up + down else False


def raw_density_test(frame: pd.DataFrame) -> bool | None:
    """Whether rddensity finds a jump upwards at the line at 5 %; None where the package is not installed."""
    if find_spec("rddensity") is None:
        return None
    import warnings  # noqa: PLC0415 - only where the optional package is there

    from rddensity import rddensity  # noqa: PLC0415 - optional

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: Any = rddensity(frame["net_income_pc"].to_numpy(), c=LINE, bino_flag=False)
        except Exception:  # noqa: BLE001 - whatever it raises, it gives no verdict
            return None
    t = (
        float(found.test["t_jk"])
        if not isinstance(found.test["t_jk"], pd.Series)
        else float(found.test["t_jk"].iloc[0])
    )
    return bool(stats.norm.sf(t) <= 0.05)


def benford_mad(amounts: npt.ArrayLike) -> float:
    """Mean absolute deviation of first digits from Benford's law; NaN below 24 amounts."""
    x = np.asarray(amounts, dtype=float)
    x = x[x > 0]
    if len(x) < 24:
        return float("nan")
    first = np.floor(x / 10 ** np.floor(np.log10(x) + 1e-12)).astype(int).clip(1, 9)
    law = np.log10(1 + 1 / np.arange(1, 10))
    return float(np.abs(np.bincount(first, minlength=10)[1:] / len(x) - law).mean())


def benford_by_official(frame: pd.DataFrame) -> "pd.Series[float]":
    """Deviation from Benford of each official's amounts, indexed by official."""
    groups = frame.groupby("helper_id_number")[["wage_income", "business_income", "business_cost"]]
    return pd.Series({str(name): benford_mad(own.to_numpy().ravel()) for name, own in groups}, dtype=float)


def binomial_rule(k: npt.ArrayLike, n: npt.ArrayLike, q_max: float = 0.05) -> npt.NDArray[np.bool_]:
    """Units called strange by a binomial tail at the overall rate and Benjamini-Hochberg."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    p = stats.binom.sf(counts - 1, sizes, counts.sum() / max(sizes.sum(), 1))
    return np.asarray(benjamini_hochberg(p) <= q_max)
