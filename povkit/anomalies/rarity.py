"""Channel c, rare combinations: two detectors of different kinds, neither of which knows what a field means."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors

from povkit.anomalies.encode import FieldEncoder
from povkit.anomalies.fields import Field, Part
from povkit.anomalies.folds import Labels

Floats = npt.NDArray[np.float64]

FURTHEST = 5.0
"""Standard deviations beyond which a field is no stranger to its neighbours."""


def combined(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Fields whose combination is looked at: this year's, without the target that is a sum of some."""
    return tuple(field for field in fields if field.part in (Part.HAS, Part.INCOME))


class RareForest(BaseEstimator):  # type: ignore[misc]
    """How few random cuts set a household apart: Isolation Forest (Liu, Ting & Zhou 2008) over the encoded fields.

    The score is the mean depth itself, in units of the depth expected of `rows` points, since depths add up over trees
    and fields, where 2^-depth does not. Blanks are routed by the trees. trees, rows (a tree), seed.
    Learned: `encoder_`, `forest_`, `unit_`.

    >>> from povkit.anomalies.fields import Field, Kind, Part
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
    >>> frame.loc[7] = [9.0, -9.0]
    >>> fields = tuple(Field(name, Kind.COUNT, Part.HAS, "", "") for name in "ab")
    >>> int(RareForest(fields).fit(frame).score_samples(frame).argmin())
    7
    """

    def __init__(self, fields: tuple[Field, ...] = (), trees: int = 200, rows: int = 256, seed: int = 0) -> None:
        self.fields = fields
        self.trees = trees
        self.rows = rows
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None, groups: Labels | None = None) -> Self:
        """X: one row a household with the fields' columns; groups are of no use here."""
        self.encoder_ = FieldEncoder(combined(self.fields)).fit(X)
        matrix = self.encoder_.transform(X)
        ordered = matrix[np.lexsort(matrix.T)]
        forest = IsolationForest(
            n_estimators=self.trees, max_samples=min(self.rows, len(X)), random_state=self.seed, n_jobs=1
        )
        self.forest_ = forest.fit(ordered)
        self.tables_: dict[str, Any] | None = None  # contributions.of_forest fills it when reasons are asked for
        self.unit_ = max(expected_depth(min(self.rows, len(X))), 1.0)
        return self

    def score_samples(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Mean depth in units of the expected depth: the lower, the stranger (scikit-learn's sign)."""
        scores = self.forest_.score_samples(self.encoder_.transform(X))
        return np.asarray(-np.log2(np.maximum(-scores, 1e-12)), dtype=np.float64)


def expected_depth(n: int) -> float:
    """Mean depth at which one of n points is alone in a random tree, c(n) of Liu, Ting & Zhou 2008.

    >>> round(expected_depth(256), 2)
    10.24
    """
    if n <= 2:
        return float(max(n - 1, 0))
    return float(2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n)


class RareNeighbours(BaseEstimator):  # type: ignore[misc]
    """How far a household's nearest likes are: mean squared distance to the k nearest (Ramaswamy, Rastogi & Shim 2000).

    Every encoded field is told in standard deviations first, no further than FURTHEST, so that none outweighs the
    others; blanks lie in the middle. Compared are at most `rows_max` households, drawn with the seed. Squared distances
    add up over fields. Learned: `encoder_`, `mean_`, `spread_`, `reference_`, `index_`.

    >>> from povkit.anomalies.fields import Field, Kind, Part
    >>> rng = np.random.default_rng(0)
    >>> a = rng.normal(size=300)
    >>> frame = pd.DataFrame({"a": a, "b": a + rng.normal(0, 0.1, 300)})
    >>> frame.loc[7] = [1.5, -1.5]
    >>> fields = tuple(Field(name, Kind.COUNT, Part.HAS, "", "") for name in "ab")
    >>> int(RareNeighbours(fields).fit(frame).score_samples(frame).argmin())
    7
    """

    def __init__(
        self, fields: tuple[Field, ...] = (), neighbours: int = 10, rows_max: int = 3000, seed: int = 0
    ) -> None:
        self.fields = fields
        self.neighbours = neighbours
        self.rows_max = rows_max
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None, groups: Labels | None = None) -> Self:
        """X: one row a household with the fields' columns; groups are of no use here."""
        self.encoder_ = FieldEncoder(combined(self.fields)).fit(X)
        matrix = self.encoder_.transform(X)
        known = np.isfinite(matrix)
        counts = np.maximum(known.sum(axis=0), 1)
        self.mean_ = np.where(known, matrix, 0.0).sum(axis=0) / counts
        spread = np.sqrt(np.where(known, (matrix - self.mean_) ** 2, 0.0).sum(axis=0) / counts)
        self.spread_ = np.where(spread > 1e-9, spread, np.inf)
        scores = self.standard_scores(X)
        scores = scores[np.lexsort(scores.T)]
        if len(scores) > self.rows_max:
            drawn = np.random.default_rng(self.seed).choice(len(scores), self.rows_max, replace=False)
            scores = scores[np.sort(drawn)]
        self.reference_ = scores
        # one more than asked: the household itself is among the compared, at distance 0
        self.index_ = NearestNeighbors(
            n_neighbors=min(self.neighbours + 1, len(scores)), algorithm="brute", n_jobs=1
        ).fit(scores)
        return self

    def standard_scores(self, X: pd.DataFrame) -> Floats:
        """Each field in standard deviations from its mean, no further than FURTHEST; blank is 0."""
        scores = (self.encoder_.transform(X) - self.mean_) / self.spread_
        held: Floats = np.nan_to_num(np.clip(scores, -FURTHEST, FURTHEST), nan=0.0)
        return held

    def parts(self, X: pd.DataFrame) -> Floats:
        """What each field adds to the mean squared distance, shape (rows, fields)."""
        scores = self.standard_scores(X)
        _, near = self.index_.kneighbors(scores)
        parts = np.zeros_like(scores)
        for column in near.T:
            parts += (scores - self.reference_[column]) ** 2
        mean: Floats = parts / near.shape[1]
        return mean

    def score_samples(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Minus the mean squared distance: the lower, the stranger (scikit-learn's sign)."""
        distance, _ = self.index_.kneighbors(self.standard_scores(X))
        return -np.asarray((distance**2).mean(axis=1), dtype=np.float64)
