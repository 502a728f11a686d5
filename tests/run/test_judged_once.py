"""Views that are judged as soon as they stand and then given back: the same findings, and no more left than is kept."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES, Judge, columns_used, run_rules
from povkit.run.machine import Machine
from povkit.simulate import simulate
from povkit.views import IDENTITY, VIEWS, Once, Views, build_views, columns_of

COUNTY = "530128"
LIMITS = limits_for(load_policy(), load_county(COUNTY), as_of=date(2018, 12, 31), data_year=2018)
SHELF = tuple(RULES.values())
WANTED = columns_used(SHELF, LIMITS, columns_of(VIEWS))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder: Path = tmp_path_factory.mktemp("register")
    simulate(folder, COUNTY, households=120, seed=6)
    return Register(folder)


def connected(register: Register) -> duckdb.DuckDBPyConnection:
    return Machine(threads=1).connect(register.root).con


def built(con: duckdb.DuckDBPyConnection, register: Register, once: Once | None = None) -> Views:
    return build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, WANTED, once)


def columns(views: Views, name: str) -> set[str]:
    return {row[0] for row in views.con.execute(f"DESCRIBE {name}").fetchall()}


def test_findings_are_the_same_and_only_what_is_kept_stays(register: Register) -> None:
    together = run_rules(built(connected(register), register), SHELF, LIMITS)
    con = connected(register)
    judge = Judge(con, SHELF, LIMITS)
    views = built(con, register, Once(judge.judge, {"household": {"size"}}))
    found = judge.result()
    assert found.findings.num_rows > len(IDENTITY)
    key = [(name, "ascending") for name in ("code", "object_id", "evidence", "title_zh")]
    assert found.findings.sort_by(key).equals(together.findings.sort_by(key))
    assert list(found.outcomes.values()) == list(together.outcomes.values())
    assert columns(views, "household") == set(views.views["household"].types) >= {"size", *IDENTITY}
    assert "farmland_pc" not in columns(views, "household")
    tables = {row[0] for row in views.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert "household" in tables
    assert not {"visit", "measure", "newcomer"} & tables
    assert views.views["visit"].types == {}
