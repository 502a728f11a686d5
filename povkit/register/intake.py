"""One recognised sheet becomes one typed part on disk: rows chosen, columns cleaned, keys checked, sources noted."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from povkit.register import identity
from povkit.register.clean import IDENTITY_COLUMNS, BadCell, clean_column
from povkit.register.parts import Chunk, write_table
from povkit.register.reader import RawSheet, number_cells
from povkit.register.recognise import LIST_COLUMN, Layout, data_rows
from povkit.register.schema import Column, Table
from povkit.register.store import EXTRA

ROW_KEYS = IDENTITY_COLUMNS - {"id_number", "helper_id_number"}
"""Key columns without which a row has no home; the others may be blank, and rules say so."""

_LONG = r"^[0-9]{17,25}$"
_SAMPLE = 1000
_THREADS = 2


@dataclass(frozen=True)
class Unreadable:
    """A cell of a part that could not be understood. `row` is the spreadsheet's, from 1; `why` a key of WHY."""

    row: int
    column: str
    header: str
    value: str
    why: str


@dataclass
class Part:
    """A sheet taken in. `rows` were kept; `refused` tells why the sheet cannot be used (key of FAULTS, words)."""

    layout: Layout
    file: str
    sheet: str
    names: tuple[str, ...]
    path: Path
    sha256: str = ""
    rows: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    refused: tuple[str, dict[str, object]] | None = None

    @property
    def table(self) -> Table:
        """The table of the contract that the sheet is."""
        return self.layout.table

    @property
    def columns(self) -> frozenset[str]:
        """The contract's columns that the part holds."""
        return frozenset(self.layout.columns) | ({LIST_COLUMN} if self.layout.list_name else frozenset())


def take_in(sheet: RawSheet, part: Part) -> None:
    """Clean the sheet and write its rows to `part.path`; fills `rows`, `unreadable` and `refused`.

    The sheet's columns are used up on the way.
    """
    layout = part.layout
    chosen = _Chosen(data_rows([c for c in sheet.columns if c is not None], layout))

    def clean(name: str) -> pa.Array:
        return _contract_column(sheet, layout.columns[name], layout.table.columns[name], chosen, part)

    with ThreadPoolExecutor(_THREADS) as threads:  # Arrow works without holding the interpreter
        held = dict(zip(layout.columns, threads.map(clean, layout.columns), strict=True))
    for header, place in layout.extra.items():
        cleaned, _ = clean_column(chosen.pick(sheet.take(place)), None)
        if layout.headers[place] or cleaned.null_count < len(cleaned):
            held[EXTRA + header] = cleaned
    keep = _rows_to_keep(held, chosen, part)
    if part.refused:
        return
    if layout.list_name:
        told = repeat(layout.list_name, len(chosen.rows))
        held[LIST_COLUMN] = _filled_up(held[LIST_COLUMN], layout.list_name) if LIST_COLUMN in held else told
    part.unreadable.sort(key=lambda cell: (cell.row, cell.column))
    _write(held, chosen, keep, part)


class _Chosen:
    """The data rows of a sheet: `rows` are the spreadsheet's row numbers, `pick` takes a column's cells there."""

    def __init__(self, mask: pa.BooleanArray) -> None:
        self._places = pc.indices_nonzero(mask)
        self.rows = pc.add(self._places.cast(pa.int32()), 1)
        self._start = self._places[0].as_py() if len(self._places) else 0
        self._whole = len(self.rows) > 0 and self._places[-1].as_py() - self._start + 1 == len(self.rows)

    def pick(self, column: pa.Array) -> pa.Array:
        return column.slice(self._start, len(self.rows)) if self._whole else column.take(self._places)


def _contract_column(sheet: RawSheet, place: int, column: Column, chosen: _Chosen, part: Part) -> pa.Array:
    cleaned, bad = clean_column(chosen.pick(sheet.take(place)), column)
    if sheet.workbook and column.name in IDENTITY_COLUMNS and _looks_like_numbers(cleaned.dictionary):
        stored = chosen.pick(number_cells(sheet, sheet.positions[place]))
        cleaned, lost = _blank_numbers(cleaned, stored)
        bad = [*bad, *lost]
    header = part.layout.headers[place]
    part.unreadable += [Unreadable(chosen.rows[b.place].as_py(), column.name, header, b.value, b.why) for b in bad]
    return cleaned


