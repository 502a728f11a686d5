"""Shares among peers: tails when what is counted is rare, and a unit's excess over what is usual with its interval.

A robust null sets the strangest units aside. Where the thing counted is so rare that most units have none of it, that
may leave noughts alone, and a second case looks strange; the exact test of the unit against all the others together
(Fisher 1935), which is conditional on how many there are, does not. A tail is the greater of the two.

What is usual is itself an estimate, and up to the share that may be set aside could be strange. An excess therefore
carries the error of both shares (Newcombe 1998, Stat. Med. 17:873, method 10); the usual share may be as low as the
units without the highest ones give, and its error counts that peers differ (effective numbers n / (1 + (n - 1) rho)).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from povkit.patterns.counting import wilson
from povkit.patterns.nulls import Kept, Null

Floats = npt.NDArray[np.float64]
RHO_MOST = 0.95


def upper_tail(null: Null, k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """The greater of the null's upper tail and that of Fisher's exact test against all the others together."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    exact = stats.hypergeom.sf(counts - 1, sizes.sum(), counts.sum(), sizes)
    return np.asarray(np.maximum(null.upper, exact))


def two_sided(null: Null, k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """Twice the smaller tail, each the greater of the null's and the exact test's."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    exact = stats.hypergeom.cdf(counts, sizes.sum(), counts.sum(), sizes)
    lower = np.maximum(null.lower, exact)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(upper_tail(null, counts, sizes), lower)))


class Usual(NamedTuple):
    """The share usual among peers, and its 95 % interval."""

    share: float
    low: float
    high: float


def usual_share(null: Null, k: npt.ArrayLike, n: npt.ArrayLike) -> Usual:
    """What is usual under a beta-binomial null of k of n, by unit."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    centre = null.centre
    rho = min(RHO_MOST, null.spread**2 / (centre * (1 - centre)))

    def bounds(units: Kept) -> tuple[float, float]:
        worth = float((sizes[units] / (1 + (sizes[units] - 1) * rho)).sum())
        share = float(counts[units].sum() / max(sizes[units].sum(), 1.0))
        return wilson(share * worth, worth)

    kept, core = bounds(null.kept), bounds(null.core)
    return Usual(centre, min(kept[0], core[0], centre), max(kept[1], centre))


def excess(k: float, n: float, usual: Usual) -> tuple[float, float, float]:
    """A unit's share k / n less what is usual, with its 95 % interval.

    >>> [round(each, 3) for each in excess(5, 10, Usual(0.2, 0.2, 0.2))]
    [0.3, 0.037, 0.563]
    """
    share, (low, high) = k / n, wilson(k, n)
    down, up = np.hypot(share - low, usual.high - usual.share), np.hypot(high - share, usual.share - usual.low)
    return share - usual.share, share - usual.share - float(down), share - usual.share + float(up)
