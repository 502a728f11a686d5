"""What a column needs is read off its SQL."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from povkit.register.schema import load_tables
from povkit.register.store import Register
from povkit.views import VIEWS, Need, build_views, column_labels
from povkit.views.select import COUNT, literal
from povkit.views.spec import Col


class Values:
    """Limits enough to build every view."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.endswith("_on") or name in ("as_of",):
            return date(2018, 8, 31)
        return 10 if name.endswith(("_min", "_max", "_count", "_age", "year")) else ["x"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    con = duckdb.connect()
    yield build_views(con, Register(tmp_path_factory.mktemp("none")), "530113", 2018, Values(), VIEWS)
    con.close()


def test_words_leave_out_text_and_limits() -> None:
    column = Col("x", "count(*) FILTER (WHERE step = 'starts' AND days >= :notice_days_min)", "", "")
    assert "step" in column.words()
    assert not {"starts", "notice_days_min"} & column.words()
    assert column.limits() == ("notice_days_min",)


def test_needs_reach_through_views(empty: Any) -> None:
    household = empty.views["household"].needs
    assert household["irrigated"] == {Need("household", "irrigated")}
    assert Need("person", "medical_insurance") in household["any_uninsured"]
    assert Need("household", "net_income_pc", True) in household["last_net_income_pc"]
    assert Need("measure", "*") in household["measures"]
    assert Need("sector", "机动车") in household["members_on_vehicle_list"]
    assert Need("sector", "死亡") not in household["members_on_vehicle_list"]


def test_limits_behind_columns_are_known(empty: Any) -> None:
    assert "as_of" in empty.views["person"].limits["age"]
    assert "compulsory_school_age_max" in empty.views["household"].limits["any_out_of_school"]


def test_everything_is_missing_from_an_empty_register(empty: Any) -> None:
    assert empty.missing("household", ["irrigated", "farmland"]) == (Need("household", "*"),)
    assert empty.missing("household", ["measures"]) == (Need("measure", "*"),)
    assert set(empty.rows.values()) == {None}


def test_every_column_of_every_view_has_needs_and_a_label(empty: Any) -> None:
    labels = column_labels()
    for view in empty.views.values():
        assert set(view.types) == set(view.needs)
        unlabelled = {c for c in view.types if c not in labels and not c.startswith("source_")}
        assert unlabelled <= {"object_id", "county_code", "subject"}, view.name


def test_literals() -> None:
    assert literal((1, 2.5)) == "(1, 2.5)"
    assert literal(date(2018, 12, 31)) == "DATE '2018-12-31'"
    assert literal("甲'乙") == "'甲''乙'"
    assert literal(True) == "TRUE"
    assert literal(None) == "NULL"


def test_contract_has_no_column_lost_to_yaml() -> None:
    """Unquoted `on` would be read as the truth value."""
    for table in load_tables().values():
        assert all(isinstance(name, str) and name for name in table.columns), table.name
        assert set(table.key) <= set(table.columns)
    assert "on" in load_tables()["change"].columns


def test_layouts_file_keeps_the_contract(request: pytest.FixtureRequest) -> None:
    """Our copy says at least what the shared contract says, where that is at hand."""

    contract = Path(__file__).resolve().parents[3] / "shared" / "contract" / "tables.yaml"
    if not contract.exists():
        pytest.skip("the shared contract is not here")
    theirs = yaml.safe_load(contract.read_text(encoding="utf-8"))
    ours = load_tables()
    for name, table in theirs.items():
        for column, spec in table["columns"].items():
            mine = ours[name].columns["on" if column is True else column]
            assert set(spec["zh"]) <= set(mine.zh)
            assert mine.type == spec["type"] or (spec["type"], mine.type) == ("text", "code")
            assert set(spec.get("codes", ())) <= set(mine.codes)


def test_a_part_that_counts_itself_has_the_form_that_its_quick_way_understands() -> None:
    marked = [(spec, part) for spec in VIEWS for part in spec.parts if part.counts_itself]
    assert len(marked) == 9
    for spec, part in marked:
        assert part.source == spec.base
        assert part.on.replace("b.", "") == part.key
        assert Col("", part.where, "", "").words() <= Col("", part.key, "", "").words() | {"regexp_matches", "length"}
        for column in part.columns:
            assert COUNT.fullmatch(column.sql)
            assert not column.default
