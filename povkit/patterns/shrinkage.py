"""What is ordinary among peers: robust empirical-Bayes nulls for shares, counts and means.

Units differ in their true rates, so that binomial or Poisson tails call honest units strange. The spread of the true
rates is learned from the units themselves. Two cares are taken: the strangest units are set aside first and taken back
only as far as they are ordinary, so that a strange unit does not widen the null that judges it; and since few units
tell the spread badly, tails are averaged over the spreads that the likelihood leaves possible (flat over their standard
deviation), with the mean fitted at each (Carlin & Gelfand 1990, JASA 85:105).
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from povkit.patterns.nulls import RANGE, Care, Floats, Model, Null, fit_null, profile, rows_of
from povkit.patterns.tails import beta_binomial_tails


def beta_binomial_null(k: npt.ArrayLike, n: npt.ArrayLike, care: Care) -> Null:
    """Null for k of n: each unit's true share is drawn from one beta distribution. Units with n = 0 get p = 1."""
    rows, (counts, sizes) = rows_of(k, n)

    def shape(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
        total = np.maximum((1 / mean - 1) / spread**2 - 1, 1e-3)
        return mean * total, (1 - mean) * total

    def loglik(mean: Floats, spread: Floats, weights: Floats) -> Floats:
        a, b = shape(mean, spread)
        each = special.betaln(counts + a, sizes - counts + b) - special.betaln(a, b)
        return np.asarray(each @ weights)[:, None]

    def tails(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
        a, b = shape(mean, spread)
        return beta_binomial_tails(counts, sizes, a[:, 0], b[:, 0])

    def shrunk(mean: Floats, spread: Floats) -> Floats:
        a, b = shape(mean, spread)
        return np.asarray((a + counts) / (a + b + sizes))

    best = profile(counts, sizes, loglik, most=1 - 1e-6)
    whole = (sizes > 0)[rows]
    return fit_null(Model(rows, whole, RANGE, best, tails, shrunk, lambda mean, spread: mean * spread), care)


def gamma_poisson_null(k: npt.ArrayLike, exposure: npt.ArrayLike, care: Care) -> Null:
    """Null for counts against exposures (expected counts, people, households): true rates drawn from one gamma.

    Units with exposure 0 get p = 1 where the count is 0.
    """
    rows, (counts, sizes) = rows_of(k, exposure)

    def loglik(mean: Floats, spread: Floats, weights: Floats) -> Floats:
        a = 1 / spread**2
        b = a / mean
        terms = a * np.log(b / (b + sizes)) + special.xlogy(counts, sizes / (b + sizes))
        return np.asarray((terms + special.gammaln(counts + a) - special.gammaln(a)) @ weights)[:, None]

    def tails(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
        a = 1 / spread**2
        success = a / mean / (a / mean + sizes)
        upper = special.betainc(np.maximum(counts, 1.0), a, sizes / (a / mean + sizes))
        return np.where(counts > 0, upper, 1.0), special.betainc(a, counts + 1, success)

    def shrunk(mean: Floats, spread: Floats) -> Floats:
        a = 1 / spread**2
        return np.asarray((a + counts) / (a / mean + sizes))

    best = profile(counts, sizes, loglik, most=np.inf)
    whole = (sizes > 0)[rows]
    return fit_null(Model(rows, whole, RANGE, best, tails, shrunk, lambda mean, spread: mean * spread), care)


def normal_null(x: npt.ArrayLike, variance: npt.ArrayLike, care: Care, freedom: npt.ArrayLike = np.inf) -> Null:
    """Null for estimates x with their sampling variances: true values drawn from one normal distribution.

    freedom: degrees of freedom of the variances where they are estimates (Student's t tails). NaN stands for a unit
    that has no estimate: it is not fitted and its p is NaN.
    """
    values, noise = np.asarray(x, dtype=float), np.asarray(variance, dtype=float)
    degrees = np.broadcast_to(np.asarray(freedom, dtype=float), values.shape)
    whole = np.isfinite(values) & np.isfinite(noise)
    known, error = np.where(whole, values, 0.0), np.where(whole, noise, 1.0)
    blank = np.where(whole, 0.0, np.nan)

    def best(spreads: Floats, weights: Floats, near: Floats | None) -> tuple[Floats, Floats]:  # noqa: ARG001
        total = spreads**2 + error
        mean = ((known / total) @ weights / ((1 / total) @ weights))[:, None]
        return mean, -0.5 * ((np.log(total) + (known - mean) ** 2 / total) @ weights)[:, None]

    def tails(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
        z = (known - mean) / np.sqrt(spread**2 + error)
        if np.isinf(degrees).all():
            return special.ndtr(-z) + blank, special.ndtr(z) + blank
        return special.stdtr(degrees, -z) + blank, special.stdtr(degrees, z) + blank

    def shrunk(mean: Floats, spread: Floats) -> Floats:
        weight = spread**2 / (spread**2 + error)
        return np.asarray(mean + weight * (known - mean) + blank)

    scale = max(float(np.sqrt(np.median(noise[whole]))), float(np.std(values[whole]))) if whole.any() else 1.0
    spreads = RANGE[0] * scale, RANGE[1] * scale
    rows = np.arange(len(values))
    return fit_null(Model(rows, whole, spreads, best, tails, shrunk, lambda _, spread: spread), care)


def variance_null(variance: npt.ArrayLike, freedom: npt.ArrayLike, care: Care) -> Null:
    """Null for sample variances with their degrees of freedom: true variances drawn from one inverse-gamma.

    A variance over the peers' scale then follows an F distribution (Smyth 2004, SAGMB 3:3). NaN stands for a unit
    without one. `shrunk` and `centre` are variances.
    """
    values, degrees = np.asarray(variance, dtype=float), np.asarray(freedom, dtype=float)
    whole = np.isfinite(values) & (values > 0) & (degrees > 0)
    known, own = np.where(whole, values, 1.0), np.where(whole, degrees, 1.0)
    blank = np.where(whole, 0.0, np.nan)

    def loglik(scale: Floats, spread: Floats, weights: Floats) -> Floats:
        peers = prior_freedom(spread)
        terms = peers / 2 * np.log(peers * scale) - (own + peers) / 2 * np.log(peers * scale + own * known)
        by_freedom = np.bincount(where, weights)
        constant = special.betaln(distinct / 2, peers / 2) @ by_freedom
        return np.asarray(terms @ weights - constant)[:, None]

    def tails(scale: Floats, spread: Floats) -> tuple[Floats, Floats]:
        peers, ratio = prior_freedom(spread), known / scale
        return special.fdtrc(own, peers, ratio) + blank, special.fdtr(own, peers, ratio) + blank

    def shrunk(scale: Floats, spread: Floats) -> Floats:
        peers = prior_freedom(spread)
        return np.asarray((peers * scale + own * known) / (peers + own) + blank)

    distinct, where = np.unique(own, return_inverse=True)
    best = profile(np.where(whole, known * own, 0.0), np.where(whole, own, 0.0), loglik, most=np.inf)
    rows = np.arange(len(values))
    return fit_null(Model(rows, whole, RANGE, best, tails, shrunk, lambda scale, spread: scale * spread), care)


def prior_freedom(spread: Floats | float) -> Floats:
    """Degrees of freedom that peers are worth, whose true variances spread so far (standard deviation over mean)."""
    return np.asarray(4 + 2 / np.asarray(spread) ** 2)
