"""Channel c, rare combinations: two detectors of different kinds, neither of which knows what a field means."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri
from sklearn.base import BaseEstimator
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors

from povkit.anomalies.encode import FieldEncoder
from povkit.anomalies.fields import Field, Part
from povkit.anomalies.folds import Labels

Floats = npt.NDArray[np.float64]


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

    def __init__(self, fields: tuple[Field, ...] = (), trees: int = 300, rows: int = 256, seed: int = 0) -> None:
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
        self.unit_ = expected_depth(min(self.rows, len(X)))
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
        return float(max(n - 1, 1))
    return float(2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n)


class RareNeighbours(BaseEstimator):  # type: ignore[misc]
    """How far a household's nearest likes are: mean squared distance to the k nearest (Ramaswamy, Rastogi & Shim 2000).

    Every field is brought to normal scores (of its ranks) first, so that none outweighs the others; blanks lie in the
    middle. Compared are at most `rows_max` households, drawn with the seed. Squared distances add up over fields.
    Learned: `encoder_`, `grids_` (sorted values by field), `reference_`, `index_`.

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
        self, fields: tuple[Field, ...] = (), neighbours: int = 10, rows_max: int = 5000, seed: int = 0
    ) -> None:
        self.fields = fields
        self.neighbours = neighbours
        self.rows_max = rows_max
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None, groups: Labels | None = None) -> Self:
        """X: one row a household with the fields' columns; groups are of no use here."""
        self.encoder_ = FieldEncoder(combined(self.fields)).fit(X)
        matrix = self.encoder_.transform(X)
        self.grids_ = [np.sort(column[np.isfinite(column)]) for column in matrix.T]
        scores = self.normal_scores(X)
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

    def normal_scores(self, X: pd.DataFrame) -> Floats:
        """Each field's rank among those learned, as a normal score; ties share the middle of theirs; blank is 0."""
        matrix = self.encoder_.transform(X)
        out = np.zeros_like(matrix)
        for place, grid in enumerate(self.grids_):
            if not len(grid):
                continue
            low, high = (np.searchsorted(grid, matrix[:, place], side=side) for side in ("left", "right"))
            share = ((low + high) / 2 + 0.5) / (len(grid) + 1)
            out[:, place] = np.where(np.isfinite(matrix[:, place]), ndtri(np.clip(share, 1e-6, 1 - 1e-6)), 0.0)
        return out

    def parts(self, X: pd.DataFrame) -> Floats:
        """What each field adds to the mean squared distance, shape (rows, fields)."""
        scores = self.normal_scores(X)
        _, near = self.index_.kneighbors(scores)
        parts = np.zeros_like(scores)
        for column in near.T:
            parts += (scores - self.reference_[column]) ** 2
        mean: Floats = parts / near.shape[1]
        return mean

    def score_samples(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Minus the mean squared distance: the lower, the stranger (scikit-learn's sign)."""
        distance, _ = self.index_.kneighbors(self.normal_scores(X))
        return -np.asarray((distance**2).mean(axis=1), dtype=np.float64)
