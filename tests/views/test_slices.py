"""A register cut by household: the same findings, counts and views as in one piece; what is cut is of one household."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES, Judge, Outcome, columns_used
from povkit.simulate import simulate
from povkit.verdicts import graded
from povkit.views import VIEWS, Cut, Once, build_views, columns_of
from povkit.views.needs import Relation
from povkit.views.select import Writer
from povkit.views.slices import CUT, Slices, of_household

COUNTY = "530128"
POLICY = load_policy()
LIMITS = limits_for(POLICY, load_county(COUNTY), as_of=date(2018, 12, 31), data_year=2018)
SHELF = tuple(RULES.values())
WANTED = columns_used(SHELF, LIMITS, columns_of(VIEWS))
KEPT = {"household": {"size", "members", "last_status"}, "person": {"age"}}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder: Path = tmp_path_factory.mktemp("register")
    simulate(folder, COUNTY, households=120, seed=6)
    return Register(folder)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"temp_directory": str(tmp_path / "spilt"), "threads": 1}) as opened:
        yield opened


def checked(
    con: duckdb.DuckDBPyConnection, register: Register, cut: Cut | None
) -> tuple[pa.Table, dict[str, Outcome], list[tuple[object, ...]]]:
    """Findings, outcomes, and rows of what is kept of the views."""
    judge = Judge(con, SHELF, LIMITS)
    build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, WANTED, Once(judge.judge, KEPT, cut))
    result = judge.result()
    findings = graded(result.relation, POLICY).to_arrow_table()
    rows = []
    for name, columns in KEPT.items():
        asked = ", ".join(("object_id", "village", *sorted(columns)))
        rows += con.execute(f"SELECT {asked} FROM {name} ORDER BY ALL").fetchall()
    return findings, result.outcomes, rows


def test_slices_give_what_the_whole_gives(register: Register, tmp_path: Path) -> None:
    folder = tmp_path / "it's [1] slices"
    with duckdb.connect() as one, duckdb.connect() as other:
        whole = checked(one, register, None)
        sliced = checked(other, register, Cut(folder, people=90))
        assert whole[0].num_rows > 0
        for of_whole, of_slices in zip(whole, sliced, strict=True):
            assert of_whole == of_slices
        assert not folder.exists()
        left = other.execute("SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views()")
        assert not [name for (name,) in left.fetchall() if name.startswith(("held_", "whole_"))]
        for name in ("raw_person", "raw_household"):
            asked = f"SELECT count(*) FROM {name}"
            assert one.execute(asked).fetchall() == other.execute(asked).fetchall()


def test_more_slices_than_households_leave_empty_ones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("CREATE TEMP VIEW raw_home AS SELECT * FROM (VALUES ('a', 1), ('b', 2)) t(household_id, size)")
    con.execute("CREATE TEMP VIEW raw_none AS SELECT household_id FROM raw_home WHERE FALSE")
    slices = Slices(Writer(con, {}, LIMITS, COUNTY), tmp_path / "slices", number=40)
    slices._write("raw_home", f"SELECT *, {slices._slice('')} AS slice FROM raw_home")
    slices._write("raw_none", f"SELECT *, {slices._slice('')} AS slice FROM raw_none")
    slices._whole |= {"raw_home": "SELECT 'whole' AS household_id", "raw_none": "SELECT 1 AS household_id WHERE FALSE"}
    sizes = []
    for _ in slices.each():
        sizes += con.execute("SELECT (SELECT count(*) FROM raw_home), (SELECT count(*) FROM raw_none)").fetchall()
    assert len(sizes) == 40
    assert sum(home for home, _ in sizes) == 2
    assert {none for _, none in sizes} == {0}
    assert con.execute("FROM raw_home").fetchall() == [("whole",)]


def test_a_register_that_fits_is_not_cut(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    writer = Writer(con, {"raw_person": Relation("raw_person")}, LIMITS, COUNTY)
    assert Cut(tmp_path, people=100).slices(writer, 100) is None
    three = Cut(tmp_path, people=100).slices(writer, 201)
    assert three is not None
    assert three.number == 3


def test_what_is_made_in_slices_reads_other_views_by_household_and_inputs_beside() -> None:
    specs = {spec.name: spec for spec in VIEWS}
    assert tuple(specs)[: len(CUT)] == CUT
    for name in CUT:
        for part in specs[name].parts:
            assert of_household(part) or part.source.startswith(("raw_", "matched_"))
