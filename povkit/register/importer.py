"""Folders of exports become snapshots: read, recognise, clean, place, and put in place of the old ones.

Nothing of the register changes before every file has been read and no fault was found; then all counties change at
once. The same folders give the same bytes.
"""

import errno
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from povkit.register.doubles import beside, doubles
from povkit.register.intake import Part, take_in
from povkit.register.messages import FAULTS, say
from povkit.register.places import load_places
from povkit.register.placing import HOUSEHOLD, Piece, Placer, empty_piece, known_households
from povkit.register.reader import RawSheet, UnusableError, find_files, is_table_file, read_sheets
from povkit.register.receipt import PassedOver, Receipt, table_title
from povkit.register.recognise import HEADER_SEARCH_ROWS, LIST_COLUMN, SECTOR, recognise
from povkit.register.schema import load_tables
from povkit.register.snapshots import swap, workshop, write_county
from povkit.vocab import Fault, InputError

Progress = Callable[[str, int, int], None]
"""Told before each file: its name, its place from 0, how many there are."""

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})


@dataclass(frozen=True)
class _Source:
    """A file to read: `shown` is its path below the folder given, `names` what it and its folders are called."""

    path: Path
    shown: str
    names: tuple[str, ...]


@dataclass
class _Intake:
    """Everything taken in so far, and every fault."""

    work: Path
    language: str
    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: tuple[str, ...], key: str, **words: object) -> None:
        self.faults.append(Fault(tuple(filter(None, where)), say(FAULTS, key, self.language, **words)))


def import_folders(
    folders: Sequence[Path],
    into: Path,
    county: str | None = None,
    year: int | None = None,
    progress: Progress | None = None,
    language: str = "zh",
) -> Receipt:
    """Import all exports below the folders into the register `into`; gives what was taken in by this import.

    folders: folders of XLSX, XLS and CSV files, in any order; a single file will do too.
    county, year: used only where neither the rows nor the names of files and folders tell.
    language: `zh` or `en`, of the texts of faults.

    Tables that are not among the exports stay as they are. Raises InputError with every fault found; the register is
    then as it was before.
    """
    intake = _Intake(into, language)
    sources = _sources([Path(folder) for folder in folders], into, intake)
    if county is not None and not re.fullmatch(r"[1-8]\d{5}", county):
        intake.fault(("--county",), "bad_county", value=county)
    _raise_faults(intake)
    with _write_errors(into, language), workshop(into) as work:
        intake.work = work
        for place, source in enumerate(sources):
            if progress is not None:
                progress(source.shown, place, len(sources))
            _read_file(source, intake)
        _place_all(intake, into, county, year)
        _find_doubles(intake)
        _place_empty(intake, county)
        if not intake.pieces and not intake.faults:
            intake.fault(tuple(str(folder) for folder in folders), "nothing_recognised")
        _raise_faults(intake)
        return _write_all(intake, into)


def _raise_faults(intake: _Intake) -> None:
    if intake.faults:
        raise InputError(sorted(set(intake.faults)))


