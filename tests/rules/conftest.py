"""An empty register's views, and a way to ask one rule about one made-up row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pytest

from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES
from povkit.rules.engine import prepare
from povkit.views import VIEWS, Views, build_views

AS_OF = date(2018, 12, 31)
DATA_YEAR = 2018


class Bench:
    """Judges made-up rows: columns of a view that are not named are blank."""

    def __init__(self, views: Views, limits: Any) -> None:
        self.views, self.limits = views, limits

    def limits_with(self, **changed: Any) -> Any:
        """The policy's limits with some replaced, for cases that need another county or date."""
        return Limits({**self.limits, **changed}) if changed else self.limits

    def judge(self, name: str, rows: list[dict[str, Any]], **changed: Any) -> list[str]:
        """What a rule says of each row: flag, clear, unknown, or outside (not of its `within`)."""
        rule = RULES[name]
        view = self.views.views[rule.view]
        limits = self.limits_with(**changed)
        everything = Views(self.views.con, self.views.views, frozenset(), {})
        outcome, ready = prepare(rule, everything, limits)
        assert ready is not None, outcome.crash
        strange = {key for row in rows for key in row} - set(view.types)
        assert not strange, f"{name}: the view {rule.view} has no columns {sorted(strange)}"
        names = list(ready.columns)
        for row in rows:
            assert not set(row) - set(names), f"{name} does not use {sorted(set(row) - set(names))}"
        values = ", ".join(
            "(" + ", ".join([str(i), *(_sql(row.get(c), view.types[c]) for c in names)]) + ")"
            for i, row in enumerate(rows)
        )
        columns = ", ".join(["row_number_", *(f'"{c}"' for c in names)])
        frame = nw.from_native(self.views.con.sql(f"SELECT * FROM (VALUES {values}) v({columns})"))
        scope = nw.col(rule.within) if rule.within else nw.lit(True)
        asked = frame.select(nw.col("row_number_"), ready.expression.alias("flag"), scope.alias("scope"))
        got = {row["row_number_"]: row for row in asked.to_native().to_arrow_table().to_pylist()}
        return [_word(got[i]["flag"], got[i]["scope"]) for i in range(len(rows))]


def _sql(value: Any, kind: str) -> str:
    text = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"{text}::{kind}"


def _word(flag: bool | None, scope: bool | None) -> str:
    if scope is False:
        return "outside"
    if scope is None or flag is None:
        return "unknown"
    return "flag" if flag else "clear"


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Views of an empty register of a county that leaves in 2018, with the real policy."""
    empty: Path = tmp_path_factory.mktemp("register")
    con = duckdb.connect()
    limits = limits_for(load_policy("yunnan-2018"), load_county("530113"), as_of=AS_OF, data_year=DATA_YEAR)
    yield Bench(build_views(con, Register(empty), "530113", DATA_YEAR, limits, VIEWS), limits)
    con.close()
