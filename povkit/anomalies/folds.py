"""Cross-fitting: nobody is judged by a model that saw his own official's households."""

from collections.abc import Callable
from typing import Any, Protocol
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]


class Predicts(Protocol):
    """A fitted model."""

    def predict(self, X: Floats) -> Floats:
        """Prediction for each row."""


def assign(groups: Labels, folds: int, seed: int) -> dict[Any, int]:
    """Fold of each group: shuffled by the seed, then each to the fold with fewest rows. Row order does not matter.

    >>> assign(np.array(["a", "b", "b", "c"]), 2, 0) == assign(np.array(["c", "b", "a", "b"]), 2, 0)
    True
    """
    labels, counts = np.unique(groups.astype(str), return_counts=True)
    filled = np.zeros(folds, dtype=np.int64)
    fold_of: dict[Any, int] = {}
    for place in np.random.default_rng([seed, folds]).permutation(len(labels)):
        fold = int(np.argmin(filled))
        fold_of[labels[place]] = fold
        filled[fold] += counts[place]
    return fold_of


def folds_of(fold_of: dict[Any, int], groups: Labels | None, n: int) -> npt.NDArray[np.int64]:
    """Fold of each row; -1 where there are no groups. A group that no model saw has a fold by its name."""
    if groups is None:
        return np.full(n, -1)
    count = max(fold_of.values(), default=0) + 1
    labels, inverse = np.unique(groups.astype(str), return_inverse=True)
    folds = [fold_of.get(label, crc32(label.encode()) % count) for label in labels]
    return np.array(folds, dtype=np.int64)[inverse]


def own_order(X: Floats, folds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """An order of the rows by their content, so that the order they came in does not matter to what is fitted."""
    return np.lexsort((*X.T, folds))


def fit_folds(
    make: Callable[[], Any],
    X: Floats,
    y: Floats,
    folds: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    rows_max: int,
    seed: int,
) -> list[Any]:
    """One model a fold, fitted on the rows of the other folds whose y is known; at most `rows_max` of them, drawn.

    Rows are taken in `order`. Where all belong to one fold (a single official), it learns from its own.
    """
    order = order[np.isfinite(y[order])]
    models = []
    for fold in range(int(folds.max()) + 1):
        others = order[folds[order] != fold]
        rows = others if len(others) else order
        if len(rows) > rows_max:
            drawn = np.random.default_rng([seed, fold]).choice(len(rows), rows_max, replace=False)
            rows = rows[np.sort(drawn)]
        models.append(make().fit(X[rows], y[rows]))
    return models


def predict_folds(models: list[Any], X: Floats, folds: npt.NDArray[np.int64]) -> Floats:
    """Prediction for each row by the model of its fold; by the mean of all models where the fold is -1.

    A model may predict several numbers a row; then so does this.
    """
    parts = [(folds == fold, [model]) for fold, model in enumerate(models)] + [(folds < 0, models)]
    out = None
    for own, judges in parts:
        if own.any():
            predicted = np.mean([model.predict(X[own]) for model in judges], axis=0)
            out = np.zeros((len(X), *predicted.shape[1:])) if out is None else out
            out[own] = predicted
    return np.zeros(len(X)) if out is None else out
