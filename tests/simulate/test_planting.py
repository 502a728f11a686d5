"""Every planted object is there, on ground of its own, and the engine finds it."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from povkit.anomalies import CODES
from povkit.policy import load_policy
from povkit.register.store import Register
from povkit.run.check import check_county
from povkit.simulate import Truth, plantable, simulate
from povkit.simulate.assumptions import LINE
from povkit.simulate.simulation import make_world
from povkit.simulate.world import World

NOT_EVERYWHERE = {"T01", "O06"}
"""Only where the county leaves this year, or its time for locations is over."""

SCARCE = {"G12", "G14", "H12"}
"""Old people living alone who are still poor: a county may have too few of them for all three."""

LEADS = {"K03"}
"""Not faults: each household taken in as a whole is named, so that somebody visits it."""

STATISTICAL = {
    "S01", "S02", "S03", "S04", "S05", "S06", "K09", "K13", "E13", "E14", "E15", "F06", "J16",
}  # fmt: skip
"""Shapes of whole villages and townships: tests of the patterns plant these in worlds of their own."""

NOT_PLANTED = {
    "B13": "a minor alone: no family of the invented world is one child, and a change of age upsets too much else",
    "B16": "a tenth of a village's people would have to be relations of no kind: a share, not an object",
    "D28": "more than half of a village's households would have to be able throughout: a share, not an object",
    "H06": "households under the five guarantees are single elders here: larger ones upset size, income and village",
}
"""Each code that nobody plants, with the reason."""

SIDE_EFFECTS = {
    "A07", "A14", "B10", "C03", "C04", "C06", "C08", "C10", "D09", "D12", "D14", "D15", "E11", "E12", "E20", "E25",
    "E27", "F01", "G07", "H08", "H16", "I02", "I12", "I15", "J01", "J03", "J08", "J09", "J18", "K04", "K05", "K15",
    "K19", "K20", "L05", "M01", "N03", "N11", "V01",
}  # fmt: skip
"""Codes that a fault of another code sets off at the same household."""


def test_every_code_is_planted_or_has_a_reason() -> None:
    judged = set(load_policy().rules) - STATISTICAL - set(CODES)
    assert judged - set(plantable()) == set(NOT_PLANTED)
    assert set(plantable()) <= judged


def test_every_fault_finds_ground(faulty: tuple[World, Truth]) -> None:
    assert faulty[1].codes == plantable()


def test_a_county_that_does_not_leave_has_no_late_papers() -> None:
    _, truth = make_world("530126", 1500, seed=1)
    assert set(plantable()) - set(truth.codes) - SCARCE == NOT_EVERYWHERE


def test_objects_of_the_truth_are_in_the_tables(faulty: tuple[World, Truth]) -> None:
    world, truth = faulty
    tables = world.tables
    outside = set(world.outsiders["id18"])
    known = {
        "person": set(tables["person", 2018]["person_id"]) | set(tables["person", 2017]["person_id"]) | outside,
        "household": set(tables["household", 2018]["household_id"]) | set(tables["change", None]["household_id"]),
        "village": set(world.villages["village_code"]) | set(tables["village", 2018]["village_code"]),
        "helper": set(tables["helper", 2018]["helper_id_number"]),
        "problem": set(tables["problem", None]["problem_id"]),
        "visit": set(tables["visit", None]["visit_id"]),
        "county": {"530113"},
    }
    lost = [row for row in truth.table.itertuples() if row.object not in known[row.level]]
    assert lost == []


def test_no_household_bears_two_faults(faulty: tuple[World, Truth]) -> None:
    world, truth = faulty
    home_of = world.tables["person", 2018].set_index("person_id")["household_id"]
    codes = defaultdict(set)
    for row in truth.table.itertuples():
        if row.code not in LEADS:
            codes[home_of.get(row.object, row.object)].add(row.code)
    crowded = {home: found for home, found in codes.items() if len(found - SIDE_EFFECTS) > 1}
    assert crowded == {}


def test_asking_for_some_codes_plants_these_only() -> None:
    _, truth = make_world("530113", 300, seed=2, faults={"I02": 4, "K15": 2, "N03": 0})
    assert truth.table["code"].value_counts().to_dict() == {"I02": 4, "K15": 2}


def test_dose_grows_with_strength_and_households() -> None:
    counts = [
        len(make_world("530113", size, 1, dose)[1].objects("A18")) for size, dose in ((400, 1), (1400, 2), (2100, 1))
    ]
    assert counts == [1, 4, 3]


def test_line_is_that_of_the_policy() -> None:
    assert LINE[2018] == load_policy().limits["income_line"].value


@pytest.mark.parametrize("county", ["530113", "530126", "530129"])
def test_engine_finds_what_was_planted_and_nothing_else(county: str, tmp_path: Path) -> None:
    truth = simulate(tmp_path, county, 400, seed=5)
    found = _findings(tmp_path, county)
    planted = set(zip(truth.table["code"], truth.table["object"], strict=True))
    assert planted - _flagged(found) == set()
    assert _flagged(found) - planted == set()


def test_engine_finds_nothing_in_a_clean_register(tmp_path: Path) -> None:
    truth = simulate(tmp_path, "530128", 400, seed=6, faults=0)
    assert {code for code, _ in _flagged(_findings(tmp_path, "530128"))} <= LEADS
    assert truth.codes == ()


def _findings(folder: Path, county: str) -> pd.DataFrame:
    return check_county(Register(folder), county, date(2018, 12, 31), 2018, load_policy()).findings.to_pandas()


def _flagged(found: pd.DataFrame) -> set[tuple[str, str]]:
    """Code and object of each finding; those of statistical codes and of anomaly scores are left out."""
    single = found[~found["code"].isin(STATISTICAL | set(CODES))]
    return set(zip(single["code"], single["object_id"], strict=True))
