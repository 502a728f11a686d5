"""leads.csv: what was found out about leads. Lines are only ever added; it lies beside the results, not among them.

`out/<county>/leads.csv` is kept by every later run (results are replaced, it is not) and heeded by every later run: a
lead that was cleared stays dismissed as long as the household's values are the same, told by their fingerprint.
"""

import csv
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from io import StringIO
from pathlib import Path

from povkit.run.words import StoryWords
from povkit.vocab import Fault, RunError

LEADS = "leads.csv"
CONFIRMED, CLEARED, WITHDRAWN = "confirmed", "cleared", "withdrawn"
VERDICTS = (CONFIRMED, CLEARED, WITHDRAWN)
_FORMULA = ("=", "+", "-", "@", "\t")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Mark:
    """What somebody found out about a lead.

    when: ISO time with its zone. fingerprint: of the household's values as they were judged. verdict: "confirmed",
    "cleared", or "withdrawn" (an earlier mark was a slip). by: who says so.
    """

    when: str
    county: str
    household: str
    fingerprint: str
    verdict: str
    note: str
    by: str


COLUMNS = tuple(each.name for each in fields(Mark))


def marks_file(out: Path, county: str) -> Path:
    """Where the marks of a county lie: beside its folders of results, which are replaced."""
    return out / county / LEADS


def read_marks(path: Path, words: StoryWords) -> list[Mark]:
    """All marks in the order they were made; none if there is no such file.

    Raises RunError with every damaged row, numbered as a spreadsheet numbers them.
    """
    if not path.exists():
        return []
    rows = _rows(path, words)
    faults: list[Fault] = []
    marks = []
    for number, cells in rows:
        wrong = _wrong(cells, path.parent.name, words)
        if wrong:
            faults.append(_fault(path, number, wrong, words))
        else:
            marks.append(Mark(*cells))
    if faults:
        raise RunError(faults)
    return marks


def add_mark(path: Path, mark: Mark, words: StoryWords) -> None:
    """Add one line. What a spreadsheet would take for a formula gets a leading apostrophe; line ends become blanks.

    Raises RunError if the file is damaged, so that nothing is written behind a broken row; OSError if it cannot be
    written.
    """
    read_marks(path, words)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    fresh = not path.exists() or not path.stat().st_size
    if fresh:
        writer.writerow(COLUMNS)
    writer.writerow([_plain(str(cell)) for cell in astuple(mark)])
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(_start(path, fresh) + line.getvalue())


def bring_marks(out: Path, place: Path, county: str) -> None:
    """Copy a county's marks to a folder `place` that stands in for `out` while a run makes its results."""
    known, wanted = marks_file(out, county), marks_file(place, county)
    if known.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(known, wanted)


def standing(marks: Iterable[Mark], fingerprints: Mapping[str, str]) -> dict[str, Mark]:
    """The mark in force of each household: its last one, if its values are still those that were marked.

    fingerprints: household number -> fingerprint of its values today.

    >>> old, new = (Mark("2019-01-02", "530113", "H1", "f1", verdict, "", "") for verdict in ("confirmed", "cleared"))
    >>> standing([old, new], {"H1": "f1"})["H1"].verdict, standing([old, new], {"H1": "f2"})
    ('cleared', {})
    """
    last: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        last[mark.household, mark.fingerprint] = mark
    today = ((household, last.get((household, print_))) for household, print_ in fingerprints.items())
    return {household: mark for household, mark in today if mark and mark.verdict != WITHDRAWN}


def dismissed(marks: Iterable[Mark], fingerprints: Mapping[str, str]) -> set[str]:
    """Households whose lead was cleared and whose values have not changed since."""
    return {household for household, mark in standing(marks, fingerprints).items() if mark.verdict == CLEARED}


def _rows(path: Path, words: StoryWords) -> list[tuple[int, list[str]]]:
    """Rows under the head with their numbers; blank ones are passed over."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunError(_fault(path, raw[: error.start].count(b"\n") + 1, words("marks.not_utf8"), words)) from None
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            rows.append((number, cells))
    except csv.Error:
        raise RunError(_fault(path, number + 1, words("marks.no_csv"), words)) from None
    if rows and tuple(rows[0][1]) != COLUMNS:
        raise RunError(_fault(path, 1, words("marks.head", columns=",".join(COLUMNS)), words))
    return [(place, cells) for place, cells in rows[1:] if any(cells)]


def _wrong(cells: list[str], county: str, words: StoryWords) -> str:
    """What is wrong with a row, "" if nothing."""
    if len(cells) != len(COLUMNS):
        return words("marks.cells", n=len(cells), of=len(COLUMNS))
    mark = Mark(*cells)
    if mark.verdict not in VERDICTS:
        return words("marks.verdict", value=mark.verdict, known=words("mark.list").join(VERDICTS))
    if mark.county != county:
        return words("marks.county", value=mark.county, county=county)
    if not mark.household or "E+" in mark.household.upper() or not mark.fingerprint:
        return words("marks.household", value=mark.household or mark.fingerprint)
    try:
        datetime.fromisoformat(mark.when)
    except ValueError:
        return words("marks.when", value=mark.when)
    return ""


def _fault(path: Path, number: int, what: str, words: StoryWords) -> Fault:
    return Fault((str(path), words("marks.row", n=number)), what)


def _plain(cell: str) -> str:
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _start(path: Path, fresh: bool) -> str:
    """What must stand before a new line: the sign by which spreadsheets know UTF-8, or a missing end of line."""
    if fresh:
        return _BOM
    return "" if path.read_bytes().endswith(b"\n") else "\r\n"
