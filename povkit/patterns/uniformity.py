"""Does a count vary less between places than chance alone would make it?

D = sum (k_i - n_i p)^2 / (n_i p (1 - p)), p = sum k / sum n; small D is strange (Fisher 1936 on Mendel; Cochran 1954).
Counts are small, so the chance of a D this small is drawn, not looked up: whole households are dealt to the places
(multivariate hypergeometric), and people come with their households. True differences of need only make D larger.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from povkit.patterns.counting import LEVEL

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
CELLS = 200_000
"""Drawn counts held in memory at a time."""
TRIES = 60
"""Redraws of a count that fell outside its window, before the nearest bound is taken."""
SEARCH_DRAWS, SEARCH_STEPS = 200, 20


@dataclass(frozen=True)
class Uniformity:
    """ratio: D over what chance gives (1 = as chance, 0 = all alike) with low and high; p: of a D this small."""

    dispersion: float
    ratio: float
    low: float
    high: float
    p: float


def dispersion(k: Floats, n: Floats) -> Floats:
    """D over the last axis. Places with the same share give 0; if all or nobody counts, D is 0."""
    share = k.sum(axis=-1, keepdims=True) / n.sum()
    variance = n * share * (1 - share)
    parts = np.divide((k - n * share) ** 2, variance, out=np.zeros_like(k + variance), where=variance > 0)
    return np.asarray(parts.sum(axis=-1))


def households_uniform(k: npt.ArrayLike, n: npt.ArrayLike, rng: np.random.Generator, draws: int) -> Uniformity:
    """Test of k households among n in each place: all allotments of sum k households are equally likely."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    deal = _dealer(sizes.astype(int), int(counts.sum()), rng)
    return _judge(counts, sizes, deal, draws)


def people_uniform(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    household_sizes: npt.ArrayLike,
    rng: np.random.Generator,
    draws: int,
    window: tuple[float, float] = (0.0, 1.0),
) -> Uniformity:
    """Test of k people among n in each place, people coming in households of the sizes given.

    household_sizes: sizes of the register's poor households, drawn from with replacement. window: bounds of the share
    by which the places were chosen (low <= share < high), for example those that may exit; places are then drawn one
    by one within it, around the rate that gives the observed mean, moved towards the bound by what chance allows (a
    rate nearer to the bound makes places more alike, so that the test errs on the quiet side), at most to the bound.
    """
    counts, people = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    sizes, weights = np.unique(np.asarray(household_sizes, dtype=float), return_counts=True)
    weights = weights / weights.sum()
    colours = np.maximum(1, np.rint(people / (sizes @ weights))).astype(int)

    def fill(households: Counts) -> Floats:
        return np.asarray(rng.multinomial(households, weights) @ sizes)

    if window == (0.0, 1.0):
        whole = _dealer(colours, min(int(colours.sum()), round(float(counts.sum() / (sizes @ weights)))), rng)
        return _judge(counts, people, lambda times: fill(whole(times)), draws)

    def within(times: int, rate: float) -> Floats:
        drawn = fill(rng.binomial(colours, rate, (times, len(colours))))
        for _ in range(TRIES):
            out = np.nonzero(~_inside(drawn / people, window))
            if not len(out[0]):
                return drawn
            drawn[out] = fill(rng.binomial(colours[out[1]], rate))
        return np.asarray(np.clip(drawn, window[0] * people, window[1] * people))

    observed = float(counts.sum() / people.sum())
    error = np.sqrt((weights @ sizes**2) / (sizes @ weights) * observed * (1 - observed) / people.sum())
    towards = observed + (1 if window[1] < 1 else -1) * float(stats.norm.ppf(LEVEL)) * float(error)
    rate = _rate_for(towards, within, people, window)
    return _judge(counts, people, lambda times: within(times, rate), draws)


def _dealer(colours: Counts, total: int, rng: np.random.Generator) -> Callable[[int], Counts]:
    """Deals `total` households to places that hold `colours` of them, so many times."""
    return lambda times: rng.multivariate_hypergeometric(colours, total, size=times, method="marginals")


def _inside(share: Floats, window: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return np.asarray((share >= window[0]) & (share < window[1]))


def _rate_for(
    observed: float, within: Callable[[int, float], Floats], people: Floats, window: tuple[float, float]
) -> float:
    """The rate whose counts within the window have the observed mean; not beyond the bound that cut them off."""
    low, high = (1e-6, window[1]) if window[1] < 1 else (max(window[0], 1e-6), 1 - 1e-6)
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        if float(within(SEARCH_DRAWS, middle).sum() / (SEARCH_DRAWS * people.sum())) < observed:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _judge(counts: Floats, sizes: Floats, deal: Callable[[int], Floats | Counts], draws: int) -> Uniformity:
    seen = float(dispersion(counts, sizes))
    step = max(1, CELLS // len(counts))
    drawn = np.concatenate(
        [dispersion(np.asarray(deal(min(step, draws - done)), dtype=float), sizes) for done in range(0, draws, step)]
    )
    p = float((1 + (drawn <= seen + 1e-9).sum()) / (draws + 1))
    usual = float(drawn.mean()) or 1.0
    freedom = len(counts) - 1
    tail = (1 - LEVEL) / 2
    bounds = [seen / usual * freedom / float(stats.chi2.ppf(1 - each, freedom)) for each in (tail, 1 - tail)]
    return Uniformity(seen, seen / usual, bounds[0], bounds[1], p)
