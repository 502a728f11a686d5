"""Patterns planted in a made-up county: what the truth says is in the tables, and the tables still agree."""

from pathlib import Path

import pandas as pd
import pytest

from povkit.patterns import PATTERNS
from povkit.simulate import simulate
from povkit.simulate.shapes import SHAPES, plant_shapes
from povkit.simulate.simulation import make_world
from povkit.simulate.truth import Truth
from povkit.simulate.world import World
from povkit.vocab import InputError

COUNTY = "530113"


@pytest.fixture(scope="module")
def shaped() -> tuple[World, Truth]:
    return make_world(COUNTY, 1500, seed=6, faults=0, shapes=1.0)


def _homes(world: World, year: int = 2018) -> pd.DataFrame:
    return world.tables["household", year].set_index("household_id")


def _rows(truth: Truth, code: str) -> list[tuple[str, list[str]]]:
    own = truth.table[truth.table["code"] == code]
    return [(row.object, row.households.split()) for row in own.itertuples()]


def test_every_shape_finds_ground_and_is_a_pattern(shaped: tuple[World, Truth]):
    assert set(SHAPES) <= set(PATTERNS)
    assert set(SHAPES) <= set(shaped[1].codes) <= set(PATTERNS)
    assert (shaped[1].table["households"] != "").all()


def test_sums_hold_wherever_incomes_were_written(shaped: tuple[World, Truth]):
    homes = _homes(shaped[0])
    parts = homes[["wage_income", "business_income", "property_income", "transfer_income"]].sum(axis=1)
    assert (parts - homes["business_cost"] == homes["net_income"]).all()
    assert ((homes["net_income"] / homes["size"]).round(2) - homes["net_income_pc"]).abs().max() < 0.011


def test_backstop_households_left_with_an_income_to_match(shaped: tuple[World, Truth]):
    homes = _homes(shaped[0])
    for village, numbers in _rows(shaped[1], "J16"):
        own = homes.loc[numbers]
        assert set(own["village_code"]) == {village} and set(own["status"]) == {"已脱贫"}
        assert (own["exit_year"] == 2018).all() and (own["net_income_pc"] >= 3500).all()
        assert own["category"].str.contains("低保|特困").all()


def test_poor_households_of_an_official_left_with_an_income_to_match(shaped: tuple[World, Truth]):
    homes = _homes(shaped[0])
    helpers = shaped[0].tables["helper", 2018].set_index("household_id")["helper_id_number"]
    for official, numbers in _rows(shaped[1], "S06"):
        own = homes.loc[numbers]
        assert set(helpers[numbers]) == {official} and set(own["status"]) == {"已脱贫"}
        assert (own["exit_year"] == 2018).all() and (own["net_income_pc"] >= 3500).all()


def test_exits_of_a_township_are_just_over_the_line(shaped: tuple[World, Truth]):
    homes = _homes(shaped[0])
    for town, numbers in _rows(shaped[1], "E13"):
        own = homes.loc[numbers]
        assert set(own["township"]) == {town}
        assert own["net_income_pc"].between(3500, 4100).all() and own["net_income_pc"].median() < 3600


def test_officials_copied_updated_and_rounded(shaped: tuple[World, Truth]):
    world, truth = shaped
    homes, last = _homes(world), _homes(world, 2017)
    helpers = world.tables["helper", 2018].set_index("household_id")["helper_id_number"]
    for official, numbers in _rows(truth, "E15"):
        assert set(helpers[numbers]) == {official} and len(numbers) >= 3
        assert homes.loc[numbers, ["business_income", "farmland"]].drop_duplicates().shape[0] == 1
    for official, numbers in _rows(truth, "F06"):
        growth = (homes["business_income"] / last["business_income"]).loc[numbers]
        assert set(helpers[numbers]) == {official} and growth.max() - growth.min() < 0.01
    for official, numbers in _rows(truth, "E14"):
        assert set(helpers[numbers]) == {official} and (homes.loc[numbers, "business_income"] % 100 == 0).all()


def test_villages_follow_the_plan_the_share_and_the_line(shaped: tuple[World, Truth]):
    world, truth = shaped
    homes, villages = _homes(world), world.tables["village", 2018].set_index("village_code")
    exits = homes[homes["exit_year"] == 2018].groupby("village_code").size().reindex(villages.index, fill_value=0)
    plan = world.tables["plan", None].query("level == '村'").set_index("code")["exit_households"]
    assert (plan.reindex(villages.index) == exits).all()
    incidence = villages["poor_population"] / villages["population"]
    for code, low, high in (("S04", 0.05, 0.05), ("S02", 0.028, 0.03)):
        told = set(homes.loc[_rows(truth, code)[0][1], "village_code"])
        assert told and incidence[sorted(told)].between(low, high).all()


def test_removals_and_entries_are_in_every_table(shaped: tuple[World, Truth]):
    world, truth = shaped
    changes = world.tables["change", None].query("whole_household")
    ((village, batch),) = _rows(truth, "K09")
    removed = changes[changes["household_id"].isin(batch)]
    assert set(removed["kind"]) == {"剔除"} and set(removed["village_code"]) == {village} and len(removed) == len(batch)
    assert len(set(removed["on"])) == 1 and not set(batch) & set(_homes(world).index)
    moved = changes[changes["household_id"].isin(_rows(truth, "S03")[0][1])]
    there = changes[changes["village_code"].isin(moved["village_code"])]
    counts = pd.crosstab(there["village_code"], there["kind"])
    assert (counts["新识别"] == counts["剔除"]).all() and len(counts) > 10


def test_strength_is_the_share_and_none_changes_nothing():
    some = make_world(COUNTY, 800, 2, 0, {"E13": 0.3})[1].table
    many = make_world(COUNTY, 800, 2, 0, {"E13": 0.9})[1].table
    assert list(some["code"]) == list(many["code"]) == ["E13"]
    few, most = (len(each["households"].iloc[0].split()) for each in (some, many))
    assert few == pytest.approx(most / 3, abs=4)
    plain, none = (make_world(COUNTY, 300, 2, 1, shapes)[0].tables for shapes in (0.0, {"E13": 0.0}))
    assert all(plain[key].equals(none[key]) for key in plain)
    assert plant_shapes(make_world(COUNTY, 300, 2, 0)[0], 0.0) == []


def test_a_wrong_request_is_told(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        simulate(tmp_path, COUNTY, 300, 1, shapes={"Z99": 0.5, "E13": 2.0})
    assert len(raised.value.faults) == 2
