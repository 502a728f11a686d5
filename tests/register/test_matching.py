"""Who on a list is who on the register: grades, reasons, and who must stay apart."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from povkit.register.identity import check_character
from povkit.register.matching import GRADES, MATCH_COLUMNS, UNCERTAIN, match_people

Row = dict[str, Any]
HERE, THERE = "530113001001", "530113001002"
PEOPLE = ("person_key", "person_id", "household_id", "name", "id_number", "village_code", "township", "birth_date")
ENTRIES = (
    "source", "list", "entry_key", "household_key", "name", "id_number", "village_code", "township", "birth_date",
)  # fmt: skip


def _number(birth: str = "19600101", serial: int = 1) -> str:
    body = f"530199{birth}{serial:03d}"
    return body + check_character(body)


A, B = _number(), _number("19750612", 24)


def _spoilt(number: str, at: int) -> str:
    """The number with another digit at a place from 1."""
    return number[: at - 1] + str((int(number[at - 1]) + 1) % 10) + number[at:]


def _swapped(number: str, at: int) -> str:
    return number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]


def _person(name: str | None, number: str | None, home: str = "h1", **more: Any) -> Row:
    key = f"{name}|{number}|{home}"
    return {
        "person_key": key, "person_id": key, "household_id": home, "name": name, "id_number": number,
        "village_code": HERE, "township": "甲镇", "birth_date": None, **more,
    }  # fmt: skip


def _entry(name: str | None, number: str | None, key: str = "e", **more: Any) -> Row:
    return {
        "source": "sector", "list": "低保", "entry_key": key, "household_key": None, "name": name, "id_number": number,
        "village_code": HERE, "township": "甲镇", "birth_date": None, **more,
    }  # fmt: skip


class Matcher:
    """Matches made-up rows."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def rows(self, people: list[Row], entries: list[Row]) -> list[Row]:
        """All matches, in a fixed order."""
        for name, columns, rows in (("people", PEOPLE, people), ("entries", ENTRIES, entries)):
            self.con.register(name, pa.table({c: pa.array([row[c] for row in rows], pa.string()) for c in columns}))
        match_people(
            self.con,
            "SELECT * REPLACE (birth_date::DATE AS birth_date) FROM people",
            "SELECT * REPLACE (birth_date::DATE AS birth_date) FROM entries",
            "found",
        )
        found = self.con.sql("FROM found").to_arrow_table().to_pylist()
        assert all(tuple(row) == MATCH_COLUMNS for row in found)
        assert all(row["uncertain"] == (row["grade"] in UNCERTAIN) for row in found)
        assert all((row["differs_zh"] is None) == (row["grade"] == "exact") for row in found)
        assert all((row["differs_en"] is None) == (row["grade"] == "exact") for row in found)
        return sorted(found, key=lambda row: tuple(str(row[c]) for c in MATCH_COLUMNS))

    def grades(self, people: list[Row], entries: list[Row]) -> dict[tuple[str, str], str]:
        """(entry, person) -> grade."""
        rows = self.rows(people, entries)
        found = {(row["entry_key"], row["person_key"]): row["grade"] for row in rows}
        assert len(found) == len(rows)
        return found

    def one(self, person: Row, entry: Row) -> str | None:
        """Grade of one entry against one person."""
        return next(iter(self.grades([person], [entry]).values()), None)


@pytest.fixture(scope="module")
def matcher() -> Iterator[Matcher]:
    with duckdb.connect(config={"threads": 1}) as con:
        yield Matcher(con)


@pytest.mark.parametrize(
    ("listed", "registered"),
    [
        (A, A),
        (A + "43", A),
        (A, A + "43B1"),
        ("５３０１９９" + A[6:], A),
        (f" {A[:6]} {A[6:14]}\u3000{A[14:]} ", A),
        (f"'{A}", A),
        (f'="{A}"', A),
    ],
)
def test_first_18_characters_and_name_are_exact(matcher: Matcher, listed: str, registered: str) -> None:
    assert matcher.one(_person("王小明", registered), _entry(" 王　小 明", listed)) == "exact"


