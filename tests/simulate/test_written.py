"""What simulate leaves on disk: exports like exports, snapshots like the importer's, the same bytes each time."""

import csv
import io
from pathlib import Path

import fastexcel
import pyarrow.parquet as pq
import pytest

from povkit.register.importer import import_folders
from povkit.register.schema import SQL_TYPE, load_tables
from povkit.register.store import SOURCE_COLUMNS, Register
from povkit.simulate import TRUTH_COLUMNS, simulate
from povkit.vocab import InputError

SMALL = {"county": "530129", "households": 90}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("raw", [True, False])
def test_same_seed_same_bytes(raw: bool, tmp_path: Path) -> None:
    for name in ("one", "two"):
        simulate(tmp_path / name, **SMALL, seed=1, raw=raw)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    simulate(tmp_path / "one", **SMALL, seed=2, raw=raw)
    assert _bytes(tmp_path / "one") != _bytes(tmp_path / "two")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export")
    simulate(out, "530113", 200, seed=1, raw=True)
    return out


def test_workbooks_have_the_forms_headers(export: Path) -> None:
    seen = set()
    for path in sorted((export / "530113").glob("201?/*.xlsx")):
        rows = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow().to_pylist()
        cells = [list(row.values()) for row in rows]
        table = next(t for t in load_tables().values() if path.stem.rstrip("0123456789") == t.zh)
        headers = [column.zh[0] for column in table.columns.values()]
        assert cells[0][0] == f"东川区{table.zh}表"
        assert [header for header in headers if header in cells[2]] == cells[2]
        assert cells[-1][:2] == ["合计", str(len(cells) - 4)]
        seen.add(table.name)
    assert seen == set(load_tables()) - {"sector"}


def test_lists_are_gb18030(export: Path) -> None:
    files = sorted((export / "530113" / "行业部门").iterdir())
    assert len(files) == 14
    for path in files:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("gb18030"))))
        assert {row["名单类别"].strip() for row in rows} == {path.stem.removesuffix("名单")}


def test_dates_come_in_three_spellings(export: Path) -> None:
    sheet = fastexcel.read_excel(export / "530113/2018/贫困人口信息2018.xlsx").load_sheet(
        0, header_row=2, dtypes="string"
    )
    births = [text for text in sheet.to_arrow().column("出生日期").to_pylist() if text]
    kinds = {("年" in text, "-" in text) for text in births}
    assert kinds == {(True, False), (False, True), (False, False)}


def test_truth_lies_beside_the_county(export: Path) -> None:
    lines = (export / "truth" / "530113.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(TRUTH_COLUMNS)
    assert len(lines) > 90


def test_snapshots_are_what_importing_the_export_gives(tmp_path: Path) -> None:
    simulate(tmp_path / "raw", "530113", 150, seed=1, raw=True)
    simulate(tmp_path / "typed", "530113", 150, seed=1)
    import_folders([tmp_path / "raw" / "530113"], tmp_path / "imported")
    written, imported = Register(tmp_path / "typed"), Register(tmp_path / "imported")
    for name, table in load_tables().items():
        for year in (2017, 2018) if table.snapshot else (2018,):
            path = written.path("530113", name, year)
            assert path.exists() and imported.path("530113", name, year).exists()
            ours, theirs = pq.read_table(path), pq.read_table(imported.path("530113", name, year))
            assert set(ours.schema.names) == set(theirs.schema.names) <= {*table.columns, *SOURCE_COLUMNS}
            order = [("source_file", "ascending"), ("source_row", "ascending")]
            columns = [c for c in theirs.schema.names if c not in SOURCE_COLUMNS]
            ours, theirs = ours.sort_by(order).select(columns), theirs.sort_by(order).select(columns)
            assert ours.equals(theirs)
    assert imported.receipt("530113")["unrecognised"] == []
    assert len(written.receipt("530113")["files"]) == len(imported.receipt("530113")["files"])


def test_snapshots_have_the_contracts_types(tmp_path: Path) -> None:
    simulate(tmp_path, "530102", 60, seed=1)
    types = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE"}
    for path in (tmp_path / "530102").rglob("*/*.parquet"):
        columns = load_tables()[path.stem].columns
        for field in pq.read_schema(path):
            if field.name in columns:
                assert types[str(field.type)] == SQL_TYPE[columns[field.name].type]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        simulate(tmp_path, "999999", 3, seed=1, faults={"Z99": 1, "I02": -1})
    assert [fault.where for fault in caught.value.faults] == [
        ("faults", "Z99"),
        ("faults", "I02"),
        ("households",),
        ("999999",),
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "530113").mkdir()
    (tmp_path / "530113" / "real.xlsx").write_bytes(b"real")
    with pytest.raises(InputError, match="left alone"):
        simulate(tmp_path, "530113", 100, seed=1)
    assert (tmp_path / "530113" / "real.xlsx").read_bytes() == b"real"
