"""Tails of the beta-binomial distribution for many units and many shapes at once."""

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
CELLS = 2_000_000
"""Probabilities held in memory at a time."""


def beta_binomial_tails(
    k: npt.ArrayLike, n: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """P(at least k of n) and P(at most k of n) by unit, the shares being drawn from Beta(a, b).

    k, n: by unit. a, b: numbers, or one of each a shape; then the tails have a row a shape and a column a unit.

    >>> [round(float(tail[0]), 6) for tail in beta_binomial_tails([2], [2], 1.0, 1.0)]
    [0.333333, 1.0]
    """
    counts, sizes = (np.rint(np.asarray(each, dtype=float)).astype(np.int64) for each in (k, n))
    shapes = [np.atleast_1d(np.asarray(each, dtype=float)) for each in (a, b)]
    upper = np.ones((len(shapes[0]), len(sizes)))
    lower = upper.copy()
    order = np.argsort(sizes, kind="stable")
    done = 0
    while done < len(order):
        cells = len(shapes[0]) * np.arange(1, len(order) - done + 1) * (sizes[order[done:]] + 1)
        part = order[done : done + max(1, int(np.searchsorted(cells, CELLS, side="right")))]
        upper[:, part], lower[:, part] = _tails(counts[part], sizes[part], *shapes)
        done += len(part)
    return (upper[0], lower[0]) if np.ndim(a) == 0 else (upper, lower)


def _tails(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64], a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Shapes by units. Logarithms of factorials and of rising products come from tables over 0..max n."""
    j = np.arange(int(n.max(initial=0)) + 1)
    rest = n[:, None] - j
    inside = rest >= 0
    rest = np.maximum(rest, 0)
    factorial = special.gammaln(j + 1.0)
    chosen = factorial[n][:, None] - factorial[j] - factorial[rest]
    rising = [special.gammaln(each[:, None] + j) - special.gammaln(each)[:, None] for each in (a, b, a + b)]
    logs = chosen + rising[0][:, None, :] + rising[1][:, rest] - rising[2][:, n][:, :, None]
    chance = np.where(inside, np.exp(logs), 0.0)
    at = np.broadcast_to(k[None, :, None], (len(a), len(k), 1))
    at_most = np.cumsum(chance, axis=2)
    at_least = np.cumsum(chance[:, :, ::-1], axis=2)[:, :, ::-1]
    total = at_most[:, :, -1]
    tails = (np.take_along_axis(each, at, axis=2)[:, :, 0] / total for each in (at_least, at_most))
    upper, lower = (np.minimum(each, 1.0) for each in tails)
    return upper, lower
