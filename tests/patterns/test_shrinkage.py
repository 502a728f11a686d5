"""Nulls among peers: published shrinkage, honest units, strange units that cannot hide."""

from functools import partial

import numpy as np
import pytest
from scipy import stats

from povkit.patterns import shrinkage
from povkit.patterns.beside import beside_null, odds_of, unlike_tails
from povkit.patterns.multiplicity import benjamini_hochberg

CARE = shrinkage.Care(aside=0.25, readmitted=0.003)
beta_binomial_null = partial(shrinkage.beta_binomial_null, care=CARE)
gamma_poisson_null = partial(shrinkage.gamma_poisson_null, care=CARE)
normal_null = partial(shrinkage.normal_null, care=CARE)


def test_eight_schools_shrink_as_published():
    """Rubin 1981; posterior medians of Gelman et al., Bayesian Data Analysis, 3rd edition, table 5.3."""
    effects, errors = [28, 8, -3, 7, -1, 1, 18, 12], np.array([15, 10, 16, 11, 9, 11, 10, 18])
    null = normal_null(effects, errors**2)
    assert null.shrunk == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=3)
    assert (benjamini_hochberg(null.two_sided) > 0.05).all()


def test_spread_and_centre_are_recovered():
    rng = np.random.default_rng(5)
    n = rng.integers(20, 80, 600)
    shares = beta_binomial_null(rng.binomial(n, rng.beta(4, 16, 600)), n)
    assert shares.centre == pytest.approx(0.2, abs=0.01)
    assert shares.spread == pytest.approx(np.sqrt(0.2 * 0.8 / 21), abs=0.015)
    exposure = rng.uniform(5, 50, 600)
    counts = gamma_poisson_null(rng.poisson(exposure * rng.gamma(4, 0.05, 600)), exposure)
    assert counts.centre == pytest.approx(0.2, abs=0.01)
    assert counts.spread == pytest.approx(0.1, abs=0.02)


def test_many_peers_without_spread_give_the_binomial_tail():
    n = np.full(400, 50)
    k = np.random.default_rng(6).binomial(n, 0.1)
    k[0] = 14
    null = beta_binomial_null(k, n)
    assert null.upper[0] == pytest.approx(stats.binom.sf(13, 50, 0.1), rel=1.0)


def test_honest_units_are_called_strange_no_more_than_promised():
    low = false = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        n = rng.integers(20, 80, 24)
        p = beta_binomial_null(rng.binomial(n, rng.beta(3, 17, 24)), n).upper
        low += int((p <= 0.05).sum())
        false += int((benjamini_hochberg(p) <= 0.05).any())
    assert low / (25 * 24) <= 0.07
    assert false <= 4


def test_a_strange_unit_does_not_hide_itself_and_honest_ones_stay_clear():
    rng = np.random.default_rng(7)
    n = np.full(24, 40)
    k = rng.binomial(n, rng.beta(10, 90, 24))
    k[3] = 30
    q = benjamini_hochberg(beta_binomial_null(k, n).upper)
    assert q[3] < 0.01
    assert (np.delete(q, 3) > 0.05).all()


def test_units_without_anything_to_judge():
    null = beta_binomial_null([0, 2, 1, 3], [0, 20, 20, 20])
    assert null.upper[0] == pytest.approx(1.0)
    assert gamma_poisson_null([0, 0], [0, 0]).upper == pytest.approx(1.0)
    gap = normal_null([np.nan, 0.1, 0.2, -0.1], np.full(4, 0.01))
    assert np.isnan(gap.upper[0])
    assert np.isfinite(gap.upper[1:]).all()


def test_order_of_units_is_nothing():
    rng = np.random.default_rng(8)
    n = rng.integers(10, 60, 15)
    k = rng.binomial(n, 0.2)
    turn = rng.permutation(15)
    assert beta_binomial_null(k[turn], n[turn]).upper == pytest.approx(beta_binomial_null(k, n).upper[turn], rel=1e-6)


def test_three_strange_units_of_twelve_do_not_hide_one_another():
    rng = np.random.default_rng(11)
    n = np.r_[np.full(3, 28), rng.integers(6, 16, 9)]
    k = np.r_[21, 22, 20, rng.binomial(n[3:], 0.18)]
    q = benjamini_hochberg(beta_binomial_null(k, n).upper)
    assert (q[:3] < 0.05).all()
    assert (q[3:] > 0.05).all()


def test_unlike_tails_are_those_of_the_beta_binomial():
    rng = np.random.default_rng(5)
    n = rng.integers(0, 30, 40).astype(float)
    k, a, b = np.rint(n * rng.random(40)), rng.uniform(0.1, 9, (3, 40)), rng.uniform(0.1, 9, (3, 40))
    upper, lower = unlike_tails(k, n, a, b)
    np.testing.assert_allclose(upper, stats.betabinom.sf(k - 1, n, a, b), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(lower, stats.betabinom.cdf(k, n, a, b), rtol=1e-7, atol=1e-12)


def test_a_share_high_beside_the_places_own_is_strange_and_one_high_as_theirs_is_not():
    """Twelve places where the odds are half of the others'; one does well in both, one in the first alone."""
    rng = np.random.default_rng(3)
    others = np.full(14, 40.0)
    left = rng.binomial(40, np.r_[rng.uniform(0.3, 0.6, 12), 0.95, 0.4]).astype(float)
    odds = odds_of(left, others)
    n = np.full(14, 20.0)
    k = rng.binomial(20, odds / 2 / (1 + odds / 2)).astype(float)
    k[12], k[13] = 17, 17
    null = beside_null(k, n, odds, CARE)
    assert null.upper[13] < 1e-3 < 0.05 < null.upper[12]
    assert 0.3 < null.centre < 0.8
    assert (odds_of([0, 5], [0, 5]) > 0).all() and np.isfinite(odds_of([0, 5], [0, 5])).all()
