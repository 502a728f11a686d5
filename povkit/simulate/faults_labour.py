"""D: faults in health, disability, ability to work, and work away from home."""

from collections.abc import Iterator

import numpy as np

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import THIS
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, person_marks
from povkit.simulate.truth import Mark


@fault("D01")
def health_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """Health left open, or a word that the form does not know."""
    for place, person in enumerate(plot.take_people(plot.plain & plot.idle, n)):
        plot.set_person(person, years=(THIS,), health="良好" if place % 2 else None)
        yield Mark("D01", person, "person")


@fault("D02", rank=2)
def healthy_and_ill(plot: Plot, n: int) -> Iterator[Mark]:
    """Healthy and chronically ill at once."""
    for person in plot.take_people(plot.chronic & plot.steady & (plot.age >= 60), n):
        plot.set_person(person, health="健康,长期慢性病")
        yield Mark("D02", person, "person")


@fault("D03", rank=1)
def disabled_without_certificate(plot: Plot, n: int) -> Iterator[Mark]:
    """Disabled, with an identity card instead of the certificate."""
    for person in plot.take_people(plot.disabled & plot.steady, n):
        plot.set_person(person, id_number=str(plot.people.at[person, "id_number"])[:18], id_type="居民身份证")
        yield Mark("D03", person, "person")


def _disabled_adults(plot: Plot) -> Array:
    grown: Array = plot.disabled & plot.steady & (plot.age >= 18) & (plot.age < 59) & ~plot.at_school
    grown &= (plot.ordinary & (plot.count(plot.disabled) == 1))[plot.home_of]
    return grown


@fault("D04", rank=0)
def certificate_but_healthy(plot: Plot, n: int) -> Iterator[Mark]:
    """A certificate holder entered as healthy and able to work."""
    cause = plot.homes["cause"].to_numpy().astype(str)[plot.home_of]
    fit = _disabled_adults(plot) & (plot.labour != "丧失劳动力") & (cause != "因残")
    for person in plot.take_people(fit, n):
        plot.set_person(person, health="健康", labour="普通劳动力")
        home = str(plot.people.at[person, "household_id"])
        plot.take_back(home, "综合保障")
        plot.give(home, "产业帮扶", "养殖种植补助")
        yield Mark("D04", person, "person")


@fault("D05", rank=0)
def severely_disabled_worker(plot: Plot, n: int) -> Iterator[Mark]:
    """A severe disability of the limbs, and ordinary ability to work."""
    for place, person in enumerate(plot.take_people(_disabled_adults(plot), n)):
        number = str(plot.people.at[person, "id_number"])
        plot.renumber(person, number[:18] + ("42" if place % 2 else "41"))
        plot.set_person(person, labour="普通劳动力")
        yield from person_marks(["D05", "D14"], person)


@fault("D06")
def labour_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """Ability to work left open, or a word that the form does not know."""
    for place, person in enumerate(plot.take_people(plot.plain & plot.idle, n)):
        plot.set_person(person, years=(THIS,), labour="半劳动力" if place % 2 else None)
        yield Mark("D06", person, "person")


@fault("D07", rank=3)
def child_able_to_work(plot: Plot, n: int) -> Iterator[Mark]:
    """A child under sixteen entered as able to work."""
    for person in plot.take_people(plot.steady & (plot.school == "学龄前儿童"), n):
        plot.set_person(person, years=(THIS,), labour="普通劳动力")
        yield Mark("D07", person, "person")


@fault("D11")
def healthy_but_lost(plot: Plot, n: int) -> Iterator[Mark]:
    """Healthy, and ability to work lost; others of the household still work."""
    hands = np.bincount(
        plot.home_of, weights=np.isin(plot.labour, ("普通劳动力", "技能劳动力")), minlength=len(plot.homes)
    )
    for person in plot.take_people(plot.plain & plot.idle & (hands >= 2)[plot.home_of], n):
        plot.set_person(person, years=(THIS,), labour="丧失劳动力")
        yield from person_marks(["D09", "D11"], person)


@fault("D15", rank=2)
def works_without_labour(plot: Plot, n: int) -> Iterator[Mark]:
    """Months of work away by someone without any ability to work, where wages are earned anyway."""
    wages = (plot.homes["wage_income"].to_numpy() > 9000)[plot.home_of]
    old = plot.steady & (plot.labour == "无劳动力") & (plot.age >= 66)
    for person in plot.take_people(old & wages, n):
        plot.set_person(person, years=(THIS,), work_months=6.0, work_place="县外省内", employer="物流公司")
        yield Mark("D15", person, "person")


@fault("D16")
def too_many_months(plot: Plot, n: int) -> Iterator[Mark]:
    """More months of work than a year has, or fewer than none."""
    paid = (plot.homes["wage_income"].to_numpy() > 9000)[plot.home_of]
    for place, person in enumerate(plot.take_people(plot.steady & ~plot.idle & plot.healthy & paid, n)):
        plot.set_person(person, years=(THIS,), work_months=(14.0, 24.0, -2.0)[place % 3])
        yield Mark("D16", person, "person")