@pytest.mark.parametrize("small", ["x", "ｘ", "Ｘ"])
def test_x_is_x_however_written(matcher: Matcher, small: str) -> None:
    number = next(n for n in (_number(serial=i) for i in range(200)) if n.endswith("X"))
    assert matcher.one(_person("王明", number), _entry("王明", number[:17] + small)) == "exact"


def test_fifteen_digits_are_lifted_on_either_side(matcher: Matcher) -> None:
    short = A[:6] + A[8:17]
    assert len(short) == 15
    assert matcher.one(_person("王明", A), _entry("王明", short)) == "exact"
    assert matcher.one(_person("王明", short), _entry("王明", A)) == "exact"
    assert matcher.one(_person("王明", A), _entry("王明", A[:15])) is None


@pytest.mark.parametrize(("listed", "registered"), [("买买提•艾力", "买买提·艾力"), (None, "王明"), ("王明", None)])
def test_a_dot_or_a_blank_is_no_other_name(matcher: Matcher, listed: str | None, registered: str | None) -> None:
    assert matcher.one(_person(registered, A), _entry(listed, A)) == "exact"


def test_same_number_other_name_is_kept_apart(matcher: Matcher) -> None:
    (row,) = matcher.rows([_person("王明", A)], [_entry("王朋", A, village_code=THERE)])
    assert (row["grade"], row["uncertain"]) == ("number_only", False)
    assert (row["differs_zh"], row["differs_en"]) == (
        "证件号码相同，姓名不同", "the number is the same, the name is not",
    )  # fmt: skip


def test_of_two_with_one_number_the_one_so_named_is_meant(matcher: Matcher) -> None:
    people = [_person("王明", A), _person("李花", A)]
    assert matcher.grades(people, [_entry("李花", A)]) == {("e", f"李花|{A}|h1"): "exact"}
    assert set(matcher.grades(people, [_entry("赵四", A)]).values()) == {"number_only"}


@pytest.mark.parametrize("at", range(1, 19))
def test_one_wrong_digit_anywhere(matcher: Matcher, at: int) -> None:
    number = _number("19600101", 5)
    assert number[17].isdigit()
    (row,) = matcher.rows([_person("王明", number)], [_entry("王明", _spoilt(number, at))])
    assert row["grade"] == "typo"
    wrong, right = _spoilt(number, at)[at - 1], number[at - 1]
    inside = "（在出生日期内）" if 7 <= at <= 14 else ""
    assert row["differs_zh"] == f"证件号码第{at}位：名单为{wrong}，在册为{right}{inside}；名单号码校验位不符"
    assert row["differs_en"].startswith(f"character {at} of the number is {wrong} on the list and {right} on the")
    (row,) = matcher.rows([_person("王明", _spoilt(number, at))], [_entry("王明", number)])
    assert (row["grade"], row["differs_zh"].split("；")[1]) == ("typo", "在册号码校验位不符")


@pytest.mark.parametrize("at", [at for at in range(1, 18) if B[at - 1] != B[at]])
def test_two_neighbours_swapped_anywhere(matcher: Matcher, at: int) -> None:
    (row,) = matcher.rows([_person("王明", B)], [_entry("王明", _swapped(B, at))])
    assert (row["grade"], row["uncertain"]) == ("swap", True)
    assert row["differs_zh"] == f"证件号码第{at}、{at + 1}位颠倒；名单号码校验位不符"
    assert row["differs_en"].startswith(f"characters {at} and {at + 1} of the number are swapped")


