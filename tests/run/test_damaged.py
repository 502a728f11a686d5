"""Whatever is missing, blank, constant or absurd in a register: the check comes to an end and no rule breaks."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from povkit.policy import load_policy
from povkit.register.store import Register
from povkit.run.check import check_county
from povkit.run.machine import Machine

COUNTY = "530113"
KEYS = ("household_id", "person_id", "list", "village_code")
"""Columns that an import never leaves out."""

ABSURD: dict[str, tuple[Any, ...]] = {
    "double": (0.0, -1.0, 1e12, 3500.0, None),
    "int64": (0, -1, 10**6, None),
    "bool": (True, False, None),
    "date32[day]": (date(1, 1, 1), date(9999, 12, 31), date(2018, 12, 31), None),
    "string": ("", "无", "x", "，", "o'b\"r", "1" * 40, None),
}


def dropped(table: pa.Table, name: str, chance: np.random.Generator) -> pa.Table:
    return table if name in KEYS else table.drop_columns([name])


def blank(table: pa.Table, name: str, chance: np.random.Generator) -> pa.Table:
    return put(table, name, [None] * table.num_rows)


def constant(table: pa.Table, name: str, chance: np.random.Generator) -> pa.Table:
    usual = table[name].to_pylist() or [None]
    return put(table, name, [usual[chance.integers(len(usual))]] * table.num_rows)


def absurd(table: pa.Table, name: str, chance: np.random.Generator) -> pa.Table:
    usual = table[name].to_pylist()
    odd = ABSURD[str(table.schema.field(name).type)]
    chosen = [odd[place] for place in chance.integers(len(odd), size=len(usual))]
    return put(
        table,
        name,
        [
            other if swap else one
            for one, other, swap in zip(usual, chosen, chance.random(len(usual)) < 0.3, strict=True)
        ],
    )


def put(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    field = table.schema.field(name)
    return table.set_column(table.column_names.index(name), field, pa.array(values, field.type))


WAYS: tuple[Callable[[pa.Table, str, np.random.Generator], pa.Table], ...] = (dropped, blank, constant, absurd)


def damage(register: Path, chance: np.random.Generator, keep: int | None) -> None:
    """A fifth of all columns in one of WAYS, some tables gone, empty or doubled; rows of `keep` households alone."""
    homes = pq.read_table(register / COUNTY / "2018" / "household.parquet")["household_id"].to_pylist()[:keep]
    for file in sorted((register / COUNTY).rglob("*.parquet")):
        needed = file.parent.name == "2018" and file.stem in ("household", "person")
        if chance.random() < 0.1 and not needed:
            file.unlink()
            continue
        table = pq.read_table(file)
        if keep is not None and "household_id" in table.column_names:
            table = table.filter(pa.array([one in homes for one in table["household_id"].to_pylist()], pa.bool_()))
        table = {0: table.slice(0, 0), 1: pa.concat_tables([table, table])}.get(int(chance.integers(12)), table)
        for name in table.column_names:
            if not name.startswith("source_") and chance.random() < 0.2:
                table = WAYS[chance.integers(len(WAYS))](table, name, chance)
        pq.write_table(table, file)


@pytest.mark.parametrize(("seed", "keep"), [(1, None), (2, None), (3, 25), (4, 2), (5, 0)])
def test_a_damaged_register_is_checked_to_the_end(register: Path, tmp_path: Path, seed: int, keep: int | None):
    shutil.copytree(register / COUNTY, tmp_path / COUNTY)
    damage(tmp_path, np.random.default_rng(seed), keep)
    machine = Machine(whole_views=bool(seed % 2))
    checked = check_county(Register(tmp_path), COUNTY, date(2018, 12, 31), 2018, load_policy(), machine=machine)
    crashed = {code: of["not_run"] for code, of in checked.summary["rules"].items() if of["crashed"]}
    assert not crashed
    assert checked.summary["complete"]
