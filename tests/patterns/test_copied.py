"""E14 digits, E15 copies, F06 formula and repetition: formulas by hand, traps, power, what is too small."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from povkit.patterns import PATTERNS, copies
from povkit.patterns.growth import events_of, rate_tests, repeated_households
from povkit.patterns.likeness import forms_of, pairs_within
from tests.patterns import incomes, worlds

CODES = ("E14", "E15", "F06")
Change = Callable[[np.random.Generator, pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return incomes.register(np.random.default_rng(21), 1500)


def _large(homes: pd.DataFrame, n: int) -> list[str]:
    return list(homes["helper_id_number"].value_counts().index[:n])


def _rows(homes: pd.DataFrame, officials: list[str]) -> np.ndarray:
    return np.flatnonzero(homes["helper_id_number"].isin(officials))


# ---- formulas


def test_pairs_are_all_pairs_of_a_block_once():
    block = np.array([3, 1, 3, 1, 3, 2])
    pairs = {tuple(sorted((int(a), int(b)))) for i, j in pairs_within(block) for a, b in zip(i, j, strict=True)}
    assert pairs == {(0, 2), (0, 4), (2, 4), (1, 3)}


def test_score_of_a_pair_by_hand():
    """Four blocks in one town; the value 7 is in blocks 0 and 1 only, nought says nothing, blank says nothing."""
    values = np.array([[7.0, 0, 5], [7, 0, np.nan], [7, 1, 6], [8, 2, 6], [9, 3, 6], [9, 4, 6]])
    block, town = np.array([0, 0, 1, 2, 3, 3]), np.zeros(6, dtype=np.int64)
    forms = forms_of(values, block, town, np.array([True, True, False]), 0.05, 0.9)
    score, flows = forms.scores(np.array([0, 0]), np.array([1, 2]))
    county = (1 + 1) / (4 + 1)  # one of four households outside block 0 has a 7
    share = (1 + 50 * county) / (4 + 50)
    assert score[0] == pytest.approx(np.log(0.95 / share))
    assert flows.tolist() == [1, 1]
    outside = np.log(0.95 / ((2 + 50 * 3 / 6) / (5 + 50)))
    assert score[1] == pytest.approx(min(np.log(0.95 / share), outside) + 2 * np.log(0.05))


def _two_years(now, last, **more) -> pd.DataFrame:
    own = {"net_income": now, "last_net_income": last, "net_income_pc": now, "last_net_income_pc": last}
    frame = pd.DataFrame({name: np.asarray(value, dtype=float) for name, value in own.items()})
    return frame.assign(transfer_income=0.0, last_transfer_income=0.0, **more)


def test_rates_are_seen_to_the_yuan():
    last = np.array([4321.0, 5000, 6000, 7000])
    homes = _two_years([np.rint(4321 * 1.087), 5000 * 1.087 + 2, 6000, 7000 * 2.5], last)
    events = events_of(homes, 0.001, 1.0)
    assert events.to_dict("records") == [{"row": 0, "rate": 87}]


def test_chance_of_one_rate_by_hand():
    """Ten households of one unit on a rate, none elsewhere: Poisson tail times 2,000 rates."""
    rng = np.random.default_rng(1)
    last = rng.uniform(4000, 8000, 400)
    now = np.round(last * np.exp(rng.normal(0.09, 0.15, 400)), 2)
    now[:10] = np.rint(last[:10] * 1.06)
    homes = _two_years(now, last, helper=["a"] * 20 + ["b"] * 380)
    found = rate_tests(homes, events_of(homes, 0.001, 1.0), "helper", 0.001, 1.0)
    assert found.loc["a", "rate"] == 60
    assert found.loc["a", "k"] == 10
    assert found.loc["a", "p"] < 1e-9
    assert found.loc["b", "p"] > 0.05


def test_what_repeats_often_weighs_little():
    """Wages repeat in a third of the other households, sales never: one repeated wage is nothing, one sale is."""
    n = 300
    wage, sales = np.arange(n) + 1000.0, np.arange(n) + 5000.0
    homes = pd.DataFrame({"wage": wage, "sales": sales, "last_wage": wage + 1, "last_sales": sales + 1})
    homes["helper"] = np.arange(n) // 10
    homes.loc[homes.index % 3 == 0, "last_wage"] = wage[::3]
    homes.loc[1, "last_sales"] = sales[1]
    same = repeated_households(homes, ("sales",), "helper", 100, 0)
    assert np.flatnonzero(same).tolist() == [1]
    assert not repeated_households(homes, ("wage",), "helper", 100, 0).any()


def test_amounts_a_few_yuan_off_repeat_in_every_field_or_not_at_all():
    """Two fields within ten yuan in one household; an amount of 90 yuan moved by 10 is no repetition."""
    rng = np.random.default_rng(2)
    now = {"sales": rng.uniform(3000, 9000, 300), "wage": rng.uniform(3000, 9000, 300), "rent": np.full(300, 90.0)}
    homes = pd.DataFrame({**now, **{f"last_{name}": value + 400 for name, value in now.items()}})
    homes["helper"] = np.arange(300) // 10
    homes.loc[[1, 2], "last_sales"] = homes.loc[[1, 2], "sales"] + 9
    homes.loc[1, "last_wage"] = homes.loc[1, "wage"] - 7
    homes.loc[3, "last_rent"] = homes.loc[3, "rent"] + 10
    assert np.flatnonzero(repeated_households(homes, ("sales", "wage"), "helper", 100, 10)).tolist() == [1]
    assert not repeated_households(homes, ("sales", "wage"), "helper", 100, 0).any()
    assert not repeated_households(homes, ("rent",), "helper", 100, 10).any()


def test_a_form_joins_a_sure_pair_on_one_sum():
    """Rows 0 and 1 agree in two sums; row 2 agrees with them in one and in the land; row 3 with nobody."""
    n = 400
    values = np.arange(4 * n, dtype=float).reshape(n, 4) + 1
    values[1, :3] = values[0, :3]
    values[2, [0, 2, 3]] = values[0, [0, 2, 3]]
    block = np.repeat(np.arange(n // 4), 4)
    forms = forms_of(values, block, np.zeros(n, dtype=np.int64), np.array([True, True, False, False]), 0.05, 0.05)
    sure = copies._alike(forms, block, 5.0)
    assert [each.tolist() for each in sure[:2]] == [[0], [1]]
    i, j, _ = copies._joined(forms, block, sure, 5.0)
    assert set(zip(i.tolist(), j.tolist(), strict=True)) == {(0, 1), (0, 2), (1, 2)}


# ---- honest registers and traps


@pytest.mark.parametrize("code", CODES)
def test_honest_registers_are_quiet(code: str, limits):
    flagged = 0
    for seed in range(12):
        mix = incomes.MILD if seed % 2 else (0.1, 0.2, 0.4, 0.3)
        homes = incomes.register(np.random.default_rng(seed), 900, mix)
        flagged += int(incomes.judged(code, limits, homes)["flagged"].sum())
    assert flagged <= (2 if code == "E14" else 0)


def _site(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    """Resettlement sites: nearly all of four villages in equal houses, without land."""
    rows = np.flatnonzero(homes["village"].isin(homes["village"].value_counts().index[:4]))
    alike = {"housing_area": 80.0, "road_distance": 0.1, "farmland": 0.0, "irrigated": 0.0, "orchard": 0.0}
    return incomes.at(homes, rows[rng.random(len(rows)) < 0.9], forest=0.0, **alike)


def _twins(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    for official in _large(homes, 40)[::2]:
        homes = incomes.copied(rng, homes, official, 2)
    return homes


def _bonus(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    homes = homes.assign(property_income=homes["property_income"] + 500)
    incomes.sum_up(homes)
    return homes


def _wages(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    return incomes.updated(homes, np.arange(len(homes)), 1.1, ("wage_income",))


def _flood(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    there = np.flatnonzero(homes["village"].isin(homes["village"].unique()[:12]))
    return incomes.updated(homes, there, 0.6, ("business_income", "business_cost"))


def _grants(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    homes = homes.assign(pension=1236.0, last_pension=1236.0, other_transfer=600.0, last_other_transfer=600.0)
    incomes.sum_up(homes)
    return homes


def _batch(rng: np.random.Generator, homes: pd.DataFrame) -> pd.DataFrame:
    return homes.assign(helper_id_number="H1", helper_name="县扶贫办")


@pytest.mark.parametrize("trap", [_site, _twins, _bonus, _wages, _flood, _grants, _batch])
@pytest.mark.parametrize("code", CODES)
def test_traps_stay_quiet(code: str, trap: Change, honest: pd.DataFrame, limits):
    homes = trap(np.random.default_rng(8), honest)
    assert incomes.judged(code, limits, homes)["flagged"].sum() == 0


# ---- what was planted


@pytest.mark.parametrize("altered, least", [(0.0, 5), (0.1, 5), (0.2, 4)])
def test_copies_are_named_with_their_households(altered: float, least: int, honest: pd.DataFrame, limits):
    rng = np.random.default_rng(2)
    homes, officials = honest, _large(honest, 5)
    for official in officials:
        homes = incomes.copied(rng, homes, official, 5, altered)
    found = incomes.named("E15", limits, homes, "helper")
    assert found <= set(officials)
    assert len(found) >= least
    tests = incomes.judged("E15", limits, homes)
    first = tests[tests["flagged"]].iloc[0]
    copies = homes.iloc[_rows(homes, [first["object_id"]])[:5]]["household_id"]
    assert set(first["households"]) <= set(copies)
    assert first["effect"] == pytest.approx(len(first["households"]) / first["n"])


def test_copies_of_a_batch_are_looked_for_village_by_village(honest: pd.DataFrame, limits):
    rng = np.random.default_rng(2)
    official = _large(honest, 1)[0]
    homes = _batch(rng, incomes.copied(rng, honest, official, 5))
    village = honest.loc[honest["helper_id_number"] == official, "village_code"].iloc[0]
    assert village in incomes.named("E15", limits, homes, "village")
    without = homes.drop(columns=["helper_id_number", "helper_name"])
    assert village in incomes.named("E15", limits, without, "village")


@pytest.mark.parametrize("habit", ["too round", "too little", "one digit"])
def test_invented_amounts_are_named(habit: str, honest: pd.DataFrame, limits):
    rng = np.random.default_rng(3)
    officials = _large(honest, 3)
    rows = _rows(honest, officials)
    values = {}
    for name in incomes.FLOWS[:3]:
        x = honest.loc[rows, name].to_numpy()
        other = np.rint(x * rng.uniform(0.9, 1.1, len(x))) // 10 * 10
        new = {"too round": np.rint(x / 500) * 500, "too little": other + rng.integers(1, 10, len(x))}
        new["one digit"] = other + rng.choice([3, 7, 7, 7], len(x))
        values[name] = np.where(x > 0, new[habit], 0)
    homes = incomes.at(honest, rows, **values)
    assert incomes.named("E14", limits, homes, "helper") == set(officials)


@pytest.mark.parametrize("factor, share", [(1.1, 1.0), (1.087, 0.7), (1.0, 0.6)])
def test_updates_by_formula_and_unchanged_forms_are_named(factor: float, share: float, honest: pd.DataFrame, limits):
    rng = np.random.default_rng(4)
    officials = _large(honest, 4)
    rows = _rows(honest, officials)
    homes = incomes.updated(honest, rows[rng.random(len(rows)) < share], factor)
    found = incomes.named("F06", limits, homes, "helper")
    assert found <= set(officials)
    assert len(found) >= 3
    tests = incomes.judged("F06", limits, homes)
    detail = tests[tests["flagged"] & (tests["level"] == "helper")].iloc[0]["detail"]
    assert detail["test"] == ("unchanged amounts" if factor == 1 else "one rate")
    if factor != 1:
        assert detail["rate_pct"] == pytest.approx(100 * (factor - 1))


def test_a_county_on_one_rate_is_named_as_a_county(honest: pd.DataFrame, limits):
    homes = incomes.updated(honest, np.arange(len(honest)), 1.095)
    tests = incomes.judged("F06", limits, homes)
    assert tests[tests["flagged"]]["level"].unique().tolist() == ["county"]
    assert tests[tests["flagged"]].iloc[0]["detail"]["rate_pct"] == pytest.approx(9.5)


# ---- too little, missing, order, pictures


def test_officials_with_few_households_are_not_judged(honest: pd.DataFrame, limits):
    few = honest.groupby("helper_id_number").head(2)
    assert incomes.judged("E15", limits, few)["p"].isna().all()
    assert incomes.judged("E14", limits, honest.groupby("helper_id_number").head(7))["p"].isna().all()
    known = incomes.judged("F06", limits, few)
    assert known[known["level"] == "helper"]["p"].isna().all()


@pytest.mark.parametrize("code", CODES)
def test_order_of_rows_and_seed_do_not_matter(code: str, honest: pd.DataFrame, limits):
    homes = incomes.copied(np.random.default_rng(2), honest, _large(honest, 1)[0], 5)
    one = worlds.judge(code, limits, 1, household=homes)
    other = worlds.judge(code, limits, 2, household=homes.sample(frac=1, random_state=1))
    columns = ["level", "object_id", "n", "p", "effect", "low", "high"]
    pd.testing.assert_frame_equal(one[columns], other[columns], check_exact=False, rtol=1e-9)
    assert one["households"].tolist() == other["households"].tolist()


@pytest.mark.parametrize("code", CODES)
def test_an_empty_register_gives_nothing(code: str, honest: pd.DataFrame, limits):
    assert not incomes.judged(code, limits, honest.head(0))["flagged"].any()


def test_pictures_are_tidy(honest: pd.DataFrame, limits):
    homes = incomes.copied(np.random.default_rng(2), honest, _large(honest, 1)[0], 5)
    source = worlds.Frames(household=homes)
    copies = PATTERNS["E15"].function(source, limits, np.random.default_rng(0)).picture  # type: ignore[arg-type]
    assert copies is not None
    assert list(copies.columns) == ["kind", "level", "block", "group", "household_id", "field", "value", "same"]
    assert copies["household_id"].nunique() == 5
    assert copies["same"].all()
    years = PATTERNS["F06"].function(source, limits, np.random.default_rng(0)).picture  # type: ignore[arg-type]
    assert years is not None
    assert list(years.columns) == ["household_id", "township", "village_code", "last", "now", "on_a_rate"]
    assert len(years) == len(homes)