def _looks_like_numbers(words: pa.Array) -> bool:
    """Whether long numbers may have gone through a double's 53 bits, or through a spreadsheet's 15 digits.

    Only a hint, worth a second look into the file: one in 64 sound numbers of 18 digits is a double too, and one in
    1000 of those with a wrong check character looks as if a spreadsheet had rounded it.
    """
    long = words.filter(pc.fill_null(pc.match_substring_regex(words, _LONG), False))
    sample = long.take(pa.arange(0, len(long), 1 + len(long) // _SAMPLE)).to_pylist()
    if 3 * sum(int(float(word)) == int(word) for word in sample) > len(sample):
        return True
    cards = long.filter(pc.equal(pc.utf8_length(long), identity.PERSON_LENGTH)).cast(pa.int64())
    numbers = np.from_dlpack(cards).astype(np.int64, copy=False)
    wrong = numbers[~identity.valid_checks(numbers)]
    rounded = ((wrong + 500) // 1000 * 1000).astype(np.float64).astype(np.int64)
    return bool(200 * np.count_nonzero(rounded == wrong) > len(wrong))


def _blank_numbers(cleaned: pa.Array, stored: pa.BooleanArray) -> tuple[pa.Array, list[BadCell]]:
    """Cells that a workbook stores as numbers too long to be held exactly, blanked and told."""
    plain = cleaned.cast(pa.string())
    lost = pc.fill_null(pc.and_(pc.match_substring_regex(plain, _LONG), pc.is_valid(stored)), False)
    places = pc.indices_nonzero(lost).to_pylist()
    bad = [BadCell(p, t, "turned_to_number") for p, t in zip(places, plain.filter(lost).to_pylist(), strict=True)]
    return pc.if_else(lost, pa.scalar(None, pa.string()), plain).dictionary_encode(), bad


def _rows_to_keep(held: dict[str, pa.Array], chosen: _Chosen, part: Part) -> pa.BooleanArray:
    """Rows that hold anything and whose row keys are there; keys that are not are told."""
    filled = _any(held.values(), len(chosen.rows))
    keep = filled
    for name in (key for key in part.table.key if key in ROW_KEYS):
        keep = pc.and_(keep, pc.is_valid(held[name]))
        _check_key(name, held[name], filled, chosen, part)
    return keep


def _any(columns: Iterable[pa.Array], rows: int) -> pa.BooleanArray:
    filled = pa.repeat(False, rows)
    for column in columns:
        filled = pc.or_(filled, pc.is_valid(column))
    return filled


def _check_key(name: str, values: pa.Array, filled: pa.BooleanArray, chosen: _Chosen, part: Part) -> None:
    header = part.layout.headers[part.layout.columns[name]]
    damaged = [cell for cell in part.unreadable if cell.column == name]
    total = pc.sum(filled).as_py() or 0
    if 2 * len(damaged) > max(total, len(damaged)):
        words = {"columns": header, "damaged": len(damaged), "rows": total, "example": damaged[0].value}
        part.refused = part.refused or ("keys_turned_to_numbers", words)
    rows = {cell.row for cell in damaged}
    others = [cell for cell in part.unreadable if cell.column != name]
    damaged = [Unreadable(c.row, c.column, c.header, c.value, "damaged_key") for c in damaged]
    blank = chosen.rows.filter(pc.and_(filled, pc.is_null(values))).to_pylist()
    missing = [Unreadable(row, name, header, "", "blank_key") for row in blank if row not in rows]
    part.unreadable = [*others, *damaged, *missing]


def repeat(text: str, rows: int) -> pa.Array:
    """A text column that holds one value in all rows."""
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([text]))


def _filled_up(column: pa.Array, text: str) -> pa.Array:
    return pc.fill_null(column.cast(pa.string()), text).dictionary_encode()


def _write(held: dict[str, pa.Array], chosen: _Chosen, keep: pa.BooleanArray, part: Part) -> None:
    names = [name for name in part.table.columns if name in held] + [name for name in held if name.startswith(EXTRA)]
    columns = {name: held.pop(name) for name in names}
    columns["source_file"] = repeat(part.file, len(chosen.rows))
    columns["source_sheet"] = repeat(part.sheet, len(chosen.rows))
    columns["source_row"] = chosen.rows
    table = pa.table(columns)
    if not pc.all(keep).as_py():
        table = table.filter(keep)
    part.rows = table.num_rows
    write_table(part.path, [Chunk(table)])
