"""Chances of counts and intervals of shares that several patterns use."""

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Floats = npt.NDArray[np.float64]
LEVEL = 0.95
"""Coverage of every interval that patterns print."""
NORMAL = float(stats.norm.ppf(0.5 + LEVEL / 2))
"""Standard errors to either side of it."""
STEPS = 10
"""Weights of a weighted count are rounded to this many steps, so that its p can be summed exactly."""


def poisson_binomial_tail(hits: int, chances: npt.ArrayLike) -> float:
    """P(at least `hits` of independent events with these chances happen), exactly.

    >>> round(poisson_binomial_tail(2, [0.5, 0.5, 0.5]), 6)
    0.5
    """
    spread = np.ones(1)
    for chance in np.asarray(chances, dtype=float):
        spread = np.convolve(spread, [1 - chance, chance])
    return float(min(1.0, spread[max(hits, 0) :].sum()))


def weighted_tail(hit: npt.ArrayLike, chances: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """P(independent events with these chances weigh as much as those that happened, or more), exactly.

    hit: whether each happened. Weights are positive and rounded to `STEPS` steps of the heaviest, which keeps p exact.

    >>> round(weighted_tail([True, False], [0.5, 0.1], [1.0, 2.0]), 6)
    0.55
    """
    heavy = np.asarray(weights, dtype=float)
    steps = np.maximum(1, np.rint(STEPS * heavy / heavy.max())).astype(int)
    spread = np.zeros(int(steps.sum()) + 1)
    spread[0], end = 1.0, 1
    for chance, step in zip(np.asarray(chances, dtype=float), steps, strict=True):
        moved = chance * spread[:end]
        spread[:end] *= 1 - chance
        spread[step : end + step] += moved
        end += step
    return float(min(1.0, spread[int(steps[np.asarray(hit, dtype=bool)].sum()) :].sum()))


def telling(chances: npt.ArrayLike, share: float) -> Floats:
    """Weights of events that happen with these chances, where else a share of them happens by design: the log of how
    much likelier that makes each (Neyman & Pearson 1933)."""
    return np.log1p(share / (1 - share) / np.asarray(chances, dtype=float))


def beyond(hits: float, n: float, usual: float) -> tuple[float, float, float]:
    """Share of n that is so by design where a share `usual` is so by chance (Abbott 1925), with its 95 % interval.

    >>> [round(each, 3) for each in beyond(10, 10, 0.5)]
    [1.0, 0.445, 1.0]
    """
    share, *ends = ((each - usual) / (1 - usual) for each in (hits / n, *wilson(hits, n)))
    return float(share), float(ends[0]), float(ends[1])


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Interval of a share (Wilson 1927), as fractions.

    >>> [round(bound, 4) for bound in wilson(10, 10)]
    [0.7225, 1.0]
    """
    if n <= 0:
        return 0.0, 1.0
    z = NORMAL
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def poisson_interval(count: float) -> tuple[float, float]:
    """Exact interval of a Poisson mean (Garwood 1936)."""
    tail = (1 - LEVEL) / 2
    low = float(stats.chi2.ppf(tail, 2 * count) / 2) if count > 0 else 0.0
    return low, float(stats.chi2.isf(tail, 2 * count + 2) / 2)


def equal_chance(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """P(two independent Poisson counts are equal, given that they are not both 0), at the means that make it greatest.

    With a + b fixed, equality is likeliest when both means are (a + b) / 2; that is the chance given, whatever the
    shares. With t = a + b: (exp(-t) I0(t) - exp(-t)) / (1 - exp(-t)), I0 the modified Bessel function (Skellam 1946).
    """
    total = np.asarray(a, dtype=float) + np.asarray(b, dtype=float)
    nothing = np.exp(-total)
    return np.asarray((special.i0e(total) - nothing) / (1 - nothing), dtype=float)


def hit_chance(n: npt.ArrayLike, k: npt.ArrayLike, target: npt.ArrayLike) -> Floats:
    """P(a binomial count over n with the observed share k/n falls exactly on `target`) (Kobak et al. 2016)."""
    sizes, counts = np.asarray(n, dtype=float), np.asarray(k, dtype=float)
    return np.asarray(stats.binom.pmf(np.asarray(target, dtype=float), sizes, counts / sizes), dtype=float)
