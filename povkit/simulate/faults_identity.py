"""A: faults in identity numbers and what they say of a person."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import AREA_CODE
from povkit.simulate.numbers import with_check
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, person_marks
from povkit.simulate.truth import Mark


def _wrong_check(number: str) -> str:
    """The number with another digit in the check character's place."""
    return number[:17] + str((int(number[17].replace("X", "0")) + 3) % 10) + number[18:]


@fault("A01")
def number_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """No number at all."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, id_number=None)
        yield from person_marks(["A01", "K20"], person)


@fault("A02")
def number_too_short(plot: Plot, n: int) -> Iterator[Mark]:
    """A character lost; the type of document is left open, so that only the length speaks."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, id_number=str(plot.people.at[person, "id_number"])[:17], id_type=None)
        yield from person_marks(["A02", "K20"], person)


@fault("A03")
def check_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """A wrong check character on an identity card."""
    for person in plot.take_people(plot.plain, n):
        plot.renumber(person, _wrong_check(str(plot.people.at[person, "id_number"])))
        yield Mark("A03", person, "person")


@fault("A04", rank=1)
def certificate_check_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """A wrong check character in the first 18 of a disability certificate."""
    for person in plot.take_people(plot.disabled & plot.steady, n):
        plot.renumber(person, _wrong_check(str(plot.people.at[person, "id_number"])))
        yield Mark("A04", person, "person")


@fault("A05", rank=1)
def certificate_digits_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """A category of disability, or a grade, that does not exist."""
    for place, person in enumerate(plot.take_people(plot.disabled & plot.steady, n)):
        number = str(plot.people.at[person, "id_number"])
        plot.renumber(person, number[:18] + ("8" + number[19] if place % 2 else number[18] + "5"))
        yield Mark("A05", person, "person")


@fault("A06", rank=1)
def type_against_length(plot: Plot, n: int) -> Iterator[Mark]:
    """A certificate of 20 characters entered as an identity card."""
    for person in plot.take_people(plot.disabled & plot.steady, n):
        plot.set_person(person, id_type="居民身份证")
        yield Mark("A06", person, "person")


def _pairs(plot: Plot, first: Array, second: Array, n: int, *, apart: bool = False) -> Iterator[tuple[str, str]]:
    """People of two masks, of the same sex and birth year, in free households: no other rule is upset by the swap.

    apart: of two townships, else of one.
    """
    sex, town = plot.people["sex"].to_numpy(), plot.people["township"].to_numpy()
    waiting: dict[tuple[str, int], list[int]] = {}
    for place in plot.rng.permutation(np.nonzero(second)[0]):
        waiting.setdefault((sex[place], int(plot.age[place])), []).append(int(place))
    found = 0
    for place in plot.rng.permutation(np.nonzero(first)[0]):
        if found == n:
            return
        home = int(plot.home_of[place])
        mates = waiting.get((sex[place], int(plot.age[place])), [])
        others = (m for m in mates if plot.home_of[m] != home and (town[m] != town[place]) == apart)
        mate = next((m for m in others if plot.is_free(int(plot.home_of[m]))), None)
        if mate is None or not plot.is_free(home):
            continue
        plot.take_place(home)
        plot.take_place(int(plot.home_of[mate]))
        found += 1
        yield str(plot.people.index[place]), str(plot.people.index[mate])


@fault("A07", rank=3)
def number_twice(plot: Plot, n: int) -> Iterator[Mark]:
    """Two people of different households with one number."""
    for owner, other in _pairs(plot, plot.plain, plot.plain, n):
        row = plot.people.loc[owner]
        plot.set_person(other, id_number=row["id_number"], birth_date=row["birth_date"])
        yield from person_marks(["A07"], owner, other)


@fault("A17", rank=3)
def number_in_two_townships(plot: Plot, n: int) -> Iterator[Mark]:
    """The same across two townships."""
    for owner, other in _pairs(plot, plot.plain, plot.plain, n, apart=True):
        row = plot.people.loc[owner]
        plot.set_person(other, id_number=row["id_number"], birth_date=row["birth_date"])
        yield from person_marks(["A07", "A17"], owner, other)


@fault("A08", rank=0)
def card_and_certificate(plot: Plot, n: int) -> Iterator[Mark]:
    """One person registered twice: by disability certificate in one household, by identity card in another."""
    for owner, other in _pairs(plot, plot.disabled & plot.steady & (plot.age >= 19), plot.plain, n):
        row = plot.people.loc[owner]
        plot.set_person(other, id_number=str(row["id_number"])[:18], birth_date=row["birth_date"], name=row["name"])
        yield from person_marks(["A08"], owner, other)