@contextmanager
def _write_errors(into: Path, language: str) -> Iterator[None]:
    """A full disk, or a register that another import is writing or that cannot be written, as one clear error."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputError(Fault((str(into),), say(FAULTS, "disk_full", language))) from error
        if error.errno == errno.EWOULDBLOCK:
            raise InputError(Fault((str(into),), say(FAULTS, "in_use", language))) from error
        detail = error.strerror or str(error)
        raise InputError(Fault((str(into),), say(FAULTS, "cannot_write", language, detail=detail))) from error


def _sources(folders: list[Path], into: Path, intake: _Intake) -> list[_Source]:
    """The files to read, sorted by path below the folder and by folder; every file once."""
    found: dict[Path, _Source] = {}
    for folder in sorted(folders, key=lambda path: path.resolve().as_posix()):
        if not folder.exists():
            intake.fault((str(folder),), "no_folder")
            continue
        root = folder if folder.is_dir() else folder.parent
        files = [path for path in (find_files(folder) if folder.is_dir() else [folder]) if not _inside(path, into)]
        if not any(map(is_table_file, files)):
            intake.fault((str(folder),), "empty_folder")
        for path in files:
            below = path.relative_to(root)
            names = (path.stem, *reversed([root.resolve().name, *below.parts[:-1]]))
            found.setdefault(path.resolve(), _Source(path, below.as_posix(), names))
    return sorted(found.values(), key=lambda source: (source.shown, source.path.as_posix()))


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _read_file(source: _Source, intake: _Intake) -> None:
    if not is_table_file(source.path):
        intake.passed.append(PassedOver(source.shown, "", "not_a_table_file"))
        return
    before = len(intake.parts), len(intake.faults)
    looked_at: list[str] = []
    try:
        sha256 = _hash(source.path)
        for sheet in read_sheets(source.path):
            looked_at.append(sheet.name)
            _read_sheet(source, sheet, sha256, intake)
    except UnusableError as error:
        intake.fault((source.shown,), error.key, detail=error.detail)
    if not looked_at and (len(intake.parts), len(intake.faults)) == before:
        intake.passed.append(PassedOver(source.shown, "", "no_table"))


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnusableError("cannot_read", error.strerror or "") from error


def _read_sheet(source: _Source, sheet: RawSheet, sha256: str, intake: _Intake) -> None:
    layout = recognise(sheet.head(HEADER_SEARCH_ROWS), (sheet.name, source.names[0]))
    if layout is None:
        intake.passed.append(PassedOver(source.shown, sheet.name, "no_table"))
        return
    where, table = (source.shown, sheet.name), layout.table
    if layout.missing_key:
        columns = "、".join(table.columns[name].zh[0] for name in layout.missing_key)
        intake.fault(where, "no_key", table=table_title(table.name, intake.language), columns=columns)
        return
    if table.name == SECTOR and layout.list_name is None and LIST_COLUMN not in layout.columns:
        lists = "、".join(load_tables()[SECTOR].columns[LIST_COLUMN].codes)
        intake.fault(where, "list_unknown", columns=lists)
        return
    path = intake.work / "parts" / f"{len(intake.parts)}.parquet"
    part = Part(layout, source.shown, sheet.name, (sheet.name, *source.names), path, sha256)
    take_in(sheet, part)
    if part.refused:
        intake.fault(where, part.refused[0], **part.refused[1])
    else:
        intake.parts.append(part)


def _place_all(intake: _Intake, into: Path, county: str | None, year: int | None) -> None:
    """Place the parts, household tables first, so that what has only a household number can follow them."""
    stored = [(path.parents[1].name, path) for path in sorted(into.glob(f"[1-8]*/*/{HOUSEHOLD}.parquet"))]
    placer = Placer(load_places(), lambda: known_households(stored), county, year)
    damaged = bool(intake.faults)
    for part in sorted(intake.parts, key=lambda part: part.table.name != HOUSEHOLD):
        if not part.rows:
            continue
        intake.pieces += placer.place(part)
        if part.refused and not (damaged and part.refused[0] == "county_unknown" and _follows_household(part)):
            intake.fault((part.file, part.sheet), part.refused[0])


def _place_empty(intake: _Intake, county: str | None) -> None:
    """Lists of a header alone, after all others: handed in and empty, unless the same list lies there with rows."""
    for part in (part for part in intake.parts if not part.rows):
        piece = empty_piece(part, load_places(), county, {piece.county for piece in intake.pieces})
        if piece is None or any(_same_table(piece, other) for other in intake.pieces):
            intake.passed.append(PassedOver(part.file, part.sheet, "no_rows"))
        else:
            intake.pieces.append(piece)


def _same_table(one: Piece, other: Piece) -> bool:
    same = (one.county, one.part.table.name) == (other.county, other.part.table.name)
    return same and not beside(one, other)


def _follows_household(part: Part) -> bool:
    """Whether only the household tells the county; if a file is damaged, that may be the household table."""
    return "household_id" in part.columns and not part.columns & {"county", "village_code"}


def _find_doubles(intake: _Intake) -> None:
    """Two sheets for one county, table, year and portion, or for a whole table without year."""
    for piece, other in doubles(intake.pieces):
        _double_fault(piece, other, intake)


def _double_fault(piece: Piece, other: Piece, intake: _Intake) -> None:
    told = " ".join(str(text) for text in (piece.year, piece.portion) if text)
    intake.fault(
        (piece.part.file, piece.part.sheet),
        "twice",
        table=table_title(piece.part.table.name, intake.language),
        part=f" {told} " if told else "",
        other=" · ".join(filter(None, (other.part.file, other.part.sheet))),
        county=piece.county,
    )


def _write_all(intake: _Intake, into: Path) -> Receipt:
    receipt = Receipt(unrecognised=sorted(intake.passed))
    counties = sorted({piece.county for piece in intake.pieces})
    for county in counties:
        pieces = sorted((p for p in intake.pieces if p.county == county), key=_order)
        passed = [one for one in receipt.unrecognised if _may_belong(one, county)]
        written = write_county(into, intake.work, county, pieces, passed)
        receipt.files[county], receipt.unreadable[county] = written
    swap(into, intake.work, counties)
    return receipt


def _may_belong(passed: PassedOver, county: str) -> bool:
    """Whether a file that is no table lies in the county's folder, or in none of a county."""
    found = next(filter(None, map(load_places().county_in, reversed(passed.file.split("/")))), None)
    return found in (None, county)


def _order(piece: Piece) -> tuple[str, str, int, str]:
    return piece.part.file, piece.part.sheet, piece.year or 0, piece.portion or ""
