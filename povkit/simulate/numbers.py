"""Invented numbers, many at once: identity numbers (GB 11643), telephones, bank cards (Luhn)."""

import numpy as np

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import AREA_CODE

_WEIGHTS = np.array([pow(2, 17 - place, 11) for place in range(17)])
_CHECKS = np.array(list("10X98765432"))
_MOBILE = np.array(["135", "136", "138", "139", "150", "151", "158", "159", "182", "187", "188"], dtype=object)


def check_characters(bodies: Array) -> Array:
    """18th characters for 17-digit numbers given as integers, shape (n,)."""
    digits = bodies[:, None] // 10 ** np.arange(16, -1, -1) % 10
    checks: Array = _CHECKS[(digits * _WEIGHTS).sum(axis=1) % 11]
    return checks


def with_check(body: str) -> str:
    """17 digits and their check character."""
    return body + str(check_characters(np.array([int(body)]))[0])


class Numbers:
    """Gives out identity numbers of an area code that nobody has, never the same twice."""

    def __init__(self) -> None:
        self._used: Array = np.empty(0, dtype=np.int64)

    def draw(self, rng: np.random.Generator, birth: Array, male: Array) -> Array:
        """Numbers of 18 characters for birth dates (datetime64[D]) and sexes, shape (n,), as text."""
        day = birth.astype("datetime64[D]").astype(str)
        date = np.char.replace(day, "-", "").astype(np.int64) if len(day) else np.empty(0, dtype=np.int64)
        base = (AREA_CODE * 10**8 + date) * 1000
        body = base + _sequence(rng, male)
        while True:
            again = _repeated(np.concatenate([self._used, body]))[len(self._used) :]
            if not again.any():
                break
            body[again] = base[again] + _sequence(rng, male[again])
        self._used = np.concatenate([self._used, body])
        numbers: Array = np.char.add(body.astype(str), check_characters(body)).astype(object)
        return numbers


def _sequence(rng: np.random.Generator, male: Array) -> Array:
    """Order codes: odd for men, even for women; none that ends like a spreadsheet's 000 or a run of nines."""
    order = rng.integers(1, 490, size=len(male)) * 2 + male
    return np.where(order % 100 < 2, order + 2, order)


def _repeated(values: Array) -> Array:
    """True where an equal value stands earlier."""
    _, first = np.unique(values, return_index=True)
    repeated = np.ones(len(values), dtype=bool)
    repeated[first] = False
    return repeated


def _distinct(rng: np.random.Generator, n: int, high: int) -> Array:
    found: Array = np.empty(0, dtype=np.int64)
    while len(found) < n:
        found = np.unique(np.concatenate([found, rng.integers(high, size=2 * n + 16)]))
    return rng.permutation(found)[:n]


def phones(rng: np.random.Generator, n: int) -> Array:
    """`n` different mobile numbers of 11 digits."""
    tails = np.char.zfill(_distinct(rng, n, 10**8).astype(str), 8).astype(object)
    numbers: Array = _MOBILE[rng.integers(len(_MOBILE), size=n)] + tails
    return numbers


def bank_cards(rng: np.random.Generator, n: int) -> Array:
    """`n` different card numbers of 19 digits with a right Luhn digit."""
    body = 6223 * 10**14 + _distinct(rng, n, 10**14)
    digits = body[:, None] // 10 ** np.arange(18) % 10
    digits[:, 0::2] *= 2
    check = -(digits - 9 * (digits > 9)).sum(axis=1) % 10
    cards: Array = np.char.add(body.astype(str), check.astype(str)).astype(object)
    return cards


def household_keys(rng: np.random.Generator, n: int) -> Array:
    """`n` different household numbers of the police register."""
    tails = np.char.zfill(_distinct(rng, n, 10**9).astype(str), 9).astype(object)
    keys: Array = np.full(n, "H", dtype=object) + tails
    return keys
