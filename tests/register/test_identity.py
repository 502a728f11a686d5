"""GB 11643 numbers and disability certificates."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from povkit.register import identity

FIRST17 = st.from_regex(r"[1-8][0-9]{16}", fullmatch=True)


def test_the_standards_own_examples() -> None:
    assert identity.check_character("11010519491231002") == "X"
    assert identity.check_character("44052418800101001") == "4"


@given(FIRST17, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(first17: str, place: int, step: int) -> None:
    number = first17 + identity.check_character(first17)
    wrong = str((int(number[place]) + step) % 10)
    assert identity.has_valid_check(number) is True
    assert identity.has_valid_check(number[:place] + wrong + number[place + 1 :]) is False


@given(st.lists(st.from_regex(r"[1-8][0-9]{17}", fullmatch=True), min_size=1))
def test_many_at_once_agree_with_one_at_a_time(numbers: list[str]) -> None:
    many = identity.valid_checks(np.array([int(number) for number in numbers], dtype=np.int64))
    assert many.tolist() == [identity.has_valid_check(number) for number in numbers]


@given(st.dates(date(1900, 1, 1), date(2050, 1, 1)), st.integers(0, 999))
def test_birth_and_sex_are_what_was_put_in(day: date, sequence: int) -> None:
    number = f"530199{day:%Y%m%d}{sequence:03d}0"
    assert identity.birth_date(number) == day
    assert identity.sex(number) == ("男" if sequence % 2 else "女")


@given(st.text())
def test_no_text_breaks_them(text: str) -> None:
    number = identity.normalise(text)
    assert not any(character.isspace() for character in number)
    if len(number) < identity.PERSON_LENGTH:
        assert identity.person_key(number) is None
        assert identity.birth_date(number) is None
        assert identity.sex(number) is None


@pytest.mark.parametrize(
    ("number", "category", "grade"),
    [
        ("53019919750811543553", 5, 3),
        ("53019919750811543544B1", 4, 4),
        ("53019919750811543589", None, None),
        ("530199197508115435", None, None),
    ],
)
def test_disability_certificates(number: str, category: int | None, grade: int | None) -> None:
    assert identity.person_key(number) == "530199197508115435"
    assert identity.disability_category(number) == category
    assert identity.disability_grade(number) == grade


def test_wrong_length_for_the_check_character() -> None:
    with pytest.raises(ValueError, match="17 digits"):
        identity.check_character("123")