@pytest.mark.parametrize("at", [1, 9, 18])
def test_a_lacking_or_additional_character(matcher: Matcher, at: int) -> None:
    short, long = A[: at - 1] + A[at:], A[:at] + "7" + A[at:]
    for listed, registered, words in (
        (short, A, "名单证件号码少一位"),
        (long, A, "名单证件号码多一位"),
        (A, short, "在册证件号码少一位"),
        (A, long, "在册证件号码多一位"),
    ):
        rows = matcher.rows([_person("王明", registered)], [_entry("王明", listed)])
        if at == 18 and len(long) in (len(listed), len(registered)):
            assert [row["grade"] for row in rows] == ["exact"]
        else:
            assert [(row["grade"], row["differs_zh"].split("；")[0]) for row in rows] == [("typo", words)]


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({"name": "王朋"}, None),
        ({"village_code": THERE}, None),
        ({"id_number": _spoilt(_spoilt(A, 3), 12)}, None),
        ({"village_code": None, "township": None}, "typo"),
        ({"village_code": None, "township": "甲镇"}, "typo"),
        ({"village_code": None, "township": "乙镇"}, None),
    ],
)
def test_a_typo_needs_name_and_place(matcher: Matcher, change: Row, grade: str | None) -> None:
    entry = _entry("王明", _spoilt(A, 12)) | change
    assert matcher.one(_person("王明", A), entry) == grade


def test_a_place_that_could_not_be_compared_is_said(matcher: Matcher) -> None:
    (row,) = matcher.rows([_person("王明", A)], [_entry("王明", _spoilt(A, 12), village_code=None, township=None)])
    assert row["differs_zh"].endswith("一方未填所在村，未能核对")
    assert row["differs_en"].endswith("places were not compared")


def test_namesakes_do_not_match(matcher: Matcher) -> None:
    father, son = _person("王明", A), _person("王明", _number("19850101", 1))
    stranger = _entry("王明", _number("19600101", 77))
    assert matcher.grades([father, son], [stranger]) == {}
    assert matcher.grades([father, son], [_entry("王明", _spoilt(A, 16))]) == {("e", father["person_key"]): "typo"}


def test_two_sound_numbers_are_two_people(matcher: Matcher) -> None:
    near = [_number("19600101", serial) for serial in range(1, 400)]
    people = [_person("王明", number) for number in near[::2]]
    assert matcher.grades(people, [_entry("王明", number, key=number) for number in near[1::2]]) == {}


def test_twins_are_told_apart_by_name_or_by_number(matcher: Matcher) -> None:
    one, other = _number("20100505", 11), _number("20100505", 13)
    twins = [_person("王大双", one), _person("王小双", other)]
    assert matcher.grades(twins, [_entry("王小双", _spoilt(other, 5))]) == {("e", twins[1]["person_key"]): "typo"}
    twins = [_person("王双", one), _person("王双", other)]
    assert matcher.grades(twins, [_entry("王双", _spoilt(other, 5))]) == {("e", twins[1]["person_key"]): "typo"}
    assert matcher.grades(twins, [_entry("王双", None, birth_date="2010-05-05")]) == {}


def test_a_number_as_near_to_two_people_says_so(matcher: Matcher) -> None:
    one = _number("20100505", 11)
    twins = [_person("王双", one), _person("王双", one[:15] + "3" + one[16:])]
    rows = matcher.rows(twins, [_entry("王双", one[:15] + "5" + one[16:])])
    assert [row["grade"] for row in rows] == ["typo", "typo"]
    assert all(row["differs_zh"].endswith("同样接近的在册人员共2人") for row in rows)
    assert all(row["differs_en"].endswith("2 people on the register are as near") for row in rows)


@pytest.mark.parametrize("blank", [None, "", "无", "不详"])
def test_no_number_but_the_same_birth_date(matcher: Matcher, blank: str | None) -> None:
    entry = _entry("王明", blank, birth_date="1960-01-01")
    (row,) = matcher.rows([_person("王明", A)], [entry])
    assert (row["grade"], row["uncertain"]) == ("missing_number", True)
    assert row["differs_zh"] == "名单无证件号码；姓名、所在地、出生日期相同"
    assert row["differs_en"] == "the list has no number; name, place and birth date are the same"
    for change in ({"birth_date": "1960-01-02"}, {"name": "王朋"}, {"village_code": THERE}):
        assert matcher.one(_person("王明", A), entry | change) is None


