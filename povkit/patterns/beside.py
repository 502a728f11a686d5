"""What is ordinary beside another share of the same place: a null for k of n where the place's own odds are known.

Places differ, and what makes one share high makes the other high too. Where the other share is known, the odds of the
first are `ratio` times the odds of the other, with places spread around that (a beta-binomial regression with the log
odds as offset; Williams 1982, Appl. Stat. 31:144). Ratio and spread are learned from the places, robustly.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from povkit.patterns.nulls import RANGE, Care, Floats, Model, Null, fit_null, profile, rows_of
from povkit.patterns.tails import CELLS


def beside_null(k: npt.ArrayLike, n: npt.ArrayLike, odds: npt.ArrayLike, care: Care) -> Null:
    """Null for k of n in places where `odds` (positive) of the other share are known. Units with n = 0 get p = 1.

    `centre` is the ratio of the odds; `shrunk` the share drawn towards what the place's odds lead one to expect.
    """
    rows, (counts, sizes, others) = rows_of(k, n, odds)

    def shape(ratio: Floats, spread: Floats) -> tuple[Floats, Floats]:
        share = ratio * others / (1 + ratio * others)
        return share / spread**2, (1 - share) / spread**2

    def loglik(ratio: Floats, spread: Floats, weights: Floats) -> Floats:
        a, b = shape(ratio, spread)
        return np.asarray((special.betaln(counts + a, sizes - counts + b) - special.betaln(a, b)) @ weights)[:, None]

    def tails(ratio: Floats, spread: Floats) -> tuple[Floats, Floats]:
        return unlike_tails(counts, sizes, *shape(ratio, spread))

    def shrunk(ratio: Floats, spread: Floats) -> Floats:
        a, b = shape(ratio, spread)
        return np.asarray((a + counts) / (a + b + sizes))

    best = profile(counts, (sizes - counts) * others, loglik, most=np.inf)
    whole = (sizes > 0)[rows]
    return fit_null(Model(rows, whole, RANGE, best, tails, shrunk, lambda _, spread: spread), care)


def odds_of(k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """Odds of k of n by place, with one more household drawn like the county's, so that none is nought or endless."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    share = (counts.sum() + 0.5) / (sizes.sum() + 1)
    return np.asarray((counts + share) / (sizes - counts + 1 - share))


def unlike_tails(k: Floats, n: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """P(at least k of n) and P(at most k of n) by unit (columns), shares drawn from beta distributions.

    a, b: of each unit, a row for every null that is tried.

    >>> [tail.round(6).tolist() for tail in unlike_tails(*(np.array([x]) for x in (2.0, 2.0, [1.0], [1.0])))]
    [[[0.333333]], [[1.0]]]
    """
    upper, lower = np.ones(a.shape), np.ones(a.shape)
    step = max(1, CELLS // (len(a) * int(n.max(initial=0) + 1)))
    for start in range(0, len(n), step):
        part = slice(start, start + step)
        size, count = n[part, None], k[part, None]
        j = np.minimum(np.arange(int(size.max()) + 1), size)
        ways = special.gammaln(size + 1) - special.gammaln(j + 1) - special.gammaln(size - j + 1)
        one, other = a[:, part, None], b[:, part, None]
        logs = ways + special.betaln(one + j, other + size - j) - special.betaln(one, other)
        place = np.arange(j.shape[1])
        chance = np.where(place <= size, np.exp(logs), 0.0)
        total = chance.sum(axis=2)
        upper[:, part] = np.minimum(1.0, np.where(place >= count, chance, 0.0).sum(axis=2) / total)
        lower[:, part] = np.minimum(1.0, np.where(place <= count, chance, 0.0).sum(axis=2) / total)
    return upper, lower
