"""Place and name of flagged rows alone: the same findings, and views without what nobody reads."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES, Judge, columns_used, run_rules
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


@pytest.mark.parametrize(
    "codes, view, lacks",
    [
        ({"E08", "I10", "I13"}, "household", IDENTITY),
        ({"I10", "B01"}, "household", None),
        ({"A01", "A05", "G01"}, "person", None),
        (set(), "change", None),
    ],
)
def test_findings_are_those_of_whole_views(
    register: Register, codes: set[str], view: str, lacks: tuple[str, ...] | None
) -> None:
    shelf = [rule for rule in RULES.values() if rule.code in codes or (not codes and rule.view == view)]
    wanted = columns_used(shelf, LIMITS, columns_of(VIEWS))
    seen: dict[str, set[str]] = {}
    with duckdb.connect() as con:
        whole = run_rules(build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, wanted), shelf, LIMITS)
        judge = Judge(con, shelf, LIMITS)

        def look(views: Views, name: str) -> None:
            seen[name] = {row[0] for row in con.execute(f"DESCRIBE {name}").fetchall()}
            judge.judge(views, name)

        views = build_views(con, register, COUNTY, 2018, LIMITS, VIEWS, wanted, Once(look, {}))
        lean = judge.result()
        assert lean.complete
        assert lean.outcomes == whole.outcomes
        assert lean.findings.num_rows > 0
        assert lean.findings.sort_by(KEY).equals(whole.findings.sort_by(KEY))
    left_out = views.views[view].lacks
    assert left_out
    assert not seen[view] & set(left_out)
    assert lacks is None or left_out == lacks


def test_what_is_kept_read_or_not_from_snapshots_keeps_its_places() -> None:
    wanted = {"household": {"farmland", "village"}, "visit": {"verdict"}, "person": {"age"}}
    places = prune_places(VIEWS, wanted, {"person"}).places
    assert set(places) == {"household"}
    told = set(places["household"].identity)
    assert {"object_id", "township", "subject"} <= told
    assert not {"village", "household_id"} & told  # a rule reads the one, the view of visits the other
