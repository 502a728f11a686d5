"""The policy's limits, and small registers on disk with all views over them."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.register.schema import Kind, load_tables
from povkit.register.store import Register
from povkit.views import VIEWS, Views, build_views

YEAR = 2018
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}


@cache
def policy_limits(county: str) -> Limits:
    """Limits of a county on the last day of the data year."""
    policy = load_policy("yunnan-2018")
    return limits_for(policy, load_county(county), as_of=date(YEAR, 12, 31), data_year=YEAR)


@pytest.fixture(scope="session")
def limits() -> Limits:
    """The policy's limits, with few draws."""
    return Limits({**policy_limits("530113"), "pattern_draws": 400})


MakeViews = Callable[..., Views]


@pytest.fixture
def make_views(tmp_path: Path) -> MakeViews:
    """Views over tables written as the importer lays them out; keyword: table, or table_last for the year before."""

    def make(**tables: list[dict[str, Any]]) -> Views:
        register = Register(tmp_path)
        for name, rows in tables.items():
            table = name.removesuffix("_last")
            _write(register.path("530113", table, YEAR - (name != table)), table, rows)
        return build_views(duckdb.connect(), register, "530113", YEAR, policy_limits("530113"), VIEWS)

    return make


def _write(path: Path, table: str, rows: list[dict[str, Any]]) -> None:
    kinds = load_tables()[table].columns
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, Any] = {n: pa.array([row.get(n) for row in rows], ARROW[kinds[n].type]) for n in names}
    columns |= {"source_file": [f"{table}.xlsx"] * len(rows), "source_sheet": ["Sheet1"] * len(rows)}
    columns |= {"source_row": list(range(4, 4 + len(rows)))}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
