"""What is ordinary among peers: robust empirical-Bayes nulls for shares, counts and means.

Units differ in their true rates, so that binomial or Poisson tails call honest units strange. The spread of the true
rates is learned from the units themselves. Two cares are taken: the strangest units are set aside first and taken back
only as far as they are ordinary, so that a strange unit does not widen the null that judges it; and since few units
tell the spread badly, tails are averaged over the spreads that the likelihood leaves possible (flat over their standard
deviation), with the mean fitted at each (Carlin & Gelfand 1990, JASA 85:105).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from povkit.patterns.counting import LEVEL
from povkit.patterns.tails import beta_binomial_tails

Floats = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]

ROUNDS = 10
NODES = 12
RANGE = (0.02, 2.0)
"""Standard deviations of true rates thought possible, as a share of the mean (of the greater sd, for means)."""
NEGLIGIBLE = 1e-3
MEAN_RANGE = 3.0
_TAIL = (1 - LEVEL) / 2


@dataclass(frozen=True)
class Care:
    """Settings of the robust fit. aside: share of the units set aside at first (at most so many stay aside).

    readmitted: a unit set aside is taken back if each of its tails is at least this under the fit without it.
    """

    aside: float
    readmitted: float


def care_of(limits: Any) -> Care:
    """The policy's settings."""
    return Care(float(limits.peers_aside_share), float(limits.peers_readmitted_min))


