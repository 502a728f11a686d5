"""Channel a, income plausibility: does the reported income fit what the household has?"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from povkit.anomalies.encode import FieldEncoder
from povkit.anomalies.fields import Field, Part
from povkit.anomalies.folds import Labels, assign, fit_folds, folds_of, own_order, predict_folds
from povkit.anomalies.regress import boosted, robust_scale

Floats = npt.NDArray[np.float64]

LEAST_SHARE = 0.02
"""Incomes below this share of the median are taken as that much: their logs would outweigh all others."""


class IncomePlausibility(BaseEstimator):  # type: ignore[misc]
    """Residual of log income per head on what the household has, in robust deviations, left-official-out.

    Conditional anomaly detection (Song, Wu, Jermaine & Ranka 2007, IEEE TKDE 19:631) with a proxy-means regression:
    gradient boosted trees, cross-fitted so that the model that judges a household saw no household of its group.
    fields: those of part TARGET and HAS are used. folds, rounds (trees a model), rows_max (rows a model is fitted on),
    seed (which groups share a fold, which rows are drawn).
    Learned: `encoder_`, `models_` (one a fold), `fold_of_` (fold of each group), `scale_`, `centre_`, `floor_`.

    >>> from povkit.anomalies.fields import Field, Kind, Part
    >>> rng = np.random.default_rng(0)
    >>> land = rng.uniform(1, 20, 400)
    >>> frame = pd.DataFrame({"land": land, "income": 500 * land * rng.lognormal(0, 0.2, 400)})
    >>> frame.loc[7, "income"] = 90_000
    >>> fields = (Field("income", Kind.AMOUNT, Part.TARGET, "", ""), Field("land", Kind.AMOUNT, Part.HAS, "", ""))
    >>> int(IncomePlausibility(fields).fit(frame).score_samples(frame).argmin())
    7
    """

    def __init__(
        self, fields: tuple[Field, ...] = (), folds: int = 4, rounds: int = 60, rows_max: int = 4000, seed: int = 0
    ) -> None:
        self.fields = fields
        self.folds = folds
        self.rounds = rounds
        self.rows_max = rows_max
        self.seed = seed

    @property
    def target(self) -> Field | None:
        """The field that is explained; None if there is none."""
        return next((field for field in self.fields if field.part is Part.TARGET), None)

    @property
    def explaining(self) -> tuple[Field, ...]:
        """The fields that explain it."""
        return tuple(field for field in self.fields if field.part is Part.HAS)

    def fit(self, X: pd.DataFrame, y: Any = None, groups: Labels | None = None) -> Self:
        """X: one row a household with the fields' columns; groups: official of each row (default: each row its own)."""
        amounts = X[self._target().column].to_numpy(np.float64, na_value=np.nan)
        positive = amounts[amounts > 0]
        self.floor_ = LEAST_SHARE * float(np.median(positive)) if len(positive) else 1.0
        self.encoder_ = FieldEncoder(self.explaining).fit(X)
        matrix, log = self.encoder_.transform(X), self.log_income(X)
        labels = np.arange(len(X)) if groups is None else groups
        if groups is None:
            order = np.lexsort((*matrix.T, log))
            labels = np.empty(len(X), dtype=np.int64)
            labels[order] = np.arange(len(X))
        self.fold_of_ = assign(labels, self.folds, self.seed)
        folds = folds_of(self.fold_of_, labels, len(X))
        order = own_order(np.column_stack([matrix, log]), folds)
        bounds = np.nanquantile(log, (0.005, 0.995))
        clipped = np.clip(log, *bounds)
        self.models_ = fit_folds(lambda: boosted(self.rounds), matrix, clipped, folds, order, self.rows_max, self.seed)
        residual = log - predict_folds(self.models_, matrix, folds)
        self.centre_ = float(np.nanmedian(residual))
        self.scale_ = max(robust_scale(residual), 1e-6)
        return self

    def deviations(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Signed residuals in robust deviations; above 0: more income than its means suggest; NaN: blank."""
        deviations: Floats = (self.log_income(X) - self.expected(X, groups)) / self.scale_
        return deviations

    def expected(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Expected log income of each row."""
        folds = folds_of(self.fold_of_, groups, len(X))
        expected: Floats = predict_folds(self.models_, self.encoder_.transform(X), folds) + self.centre_
        return expected

    def score_samples(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Minus the absolute deviation: the lower, the stranger (scikit-learn's sign). A blank income scores 0."""
        scores: Floats = -np.nan_to_num(np.abs(self.deviations(X, groups)), nan=0.0)
        return scores

    def log_income(self, X: pd.DataFrame) -> Floats:
        """Log of the reported income, not below that of `floor_`."""
        amounts = X[self._target().column].to_numpy(np.float64, na_value=np.nan)
        logs: Floats = np.log(np.maximum(amounts, self.floor_))
        return logs

    def _target(self) -> Field:
        if self.target is None:
            raise ValueError("no field of part TARGET among the fields; income plausibility needs one")
        return self.target
