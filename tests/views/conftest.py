"""A small made-up register on disk, and the views over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from povkit.views import VIEWS, Need, Views, build_views

YEAR = 2018
ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}
Row = dict[str, Any]


@dataclass
class County:
    """One county's views, read by object."""

    views: Views

    def rows(self, view: str, *columns: str) -> dict[str, tuple[Any, ...]]:
        """Values of these columns by object_id, which must be unique and not blank."""
        found = self.views.con.execute(f"SELECT object_id, {', '.join(columns)} FROM {view}").fetchall()
        by_object = {row[0]: row[1:] for row in found}
        assert len(by_object) == len(found)
        assert None not in by_object
        return by_object

    def column(self, view: str, column: str) -> dict[str, Any]:
        """One column by object_id."""
        return {name: values[0] for name, values in self.rows(view, column).items()}

    def missing(self, view: str, *columns: str) -> tuple[Need, ...]:
        """Inputs that these columns need and that were not handed in."""
        return self.views.missing(view, columns)


MakeCounty = Callable[..., County]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection for many small registers: the views replace one another."""
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@cache
def _limits(code: str, as_of: date) -> Limits:
    return limits_for(load_policy("yunnan-2018"), load_county(code), as_of=as_of, data_year=YEAR)


@pytest.fixture
def make_county(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> MakeCounty:
    """Writes tables as the importer lays them out (`village`, `village_last`, …) and builds all views over them.

    `code` and `as_of` choose the county and the date of the run.
    """

    def make(code: str = "530113", as_of: date = date(2018, 12, 31), **tables: list[Row]) -> County:
        register = Register(tmp_path)
        for name, rows in tables.items():
            table = name.removesuffix("_last")
            _write(register.path(code, table, YEAR - (name != table)), table, rows)
        return County(build_views(con, register, code, YEAR, _limits(code, as_of), VIEWS))

    return make


def _write(path: Path, table: str, rows: list[Row]) -> None:
    kinds = load_tables()[table].columns
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, Any] = {n: pa.array([row.get(n) for row in rows], ARROW[kinds[n].type]) for n in names}
    columns |= {"source_file": [f"{table}.xlsx"] * len(rows), "source_sheet": ["Sheet1"] * len(rows)}
    columns |= {"source_row": list(range(4, 4 + len(rows)))}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
