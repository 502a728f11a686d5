"""Write a world as typed snapshots, laid out as the importer leaves them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from povkit.register.schema import Kind, Table, load_tables
from povkit.register.store import SOURCE_COLUMNS
from povkit.simulate.assumptions import THIS
from povkit.simulate.world import Key, World

SECTOR_FOLDER, SHEET, FIRST_ROW = "行业部门", "Sheet1", 4
"""Where an export keeps the departments' lists; its sheet; the first row of data under two title rows and a header."""

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
}
_UNREADABLE = {
    "table": pa.string(),
    "year": pa.int64(),
    "file": pa.string(),
    "sheet": pa.string(),
    "row": pa.int64(),
    "column": pa.string(),
    "header": pa.string(),
    "value": pa.string(),
    "why": pa.string(),
}


def workbook_name(table: Table, year: int | None) -> str:
    """Path of a table's workbook inside a county's folder of exports."""
    return f"{year}/{table.zh}{year}.xlsx" if year else f"{THIS}/{table.zh}.xlsx"


def list_name(sector_list: str) -> str:
    """Path of a department's list inside a county's folder of exports."""
    return f"{SECTOR_FOLDER}/{sector_list}名单.csv"


def write_snapshots(world: World, folder: Path) -> None:
    """Write every table as Parquet under `folder` (one county), with a receipt. Byte for byte the same each time."""
    files: list[dict[str, Any]] = []
    for (name, year), frame in world.tables.items():
        path = folder / (str(year) if year else "lists") / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_arrow(name, year, frame), path, compression="zstd")
        files += _entries((name, year), frame, hashlib.sha256(path.read_bytes()).hexdigest())
    empty = {name: pa.array([], kind) for name, kind in _UNREADABLE.items()}
    pq.write_table(pa.table(empty), folder / "unreadable.parquet")
    receipt = {"county": world.county.code, "files": files, "unrecognised": []}
    (folder / "receipt.json").write_text(json.dumps(receipt, ensure_ascii=False, indent=1), encoding="utf-8")


def _arrow(name: str, year: int | None, frame: pd.DataFrame) -> pa.Table:
    table = load_tables()[name]
    data = {
        column: pa.array(_values(frame[column], table.columns[column].type), _ARROW[table.columns[column].type])
        for column in frame.columns
    }
    if name == "sector":
        data["source_file"] = pa.array([list_name(item) for item in frame["list"]], pa.string())
        data["source_sheet"] = pa.array([""] * len(frame), pa.string())
        rows = frame.groupby("list", sort=False).cumcount() + 2
    else:
        data["source_file"] = pa.array([workbook_name(table, year)] * len(frame), pa.string())
        data["source_sheet"] = pa.array([SHEET] * len(frame), pa.string())
        rows = pd.Series(range(FIRST_ROW, FIRST_ROW + len(frame)))
    data[SOURCE_COLUMNS[-1]] = pa.array(rows.to_numpy(), pa.int64())
    return pa.table(data)


def _values(column: Any, kind: Kind) -> Any:
    return column.dt.date.where(column.notna(), None) if kind is Kind.DATE else column.where(column.notna(), None)


def _entries(key: Key, frame: pd.DataFrame, sha256: str) -> list[dict[str, Any]]:
    """What the receipt says of a table: one entry, or one a list for the departments' lists."""
    name, year = key
    table = load_tables()[name]
    entry = {
        "file": workbook_name(table, year),
        "sheet": SHEET,
        "table": name,
        "year": year,
        "portion": None,
        "rows": len(frame),
        "sha256": sha256,
        "missing_columns": [column for column in table.columns if column not in frame.columns],
        "extra_columns": [],
        "unreadable": 0,
        "header_row": FIRST_ROW - 1,
    }
    if name != "sector":
        return [entry]
    counts = frame["list"].value_counts(sort=False)
    alike = {"sheet": "", "header_row": 1}
    return [entry | alike | {"file": list_name(str(item)), "rows": int(count)} for item, count in counts.items()]
