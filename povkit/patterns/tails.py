"""Tails of the beta-binomial distribution for many units at once."""

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
CELLS = 2_000_000
"""Probabilities held in memory at a time."""


def beta_binomial_tails(k: npt.ArrayLike, n: npt.ArrayLike, a: float, b: float) -> tuple[Floats, Floats]:
    """P(at least k of n) and P(at most k of n) by unit, the shares being drawn from Beta(a, b).

    Equal units are worked out once; probabilities follow from each other by their ratio
    P(j + 1) / P(j) = (n - j) (a + j) / ((j + 1) (b + n - j - 1)).

    >>> [round(float(tail[0]), 6) for tail in beta_binomial_tails([2], [2], 1.0, 1.0)]
    [0.333333, 1.0]
    """
    pairs = np.column_stack([np.rint(np.asarray(n, dtype=float)), np.rint(np.asarray(k, dtype=float))]).astype(np.int64)
    unique, where = np.unique(pairs, axis=0, return_inverse=True)
    upper, lower = np.ones(len(unique)), np.ones(len(unique))
    done = 0
    while done < len(unique):
        sizes = unique[done:, 0]
        step = max(1, int(np.searchsorted(np.arange(1, len(sizes) + 1) * (sizes + 1), CELLS, side="right")))
        part = slice(done, done + step)
        upper[part], lower[part] = _tails(unique[part, 1], unique[part, 0], a, b)
        done += step
    return upper[where.ravel()], lower[where.ravel()]


def _tails(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64], a: float, b: float) -> tuple[Floats, Floats]:
    j = np.arange(int(n.max(initial=0)) + 1)
    left = np.maximum(n[:, None] - j[:-1], 0)
    ratio = left * (a + j[:-1]) / ((j[:-1] + 1) * np.maximum(b + left - 1, 1e-300))
    with np.errstate(divide="ignore"):
        steps = np.log(ratio)
    first = special.betaln(a, n + b) - special.betaln(a, b)
    chance = np.exp(np.column_stack([first, first[:, None] + np.cumsum(steps, axis=1)]))
    chance[j[None, :] > n[:, None]] = 0.0
    total = chance.sum(axis=1)
    at_least = np.where(j[None, :] >= k[:, None], chance, 0.0).sum(axis=1)
    at_most = np.where(j[None, :] <= k[:, None], chance, 0.0).sum(axis=1)
    return np.minimum(at_least / total, 1.0), np.minimum(at_most / total, 1.0)
