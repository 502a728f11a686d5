"""Families: who lives together, of what sex, age and relation to the head.

Ages are whole years at the end of the later data year; a person of age a was born in that year minus a. People who
died during the year, and babies born in it, are part of the family and stand on one year's tables only.
"""

import numpy as np

from povkit.simulate.arrays import Array, Columns
from povkit.simulate.assumptions import THIS

HEAD, SPOUSE, FATHER, MOTHER, CHILD1, CHILD2, CHILD3, SON, INLAW, GRANDCHILD, BABY, DEAD = range(12)

_TEMPLATES: tuple[tuple[str, float, tuple[int, int], tuple[int, ...]], ...] = (
    ("elder", 0.04, (66, 85), (HEAD,)),
    ("single", 0.04, (30, 57), (HEAD,)),
    ("elders", 0.045, (66, 80), (HEAD, SPOUSE)),
    ("couple", 0.06, (38, 57), (HEAD, SPOUSE)),
    ("lone1", 0.03, (28, 48), (HEAD, CHILD1)),
    ("lone2", 0.04, (28, 48), (HEAD, CHILD1, CHILD2)),
    ("pair1", 0.15, (26, 52), (HEAD, SPOUSE, CHILD1)),
    ("pair2", 0.25, (28, 52), (HEAD, SPOUSE, CHILD1, CHILD2)),
    ("pair3", 0.055, (32, 52), (HEAD, SPOUSE, CHILD1, CHILD2, CHILD3)),
    ("parent1", 0.065, (30, 50), (HEAD, SPOUSE, CHILD1, FATHER)),
    ("parent2", 0.06, (30, 50), (HEAD, SPOUSE, CHILD1, MOTHER)),
    ("parent3", 0.055, (30, 50), (HEAD, SPOUSE, CHILD1, CHILD2, MOTHER)),
    ("parents", 0.05, (30, 50), (HEAD, SPOUSE, CHILD1, CHILD2, FATHER, MOTHER)),
    ("three", 0.06, (46, 57), (HEAD, SPOUSE, SON, INLAW, GRANDCHILD)),
)
KINDS = tuple(name for name, *_ in _TEMPLATES)
_WIDTH = 8
_FEMALE_HEADS = {"elder": 0.45, "single": 0.15, "lone1": 0.6, "lone2": 0.6}

_RELATION = {
    HEAD: ("户主", "户主"),
    SPOUSE: ("配偶", "配偶"),
    FATHER: ("之父", "之父"),
    MOTHER: ("之母", "之母"),
    SON: ("之子", "之子"),
    INLAW: ("之儿媳", "之儿媳"),
    GRANDCHILD: ("之孙子", "之孙女"),
} | dict.fromkeys((CHILD1, CHILD2, CHILD3, BABY), ("之子", "之女"))
_LABELS = np.array([_RELATION.get(role, ("之父", "之母")) for role in range(12)], dtype=object)


def make_families(rng: np.random.Generator, n: int) -> tuple[Columns, Columns]:
    """Homes (n) and their people, ordered by home and slot.

    Homes: kind (index of KINDS), head_male. People: home, slot (1 the head), role, male, age, born, died, relation.
    """
    kind = rng.choice(len(KINDS), n, p=_shares())
    low, high = np.array([ages for _, _, ages, _ in _TEMPLATES])[kind].T
    head_age = rng.integers(low, high + 1)
    female = np.array([_FEMALE_HEADS.get(name, 0.05) for name in KINDS])[kind]
    head_male = rng.random(n) >= female
    ages = _ages(rng, head_age)
    slots = _slots(rng, kind, ages)
    home, place = np.nonzero(slots >= 0)
    role = slots[home, place]
    male = _sexes(rng, head_male, slots)[home, place]
    people = {
        "home": home,
        "slot": np.arange(len(home)) - np.searchsorted(home, home) + 1,
        "role": role,
        "male": male,
        "age": ages[role, home],
        "born": role == BABY,
        "died": role == DEAD,
        "relation": _LABELS[role, np.where(male, 0, 1)],
    }
    return {"kind": kind, "head_male": head_male}, people


def _shares() -> Array:
    weights = np.array([weight for _, weight, *_ in _TEMPLATES])
    shares: Array = weights / weights.sum()
    return shares


def _ages(rng: np.random.Generator, head: Array) -> Array:
    """Age by role and home, shape (12, n), whether or not the home has the role."""
    n = len(head)
    spouse = np.where(
        head >= 66, np.clip(head + rng.integers(-4, 5, n), 66, 88), np.clip(head + rng.integers(-6, 4, n), 22, 57)
    )
    younger = np.minimum(head, spouse)
    first = np.clip(younger - rng.integers(20, 31, n), 1, 24)
    second = np.clip(first - rng.integers(2, 5, n), 1, None)
    third = np.clip(second - rng.integers(2, 5, n), 1, None)
    father = np.clip(head + rng.integers(21, 33, n), 61, 89)
    mother = np.clip(np.clip(father + rng.integers(-5, 3, n), head + 18, 89), 61, 89)
    son = np.clip(younger - rng.integers(20, 25, n), 22, None)
    inlaw = np.clip(son + rng.integers(-3, 3, n), 20, None)
    grandchild = np.clip(np.minimum(son, inlaw) - rng.integers(19, 25, n), 1, 12)
    dead = np.clip(head + rng.integers(25, 36, n), 66, 92)
    stack = [head, spouse, father, mother, first, second, third, son, inlaw, grandchild, np.zeros(n, dtype=int), dead]
    return np.stack(stack)


def _slots(rng: np.random.Generator, kind: Array, ages: Array) -> Array:
    """Role in each place of a home, -1 where empty: the template, then now and then a baby or a parent who died."""
    table = np.full((len(KINDS), _WIDTH), -1)
    for row, (_, _, _, roles) in enumerate(_TEMPLATES):
        table[row, : len(roles)] = roles
    slots = table[kind]
    names = np.array(KINDS)[kind]
    chance = rng.random(len(kind))
    young = np.isin(names, ("pair1", "pair2")) & (ages[SPOUSE] <= 38) & (ages[HEAD] <= 42)
    slots[young & (chance < 0.06), _WIDTH - 2] = BABY
    slots[np.isin(names, ("pair1", "pair2", "couple")) & (ages[HEAD] <= 52) & (chance > 0.97), _WIDTH - 1] = DEAD
    return slots


def _sexes(rng: np.random.Generator, head_male: Array, slots: Array) -> Array:
    male = rng.random(slots.shape) < 0.52
    for role, value in ((FATHER, True), (MOTHER, False), (SON, True), (INLAW, False)):
        male[slots == role] = value
    own = np.broadcast_to(head_male[:, None], slots.shape)
    male = np.where(slots == HEAD, own, male)
    sexes: Array = np.where(slots == SPOUSE, ~own, male)
    return sexes


def birth_dates(rng: np.random.Generator, age: Array) -> Array:
    """A day of the birth year of each age, as datetime64[D]."""
    year = (THIS - age - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    days: Array = year + rng.integers(0, 365, len(age)).astype("timedelta64[D]")
    return days
