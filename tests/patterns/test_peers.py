"""Shares among peers: rare things, the error of what is usual, and spreads made good for what was set aside."""

import numpy as np
import pytest
from scipy import stats

from povkit.patterns.multiplicity import benjamini_hochberg
from povkit.patterns.nulls import Care
from povkit.patterns.peers import excess, two_sided, upper_tail, usual_share
from povkit.patterns.shrinkage import beta_binomial_null, gamma_poisson_null, normal_null, prior_freedom, variance_null
from povkit.patterns.tails import beta_binomial_tails

CARE = Care(aside=0.25, readmitted=0.003)


def test_tails_are_those_of_scipy_for_every_shape():
    k, n = np.array([0, 3, 7, 12]), np.array([5, 10, 7, 300])
    a, b = np.array([0.5, 2.0, 400.0]), np.array([3.0, 9.0, 3600.0])
    upper, lower = beta_binomial_tails(k, n, a, b)
    for row in range(3):
        for i, (hits, of) in enumerate(zip(k, n, strict=True)):
            chance = stats.betabinom.pmf(np.arange(of + 1), of, a[row], b[row])
            assert upper[row, i] == pytest.approx(chance[hits:].sum(), rel=1e-6)
            assert lower[row, i] == pytest.approx(chance[: hits + 1].sum(), rel=1e-6)


def test_two_of_a_kind_are_not_strange_where_nobody_else_has_any():
    k, n = np.array([2.0, *[0.0] * 10]), np.full(11, 10.0)
    null = beta_binomial_null(k, n, CARE)
    assert null.upper[0] < 0.001
    assert upper_tail(null, k, n)[0] == pytest.approx(45 / (110 * 109 / 2))
    assert (benjamini_hochberg(two_sided(null, k, n)) > 0.05).all()


def test_the_interval_of_an_excess_holds_where_a_quarter_of_the_peers_is_strange():
    held = alone = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = np.r_[rng.integers(15, 40, 3), rng.integers(4, 14, 9)].astype(float)
        true = np.r_[rng.beta(35, 14, 3), rng.beta(9, 41, 9)]
        k = rng.binomial(n.astype(int), true).astype(float)
        null = beta_binomial_null(k, n, CARE)
        usual = usual_share(null, k, n)
        assert usual.low <= usual.share <= usual.high
        for i in range(3):
            _, low, high = excess(k[i], n[i], usual)
            held += low <= true[i] - 0.18 <= high
            _, low, high = excess(k[i], n[i], usual._replace(low=usual.share, high=usual.share))
            alone += low <= true[i] - 0.18 <= high
    assert held / 180 >= 0.9
    assert alone < held


def test_what_the_first_fit_lacks_is_made_good():
    assert Care(0.25, 0.003).factor == 1.0
    draws = np.random.default_rng(3).normal(size=200_000)
    middle = draws[np.abs(draws) < np.quantile(np.abs(draws), 0.75)]
    assert Care(0.25, 0.003, widened=True).factor == pytest.approx(1 / middle.std(), rel=0.01)
    flagged = {True: 0, False: 0}
    for seed in range(80):
        rng = np.random.default_rng(seed)
        k = rng.poisson(rng.gamma(1.3, 3, 14))
        for widened in flagged:
            p = gamma_poisson_null(k, np.ones(14), Care(0.25, 0.003, widened)).upper
            flagged[widened] += bool((benjamini_hochberg(p) <= 0.05).any())
    assert flagged[True] <= 0.07 * 80
    assert flagged[True] < flagged[False]


def test_means_with_estimated_variances_keep_their_level():
    low = trials = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        scale = rng.choice([0.3, 0.9], 40)
        values = rng.normal(0, scale[:, None], (40, 9))
        mean, variance = values.mean(axis=1), values.var(axis=1, ddof=1)
        peers = variance_null(variance, np.full(40, 8.0), CARE)
        freedom = 8 + prior_freedom(peers.spread / peers.centre)
        p = normal_null(mean, peers.shrunk / 9, CARE, freedom).two_sided
        low, trials = low + int((p <= 0.01).sum()), trials + 40
    assert low / trials <= 0.015
