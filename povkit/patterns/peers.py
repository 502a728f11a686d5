"""Tails among peers when what is counted is rare.

A robust null sets the strangest units aside. Where the thing counted is so rare that most units have none of it, that
may leave noughts alone, and a single case looks strange; the binomial tail at the rate of all the others does not.
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

from povkit.patterns.shrinkage import Null

Floats = npt.NDArray[np.float64]


def others_share(k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """Share among all the other units together, by unit; 0 where there are none.

    >>> others_share([1, 3], [4, 4]).tolist()
    [0.75, 0.25]
    """
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    rest = sizes.sum() - sizes
    return np.asarray(np.divide(counts.sum() - counts, rest, out=np.zeros(len(rest)), where=rest > 0))


def upper_tail(null: Null, k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """The greater of the null's upper tail and the binomial tail at the share of all the others."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    return np.asarray(np.maximum(null.upper, stats.binom.sf(counts - 1, sizes, others_share(counts, sizes))))
