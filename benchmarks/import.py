"""How long an import takes beside the raw reader, and how much memory: python benchmarks/import.py [--rows 200000]

Makes a household workbook of 40 columns in a temporary folder; then reads it with fastexcel alone (everything as
text) and imports it with povkit, each in a process of its own, by turns. Prints seconds and peak memory of each and
the ratios; exit status 1 if the import takes more than `--limit` times the raw reader's time.
"""

import argparse
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fastexcel
import xlsxwriter

from povkit.register.identity import check_character
from povkit.register.importer import import_folders
from povkit.register.schema import Column, Kind, load_tables

COLUMNS = 40
YEAR_FOLDER = "2018"


def make_workbook(path: Path, rows: int) -> None:
    """A workbook of made-up households: a title, a header, `rows` rows and a total."""
    columns = list(load_tables()["household"].columns.values())[:COLUMNS]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["东川区贫困户信息表"])
        sheet.write_row(1, 0, [column.zh[0] for column in columns])
        for row in range(rows):
            sheet.write_row(2 + row, 0, [cell(column, row) for column in columns])
        sheet.write_row(2 + rows, 0, ["合计", rows])


def cell(column: Column, row: int) -> str | float:
    """A value as an export holds it, different from row to row."""
    special = {
        "county": "东川区",
        "village_code": f"53011310{row % 7}{200 + row % 12:03d}",
        "household_id": f"8530113{row:07d}",
        "head_id_number": citizen_number(row),
        "bank_account": f"62231{row * 7919 % 10**14:014d}",
        "phone": f"138{row:08d}",
    }
    if column.name in special:
        return special[column.name]
    if column.codes:
        return column.codes[row % len(column.codes)]
    by_kind: dict[Kind, str | float] = {
        Kind.INT: 2014 + row % 4,
        Kind.FLOAT: row * 7919 % 900_000 / 100,
        Kind.BOOL: "是" if row % 3 else "否",
        Kind.DATE: ("2018-06-01", "20180601", "2018年6月1日")[row % 3],
    }
    return by_kind.get(column.type, f"{column.zh[0]}{row % 5000}")


def citizen_number(row: int) -> str:
    """A number with a right check character and the area code of nobody."""
    first17 = f"530199{1940 + row % 60}{1 + row % 12:02d}{1 + row % 28:02d}{row % 1000:03d}"
    return first17 + check_character(first17)


def measure(what: str, folder: Path) -> dict[str, float]:
    """Run one reader in a process of its own; gives its seconds and its peak memory in MB."""
    command = [sys.executable, __file__, "--only", what, "--folder", str(folder)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def run_once(what: str, folder: Path) -> None:
    """Read or import the workbook in this process and print seconds and peak memory as JSON."""
    importlib.import_module("pandas")  # pyarrow loads it at first use; start-up is not what is compared
    workbook = next(folder.rglob("*.xlsx"))
    if what == "raw":
        start = time.perf_counter()
        sheet = fastexcel.read_excel(workbook).load_sheet(0, header_row=None, dtypes="string")
        sheet.to_arrow()
    else:
        with tempfile.TemporaryDirectory() as register:
            start = time.perf_counter()
            import_folders([folder], Path(register))
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def main() -> int:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.5)
    parser.add_argument("--only", choices=["raw", "import"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.only:
        run_once(options.only, options.folder)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, YEAR_FOLDER, "households.xlsx")
        path.parent.mkdir()
        make_workbook(path, options.rows)
        print(f"{options.rows} rows x {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB")
        turns = [{what: measure(what, Path(folder)) for what in ("raw", "import")} for _ in range(options.repeat)]
    best = {what: {k: min(turn[what][k] for turn in turns) for k in ("seconds", "mb")} for what in ("raw", "import")}
    for what, figures in best.items():
        print(f"{what:7}{figures['seconds']:7.2f} s{figures['mb']:7.0f} MB")
    ratio = best["import"]["seconds"] / best["raw"]["seconds"]
    print(f"time x {ratio:.2f}, memory x {best['import']['mb'] / best['raw']['mb']:.2f}")
    return 0 if ratio <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
