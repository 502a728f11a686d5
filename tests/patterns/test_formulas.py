"""Formulas against examples worked by hand, other software, and published numbers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import PoissonRegressor

from povkit.patterns.counting import equal_chance, hit_chance, poisson_binomial_tail, poisson_interval, wilson
from povkit.patterns.multiplicity import adjust, benjamini_hochberg, benjamini_yekutieli, bonferroni, simes
from povkit.patterns.regression import poisson_regression, share_of_second
from povkit.patterns.scale import parked_chance
from povkit.patterns.uniformity import dispersion

BENJAMINI_HOCHBERG_1995 = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]
"""The fifteen p values of the paper's example: four are rejected at 5 %, Bonferroni rejects three."""


def test_the_example_of_benjamini_and_hochberg():
    q = benjamini_hochberg(BENJAMINI_HOCHBERG_1995)
    assert (q <= 0.05).sum() == 4
    assert (np.array(BENJAMINI_HOCHBERG_1995) * 15 <= 0.05).sum() == 3


def test_q_values_agree_with_scipy_and_skip_what_was_not_tested():
    rng = np.random.default_rng(1)
    p = rng.random(40) ** 2
    assert np.allclose(benjamini_hochberg(p), stats.false_discovery_control(p))
    assert np.allclose(benjamini_yekutieli(p), stats.false_discovery_control(p, method="by"))
    gaps = np.insert(p, [0, 7, 40], np.nan)
    assert np.isnan(benjamini_hochberg(gaps)).sum() == 3
    assert np.allclose(benjamini_hochberg(gaps)[np.isfinite(gaps)], benjamini_hochberg(p))


def test_one_p_for_a_unit_or_a_group():
    assert bonferroni(0.02, 0.5, np.nan) == pytest.approx(0.04)
    assert bonferroni(0.9, 0.8) == 1.0
    assert np.isnan(bonferroni(np.nan))
    assert simes([0.01, 0.04, 0.9, np.nan]) == pytest.approx(0.03)
    assert simes([0.03, 0.03]) == pytest.approx(0.03)
    assert np.isnan(simes([]))


def test_villages_are_looked_at_only_inside_rejected_townships():
    tests = pd.DataFrame(
        {
            "level": ["village"] * 6,
            "township": ["A", "A", "A", "B", "B", "B"],
            "object_id": list("abcdef"),
            "p": [0.001, 0.02, 0.9, 0.04, 0.5, 0.6],
        }
    )
    q = adjust(tests, 0.05)
    # Simes: A 0.003, B 0.12; over the two townships: A 0.006, B 0.12
    assert q[:3] == pytest.approx([0.006, 0.03, 0.9])
    assert (q[3:] == 1).all()


def test_a_township_tested_itself_decides_over_its_villages():
    tests = pd.DataFrame(
        {
            "level": ["township", "village", "village"],
            "township": ["A", "A", "A"],
            "object_id": ["A", "a", "b"],
            "p": [0.5, 0.0001, 0.0001],
        }
    )
    assert adjust(tests, 0.05).tolist() == [0.5, 1.0, 1.0]
    tests.loc[0, "p"] = 0.02
    assert adjust(tests, 0.05) == pytest.approx([0.02, 0.02, 0.02])


def test_poisson_binomial_agrees_with_scipy():
    chances = [0.1, 0.7, 0.35, 0.02]
    for hits in range(5):
        assert poisson_binomial_tail(hits, chances) == pytest.approx(stats.poisson_binom(chances).sf(hits - 1))


def test_intervals_agree_with_scipy_and_with_garwood():
    for hits, n in ((0, 12), (3, 12), (12, 12)):
        theirs = stats.binomtest(hits, n).proportion_ci(method="wilson")
        assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high))
    assert poisson_interval(10) == pytest.approx((4.795, 18.390), abs=0.001)  # Garwood's table
    assert poisson_interval(0) == pytest.approx((0.0, 3.689), abs=0.001)


def test_equal_counts_follow_skellam():
    for a, b in ((1, 1), (2, 3), (0, 4)):
        mean = (a + b) / 2
        both_zero = np.exp(-a - b)
        skellam = (stats.skellam.pmf(0, mean, mean) - both_zero) / (1 - both_zero)
        assert float(equal_chance(a, b)) == pytest.approx(skellam)


def test_hits_follow_the_binomial():
    assert hit_chance([100, 10], [10, 5], [10, 10]) == pytest.approx([0.131865, 1 / 1024], abs=1e-6)


def test_dispersion_is_the_chi_square_of_the_table():
    k, n = np.array([3.0, 9.0, 6.0, 2.0]), np.array([40.0, 60.0, 55.0, 45.0])
    theirs = stats.chi2_contingency(np.vstack([k, n - k]), correction=False).statistic
    assert float(dispersion(k, n)) == pytest.approx(theirs)
    assert float(dispersion(0.1 * n, n)) == pytest.approx(0.0)


def test_poisson_regression_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y = rng.poisson(np.exp(x @ [1.0, 0.4, -0.3]))
    theirs = PoissonRegressor(alpha=0, tol=1e-10, max_iter=1000).fit(x[:, 1:], y)
    assert poisson_regression(y, x).coefficients == pytest.approx([theirs.intercept_, *theirs.coef_], abs=1e-5)


def test_robust_errors_of_a_mean_worked_by_hand():
    y = np.array([2.0, 4.0, 6.0, 8.0])
    fitted = poisson_regression(y, np.ones((4, 1)))
    # log mean 5; HC1: (sum of squares 20 / (4 * 5)^2) * 4 / 3
    assert fitted.coefficients[0] == pytest.approx(np.log(5))
    assert fitted.errors[0] == pytest.approx(np.sqrt(20 / 400 * 4 / 3))


def test_a_regression_that_cannot_be_told_says_so():
    with pytest.raises(ValueError, match="rank 1"):
        poisson_regression([1, 2, 3], np.ones((3, 2)))


@pytest.mark.parametrize(("need", "plan"), [(1.0, 0.0), (0.0, 1.0), (0.5, 0.5)])
def test_share_of_the_plan(need: float, plan: float):
    rng = np.random.default_rng(3)
    logs = np.column_stack([np.ones(80), rng.normal(3, 0.5, 80), rng.normal(3, 0.5, 80)])
    counts = rng.poisson(np.exp(logs @ [0.0, need, plan]))
    share, low, high = share_of_second(poisson_regression(counts, logs), 1, 2)
    assert low - 0.02 <= plan / (need + plan) <= high + 0.02
    assert share == pytest.approx(plan / (need + plan), abs=0.1)


def test_the_least_favourable_village_parks_as_often_as_drawn():
    rng = np.random.default_rng(4)
    people, effect = 900, 1.0
    drawn = rng.binomial(people, 0.03, 40_000)
    below = drawn[100 * drawn / people < 3.0]
    seen = (100 * below / people >= 2.7).mean()
    assert float(parked_chance(people, 3.0, 0.3, 3.0, effect)) == pytest.approx(seen, abs=0.02)
    needs = [float(parked_chance(people, 3.0, 0.3, most, effect)) for most in (3.0, 4.0)]
    assert needs[0] < needs[1]
