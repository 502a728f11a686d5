"""E13 bunching at the line, J16 mass exit of backstop households: formulas by hand, size, power, what is too small."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from povkit.patterns import PATTERNS, shrinkage
from povkit.patterns.bunching import Window, fit_curve, judge_curve, roughness
from povkit.patterns.density import density_jump
from povkit.patterns.pattern import Missing
from povkit.patterns.peers import upper_tail
from povkit.patterns.tails import beta_binomial_tails
from povkit.policy import Limits
from tests.patterns import incomes, worlds

CARE = shrinkage.Care(aside=0.25, readmitted=0.003)
beta_binomial_null = partial(shrinkage.beta_binomial_null, care=CARE)

WINDOW = Window(10, 1500, 2500, 500, 200, (50, 100, 200, 500, 1000))
LINE = 3500.0


def _counts(values):
    place = WINDOW.places(np.asarray(values, dtype=float), LINE)
    return np.bincount(place[place >= 0], minlength=len(WINDOW.edges(LINE))).astype(float)


def _p(values, degree: int = 4) -> float:
    return judge_curve(fit_curve(_counts(values), LINE, WINDOW, degree)).p


def test_the_last_bin_is_open_and_the_line_belongs_above():
    assert WINDOW.places(np.array([1999.99, 2000, 3499.99, 3500, 5999.99, 6000]), LINE).tolist() == [
        -1,
        0,
        149,
        150,
        399,
        -1,
    ]


def test_excess_and_moved_households_on_a_flat_register_by_hand():
    counts = np.full(400, 5.0)
    counts[100:150] -= 1  # fifty missing below the line
    counts[150:170] += 2.5  # fifty too many above it
    found = judge_curve(fit_curve(counts, LINE, Window(10, 1500, 2500, 500, 200), 1))
    assert (found.n, found.above) == (350, 150)
    assert found.usual == pytest.approx(100 / 350, abs=1e-4)
    assert found.excess == pytest.approx(50, abs=0.1)
    assert found.moved == pytest.approx(50, abs=0.1)
    assert found.moved_share == pytest.approx(50 / 250, abs=1e-3)
    assert found.effect == pytest.approx(50 / 350, abs=1e-4)
    assert found.p < 1e-4


def test_honest_heaps_at_3500_do_not_make_bunching():
    p = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        mix = (0.3, 0.3, 0.25, 0.15) if seed % 2 else (0.1, 0.2, 0.4, 0.3)
        p.append(_p(incomes.told(rng, rng.lognormal(8.5, 0.65, 2000), rng.choice([1, 10, 100, 500], 2000, p=mix))))
    assert np.mean(np.array(p) <= 0.05) <= 0.11


@pytest.mark.parametrize("step", [200, 120, 365])
def test_other_heaps_do_not_make_bunching_either(step: int):
    p = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.lognormal(8.5, 0.62, 3000)
        p.append(_p(np.where(rng.random(3000) < 0.3, np.rint(x / step) * step, x)))
    assert np.mean(np.array(p) <= 0.05) <= 0.13


def test_the_moved_mass_is_estimated():
    moved, true = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.lognormal(8.5, 0.65, 8000)
        near = (x >= 3000) & (x < 3500) & (rng.random(8000) < 0.15)
        x[near] = 3500 + rng.exponential(60, int(near.sum()))
        found = judge_curve(fit_curve(_counts(x), LINE, WINDOW, 4))
        moved.append(found.moved)
        true.append(near.sum())
        assert found.p < 0.05
    assert np.mean(moved) == pytest.approx(np.mean(true), rel=0.15)


def test_bends_of_honest_incomes_widen_the_doubt():
    """A grant for all below 4,200 lowers what they earn: a bend, but nobody gathers at the line."""
    plain, doubted = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        x = rng.lognormal(8.5, 0.5, 6000)
        x = np.where((x < 4200) & (rng.random(6000) < 0.4), 0.7 * x, x)
        counts = _counts(x)
        curve = fit_curve(counts, LINE, WINDOW, 4)
        plain.append(judge_curve(curve).p)
        doubted.append(judge_curve(replace(curve, borrowed=roughness(counts, LINE, WINDOW, 4))).p)
    assert all(after >= before - 1e-9 for before, after in zip(plain, doubted, strict=True) if before < 0.5)
    assert np.mean(np.array(doubted) <= 0.01) < np.mean(np.array(plain) <= 0.01)
    smooth = _counts(np.random.default_rng(1).lognormal(8.5, 0.6, 20000))
    assert roughness(smooth, LINE, WINDOW, 4) < 0.02


def test_density_jump_keeps_its_size_and_finds_a_step():
    rng = np.random.default_rng(4)
    t = [density_jump(rng.normal(0, 1, 800), 0.3).t for _ in range(150)]
    assert np.mean(np.abs(t) > 1.96) <= 0.11
    assert np.mean(t) == pytest.approx(0, abs=0.3)
    step = np.r_[rng.uniform(-1, 0, 2000), rng.uniform(0, 1, 4000)]
    found = density_jump(step, 0.0)
    assert (found.left, found.right) == pytest.approx((1 / 3, 2 / 3), rel=0.3)
    assert found.p_up < 0.01
    with pytest.raises(ValueError, match="one side"):
        density_jump(step, 5.0)


def test_beta_binomial_tails_are_those_of_scipy():
    rng = np.random.default_rng(2)
    n = rng.integers(0, 70, 200)
    k = rng.binomial(n, 0.3)
    for a, b in ((0.01, 3.0), (2.0, 40.0), (300.0, 900.0)):
        upper, lower = beta_binomial_tails(k, n, a, b)
        other = stats.betabinom(n, a, b)
        assert upper == pytest.approx(other.sf(k - 1), rel=1e-6)
        assert lower == pytest.approx(other.cdf(k), rel=1e-6)


def test_a_rare_event_is_not_strange_among_peers_without_any():
    k, n = np.zeros(80), np.full(80, 10.0)
    k[:6] = 1
    k[0] = 2
    tail = upper_tail(beta_binomial_null(k, n), k, n)
    assert tail[0] >= stats.binom.sf(1, 10, 5 / 790) - 1e-12


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return incomes.register(np.random.default_rng(11), 1500)


@pytest.mark.parametrize("code", ["E13", "J16"])
def test_honest_registers_are_quiet(code: str, limits):
    flagged = [
        incomes.judged(code, limits, incomes.register(np.random.default_rng(seed), 900))["flagged"].sum()
        for seed in range(12)
    ]
    assert sum(flagged) <= 3


@pytest.mark.parametrize("exact", [False, True])
def test_a_lifted_county_is_named_with_its_households(exact: bool, limits):
    rng = np.random.default_rng(3)
    homes = incomes.lifted(rng, incomes.heaped(rng, incomes.register(rng, 2500)), 0.35, exact)
    tests = incomes.judged("E13", limits, homes)
    county = tests[tests["level"] == "county"].iloc[0]
    assert county["flagged"]
    assert county["low"] < county["effect"] < county["high"]
    listed = homes.set_index("household_id").loc[list(county["households"])]
    assert listed["net_income_pc"].between(3500, 3700, inclusive="left").all()
    assert listed["has_left_poverty"].all()
    assert county["detail"]["moved_households"] > 10
    assert {"gap_component", "growth_near", "nearest_below", "total_is_line_times_people"} <= set(county["detail"])


def test_a_lifted_township_is_named_and_not_the_county(honest: pd.DataFrame, limits):
    rng = np.random.default_rng(5)
    there = honest["township"] == "镇2"
    homes = incomes.lifted(rng, honest, 0.8)
    homes = pd.concat([homes[there], honest[~there]]).sort_index()
    assert incomes.named("E13", limits, homes, "township") == {"镇2"}


def test_an_official_whose_exits_lie_on_the_line_is_named(honest: pd.DataFrame, limits):
    rng = np.random.default_rng(6)
    sizes = honest[honest["has_left_poverty"]]["helper_id_number"].value_counts()
    name = sizes.index[0]
    rows = np.flatnonzero((honest["helper_id_number"] == name) & honest["has_left_poverty"])
    homes = incomes.at(honest, rows, net_income_pc=3500 + np.round(rng.uniform(0, 150, len(rows)), 2))
    assert name in incomes.named("E13", limits, homes, "helper")


def test_exits_just_over_the_line_only_are_a_sign(limits):
    n = 60
    rows = pd.DataFrame({"net_income_pc": np.r_[np.linspace(3501, 3660, n), np.linspace(3700, 4000, n)]})
    leaves = np.r_[np.ones(n, bool), np.arange(n) % 3 == 0]
    homes = rows.assign(
        **dict.fromkeys(("object_id", "village_code", "village", "township", "subject"), "x"),
        household_id=[f"{i:03}" for i in range(2 * n)],
        net_income=rows["net_income_pc"],
        size=1.0,
        has_left_poverty=pd.array(leaves, dtype="boolean"),
        leaves_this_year=pd.array(leaves, dtype="boolean"),
        not_yet_left=pd.array(~leaves, dtype="boolean"),
    )
    county = incomes.judged("E13", limits, homes).iloc[0]
    assert county["detail"]["test"] == "exit_hazard"
    assert county["p"] == pytest.approx(stats.hypergeom.sf(59, 120, 80, 60), rel=1e-6)
    assert county["effect"] == pytest.approx(2 / 3)


def test_mass_exit_of_backstop_households_names_the_villages(honest: pd.DataFrame, limits):
    backstop = honest["backstop"] & ~honest["has_left_poverty"]
    villages = honest[backstop].groupby("village_code").size().sort_values().index[-2:]
    rows = np.flatnonzero(honest["village_code"].isin(villages) & backstop)
    homes = incomes.at(honest, rows, has_left_poverty=True, leaves_this_year=True, not_yet_left=False)
    assert incomes.named("J16", limits, homes, "village") == set(villages)
    assert incomes.named("J16", limits, homes, "township") == set()
    tests = incomes.judged("J16", limits, homes)
    found = tests[tests["flagged"]].iloc[0]
    assert len(found["households"]) == found["statistic"] >= limits.backstop_exits_min
    assert found["detail"]["county_leaves_this_year"] is True


def test_mass_exit_all_over_a_township_names_it(honest: pd.DataFrame, limits):
    backstop = honest["backstop"] & ~honest["has_left_poverty"]
    rows = np.flatnonzero((honest["township"] == "镇1") & backstop)
    homes = incomes.at(honest, rows, has_left_poverty=True, leaves_this_year=True, not_yet_left=False)
    assert incomes.named("J16", limits, homes, "township") == {"镇1"}


def test_villages_of_a_dozen_households_are_not_judged(honest: pd.DataFrame, limits):
    few = honest.groupby("village_code").head(12)
    few = few.assign(backstop=pd.array(few.groupby("village_code").cumcount() < 4, dtype="boolean"))
    few = few.assign(leaves_this_year=few["backstop"], has_left_poverty=few["backstop"], not_yet_left=~few["backstop"])
    tests = incomes.judged("J16", limits, few)
    assert tests[tests["level"] == "village"]["p"].isna().all()
    small = incomes.judged("E13", limits, honest.head(25))
    assert small["p"].isna().all()


@pytest.mark.parametrize("code", ["E13", "J16"])
def test_order_of_rows_and_seed_do_not_matter(code: str, honest: pd.DataFrame, limits):
    one = worlds.judge(code, limits, 1, household=honest)
    other = worlds.judge(code, limits, 2, household=honest.sample(frac=1, random_state=1))
    columns = ["level", "object_id", "n", "p", "effect", "low", "high"]
    pd.testing.assert_frame_equal(one[columns], other[columns], check_exact=False, rtol=1e-9)
    assert one["households"].tolist() == other["households"].tolist()


def test_without_helpers_or_last_year_the_rest_is_judged(honest: pd.DataFrame, limits):
    known = honest[[name for name in honest if not name.startswith(("last_", "helper_"))]]
    tests = incomes.judged("E13", limits, known)
    assert set(tests["level"]) == {"county", "township"}
    assert tests["p"].notna().any()


def test_without_incomes_it_says_what_is_missing(make_views, limits: Limits):
    homes = [{"household_id": f"h{i}", "village_code": "530113001201", "status": "已脱贫"} for i in range(3)]
    views = make_views(household=homes)

    with pytest.raises(Missing) as lacking:
        PATTERNS["E13"].run(views, limits, 0)
    assert "net_income_pc" in {need.column for need in lacking.value.needs}


def test_picture_has_the_curve_beside_the_counts(honest: pd.DataFrame, limits):

    tested = PATTERNS["E13"].function(worlds.Frames(household=honest), limits, np.random.default_rng(0))  # type: ignore[arg-type]
    frame = tested.picture
    assert frame is not None
    assert list(frame.columns) == ["level", "place", "income", "left", "not_left", "expected", "window", "width"]
    assert set(frame["level"]) == {"county", "township"}
    outside = frame[~frame["window"] & (frame["level"] == "county")]
    assert outside["expected"].sum() == pytest.approx((outside["left"] + outside["not_left"]).sum(), rel=0.01)
