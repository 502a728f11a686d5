"""From scores to p values that may be compared between channels, and from these to q values over the county.

Within the county a score's p is its conformal rank, (1 + scores as high) / (n + 1) (Bates, Candès, Lei, Romano & Sesia
2023, Ann. Stat. 51:149): valid, but never smaller than 1/(n + 1), so that nothing could ever stand out among n
households. Beyond the upper tenth the tail is therefore continued by a generalised Pareto distribution (Pickands 1975;
Coles 2001, ch. 4), whose shape is held near a common value by a prior (Martins & Stedinger 2000, Water Resour. Res.
36:737) and whose fit counts the uppermost scores only as "at least this high": up to a thirtieth of faulty households
do not hide themselves.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator

Floats = npt.NDArray[np.float64]

TAIL = 0.10
"""Share of scores beyond which the tail is continued."""
CENSORED = 0.03
"""Share of scores, the highest, that the fit counts only as high."""
SHAPE_PRIOR, SHAPE_SPREAD = 0.15, 0.10
"""Mean and standard deviation of the tail's shape: between exponential (0) and a t of four degrees (0.25)."""
_SHAPES = (0.0, 0.8)


class TailCalibration(BaseEstimator):  # type: ignore[misc]
    """p values of scores, higher scores being stranger. shape: mean of the prior of the tail's shape.

    Learned: `scores_` (sorted), `threshold_`, `scale_` and `shape_` of the tail, `tail_share_`.

    >>> rng = np.random.default_rng(0)
    >>> calibration = TailCalibration().fit(np.abs(rng.normal(size=2000)))
    >>> p = calibration.p_values([0.0, 1.96, 9.0])
    >>> p[0].round(2), (0.04 < p[1] < 0.06).item(), (p[2] < 1e-5).item()
    (np.float64(1.0), True, True)
    """

    def __init__(self, tail: float = TAIL, censored: float = CENSORED, shape: float = SHAPE_PRIOR) -> None:
        self.tail = tail
        self.censored = censored
        self.shape = shape

    def fit(self, scores: npt.ArrayLike, y: Any = None) -> Self:
        """Learn what is ordinary. NaN is left out. Scores that are all alike make every p 1."""
        values = np.sort(np.asarray(scores, dtype=np.float64))
        self.scores_ = values[np.isfinite(values)]
        n = len(self.scores_)
        bounds = np.quantile(self.scores_, (1 - self.tail, 1 - self.censored)) if n else np.full(2, np.inf)
        self.threshold_, top = (float(bound) for bound in bounds)
        excess = self.scores_[self.scores_ > self.threshold_] - self.threshold_
        self.tail_share_ = len(excess) / n if n else 0.0
        self.shape_, self.scale_ = _fit_tail(excess, top - self.threshold_, self.shape)
        return self

    def p_values(self, scores: npt.ArrayLike) -> Floats:
        """p of each score: the share of ordinary households at least as strange; NaN stays NaN."""
        values = np.asarray(scores, dtype=np.float64)
        n = len(self.scores_)
        at_least = n - np.searchsorted(self.scores_, values, side="left")
        p = (1 + at_least) / (n + 1)
        beyond = np.isfinite(values) & (values > self.threshold_) & (self.scale_ > 0)
        x = (values[beyond] - self.threshold_) / self.scale_
        p[beyond] = np.minimum(self.tail_share_ * _survival(x, self.shape_), 1.0)
        p[np.isnan(values)] = np.nan
        return np.minimum(p, 1.0)


def _survival(x: Floats, shape: float) -> Floats:
    survival: Floats = np.exp(-x) if shape < 1e-6 else (1 + shape * x) ** (-1 / shape)
    return survival


def _fit_tail(excess: Floats, cap: float, usual: float) -> tuple[float, float]:
    """Shape and scale of the excesses; those above `cap` are known only to lie there. (0, 0) if there is no tail."""
    if len(excess) < 5 or not cap > 0:
        return 0.0, 0.0
    seen, hidden = excess[excess <= cap], int((excess > cap).sum())

    def loss(shape: float) -> float:
        scale = _best_scale(shape, seen, hidden, cap)
        prior = (shape - usual) ** 2 / (2 * SHAPE_SPREAD**2)
        return _negative_log_likelihood(shape, scale, seen, hidden, cap) + prior

    shape = float(minimize_scalar(loss, bounds=_SHAPES, method="bounded", options={"xatol": 1e-3}).x)
    return shape, _best_scale(shape, seen, hidden, cap)


def _best_scale(shape: float, seen: Floats, hidden: int, cap: float) -> float:
    centre = float(np.log(max(seen.mean(), 1e-300)))

    def loss(log_scale: float) -> float:
        return _negative_log_likelihood(shape, float(np.exp(log_scale)), seen, hidden, cap)

    found = minimize_scalar(loss, bounds=(centre - 3, centre + 4), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x))


def _negative_log_likelihood(shape: float, scale: float, seen: Floats, hidden: int, cap: float) -> float:
    if shape < 1e-6:
        return float(len(seen) * np.log(scale) + seen.sum() / scale + hidden * cap / scale)
    logs = np.log1p(shape * seen / scale)
    return float(
        len(seen) * np.log(scale) + (1 + 1 / shape) * logs.sum() + hidden * np.log1p(shape * cap / scale) / shape
    )


def join(p: npt.NDArray[np.float64]) -> Floats:
    """One p a row over its channels: min(1, m min p) for m channels that judged it; NaN if none did.

    p: shape (rows, channels). Bonferroni's bound; averages of ranks lose what one channel saw.

    >>> join(np.array([[0.01, np.nan, 0.5], [np.nan, np.nan, np.nan]])).tolist()
    [0.02, nan]
    """
    m = np.isfinite(p).sum(axis=1)
    least = np.where(np.isfinite(p), p, np.inf).min(axis=1)
    return np.where(m > 0, np.minimum(1.0, m * np.where(m > 0, least, 1.0)), np.nan)


def q_values(p: npt.NDArray[np.float64]) -> Floats:
    """Benjamini and Hochberg's q values; NaN (not judged) stays NaN and does not count.

    >>> q_values(np.array([0.01, 0.04, np.nan, 0.03])).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    q = np.full(p.shape, np.nan)
    where = np.flatnonzero(np.isfinite(p))
    order = where[np.argsort(p[where], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q