def test_no_number_on_the_register(matcher: Matcher) -> None:
    person = _person("王明", None, birth_date="1960-01-01")
    (row,) = matcher.rows([person], [_entry("王明", A)])
    assert (row["grade"], row["differs_zh"]) == ("missing_number", "在册无证件号码；姓名、所在地、出生日期相同")
    assert matcher.one(person | {"birth_date": None}, _entry("王明", A)) is None
    assert matcher.one(person, _entry("王明", B)) is None


def test_no_number_but_relatives_on_the_register(matcher: Matcher) -> None:
    people = [_person("王明", A), _person("李花", B), _person("王明", _number("19500101", 3), home="h2")]
    roll = _entry("李花", B, key="wife", household_key="k1", list="农业户籍")
    lost = _entry("王明", None, household_key="k1")
    rows = [row for row in matcher.rows(people, [roll, lost]) if row["uncertain"]]
    assert [(row["person_key"], row["grade"]) for row in rows] == [(people[0]["person_key"], "missing_number")]
    assert "亲属在册" in rows[0]["differs_zh"]
    assert "relatives" in rows[0]["differs_en"]
    assert set(matcher.grades(people, [roll, lost | {"name": "王朋"}])) == {("wife", people[1]["person_key"])}


def test_no_number_and_nobody_else_so_called(matcher: Matcher) -> None:
    person, lost = _person("王明", A), _entry("王明", None)
    (row,) = matcher.rows([person], [lost])
    assert (row["grade"], row["differs_zh"]) == ("missing_number", "名单无证件号码；该村同名者唯一")
    second = _person("王明", B, home="h2")
    outsider = _entry("王明", B, key="o", list="农业户籍")
    relative = _entry("赵四", B, key="r", list="农业户籍", household_key="k9")
    assert matcher.grades([person, second], [lost]) == {}
    assert matcher.grades([person], [lost, outsider]) == {}
    assert matcher.grades([person], [lost, lost | {"entry_key": "again"}]) == {}
    assert matcher.grades([person], [lost | {"household_key": "k9"}, relative]) == {}
    assert matcher.grades([person], [lost | {"village_code": None}]) == {}
    by_number = _entry("王明", A, key="numbered")
    assert matcher.grades([person], [lost, by_number]) == {("numbered", person["person_key"]): "exact"}


def test_every_grade_is_met_and_the_order_of_rows_is_nothing(matcher: Matcher) -> None:
    numbers = [_number(f"19{decade}0101", 7) for decade in (50, 55, 60, 65, 70)]
    people = [_person(name, number) for name, number in zip("甲乙丙丁戊", numbers, strict=True)]
    entries = [
        _entry("甲", numbers[0], key="1"),
        _entry("子", numbers[1], key="2"),
        _entry("丙", _spoilt(numbers[2], 10), key="3"),
        _entry("丁", _swapped(numbers[3], 8), key="4"),
        _entry("戊", None, key="5"),
    ]
    expected = {(str(i + 1), people[i]["person_key"]): grade for i, grade in enumerate(GRADES)}
    assert matcher.grades(people, entries) == expected
    first = matcher.rows(people, entries)
    for order in list(permutations(range(5)))[::37]:
        assert matcher.rows([people[i] for i in order], [entries[i] for i in reversed(order)]) == first


def test_an_entry_of_nobody_has_no_row(matcher: Matcher) -> None:
    assert matcher.rows([_person("王明", A)], [_entry("赵四", B), _entry(None, None), _entry("赵四", None)]) == []
    assert matcher.rows([], [_entry("王明", A)]) == []
    assert matcher.rows([_person("王明", A)], []) == []
