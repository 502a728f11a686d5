"""leads.csv: only ever added to, kept by later runs, heeded while values stay the same; damage is told by its row."""

import csv
from pathlib import Path

import pytest

from povkit import Inspection
from povkit.run.marks import (
    CLEARED,
    COLUMNS,
    CONFIRMED,
    WITHDRAWN,
    Mark,
    add_mark,
    bring_marks,
    dismissed,
    marks_file,
    read_marks,
    standing,
)
from povkit.run.words import StoryWords
from povkit.vocab import RunError

COUNTY, WORDS = "530113", StoryWords("en")


def a_mark(verdict: str = CLEARED, household: str = "H1", print_: str = "f1", note: str = "", day: int = 2) -> Mark:
    return Mark(f"2019-01-0{day}T08:00:00+00:00", COUNTY, household, print_, verdict, note, "Li")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return marks_file(tmp_path, COUNTY)


def test_marks_come_back_as_they_were_made(file: Path) -> None:
    assert read_marks(file, WORDS) == []
    made = [a_mark(CONFIRMED, note="去看过，“属实”，有照片"), a_mark(CLEARED, "H2", note='a "quote", and\na line')]
    for mark in made:
        add_mark(file, mark, WORDS)
    first, second = read_marks(file, WORDS)
    assert first == made[0]
    assert second.note == 'a "quote", and a line'


def test_a_mark_only_adds_bytes(file: Path) -> None:
    add_mark(file, a_mark(), WORDS)
    before = file.read_bytes()
    add_mark(file, a_mark(WITHDRAWN), WORDS)
    assert file.read_bytes().startswith(before)
    assert len(read_marks(file, WORDS)) == 2


def test_a_missing_end_of_line_does_not_glue_two_marks_together(file: Path) -> None:
    add_mark(file, a_mark(), WORDS)
    file.write_bytes(file.read_bytes().rstrip())
    add_mark(file, a_mark(CONFIRMED), WORDS)
    assert [mark.verdict for mark in read_marks(file, WORDS)] == [CLEARED, CONFIRMED]


def test_a_note_is_never_a_formula(file: Path) -> None:
    add_mark(file, a_mark(note="=1+1"), WORDS)
    with file.open(encoding="utf-8-sig", newline="") as text:
        assert list(csv.reader(text))[1][5] == "'=1+1"


def test_the_last_mark_on_the_same_values_counts() -> None:
    marks = [a_mark(CONFIRMED), a_mark(CLEARED), a_mark(CLEARED, "H2"), a_mark(WITHDRAWN, "H2"), a_mark(CLEARED, "H3")]
    today = {"H1": "f1", "H2": "f1", "H3": "changed", "H4": "f1"}
    assert {number: mark.verdict for number, mark in standing(marks, today).items()} == {"H1": CLEARED}
    assert dismissed(marks, today) == {"H1"}
    assert dismissed(marks, {"H3": "f1"}) == {"H3"}


def test_marks_go_along_where_a_run_makes_its_results(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "staging"
    bring_marks(tmp_path, place, COUNTY)
    assert not place.exists()
    add_mark(file, a_mark(), WORDS)
    bring_marks(tmp_path, place, COUNTY)
    assert read_marks(marks_file(place, COUNTY), WORDS) == read_marks(file, WORDS)


HEAD = ",".join(COLUMNS)
GOOD = "2019-01-02T08:00:00+00:00,530113,H1,f1,cleared,,Li"


@pytest.mark.parametrize(
    ("lines", "row", "said"),
    [
        (["when,county", GOOD], 1, "first row"),
        ([HEAD, GOOD, "2019-01-02T08:00:00+00:00,530113,H1"], 3, "3 cells"),
        ([HEAD, GOOD, GOOD.replace("cleared", "maybe")], 3, "maybe"),
        ([HEAD, GOOD.replace("2019-01-02T08:00:00+00:00", "yesterday")], 2, "yesterday"),
        ([HEAD, GOOD.replace("530113", "530126")], 2, "530126"),
        ([HEAD, GOOD.replace("H1", "5.3E+17")], 2, "5.3E+17"),
        ([HEAD, GOOD, '2019-01-02,530113,H1,f1,cleared,"open,Li'], 3, "quotes"),
    ],
)
def test_a_damaged_row_is_told_by_its_number(file: Path, lines: list[str], row: int, said: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        read_marks(file, WORDS)
    (fault,) = caught.value.faults
    assert fault.where == (str(file), f"row {row}")
    assert said in fault.what
    before = file.read_bytes()
    with pytest.raises(RunError):
        add_mark(file, a_mark(), WORDS)
    assert file.read_bytes() == before


def test_another_encoding_is_told_by_its_row(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(f"{HEAD}\n{GOOD}\n".encode() + GOOD.replace(",,", ",属实,").encode("gb18030"))
    with pytest.raises(RunError, match="row 3"):
        read_marks(file, WORDS)


def test_a_run_is_refused_before_it_starts(register: Path, tmp_path: Path) -> None:
    path = marks_file(tmp_path, COUNTY)
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEAD}\nbroken\n", encoding="utf-8")
    with pytest.raises(RunError, match="第 2 行"):
        Inspection(county=COUNTY, as_of="2018-12-31", register=register, out=tmp_path)
    Inspection(county=COUNTY, as_of="2018-12-31", register=register, out=tmp_path / "elsewhere")
