"""Does a density jump at a point? Local polynomials of the empirical distribution, and an exact binomial beside them.

Cattaneo, Jansson & Ma 2020 (JASA 115:1449): on each side of the point the empirical distribution function is fitted by
a weighted polynomial whose first derivative at the point is the density there; no binning, no smoothing beforehand.
Variances from the influence of each value within the bandwidth (the jackknife, to first order). First asked by McCrary
2008.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
DEGREE = 3
"""Degree of the polynomials: one more than the least that estimates a density at an edge, so that bias stays small."""
NEIGHBOURS, POWER = 0.5, 0.8
"""The bandwidth takes in NEIGHBOURS * n ** POWER values of the emptier side."""


@dataclass(frozen=True)
class Jump:
    """Densities (of all values) just left and right of the point, with standard errors; t of right less left.

    counts: values within the bandwidth on either side. p_up: of a jump upwards, one-sided; p: two-sided.
    """

    left: float
    right: float
    left_error: float
    right_error: float
    bandwidth: float
    counts: tuple[int, int]

    @property
    def t(self) -> float:
        """(right - left) / error."""
        return (self.right - self.left) / float(np.hypot(self.left_error, self.right_error))

    @property
    def p_up(self) -> float:
        """P(t this large or larger) without a jump."""
        return float(stats.norm.sf(self.t))

    @property
    def p(self) -> float:
        """P(|t| this large or larger) without a jump."""
        return float(2 * stats.norm.sf(abs(self.t)))


def density_jump(values: npt.ArrayLike, point: float, bandwidth: float | None = None) -> Jump:
    """Density jump at `point`. bandwidth: in the values' unit; chosen by `bandwidth_for` if not given.

    Raises ValueError if a side has fewer different values within the bandwidth than the polynomials need.
    """
    x = np.sort(np.asarray(values, dtype=float))
    h = bandwidth_for(x, point) if bandwidth is None else bandwidth
    share = (np.searchsorted(x, x, side="right") - 1) / (len(x) - 1)
    at = int(np.searchsorted(x, point, side="left"))
    first, last = int(np.searchsorted(x, point - h, "left")), int(np.searchsorted(x, point + h, "right"))
    left = _side((x[first:at] - point) / h, share[first:at], len(x))
    right = _side((x[at:last] - point) / h, share[at:last], len(x))
    return Jump(left[0] / h, right[0] / h, left[1] / h, right[1] / h, h, (at - first, last - at))


def bandwidth_for(x: Floats, point: float) -> float:
    """Distance that takes in NEIGHBOURS * n ** POWER values on each side (all of a side that has fewer)."""
    wanted = max(50, round(NEIGHBOURS * len(x) ** POWER))
    below, above = np.sort(point - x[x < point]), np.sort(x[x >= point] - point)
    if not len(below) or not len(above):
        raise ValueError("all values lie on one side of the point")
    return float(max(side[min(wanted, len(side)) - 1] for side in (below, above)))


def _side(u: Floats, share: Floats, n: int) -> tuple[float, float]:
    """Slope at 0 of the distribution fitted to one side, and its standard error. u: sorted, within [-1, 1]."""
    if len(np.unique(u)) < DEGREE + 2:
        raise ValueError(f"{len(np.unique(u))} different values on a side cannot carry a polynomial of degree {DEGREE}")
    powers = np.vander(u, DEGREE + 1, increasing=True)
    weighted = powers * (1 - np.abs(u))[:, None]
    inverse = np.linalg.inv(weighted.T @ powers)
    b = inverse @ (weighted.T @ share)
    above = np.vstack([np.cumsum(weighted[::-1], axis=0)[::-1], np.zeros(DEGREE + 1)])
    reached = above[np.searchsorted(u, u, side="left")] - weighted.T @ share
    own = weighted * (share - powers @ b)[:, None]
    influence = (reached / (n - 1) + own) @ inverse[1]
    return float(b[1]), float(np.sqrt((influence**2).sum()))


@dataclass(frozen=True)
class Nearest:
    """Values within `width` of a point: how many below and above, and the exact two-sided p of an even split."""

    width: float
    below: int
    above: int
    p: float


def binomial_nearest(values: npt.ArrayLike, point: float, least: int = 20) -> Nearest:
    """The smallest window around `point` that has `least` values on each side (all of them if there are fewer)."""
    x = np.asarray(values, dtype=float)
    below, above = np.sort(point - x[x < point]), np.sort(x[x >= point] - point)
    width = max(float(side[min(least, len(side)) - 1]) if len(side) else 0.0 for side in (below, above))
    counts = int((below <= width).sum()), int((above <= width).sum())
    p = float(stats.binomtest(counts[0], sum(counts)).pvalue) if sum(counts) else float("nan")
    return Nearest(width, counts[0], counts[1], p)