@dataclass(frozen=True)
class Null:
    """A fitted null over units, arrays in the order of the units.

    upper, lower: P(a value this large / small or more so) for a unit like its peers; NaN where there is no value.
    shrunk with low and high: the unit's rate drawn towards its peers', with its 95 % interval. centre: the peers' mean
    rate. spread: standard deviation of the peers' true rates.
    """

    upper: Floats
    lower: Floats
    shrunk: Floats
    low: Floats
    high: Floats
    centre: float
    spread: float

    @property
    def two_sided(self) -> Floats:
        """p for a difference in either direction."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.upper, self.lower)))


@dataclass(frozen=True)
class Model:
    """One family of nulls: how likely the kept units are, and what a unit looks like, at a mean and a spread.

    spreads: least and greatest standard deviation of the true rates thought possible, as a share of the mean (in the
    units' own measure, for means). best: (mean, log likelihood) at a spread. tails: upper and lower. after: shrunk,
    low, high. absolute: the spread in the units' own measure.
    """

    spreads: tuple[float, float]
    best: Callable[[float, Kept], tuple[float, float]]
    tails: Callable[[float, float], tuple[Floats, Floats]]
    after: Callable[[float, float], tuple[Floats, Floats, Floats]]
    absolute: Callable[[float, float], float]


@dataclass(frozen=True)
class Node:
    """A possible null and its weight."""

    mean: float
    spread: float
    weight: float


def beta_binomial_null(k: npt.ArrayLike, n: npt.ArrayLike, care: Care) -> Null:
    """Null for k of n: each unit's true share is drawn from one beta distribution. Units with n = 0 get p = 1."""
    counts, sizes = np.asarray(k, dtype=float), np.asarray(n, dtype=float)

    def shape(mean: float, spread: float) -> tuple[float, float]:
        total = max((1 / mean - 1) / spread**2 - 1, 1e-3)
        return mean * total, (1 - mean) * total

    def loglik(mean: float, spread: float, keep: Kept) -> float:
        a, b = shape(mean, spread)
        x, m = counts[keep], sizes[keep]
        return float((special.betaln(x + a, m - x + b) - special.betaln(a, b)).sum())

    def tails(mean: float, spread: float) -> tuple[Floats, Floats]:
        return beta_binomial_tails(counts, sizes, *shape(mean, spread))

    def after(mean: float, spread: float) -> tuple[Floats, Floats, Floats]:
        a, b = shape(mean, spread)
        true = stats.beta(a + counts, b + sizes - counts)
        return (a + counts) / (a + b + sizes), true.ppf(_TAIL), true.ppf(1 - _TAIL)

    best = _profile(counts, sizes, loglik, most=1 - 1e-6)
    return _null(Model(RANGE, best, tails, after, lambda mean, spread: mean * spread), sizes > 0, care)


def gamma_poisson_null(k: npt.ArrayLike, exposure: npt.ArrayLike, care: Care) -> Null:
    """Null for counts against exposures (expected counts, people, households): true rates drawn from one gamma.

    Units with exposure 0 get p = 1 where the count is 0.
    """
    counts, sizes = np.asarray(k, dtype=float), np.asarray(exposure, dtype=float)

    def loglik(mean: float, spread: float, keep: Kept) -> float:
        a, x, m = 1 / spread**2, counts[keep], sizes[keep]
        b = a / mean
        terms = special.gammaln(x + a) - special.gammaln(a) + a * np.log(b / (b + m)) + x * np.log(m / (b + m))
        return float(terms.sum())

    def tails(mean: float, spread: float) -> tuple[Floats, Floats]:
        a = 1 / spread**2
        drawn = stats.nbinom(a, a / mean / (a / mean + sizes))
        return drawn.sf(counts - 1), drawn.cdf(counts)

    def after(mean: float, spread: float) -> tuple[Floats, Floats, Floats]:
        a = 1 / spread**2
        true = stats.gamma(a + counts, scale=1 / (a / mean + sizes))
        return (a + counts) / (a / mean + sizes), true.ppf(_TAIL), true.ppf(1 - _TAIL)

    best = _profile(counts, sizes, loglik, most=np.inf)
    return _null(Model(RANGE, best, tails, after, lambda mean, spread: mean * spread), sizes > 0, care)


def normal_null(x: npt.ArrayLike, variance: npt.ArrayLike, care: Care) -> Null:
    """Null for estimates x with known sampling variances: true values drawn from one normal distribution.

    NaN stands for a unit that has no estimate: it is not fitted and its p is NaN.
    """
    values, noise = np.asarray(x, dtype=float), np.asarray(variance, dtype=float)
    whole = np.isfinite(values) & np.isfinite(noise)

    def best(spread: float, keep: Kept) -> tuple[float, float]:
        total = spread**2 + noise[keep]
        mean = float((values[keep] / total).sum() / (1 / total).sum())
        return mean, -0.5 * float((np.log(total) + (values[keep] - mean) ** 2 / total).sum())

    def tails(mean: float, spread: float) -> tuple[Floats, Floats]:
        z = (values - mean) / np.sqrt(spread**2 + noise)
        return np.asarray(stats.norm.sf(z)), np.asarray(stats.norm.cdf(z))

    def after(mean: float, spread: float) -> tuple[Floats, Floats, Floats]:
        weight = spread**2 / (spread**2 + noise)
        half = float(stats.norm.isf(_TAIL)) * np.sqrt(weight * noise)
        shrunk = mean + weight * (values - mean)
        return shrunk, shrunk - half, shrunk + half

    scale = max(float(np.sqrt(np.median(noise[whole]))), float(np.std(values[whole]))) if whole.any() else 1.0
    return _null(Model((RANGE[0] * scale, RANGE[1] * scale), best, tails, after, lambda _, spread: spread), whole, care)


def variance_null(variance: npt.ArrayLike, freedom: npt.ArrayLike, care: Care) -> Null:
    """Null for sample variances with their degrees of freedom: true variances drawn from one inverse-gamma.

    A variance over the peers' scale then follows an F distribution (Smyth 2004, SAGMB 3:3). NaN stands for a unit
    without one. `shrunk`, `low`, `high` and `centre` are variances.
    """
    values, degrees = np.asarray(variance, dtype=float), np.asarray(freedom, dtype=float)
    whole = np.isfinite(values) & (values > 0) & (degrees > 0)

    def peers(spread: float) -> float:
        return 4 + 2 / spread**2

    def loglik(scale: float, spread: float, keep: Kept) -> float:
        x = values[keep]
        return float((stats.f.logpdf(x / scale, degrees[keep], peers(spread)) - np.log(scale)).sum())

    def tails(scale: float, spread: float) -> tuple[Floats, Floats]:
        drawn = stats.f(degrees, peers(spread))
        return drawn.sf(values / scale), drawn.cdf(values / scale)

    def after(scale: float, spread: float) -> tuple[Floats, Floats, Floats]:
        total = peers(spread) + degrees
        summed = peers(spread) * scale + degrees * values
        return summed / total, summed / stats.chi2.ppf(1 - _TAIL, total), summed / stats.chi2.ppf(_TAIL, total)

    weighed = np.where(whole, values, 0.0) * degrees
    best = _profile(weighed, np.where(whole, degrees, 0.0), loglik, most=np.inf)
    return _null(Model(RANGE, best, tails, after, lambda scale, spread: scale * spread), whole, care)


def _profile(
    counts: Floats, sizes: Floats, loglik: Callable[[float, float, Kept], float], most: float
) -> Callable[[float, Kept], tuple[float, float]]:
    """Fit the mean at a spread; half a count keeps a county without any case off zero."""

    def best(spread: float, keep: Kept) -> tuple[float, float]:
        start = np.log((counts[keep].sum() + 0.5) / (sizes[keep].sum() + 1.0))
        bounds = (start - MEAN_RANGE, min(start + MEAN_RANGE, np.log(most)))

        def loss(free: float) -> float:
            return -loglik(float(np.exp(free)), spread, keep)

        found = optimize.minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-3})
        return float(np.exp(found.x)), -float(found.fun)

    return best


