"""J and M: households marked as out of poverty that lack what it takes."""

from collections.abc import Iterator

import pandas as pd

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.lists import PROPERTY
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark


@fault("J01")
def left_in_dangerous_house(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty in a house of grade C or D."""
    for place, home in enumerate(plot.take_homes(plot.left, n)):
        plot.set_home(home, unsafe_house=True, house_grade="D级" if place % 2 else "C级", moved_in=pd.NA)
        yield Mark("J01", home, "household")
        yield from plot.lacking(home)


@fault("J02", rank=1)
def left_before_moving_in(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty on a new house that nobody lives in yet."""
    rebuilt = plot.homes["moved_in"].fillna(False).to_numpy(dtype=bool)
    for home in plot.take_homes(plot.left & rebuilt, n):
        plot.set_home(home, moved_in=False)
        yield Mark("J02", home, "household")


@fault("J03")
def left_with_water_far(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty with water hard to come by, and so not safe either."""
    for home in plot.take_homes(plot.left, n):
        plot.set_home(home, water_difficult=True, water_safe=False)
        yield from home_marks(["J03", "J04"], home)
        yield from plot.lacking(home)


@fault("J04")
def left_with_unsafe_water(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty without safe water."""
    for home in plot.take_homes(plot.left, n):
        plot.set_home(home, water_safe=False)
        yield Mark("J04", home, "household")
        yield from plot.lacking(home)


@fault("J05")
def left_without_power(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty without electric light."""
    for home in plot.take_homes(plot.left, n):
        plot.set_home(home, household_power=False)
        yield Mark("J05", home, "household")


@fault("J20")
def left_in_want(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty while food or clothing is a worry."""
    for place, home in enumerate(plot.take_homes(plot.left, n)):
        plot.set_home(home, {"clothing_secure" if place % 2 else "food_secure": False})
        yield Mark("J20", home, "household")


@fault("J07")
def left_uninsured(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty with a member who has no medical insurance."""
    for person in plot.take_people(plot.left[plot.home_of], n):
        plot.set_person(person, years=(THIS,), medical_insurance=False, medical_aid=False)
        yield Mark("H08", person, "person")
        yield Mark("J07", str(plot.people.at[person, "household_id"]), "household")


def _without_measures(plot: Plot, n: int) -> Iterator[Mark]:
    grants = plot.count(plot.disabled) + plot.count(plot.vocational)
    for home in plot.take_homes(plot.left & plot.ordinary & (grants == 0), n):
        plot.take_back(home)
        yield from home_marks(["J09", "M01"], home)


@fault("J09")
def left_unassisted(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty this year without any measure on record; both codes say so."""
    yield from _without_measures(plot, n)


@fault("M01")
def measures_not_recorded(plot: Plot, n: int) -> Iterator[Mark]:
    """The same, counted from the side of the measures."""
    yield from _without_measures(plot, n)


@fault("J10")
def exit_year_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """An exit without a year, or a year without an exit."""
    still = plot.take_homes(plot.poor, n // 2)
    for home in plot.take_homes(plot.left, n - len(still)):
        plot.set_home(home, exit_year=pd.NA)
        yield Mark("J10", home, "household")
    for home in still:
        plot.set_home(home, exit_year=THIS)
        yield Mark("J10", home, "household")


def _owning(plot: Plot) -> Array:
    """Homes with a member on a list that speaks against being taken in."""
    owners = plot.sector.loc[plot.sector["list"].isin(PROPERTY), "id_number"].str[:18]
    owning: Array = plot.count(plot.people["id_number"].str[:18].isin(owners).to_numpy()) > 0
    return owning


@fault("J11", rank=3)
def left_before_identified(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty before being found poor."""
    for home in plot.take_homes(plot.left_before & ~_owning(plot), n):
        plot.set_home(home, years=(LAST, THIS), identified_year=int(plot.homes.at[home, "exit_year"]) + 1)
        plot.date_measures(home, f"{THIS}-03-20")
        yield Mark("J11", home, "household")


@fault("J12")
def left_when_identified(plot: Plot, n: int) -> Iterator[Mark]:
    """Found poor and out of poverty in one year."""
    for home in plot.take_homes(plot.left & ~_owning(plot), n):
        plot.set_home(home, identified_year=THIS)
        plot.date_measures(home, f"{THIS}-03-20")
        yield Mark("J12", home, "household")


@fault("J13")
def left_without_plan(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty without a plan for what comes after."""
    for home in plot.take_homes(plot.left, n):
        plot.set_home(home, followup_plan=False)
        yield Mark("J13", home, "household")


@fault("J14")
def certificate_lacking(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty though a department refused, or never gave, its certificate."""
    table = plot.world.tables["certification", None]
    gone: list[int] = []
    for place, home in enumerate(plot.take_homes(plot.left, n)):
        row = int(plot.rng.choice(table.index[table["household_id"] == home]))
        if place % 2:
            table.at[row, "met"] = False
        else:
            gone.append(row)
        yield Mark("J14", home, "household")
    plot.world.tables["certification", None] = table.drop(index=gone).reset_index(drop=True)


@fault("J15")
def procedure_broken(plot: Plot, n: int) -> Iterator[Mark]:
    """A notice too short, a step left out, or marked before it was announced."""
    table = plot.world.tables["procedure", None]
    gone: list[int] = []
    for place, home in enumerate(plot.take_homes(plot.left, n)):
        rows = table.index[(table["household_id"] == home) & (table["process"] == "脱贫")]
        step = dict(zip(table.loc[rows, "step"], rows, strict=True))
        if place % 3 == 0:
            table.at[step["公示"], "ends"] = table.at[step["公示"], "starts"] + pd.Timedelta(days=3)
        elif place % 3 == 1:
            gone.append(int(step["民主评议"]))
        else:
            early = table.at[step["民主评议"], "starts"] - pd.Timedelta(days=4)
            table.at[step["系统标注"], "starts"] = table.at[step["系统标注"], "ends"] = early
        yield Mark("J15", home, "household")
    plot.world.tables["procedure", None] = table.drop(index=gone).reset_index(drop=True)
