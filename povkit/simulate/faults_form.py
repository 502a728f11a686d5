"""G, H and I: faults in causes, household attributes, contact, land and living conditions."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark


@fault("G01")
def cause_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """No main cause of poverty."""
    for home in plot.take_homes(plot.quiet, n):
        plot.set_home(home, cause=None, other_causes=None)
        yield Mark("G01", home, "household")


@fault("G02")
def too_many_causes(plot: Plot, n: int) -> Iterator[Mark]:
    """Three other causes where two are allowed."""
    for home in plot.take_homes(plot.quiet, n):
        others = [c for c in ("缺技术", "缺资金", "缺土地", "交通条件落后") if c != plot.homes.at[home, "cause"]]
        plot.set_home(home, other_causes=",".join(others[:3]))
        yield Mark("G02", home, "household")


@fault("G03")
def cause_repeated(plot: Plot, n: int) -> Iterator[Mark]:
    """The main cause again among the others."""
    for home in plot.take_homes(plot.quiet, n):
        plot.set_home(home, other_causes=plot.homes.at[home, "cause"])
        yield Mark("G03", home, "household")


@fault("G15", rank=0)
def return_without_cause(plot: Plot, n: int) -> Iterator[Mark]:
    """Back in poverty, nobody says why."""
    for home in plot.take_homes(plot.returned, n):
        plot.set_home(home, return_cause=None)
        yield Mark("G15", home, "household")


@fault("G16", rank=0)
def return_for_other_cause(plot: Plot, n: int) -> Iterator[Mark]:
    """Back in poverty for a cause that is no return."""
    changes = plot.world.tables["change", None]
    for place, home in enumerate(plot.take_homes(plot.returned, n)):
        cause = "自身发展动力不足" if place % 2 else "缺资金"
        plot.set_home(home, return_cause=cause)
        changes.loc[(changes["household_id"] == home) & (changes["kind"] == "返贫"), "reason"] = cause
        yield from home_marks(["G16", "K04"], home)


@fault("H01")
def category_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """No category."""
    for home in plot.take_homes(plot.ordinary & plot.quiet, n):
        plot.set_home(home, category=None)
        yield Mark("H01", home, "household")


@fault("H03", rank=0)
def dibao_without_member(plot: Plot, n: int) -> Iterator[Mark]:
    """A low-income household of which no member is on the guarantee."""
    for home in plot.take_homes(plot.dibao & plot.poor & (plot.hands > 0), n):
        for person in plot.people.index[plot.people["household_id"] == home]:
            plot.set_person(person, dibao=False)
        plot.take_back(home, "综合保障")
        if plot.disabled[plot.home_of == plot.homes.index.get_loc(home)].any():
            plot.give(home, "综合保障", "残疾人两项补贴")
        yield Mark("H03", home, "household")


@fault("H15")
def phone_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """No telephone, one too short, or one that is no mobile number."""
    for place, home in enumerate(plot.take_homes(plot.quiet, n)):
        phone = str(plot.homes.at[home, "phone"])
        plot.set_home(home, phone=(None, phone[:10], "12" + phone[2:])[place % 3])
        yield Mark("H15", home, "household")


@fault("I02")
def irrigated_over_farmland(plot: Plot, n: int) -> Iterator[Mark]:
    """More irrigated land than farmland."""
    for home in plot.take_homes(plot.quiet, n):
        more = round(float(plot.homes.at[home, "farmland"]) + 1.5, 1)
        plot.set_home(home, irrigated=more, years=(LAST, THIS))
        yield Mark("I02", home, "household")


@fault("I09")
def negative_area(plot: Plot, n: int) -> Iterator[Mark]:
    """An area below nought."""
    for place, home in enumerate(plot.take_homes(plot.quiet, n)):
        plot.set_home(home, {("water_area", "grassland")[place % 2]: -0.5})
        yield Mark("I09", home, "household")


def _still_poor(plot: Plot, n: int) -> list[str]:
    """Households still poor, of villages that do not exit as far as there are any."""
    homes = plot.take_homes(plot.poor & ~plot.in_exited_village, n)
    return homes + plot.take_homes(plot.poor, n - len(homes))


@fault("I14", rank=2)
def house_without_grade(plot: Plot, n: int) -> Iterator[Mark]:
    """A dangerous house without a grade, or a dangerous grade of a house that is none."""
    for place, home in enumerate(_still_poor(plot, n)):
        plot.set_home(home, unsafe_house=place % 2 == 0, house_grade=None if place % 2 == 0 else "C级")
        plot.give(home, "危房改造", "农村危房改造")
        yield Mark("I14", home, "household")
        yield from plot.lacking(home) if place % 2 == 0 else ()


@fault("I17", rank=2)
def water_difficult_and_safe(plot: Plot, n: int) -> Iterator[Mark]:
    """Water hard to come by and safe at once."""
    for home in _still_poor(plot, n):
        plot.set_home(home, water_difficult=True, water_safe=True)
        plot.give(home, "基础设施", "饮水安全工程")
        yield Mark("I17", home, "household")


@fault("O03")
def out_of_county(plot: Plot, n: int) -> Iterator[Mark]:
    """Coordinates that lie outside the county."""
    located = plot.homes["longitude"].notna().to_numpy()
    for home in plot.take_homes(plot.quiet & located, n):
        plot.set_home(home, longitude=round(float(plot.homes.at[home, "longitude"]) + 1.7, 6))
        yield Mark("O03", home, "household")


@fault("O06")
def not_located(plot: Plot, n: int) -> Iterator[Mark]:
    """No coordinates, in a county whose time for taking them is over."""
    if plot.world.county.location_deadline > f"{THIS}-12-31":
        return
    for home in plot.take_homes(plot.quiet, n):
        plot.set_home(home, longitude=np.nan, latitude=np.nan, located_on=pd.NaT)
        yield Mark("O06", home, "household")
