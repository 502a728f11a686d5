"""Invented numbers keep the real numbers' arithmetic."""

import numpy as np

from povkit.register.identity import has_valid_check, sex
from povkit.simulate.numbers import Numbers, bank_cards, check_characters, phones, with_check


def test_check_characters_are_those_of_the_register() -> None:
    rng = np.random.default_rng(1)
    birth = np.datetime64("1940-01-01") + rng.integers(0, 25000, 500).astype("timedelta64[D]")
    male = rng.random(500) < 0.5
    numbers = Numbers().draw(rng, birth, male)
    assert all(has_valid_check(number) for number in numbers)
    assert [sex(number) == "男" for number in numbers] == male.tolist()


def test_known_check_characters() -> None:
    assert check_characters(np.array([53019919630415009]))[0] == "0"
    assert with_check("53019919680610385") == "53019919680610385X"


def test_numbers_are_never_given_twice() -> None:
    rng, source = np.random.default_rng(1), Numbers()
    day, male = np.full(200, np.datetime64("1980-05-05")), np.ones(200, dtype=bool)
    drawn = np.concatenate([source.draw(rng, day, male), source.draw(rng, day, male)])
    assert len(set(drawn)) == 400


def test_phones_and_cards_differ() -> None:
    rng = np.random.default_rng(1)
    assert len(set(phones(rng, 5000))) == len(set(bank_cards(rng, 5000))) == 5000
