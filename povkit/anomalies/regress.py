"""The regressions behind plausibility (boosted trees) and cells (a robust line through everything)."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor

Floats = npt.NDArray[np.float64]

HUBER = 1.345
"""Residuals beyond this many robust deviations count less (Huber 1964: 95 % efficient for normal errors)."""
MAD_TO_SD = 1.4826


def robust_scale(values: Floats) -> float:
    """Standard deviation told by the median absolute deviation; by the mean one where more than half are alike."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return 0.0
    away = np.abs(finite - np.median(finite))
    return float(MAD_TO_SD * np.median(away)) or float(1.2533 * away.mean())


class RobustRidge(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Ridge regression with Huber's weights on standardised columns; blanks take the column's median.

    alpha: penalty, in rows. steps: rounds of reweighting. Learned: `coef_`, `intercept_`, `centre_`, `spread_`.

    >>> X = np.arange(20.0).reshape(-1, 1)
    >>> y = 2 * X[:, 0] + 1
    >>> y[3] = 500
    >>> float(RobustRidge(alpha=1e-6, steps=20).fit(X, y).predict(np.array([[10.0]])).round(1)[0])
    21.0
    """

    def __init__(self, alpha: float = 3.0, steps: int = 3) -> None:
        self.alpha = alpha
        self.steps = steps

    def fit(self, X: Floats, y: Floats) -> Self:
        """X: (rows, columns) with NaN for blanks; y: finite."""
        known = np.where(np.isfinite(X), X, np.nan)
        filled = ~np.isnan(known).all(axis=0)
        self.centre_ = np.zeros(X.shape[1])
        self.centre_[filled] = _medians(known[:, filled])
        spread = self._filled(X).std(axis=0)
        self.spread_ = np.where(spread > 1e-9, spread, np.inf)
        Z = (self._filled(X) - self.centre_) / self.spread_
        weights = np.ones(len(y))
        for _ in range(self.steps):
            self._solve(Z, y, weights)
            residual = np.abs(y - Z @ self.coef_ - self.intercept_)
            scale = max(robust_scale(residual * np.sign(Z @ self.coef_ + self.intercept_ - y)), 1e-9)
            weights = np.minimum(1.0, HUBER * scale / np.maximum(residual, 1e-12))
        return self

    def _solve(self, Z: Floats, y: Floats, weights: Floats) -> None:
        total = weights.sum()
        mean, level = (weights @ Z) / total, float(weights @ y / total)
        centred = Z - mean
        gram = (centred * weights[:, None]).T @ centred + self.alpha * np.eye(Z.shape[1])
        self.coef_ = np.linalg.solve(gram, (centred * weights[:, None]).T @ (y - level))
        self.intercept_ = level - float(mean @ self.coef_)

    def _filled(self, X: Floats) -> Floats:
        return np.where(np.isfinite(X), X, self.centre_)

    def weights(self) -> tuple[Floats, Floats]:
        """The line on unstandardised columns: a weight a column, and what is taken off where the column is known."""
        slopes = self.coef_ / self.spread_
        return slopes, slopes * self.centre_

    def predict(self, X: Floats) -> Floats:
        """Prediction for each row."""
        line: Floats = ((self._filled(X) - self.centre_) / self.spread_) @ self.coef_ + self.intercept_
        return line


def _medians(known: Floats) -> Floats:
    """Median of each column without its blanks, none of them all blank; many times faster than numpy's nanmedian.

    >>> _medians(np.array([[3.0, np.nan], [1.0, 5.0], [2.0, 8.0]])).tolist()
    [2.0, 6.5]
    """
    ordered = np.sort(known.T, axis=1)  # blanks come last
    counts = (~np.isnan(ordered)).sum(axis=1)
    rows = np.arange(len(counts))
    middle: Floats = (ordered[rows, (counts - 1) // 2] + ordered[rows, counts // 2]) / 2
    return middle


LEAF = 15
"""Rows in a leaf of the trees at least; of fewer than two leaves' rows they learn nothing."""


class BoostedTrees(HistGradientBoostingRegressor):  # type: ignore[misc]
    """Gradient boosted trees that bear columns without any value: they are never asked (scikit-learn 1.9 breaks)."""

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> Self:
        """X: (rows, columns) with NaN for blanks; y: finite."""
        empty = np.isnan(X).all(axis=0)
        super().fit(np.where(empty, 0.0, X) if empty.any() else X, y, sample_weight)
        return self


def boosted(rounds: int) -> Any:
    """Boosted trees without chance: no early stopping, no sampling."""
    return BoostedTrees(
        max_iter=rounds, learning_rate=0.1, max_leaf_nodes=12, min_samples_leaf=LEAF, l2_regularization=1.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip
