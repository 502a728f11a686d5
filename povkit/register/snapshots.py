"""Snapshots of a county written beside the old ones and put in their place all at once.

A county's new folder is made whole under `<register>/.import-*/new/<county>`: files that are not replaced are linked
from the old folder, all else is written and settled on the disk. Then the old folder is renamed away and the new one
renamed in. If anything fails, or the process dies, the old folder is still there or is put back at the next import.
"""

import json
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from povkit.register.parts import Chunk, settle, write_table
from povkit.register.placing import Piece
from povkit.register.receipt import UNREADABLE_SCHEMA, PassedOver, TakenFile
from povkit.register.recognise import LIST_COLUMN, SECTOR
from povkit.register.schema import load_tables
from povkit.register.store import Register

if sys.platform != "win32":
    import fcntl

_PREFIX = ".import-"


@contextmanager
def workshop(into: Path) -> Iterator[Path]:
    """A temporary folder inside the register for one import; leftovers of a crashed import are put right first.

    If the import fails, a register folder that it made itself is taken away again.
    """
    made = [path for path in (into, *into.parents) if not path.exists()]
    into.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(into):
            recover(into)
            work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=into))
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)
    finally:
        for path in made:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other imports; BlockingIOError if one is at work. (Windows has no such lock.)"""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def recover(into: Path) -> None:
    """Put back county folders that a killed import had renamed away, and clear what it left."""
    for left in sorted(into.glob(_PREFIX + "*")):
        for old in sorted(left.glob("old/*")):
            if not (into / old.name).exists():
                old.rename(into / old.name)
        shutil.rmtree(left, ignore_errors=True)


def swap(into: Path, work: Path, counties: Iterable[str]) -> None:
    """Put the counties' new folders in place of the old ones; all of them, or none if it fails."""
    (work / "old").mkdir()
    done: list[str] = []
    try:
        for county in counties:
            done.append(county)
            if (into / county).exists():
                (into / county).replace(work / "old" / county)
            (work / "new" / county).replace(into / county)
    except BaseException:
        for county in done:
            _put_back(into, work, county)
        raise
    settle(into)


def _put_back(into: Path, work: Path, county: str) -> None:
    old = work / "old" / county
    if (into / county).exists() and not (work / "new" / county).exists():
        (into / county).replace(work / "new" / county)
    if old.exists():
        old.replace(into / county)


def write_county(
    into: Path, work: Path, county: str, pieces: list[Piece], unrecognised: list[PassedOver]
) -> tuple[list[TakenFile], pa.Table]:
    """Make the county's new folder whole under `work/new`; gives the entries and unreadable cells of this import."""
    new = work / "new" / county
    old = into / county
    taken = [taken_file(piece) for piece in pieces]
    before = Register(into).receipt(county) if (old / "receipt.json").exists() else {"files": [], "unrecognised": []}
    kept = [entry for entry in before["files"] if not _is_replaced(entry, taken)]
    by_file: dict[Path, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_file[_home(new, piece)].append(piece)
    for path, members in by_file.items():
        _write_table(path, members, old / path.relative_to(new), kept)
    _link_rest(old, new)
    cells = unreadable_table(pieces)
    write_table(new / "unreadable.parquet", [*_old_cells(old, kept), Chunk(cells)])
    _write_receipt(new, county, [*kept, *(one.as_json() for one in taken)], _merge_passed(before, taken, unrecognised))
    _settle_all(new)
    return taken, cells


def taken_file(piece: Piece) -> TakenFile:
    """The receipt's entry for a piece."""
    part, layout = piece.part, piece.part.layout
    return TakenFile(
        file=part.file,
        sheet=part.sheet,
        table=part.table.name,
        year=piece.year,
        portion=piece.portion,
        rows=piece.rows,
        sha256=part.sha256,
        missing_columns=tuple(layout.missing),
        extra_columns=tuple(layout.extra),
        unreadable=len(piece.unreadable),
        header_row=layout.header_row + 1,
    )


def _is_replaced(entry: dict[str, Any], taken: list[TakenFile]) -> bool:
    """Whether an earlier entry gives way: same table and year, and same portion or one that is the whole table."""
    for one in taken:
        side_by_side = one.table == SECTOR or (entry["portion"] and one.portion)
        if (entry["table"], entry["year"]) == (one.table, one.year) and (
            entry["portion"] == one.portion or not side_by_side
        ):
            return True
    return False


def _home(root: Path, piece: Piece) -> Path:
    return root / ("lists" if piece.year is None else str(piece.year)) / f"{piece.part.table.name}.parquet"


def _write_table(path: Path, pieces: list[Piece], old: Path, kept: list[dict[str, Any]]) -> None:
    table = pieces[0].part.table
    chunks = []
    entries = [e for e in kept if e["table"] == table.name and e["year"] == pieces[0].year]
    if entries and old.exists():
        chunks.append(Chunk(old, _rows_of(old, table.name, entries)))
    chunks += [Chunk(piece.part.path, piece.mask) for piece in pieces]
    if len(chunks) == 1 and chunks[0].mask is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        pieces[0].part.path.replace(path)
    else:
        write_table(path, chunks, load_tables()[table.name].columns)


def _rows_of(path: Path, table: str, entries: list[dict[str, Any]]) -> pa.BooleanArray:
    """Which rows of a stored table came from the given entries."""
    if table == SECTOR:
        lists = pq.read_table(path, columns=[LIST_COLUMN]).column(0).combine_chunks()
        return pc.is_in(pc.fill_null(lists, ""), pa.array(sorted({e["portion"] or "" for e in entries})))
    return _from_files(pq.read_table(path, columns=["source_file", "source_sheet"]), entries)


def _from_files(columns: pa.Table, entries: list[dict[str, Any]]) -> pa.BooleanArray:
    """Which rows of two columns, file and sheet, are those of the entries."""
    texts = [column.combine_chunks() for column in columns.columns]
    joined = pc.binary_join_element_wise(*texts, "\n")
    return pc.is_in(joined, pa.array(sorted({f"{e['file']}\n{e['sheet']}" for e in entries}), pa.string()))


def _link_rest(old: Path, new: Path) -> None:
    """Files of the old folder that this import did not write anew."""
    for path in sorted(old.rglob("*.parquet")) if old.exists() else []:
        target = new / path.relative_to(old)
        if not target.exists() and path.name != "unreadable.parquet":
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, target)
            except OSError:  # a file system without links
                shutil.copyfile(path, target)


def unreadable_table(pieces: list[Piece]) -> pa.Table:
    """The unreadable cells of the pieces, with columns UNREADABLE_SCHEMA, by file, sheet, row and column."""
    rows = [
        (p.part.table.name, p.year, p.part.file, p.part.sheet, c.row, c.column, c.header, c.value, c.why)
        for p in pieces
        for c in p.unreadable
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(UNREADABLE_SCHEMA)
    arrays = [pa.array(values, f.type) for values, f in zip(columns, UNREADABLE_SCHEMA, strict=True)]
    return pa.table(arrays, schema=UNREADABLE_SCHEMA)


def _old_cells(old: Path, kept: list[dict[str, Any]]) -> list[Chunk]:
    path = old / "unreadable.parquet"
    if not kept or not path.exists():
        return []
    table = pq.read_table(path)
    mask = pa.repeat(False, table.num_rows)
    for name, year in sorted({(entry["table"], entry["year"] or 0) for entry in kept}):
        entries = [entry for entry in kept if (entry["table"], entry["year"] or 0) == (name, year)]
        same_year = pc.equal(pc.fill_null(table.column("year"), 0), year)
        here = pc.and_(pc.equal(table.column("table"), name), same_year).combine_chunks()
        mask = pc.or_(mask, pc.and_(here, _from_files(table.select(["file", "sheet"]), entries)))
    return [Chunk(path, mask)]


def _merge_passed(before: dict[str, Any], taken: list[TakenFile], new: list[PassedOver]) -> list[dict[str, str]]:
    gone = {(one.file, one.sheet) for one in taken} | {(one.file, one.sheet) for one in new}
    old = [entry for entry in before["unrecognised"] if (entry["file"], entry["sheet"]) not in gone]
    return sorted([*old, *({"file": n.file, "sheet": n.sheet, "why": n.why} for n in new)], key=str)


def _write_receipt(new: Path, county: str, files: list[dict[str, Any]], passed: list[dict[str, str]]) -> None:
    order = sorted(files, key=lambda e: (e["file"], e["sheet"], e["table"], e["year"] or 0, e["portion"] or ""))
    text = json.dumps({"county": county, "files": order, "unrecognised": passed}, ensure_ascii=False, indent=1)
    (new / "receipt.json").write_text(text + "\n", encoding="utf-8")


def _settle_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        settle(path)
    settle(folder)