@fault("A09")
def number_without_date(plot: Plot, n: int) -> Iterator[Mark]:
    """A thirteenth month in the number, the check character right, the birth date left open."""
    for person in plot.take_people(plot.plain, n):
        number = str(plot.people.at[person, "id_number"])
        plot.renumber(person, with_check(number[:10] + "13" + number[12:17]))
        plot.set_person(person, birth_date=pd.NaT)
        yield Mark("A09", person, "person")


@fault("A10")
def birth_date_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """A birth date some days off the number's, in the same year."""
    for person in plot.take_people(plot.plain, n):
        birth = plot.people.at[person, "birth_date"]
        plot.set_person(person, birth_date=birth + pd.Timedelta(days=9 if birth.month < 12 else -9))
        yield Mark("A10", person, "person")


@fault("A11", rank=3)
def sex_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """A number whose 17th digit speaks of the other sex."""
    for person in plot.take_people(plot.plain & (plot.relation != "配偶"), n):
        plot.renumber(person, other_sex(plot, str(plot.people.at[person, "id_number"])))
        yield Mark("A11", person, "person")


def other_sex(plot: Plot, number: str) -> str:
    """A number like the given one, of a person of the other sex, that nobody has yet."""
    order = int(number[14:17])
    while True:
        order = order + 1 if order % 2 else order - 1
        changed = with_check(number[:14] + f"{order:03d}")
        if plot.is_new(changed):
            return changed
        order = (order + 3) % 990


@fault("A12")
def placeholder(plot: Plot, n: int) -> Iterator[Mark]:
    """Nines in the place of the area code: no province begins so."""
    for person in plot.take_people(plot.plain, n):
        plot.renumber(person, with_check("999999" + str(plot.people.at[person, "id_number"])[6:17]))
        yield from person_marks(["A12", "A14"], person)


@fault("A14")
def area_unknown(plot: Plot, n: int) -> Iterator[Mark]:
    """An area code of no province."""
    for person in plot.take_people(plot.plain, n):
        plot.renumber(person, with_check("90" + str(plot.people.at[person, "id_number"])[2:17]))
        yield Mark("A14", person, "person")


def reborn(plot: Plot, person: str, year: int) -> None:
    """Move a person's birth to another year, in the number and on the form."""
    number, birth = str(plot.people.at[person, "id_number"]), plot.people.at[person, "birth_date"]
    number = with_check(f"{number[:6]}{year}{birth.month:02d}{min(birth.day, 28):02d}{number[14:17]}") + number[18:]
    plot.renumber(person, number)
    plot.set_person(person, birth_date=birth.replace(year=year, day=min(birth.day, 28)))


@fault("A13", rank=2)
def too_old(plot: Plot, n: int) -> Iterator[Mark]:
    """An old parent born in 1904."""
    old = np.isin(plot.relation, ("之父", "之母")) & plot.steady & (plot.labour == "无劳动力")
    for person in plot.take_people(old, n):
        reborn(plot, person, 1904)
        yield Mark("A13", person, "person")


@fault("A15")
def odd_name(plot: Plot, n: int) -> Iterator[Mark]:
    """A digit in a name."""
    for person in plot.take_people(plot.plain, n):
        plot.rename(person, str(plot.people.at[person, "name"]) + "1")
        yield Mark("A15", person, "person")


@fault("A16")
def person_number_too_long(plot: Plot, n: int) -> Iterator[Mark]:
    """A person number of one digit too many, in both years."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, person_id=f"{person}0")
        yield Mark("A16", f"{person}0", "person")


@fault("A19")
def number_rounded(plot: Plot, n: int) -> Iterator[Mark]:
    """A number whose last digits a spreadsheet made noughts; it passes for a woman's."""
    women = plot.people["sex"].to_numpy() == "女"
    for person in plot.take_people(plot.plain & women, n):
        birth = plot.people.at[person, "birth_date"]
        starts = (
            f"{AREA_CODE}{birth.year}{birth.month:02d}{day:02d}{first}00" for day in range(1, 29) for first in range(10)
        )
        number = next(whole for whole in map(with_check, starts) if whole[-1] == "0" and plot.is_new(whole))
        plot.renumber(person, number)
        plot.set_person(person, birth_date=birth.replace(day=int(number[12:14])))
        yield Mark("A19", person, "person")
