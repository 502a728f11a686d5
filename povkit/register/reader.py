"""Files as they were handed in become sheets of text: columns of strings, every row, nothing interpreted.

What a file is, is told by its first bytes, not by its name. Numbers and dates that a workbook holds as such come as
the text of their value.
"""

import codecs
import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".tsv"})
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORMULA = re.compile(r"Error\((\w+)\)")
_SHOWN = {"Ref": "#REF!", "Div0": "#DIV/0!", "Value": "#VALUE!", "Name": "#NAME?", "Num": "#NUM!", "Null": "#NULL!"}
_CHUNK_ROWS = 20_000
_BYTES_AT_ONCE = 1 << 20


class UnusableError(Exception):
    """A file that cannot be read: key of `messages.FAULTS` and a detail."""

    def __init__(self, key: str, detail: str = "") -> None:
        self.key, self.detail = key, detail
        super().__init__(key, detail)


@dataclass
class RawSheet:
    """One sheet: columns of strings of one length, row 0 being the spreadsheet's row 1.

    `positions` are the columns' places in the spreadsheet (0 = A), which differ from 0, 1, 2 … if it begins with
    blank columns. Columns are handed over one at a time by `take`, so that memory is given back as they are used up.
    """

    path: Path
    name: str
    columns: list[pa.Array | None]
    positions: list[int]
    rows: int
    workbook: bool

    def take(self, place: int) -> pa.Array:
        """The column at a place; the sheet gives up its own hold on it."""
        column, self.columns[place] = self.columns[place], None
        if column is None:
            raise LookupError(f"column {place} was taken already")
        return column

    def head(self, rows: int) -> list[list[str]]:
        """The first rows, row by row, blanks as ''."""
        columns = [[text or "" for text in c.slice(0, rows).to_pylist()] for c in self.columns if c is not None]
        return [list(row) for row in zip(*columns, strict=True)]


def find_files(folder: Path) -> list[Path]:
    """All files of a folder and its folders, sorted by path; hidden files, lock files and hidden folders left out."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "~$")) for part in parts) and path.name != "Thumbs.db":
            found.append(path)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def is_table_file(path: Path) -> bool:
    """Whether the file claims or proves to be a workbook or a CSV file."""
    return path.suffix.lower() in WORKBOOKS | TEXTS


def read_sheets(path: Path) -> Iterator[RawSheet]:
    """The sheets of a workbook, or the one table of a CSV file (whose name is then ""). Empty sheets are left out.

    Raises UnusableError.
    """
    start = _first_bytes(path)
    if start.startswith((_ZIP, _OLE)):
        yield from _workbook_sheets(path)
    elif path.suffix.lower() in WORKBOOKS:
        raise UnusableError("not_a_workbook" if start.strip(b"\0") else "damaged_workbook", "0 B")
    else:
        yield from _text_sheet(path)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise UnusableError("cannot_read", str(error.strerror)) from error


def _open(path: Path) -> fastexcel.ExcelReader:
    by_name = _OLE if path.suffix.lower() == ".xls" else _ZIP
    source = path if path.suffix.lower() in WORKBOOKS and _first_bytes(path).startswith(by_name) else path.read_bytes()
    try:
        return fastexcel.read_excel(source)
    except Exception as error:
        raise UnusableError("damaged_workbook", _first_line(error)) from error


def _workbook_sheets(path: Path) -> Iterator[RawSheet]:
    workbook = _open(path)
    for name in workbook.sheet_names:
        sheet = _load(workbook, name)
        if sheet is not None:
            yield RawSheet(path, name, *sheet, workbook=True)


def _load(workbook: fastexcel.ExcelReader, name: str) -> tuple[list[pa.Array | None], list[int], int] | None:
    try:
        sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if not sheet.height:
            return None
        positions = [info.absolute_index for info in sheet.selected_columns]
        batch, failed = sheet.to_arrow_with_errors()
    except Exception as error:
        raise UnusableError("damaged_workbook", _first_line(error)) from error
    columns: list[pa.Array | None] = list(batch.columns)
    for place, cells in _failed_cells(failed).items():
        rows, told = zip(*cells, strict=True)
        mask = pa.array(np.isin(np.arange(batch.num_rows), rows))
        columns[place] = pc.replace_with_mask(batch.column(place), mask, pa.array(told, pa.string()))
    return columns, positions, batch.num_rows


def _failed_cells(failed: fastexcel.CellErrors | None) -> dict[int, list[tuple[int, str]]]:
    """Column -> (row, what a spreadsheet shows there), in order, of the cells whose formula failed."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for cell in failed.errors if failed else ():
        hit = _FORMULA.search(cell.detail)
        if hit:
            row, place = cell.offset_position
            found[place].append((row, _SHOWN.get(hit[1], "#N/A")))
    return {place: sorted(cells) for place, cells in found.items()}


def number_cells(sheet: RawSheet, position: int) -> pa.BooleanArray:
    """Which cells of a workbook's column are stored as numbers (true), not as text (blank)."""
    loaded = _open(sheet.path).load_sheet(
        sheet.name, header_row=None, skip_rows=0, dtypes="boolean", use_columns=[position]
    )
    batch, _ = loaded.to_arrow_with_errors()
    return batch.column(0)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _text_sheet(path: Path) -> Iterator[RawSheet]:
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            columns, rows = _read_rows(file, _delimiter(path, encoding))
    except (UnicodeError, csv.Error) as error:
        raise UnusableError("damaged_text", _first_line(error)) from error
    if rows:
        yield RawSheet(path, "", list(columns), list(range(len(columns))), rows, workbook=False)


def _encoding(path: Path) -> str:
    """UTF-8 (or UTF-16 by its mark), else GB18030, which holds GBK and GB2312."""
    start = _first_bytes(path)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BYTES_AT_ONCE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding) as file:
        start = "".join(islice(file, 30))
    return max(",\t;", key=start.count)


def _read_rows(file: TextIO, delimiter: str) -> tuple[list[pa.Array], int]:
    """Columns of text; rows of unequal length are filled up with blanks. A chunk of rows at a time."""
    reader = csv.reader(file, delimiter=delimiter)
    chunks: list[list[pa.Array]] = []
    while block := list(islice(reader, _CHUNK_ROWS)):
        width = max(map(len, block))
        padded = [row if len(row) == width else row + [""] * (width - len(row)) for row in block]
        chunks.append([pa.array(column, pa.string()) for column in zip(*padded, strict=True)])
        if not width:
            chunks[-1] = [pa.array([""] * len(block))]
    width = max(map(len, chunks), default=0)
    return [_column(chunks, place) for place in range(width)], sum(len(chunk[0]) for chunk in chunks)


def _column(chunks: list[list[pa.Array]], place: int) -> pa.Array:
    parts = [chunk[place] if place < len(chunk) else pa.nulls(len(chunk[0]), pa.string()) for chunk in chunks]
    return pa.concat_arrays(parts)
