"""Poisson regression with a log link and standard errors that survive overdispersion."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from povkit.patterns.counting import LEVEL

Floats = npt.NDArray[np.float64]
STEPS = 100
CLOSE = 1e-10


@dataclass(frozen=True)
class Fitted:
    """Coefficients and their sandwich covariance (HC1: times n / (n - k))."""

    coefficients: Floats
    covariance: Floats

    @property
    def errors(self) -> Floats:
        """Robust standard errors."""
        return np.sqrt(np.diag(self.covariance))


def poisson_regression(y: npt.ArrayLike, x: npt.ArrayLike) -> Fitted:
    """log E y = x b by iteratively reweighted least squares (McCullagh & Nelder 1989).

    y: counts (n); x: columns (n, k), the intercept among them. Raises ValueError if x is not of full rank, has no
    more rows than columns, or the steps do not come to rest.
    """
    counts, design = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    n, k = design.shape
    if n <= k or np.linalg.matrix_rank(design) < k:
        raise ValueError(f"{n} rows of rank {np.linalg.matrix_rank(design)} cannot carry {k} coefficients")
    mean = counts + 0.5
    b: Floats = np.zeros(k)
    for _ in range(STEPS):
        working = np.log(mean) + (counts - mean) / mean
        weighted = design * mean[:, None]
        new: Floats = np.asarray(np.linalg.solve(design.T @ weighted, weighted.T @ working), dtype=float)
        mean = np.exp(np.clip(design @ new, -30, 30))
        if np.abs(new - b).max() < CLOSE:
            break
        b = new
    else:
        raise ValueError(f"the regression did not come to rest in {STEPS} steps")
    bread = np.linalg.inv(design.T @ (design * mean[:, None]))
    scores = design * (counts - mean)[:, None]
    covariance = np.asarray(bread @ (scores.T @ scores) @ bread * n / (n - k), dtype=float)
    return Fitted(new, covariance)


def share_of_second(fitted: Fitted, first: int, second: int) -> tuple[float, float, float]:
    """c / (b + c) of two coefficients with its interval by the delta method; NaN where b + c is not positive."""
    b, c = fitted.coefficients[first], fitted.coefficients[second]
    if b + c <= 0:
        return float("nan"), float("nan"), float("nan")
    slope = np.array([-c, b]) / (b + c) ** 2
    pair = fitted.covariance[np.ix_([first, second], [first, second])]
    half = float(stats.norm.ppf(0.5 + LEVEL / 2) * np.sqrt(max(0.0, slope @ pair @ slope)))
    share = float(c / (b + c))
    return share, share - half, share + half