def _nodes(model: Model, keep: Kept) -> list[Node]:
    """The nulls that the kept units leave possible: over the whole range first, then finer where any weight is."""
    rough = _weighed(model, np.geomspace(*model.spreads, NODES), keep)
    step = (model.spreads[1] / model.spreads[0]) ** (1 / (NODES - 1))
    low, high = (each.spread for each in (rough[0], rough[-1]))
    bounds = max(low / step, model.spreads[0]), min(high * step, model.spreads[1])
    return _weighed(model, np.geomspace(*bounds, NODES), keep)


def _weighed(model: Model, spreads: Floats, keep: Kept) -> list[Node]:
    """Nodes by weight: likelihood times the width of their step in spread. Negligible ones are left out."""
    fitted = [model.best(float(spread), keep) for spread in spreads]
    logs = np.array([log for _, log in fitted]) + np.log(spreads)
    weights = np.exp(logs - logs.max())
    weights = np.where(weights / weights.sum() < NEGLIGIBLE, 0.0, weights)
    parts = zip(fitted, spreads, weights / weights.sum(), strict=True)
    return [Node(mean, float(spread), float(weight)) for (mean, _), spread, weight in parts if weight > 0]


def _mixed(nodes: list[Node], what: Callable[[float, float], tuple[Floats, ...]]) -> list[Floats]:
    parts = [[node.weight * np.asarray(each) for each in what(node.mean, node.spread)] for node in nodes]
    return [np.asarray(np.sum(each, axis=0)) for each in zip(*parts, strict=True)]


def _robust(model: Model, whole: Kept, care: Care) -> list[Node]:
    """Nodes fitted without the strangest units.

    The strangest share is set aside whatever it is, so that it cannot hide itself; from there, every unit that is not
    strange under the fit is taken back and the fit repeated, so that honest extremes count.
    """
    aside_at_most = int(care.aside * whole.sum())
    nodes, keep = _nodes(model, whole), whole
    for turn in range(ROUNDS):
        p = np.where(whole, np.minimum(*_mixed(nodes, model.tails)), np.inf)
        aside = np.argsort(p, kind="stable")[:aside_at_most]
        taken = whole.copy()
        taken[aside if turn == 0 else aside[p[aside] < care.readmitted]] = False
        if (taken == keep).all():
            break
        keep = taken
        nodes = _nodes(model, keep)
    return nodes


def _null(model: Model, whole: Kept, care: Care) -> Null:
    nodes = _robust(model, whole, care) if whole.any() else [Node(0.5, 1.0, 1.0)]
    upper, lower = _mixed(nodes, model.tails)
    shrunk, low, high = _mixed(nodes, model.after)
    centre = sum(node.weight * node.mean for node in nodes)
    spread = sum(node.weight * model.absolute(node.mean, node.spread) for node in nodes)
    return Null(upper, lower, shrunk, low, high, centre, spread)
