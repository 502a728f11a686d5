"""B and C: faults in who belongs to a household, and in schooling."""

from collections.abc import Iterator

import numpy as np

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.faults_identity import other_sex
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark

_YOUNG = ("之子", "之女", "之儿媳", "之孙子", "之孙女")
_DESCENDANTS = {"之子": "之女", "之女": "之子", "之孙子": "之孙女", "之孙女": "之孙子", "之父": "之母", "之母": "之父"}


def _home(plot: Plot, person: str) -> str:
    return str(plot.people.at[person, "household_id"])


@fault("B01")
def no_head(plot: Plot, n: int) -> Iterator[Mark]:
    """The head is entered as some other relation."""
    for person in plot.take_people((plot.relation == "户主") & plot.steady, n):
        plot.set_person(person, years=(THIS,), relation="其他")
        yield Mark("B01", _home(plot, person), "household")


@fault("B02")
def two_heads(plot: Plot, n: int) -> Iterator[Mark]:
    """The spouse is entered as a second head."""
    for person in plot.take_people((plot.relation == "配偶") & plot.steady, n):
        plot.set_person(person, years=(THIS,), relation="户主")
        yield Mark("B02", _home(plot, person), "household")


@fault("B03", rank=1)
def two_spouses(plot: Plot, n: int) -> Iterator[Mark]:
    """A grown child of the spouse's sex, or a daughter-in-law, is entered as a second spouse."""
    spouse = plot.relation == "配偶"
    sex = plot.people["sex"].to_numpy().astype(str)
    of_spouse = np.full(len(plot.homes), "", dtype="U1")
    of_spouse[plot.home_of[spouse]] = sex[spouse]
    near = plot.head_age[plot.home_of] - plot.age <= 23
    grown = plot.steady & near & (plot.age >= 18) & np.isin(plot.relation, ("之子", "之女", "之儿媳"))
    for person in plot.take_people(grown & (of_spouse[plot.home_of] == sex), n):
        plot.set_person(person, years=(THIS,), relation="配偶")
        yield Mark("B03", _home(plot, person), "household")


@fault("B04")
def relation_unknown(plot: Plot, n: int) -> Iterator[Mark]:
    """A relation left open, or one that the form does not know."""
    for place, person in enumerate(plot.take_people(np.isin(plot.relation, _YOUNG) & plot.steady, n)):
        plot.set_person(person, years=(THIS,), relation="亲戚" if place % 2 else None)
        yield Mark("B04", person, "person")


@fault("B05", rank=3)
def head_and_spouse_alike(plot: Plot, n: int) -> Iterator[Mark]:
    """The spouse is entered, sex and number, as of the head's sex."""
    for person in plot.take_people(plot.plain & (plot.relation == "配偶"), n):
        plot.renumber(person, other_sex(plot, str(plot.people.at[person, "id_number"])))
        plot.set_person(person, sex="女" if plot.people.at[person, "sex"] == "男" else "男")
        yield Mark("B05", _home(plot, person), "household")


@fault("B06")
def relation_against_sex(plot: Plot, n: int) -> Iterator[Mark]:
    """A daughter entered as a son, a mother as a father, and the like."""
    for person in plot.take_people(np.isin(plot.relation, tuple(_DESCENDANTS)) & plot.steady, n):
        plot.set_person(person, years=(THIS,), relation=_DESCENDANTS[str(plot.people.at[person, "relation"])])
        plot.set_home(_home(plot, person), only_child=False, two_daughters=False)
        yield Mark("B06", person, "person")


@fault("B10")
def size_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """One more in the household's size than there are members; the per-head income follows the size."""
    roomy = plot.exited & (plot.per_head > 5600) & (plot.size > 1) & (plot.size < 6)
    for home in plot.take_homes(roomy, n):
        plot.set_home(home, size=int(plot.homes.at[home, "size"]) + 1, years=(LAST, THIS))
        plot.settle(home)
        plot.settle(home, LAST)
        yield Mark("B10", home, "household")


@fault("B11", rank=2)
def nobody_there(plot: Plot, n: int) -> Iterator[Mark]:
    """A household without any member on the person table."""
    for home in plot.take_homes(plot.exited & plot.ordinary & plot.home_unlisted, n):
        plot.dropped["person"].update(plot.people.index[plot.people["household_id"] == home])
        yield Mark("B11", home, "household")


@fault("C01")
def education_unknown(plot: Plot, n: int) -> Iterator[Mark]:
    """A level of education that the form does not know."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, years=(THIS,), education="初小")
        yield Mark("C01", person, "person")


@fault("C02", rank=2)
def school_unknown(plot: Plot, n: int) -> Iterator[Mark]:
    """A grade that the form does not know."""
    for person in plot.take_people((plot.school == "小学") & plot.steady, n):
        plot.set_person(person, years=(THIS,), school="小学四年级")
        yield Mark("C02", person, "person")


@fault("C03", rank=2)
def education_and_school(plot: Plot, n: int) -> Iterator[Mark]:
    """A pupil who has an education entered as well."""
    for person in plot.take_people(np.isin(plot.school, ("小学", "七年级", "八年级")) & plot.steady, n):
        plot.set_person(person, years=(THIS,), education="小学")
        yield Mark("C03", person, "person")


def out_of_school(plot: Plot, person: str) -> None:
    """Take a child out of school, on the form and on the education office's list."""
    plot.set_person(person, years=(THIS,), school=None, education="小学", dropout_reason="厌学")
    plot.strike(person, "学籍")


def _pupils(plot: Plot) -> Array:
    """Healthy children whose school age is beyond doubt."""
    pupil: Array = np.isin(plot.school, ("小学", "七年级"))
    pupil &= plot.steady & plot.healthy & (plot.age >= 9) & (plot.age <= 12)
    return pupil


@fault("C06", rank=1)
def child_not_at_school(plot: Plot, n: int) -> Iterator[Mark]:
    """A child of school age not at school, in a household that is still poor."""
    for person in plot.take_people(_pupils(plot) & plot.poor[plot.home_of], n):
        out_of_school(plot, person)
        yield Mark("C06", person, "person")


@fault("J06", rank=2)
def left_with_child_not_at_school(plot: Plot, n: int) -> Iterator[Mark]:
    """The same in a household that left poverty this year: the child and the household are both found."""
    for person in plot.take_people(_pupils(plot) & plot.left[plot.home_of], n):
        out_of_school(plot, person)
        yield Mark("C06", person, "person")
        yield from home_marks(["J06"], _home(plot, person))
