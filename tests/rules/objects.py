"""Many different objects for questions about the rules as a set: registers whole, faulty and altered by cells."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from povkit.register.schema import Column, Kind, load_tables
from povkit.simulate import simulate

COUNTIES = {"530113": 3, "530129": 5}
"""One that leaves this year and one that does not, each with its seed."""
HOUSEHOLDS = 250
SHARE, TIMES = 0.3, 12
FACTORS = (0.0, 0.5, 0.9, 1.1, 2.0, 10.0, -1.0)
DAYS = (-8000, -3000, -400, -40, -8, -1, 1, 8, 40, 400, 3000)


def registers(root: Path) -> Iterator[tuple[Path, str]]:
    """Folder and county of each register: without faults, with planted ones, and with altered cells."""
    for county, seed in COUNTIES.items():
        for name, faults in (("clean", 0.0), ("faulty", 1.0)):
            simulate(root / f"{county}-{name}", county, HOUSEHOLDS, seed=seed, faults=faults)
            yield root / f"{county}-{name}", county
        scatter(root / f"{county}-clean", root / f"{county}-altered", county, seed)
        yield root / f"{county}-altered", county


def scatter(source: Path, target: Path, county: str, seed: int) -> None:
    """Copy a county and alter a cell here and there: each row at most one.

    Every code of every list is written TIMES over other codes; a SHARE of the other rows gets a cell with a number,
    day or text near its own or of another row, its opposite, or a blank.
    """
    shutil.copytree(source, target)
    rng = np.random.default_rng(seed)
    for path in sorted((target / county).glob("*/*.parquet")):
        table = pq.read_table(path)
        rows, columns = table.to_pylist(), load_tables()[path.stem].columns
        left = list(rng.permutation(len(rows)))
        for column in (each for each in columns.values() if each.name in table.column_names):
            for code in column.codes:
                _write_code(rows, left, column.name, code)
        names = [name for name in table.column_names if name in columns]
        for place in left[: int(SHARE * len(left))]:
            name = names[rng.integers(len(names))]
            other = rows[rng.integers(len(rows))][name]
            rows[place][name] = _altered(rng, columns[name], rows[place][name], other)
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def _write_code(rows: list[dict[str, Any]], left: list[int], name: str, code: str) -> None:
    """Give a code to rows that have one in this column; they are then no longer left."""
    if sum(row[name] == code for row in rows) >= TIMES:
        return
    fit = [place for place in left if rows[place][name] not in (None, code)][:TIMES]
    for place in fit[: max(1, len(left) // 40)]:
        rows[place][name] = code
        left.remove(place)


def _altered(rng: np.random.Generator, column: Column, value: Any, other: Any) -> Any:
    if rng.random() < 0.1:
        return None
    if column.type is Kind.BOOL:
        return not value
    if column.codes or value is None or rng.random() < 0.3:
        return other
    if column.type is Kind.DATE:
        return value + timedelta(days=int(rng.choice(DAYS)))
    if column.type in (Kind.INT, Kind.FLOAT):
        changed = value * float(rng.choice(FACTORS)) + int(rng.integers(-2, 3))
        return round(changed) if column.type is Kind.INT else changed
    return str(value)[: rng.integers(len(str(value)) + 1)]
