"""Many tests at once: false discoveries held down within a family, townships before their villages.

Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001; Simes 1986; Yekutieli 2008 (JASA 103:309).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.patterns.pattern import Pattern, Ran
from povkit.patterns.result import tabulate
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]

PARENTED = (str(Level.VILLAGE),)
"""Levels that are looked at only inside a township that was itself rejected."""


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """q values of independent (or positively dependent) tests. NaN (not tested) stays NaN and does not count.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    return _step_up(np.asarray(p, dtype=float), 1.0)


def benjamini_yekutieli(p: npt.ArrayLike) -> Floats:
    """q values under any dependence: Benjamini-Hochberg times 1 + 1/2 + ... + 1/m."""
    values = np.asarray(p, dtype=float)
    m = int(np.isfinite(values).sum())
    return _step_up(values, float((1.0 / np.arange(1, m + 1)).sum()) if m else 1.0)


def _step_up(p: Floats, factor: float) -> Floats:
    q = np.full(p.shape, np.nan)
    where = np.flatnonzero(np.isfinite(p))
    order = where[np.argsort(p[where], kind="stable")]
    m = len(order)
    scaled = p[order] * factor * m / np.arange(1, m + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def bonferroni(*p: float) -> float:
    """One p of a unit over the m tests made of it: min(1, m * min p); NaN if none was made.

    >>> bonferroni(0.01, float("nan"), 0.5)
    0.02
    """
    made = [value for value in p if np.isfinite(value)]
    return min(1.0, len(made) * min(made)) if made else float("nan")


def simes(p: npt.ArrayLike) -> float:
    """p of "nothing in the group": min over i of m p(i) / i. NaN if no member was tested."""
    values = np.sort(np.asarray(p, dtype=float))
    values = values[np.isfinite(values)]
    m = len(values)
    return float((values * m / np.arange(1, m + 1)).min()) if m else float("nan")


def adjust(tests: pd.DataFrame, q_max: float) -> Floats:
    """q of the tests of one code, in the frame's order.

    tests: columns level, township, object_id, p. Each level is a family of its own. Villages are looked at only inside
    townships rejected at `q_max` (the township's own test if the pattern has one, else Simes' p of its villages); a
    village's q is the larger of its own (within the township) and the township's. Outside them it is 1.
    """
    q = np.full(len(tests), np.nan)
    p = tests["p"].to_numpy(dtype=float)
    for level in sorted(set(tests["level"]) - set(PARENTED)):
        here = (tests["level"] == level).to_numpy()
        q[here] = benjamini_hochberg(p[here])
    for level in PARENTED:
        here = np.flatnonzero((tests["level"] == level).to_numpy())
        if len(here):
            q[here] = _within(tests.iloc[here], tests, q, q_max)
    return q


def _within(children: pd.DataFrame, tests: pd.DataFrame, q: Floats, q_max: float) -> Floats:
    parents = _parents(children, tests, q)
    found = np.full(len(children), np.nan)
    towns = children["township"].fillna("").to_numpy()
    p = children["p"].to_numpy(dtype=float)
    for town, parent in parents.items():
        inside = towns == town
        own = np.maximum(benjamini_hochberg(p[inside]), parent)
        found[inside] = own if parent <= q_max else np.where(np.isfinite(p[inside]), 1.0, np.nan)
    return found


def _parents(children: pd.DataFrame, tests: pd.DataFrame, q: Floats) -> dict[str, float]:
    """q of each township that has children: of its own test where there is one, else of Simes' p over its children."""
    groups = children.groupby(children["township"].fillna(""), sort=True)["p"]
    combined = {str(town): simes(values.to_numpy()) for town, values in groups}
    found = dict(zip(combined, benjamini_hochberg(list(combined.values())).tolist(), strict=True))
    own = (tests["level"] == str(Level.TOWNSHIP)).to_numpy() & np.isfinite(q)
    named = dict(zip(tests["object_id"].to_numpy()[own], q[own].tolist(), strict=True))
    return {town: named.get(town, value) for town, value in found.items()}


def judged(ran: dict[str, Ran], patterns: dict[str, Pattern], q_max: float) -> pd.DataFrame:
    """All units of all patterns with q and whether they are flagged.

    A unit whose effect is below its least counts with p = 1: it cannot be a finding, and must not carry others in.
    """
    tests = tabulate((code, unit) for code, one in ran.items() for unit in one.tested.units)
    q = np.full(len(tests), np.nan)
    worth = (tests["effect"] >= tests["least"]) | tests["p"].isna()
    weighed = tests.assign(p=tests["p"].where(worth, 1.0))
    for code in ran:
        here = (tests["code"] == code).to_numpy()
        q[here] = adjust(weighed[here], q_max)
    family = tests["code"].map({code: each.family for code, each in patterns.items()})
    county = (tests["level"] == str(Level.COUNTY)).to_numpy()
    for name in sorted(set(family[county])):
        here = county & (family == name).to_numpy()
        q[here] = benjamini_hochberg(weighed["p"].to_numpy()[here])
    tests["q"] = q
    tests["flagged"] = (tests["q"] <= q_max) & (tests["effect"] >= tests["least"])
    return tests
