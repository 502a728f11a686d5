"""Snapshots as relations: blanks for what was not handed in, damaged files named together, no more made than read."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES, columns_used, run_rules
from povkit.simulate import simulate
from povkit.views import VIEWS, Need, build_views, columns_of
from povkit.views.snapshots import read_footers, snapshots
from povkit.vocab import FINDING_COLUMNS, InputError

COUNTY = "530128"
LIMITS = limits_for(load_policy(), load_county(COUNTY), as_of=date(2018, 12, 31), data_year=2018)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder: Path = tmp_path_factory.mktemp("it's a register")
    simulate(folder, COUNTY, households=60, seed=6)
    return Register(folder)


def test_footers_tell_columns_and_rows(register: Register) -> None:
    path, absent = register.path(COUNTY, "household", 2018), register.root / "none.parquet"
    with duckdb.connect() as con:
        footers = read_footers(con, [path, absent])
        names = con.sql("SELECT * FROM read_parquet($1)", params=[str(path)]).columns
        assert list(footers) == [path]
        assert footers[path] == (frozenset(names), 60)


def test_every_damaged_file_is_named(register: Register, tmp_path: Path) -> None:
    sound = register.path(COUNTY, "household", 2018)
    bad = [tmp_path / "cut.parquet", tmp_path / "text.parquet"]
    bad[0].write_bytes(sound.read_bytes()[:300])
    bad[1].write_text("no Parquet at all, whatever the name says")
    with duckdb.connect() as con, pytest.raises(InputError) as raised:
        read_footers(con, [bad[0], sound, bad[1]])
    assert [fault.where for fault in raised.value.faults] == [(str(path),) for path in bad]
    assert all("import the county's exports again" in fault.what for fault in raised.value.faults)


def test_what_was_not_handed_in_is_blank_and_lacking(register: Register, tmp_path: Path) -> None:
    source, target = register.path(COUNTY, "household", 2018), Register(tmp_path).path(COUNTY, "household", 2018)
    target.parent.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * EXCLUDE farmland FROM '{str(source).replace(chr(39), chr(39) * 2)}') TO '{target}'"
        )
        made = {snapshot.name: snapshot for snapshot in snapshots(con, Register(tmp_path), COUNTY, 2018)}
        household, last = made["raw_household"], made["raw_household_last"]
        assert household.lacking(con) == {Need("household", "farmland")}
        assert con.sql(
            f"SELECT count(*), count(farmland), count(size) > 50 FROM ({household.select()})"
        ).fetchall() == [(60, 0, True)]
        assert Need("household", "*", True) in last.lacking(con)
        assert con.sql(f"SELECT count(*) FROM ({last.select()})").fetchall() == [(0,)]
        assert household.relation().needs["farmland"] == {Need("household", "farmland")}


@pytest.mark.parametrize(
    "codes, made",
    [({"I02"}, {"raw_household", "raw_village"}), ({"K20"}, {"raw_person", "raw_person_last", "raw_sector"})],
)
def test_only_inputs_that_are_read_become_relations(register: Register, codes: set[str], made: set[str]) -> None:
    shelf = [rule for rule in RULES.values() if rule.code in codes]
    wanted = columns_used(shelf, LIMITS, columns_of(VIEWS))
    with duckdb.connect() as con:
        views = build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, wanted)
        names = {row[0] for row in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
        assert made <= names
        assert "raw_visit" not in names
        result = run_rules(views, shelf, LIMITS)
        assert result.complete
        assert result.relation.columns == list(FINDING_COLUMNS)
        assert len(result.relation) == sum(outcome.flagged for outcome in result.outcomes.values())
        assert result.findings.num_rows == sum(outcome.flagged for outcome in result.outcomes.values())
        left = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert not any(name.startswith("found_") for name in left)
