"""Place and name of flagged rows alone: the same findings, and views without what nobody reads."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES, Columns, Judge, Rule, columns_used, run_rules
from povkit.simulate import simulate
from povkit.views import IDENTITY, VIEWS, Once, Views, build_views, columns_of
from povkit.views.placing import prune_places

COUNTY = "530128"
LIMITS = limits_for(load_policy(), load_county(COUNTY), as_of=date(2018, 12, 31), data_year=2018)
KEY = [(name, "ascending") for name in ("code", "object_id", "evidence", "subject", "title_zh")]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder: Path = tmp_path_factory.mktemp("register")
    simulate(folder, COUNTY, households=200, seed=7)
    return Register(folder)


def large(h: Columns, limits: Any) -> nw.Expr:
    """More than ten square metres, and a village code."""
    return (h.housing_area > 10) & h.village_code.str.starts_with("5")


def shelf_of(*codes: str, view: str = "") -> list[Rule]:
    return [rule for rule in RULES.values() if rule.code in codes or rule.view == view]


@pytest.mark.parametrize(
    "shelf, view, plain, read",
    [
        (shelf_of("E08", "I10", "I13"), "household", True, ()),
        ([Rule("X01", "household", large, "甲"), *shelf_of("E08")], "household", True, ("village_code",)),
        (shelf_of("I10", "B01"), "household", False, ()),
        (shelf_of("A01", "A05", view="person"), "person", False, ()),
        (shelf_of(view="change"), "change", False, ()),
    ],
)
def test_findings_are_those_of_whole_views(
    register: Register, shelf: list[Rule], view: str, plain: bool, read: tuple[str, ...]
) -> None:
    wanted = columns_used(shelf, LIMITS, columns_of(VIEWS))
    seen: dict[str, set[str]] = {}
    with duckdb.connect() as other, duckdb.connect() as con:
        whole = run_rules(build_views(other, register, COUNTY, 2018, LIMITS, VIEWS, wanted), shelf, LIMITS)
        judge = Judge(con, shelf, LIMITS)

        def look(views: Views, name: str) -> None:
            seen[name] = {row[0] for row in con.execute(f"DESCRIBE {name}").fetchall()}
            assert con.execute(f"SELECT count(*) FROM duckdb_views() WHERE view_name = '{view}'").fetchall() == [
                (int(plain and name == view),)
            ]
            judge.judge(views, name)

        views = build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, wanted, Once(look, {}))
        lean = judge.result()
        assert lean.complete
        assert lean.outcomes == whole.outcomes
        assert lean.findings.num_rows > 0
        assert lean.findings.sort_by(KEY).equals(whole.findings.sort_by(KEY))
        assert con.execute("SELECT * FROM duckdb_views() WHERE view_name = $1", [view]).fetchall() == []
    assert seen[view] & set(IDENTITY) == set(read)
    assert set(IDENTITY) - set(read) <= set(views.views[view].told)


def test_what_is_kept_read_or_not_from_snapshots_keeps_its_places() -> None:
    wanted = {"household": {"farmland", "village"}, "visit": {"verdict"}, "person": {"age"}}
    places = prune_places(VIEWS, wanted, {"person"}).places
    assert set(places) == {"household"}
    told = set(places["household"].identity)
    assert {"object_id", "township", "subject"} <= told
    assert not {"village", "household_id"} & told  # a rule reads the one, the view of visits the other
