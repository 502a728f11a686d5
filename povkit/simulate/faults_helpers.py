"""L: helpers who are not what the form says, and pairings that do not run."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from povkit.simulate.arrays import Frame
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.planting import Phase, fault
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark


def _table(plot: Plot, year: int = THIS) -> Frame:
    return plot.world.tables["helper", year]


def take_helpers(plot: Plot, n: int) -> list[str]:
    """At most `n` helpers of several households that no fault has had yet."""
    counts = _table(plot)["helper_id_number"].value_counts()
    return plot.take_objects(counts.index[counts >= 3], n)


def _mark(code: str, helper: str) -> Mark:
    return Mark(code, helper, "helper")


def _written(code: str, **values: Any) -> None:
    """Register a fault that writes the same cells into every row of a helper."""

    @fault(code, rank=6)
    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        """Cells of a helper's rows."""
        table = _table(plot)
        for helper in take_helpers(plot, n):
            for name, value in values.items():
                table.loc[table["helper_id_number"] == helper, name] = value
            yield _mark(code, helper)


_written("L04", rank="股长")
_written("L11", is_first_secretary=True, stationed_from=pd.NaT)


@fault("L05", rank=6)
def pairing_turned_round(plot: Plot, n: int) -> Iterator[Mark]:
    """Ends before it starts; another start keeps the end in the future."""
    table = _table(plot)
    for helper in take_helpers(plot, n):
        table.loc[table["helper_id_number"] == helper, "starts"] = pd.Timestamp("2021-06-01")
        yield _mark("L05", helper)


@fault("L06", rank=6)
def namesakes(plot: Plot, n: int) -> Iterator[Mark]:
    """Two helpers of one name, told apart by a blank."""
    table = _table(plot)
    helpers = take_helpers(plot, 2 * n)
    for first, second in zip(helpers[0::2], helpers[1::2], strict=False):
        name = str(table.loc[table["helper_id_number"] == first, "helper_name"].iloc[0])
        table.loc[table["helper_id_number"] == second, "helper_name"] = f"{name[0]} {name[1:]}"
        _rename_on_lists(plot, second, f"{name[0]}{name[1:]}")
        yield from (_mark("L06", helper) for helper in (first, second))


def _rename_on_lists(plot: Plot, helper: str, name: str) -> None:
    plot.sector.loc[plot.sector["id_number"] == helper, "name"] = name


@fault("L07", rank=7)
def too_many_households(plot: Plot, n: int) -> Iterator[Mark]:
    """One helper takes over the households of another until there are more than anyone can look after."""
    table = _table(plot)
    helpers = take_helpers(plot, 4 * n)
    for place in range(0, len(helpers) - 3, 4):
        first, *others = helpers[place : place + 4]
        own = table[table["helper_id_number"] == first].iloc[0]
        rows = table["helper_id_number"].isin(others)
        for name in table.columns.difference(["household_id", "starts", "ends"]):
            table.loc[rows, name] = own[name]
        yield _mark("L07", first)


@fault("L09", rank=6)
def helper_number_wrong(plot: Plot, n: int) -> Iterator[Mark]:
    """A helper's number with a wrong check character."""
    table = _table(plot)
    for helper in take_helpers(plot, n):
        wrong = helper[:17] + str((int(helper[17].replace("X", "0")) + 3) % 10)
        table.loc[table["helper_id_number"] == helper, "helper_id_number"] = wrong
        plot.sector.loc[plot.sector["id_number"] == helper, "id_number"] = wrong
        plot.take_objects([wrong], 1)
        yield _mark("L09", wrong)


@fault("L10", rank=6)
def helper_retired(plot: Plot, n: int) -> Iterator[Mark]:
    """A helper whom the payroll lists as retired."""
    for helper in take_helpers(plot, n):
        row = (plot.sector["id_number"] == helper) & (plot.sector["list"] == "财政供养")
        plot.sector.loc[row, "grade"] = "退休"
        yield _mark("L10", helper)


@fault("L13", rank=6)
def paired_twice(plot: Plot, n: int) -> Iterator[Mark]:
    """The same helper twice for one household."""
    more = []
    for helper in take_helpers(plot, n):
        rows = _table(plot)[_table(plot)["helper_id_number"] == helper]
        more.append(rows[rows["ends"] == rows["ends"].max()].iloc[[0]])
        yield _mark("L13", helper)
    plot.world.tables["helper", THIS] = pd.concat([_table(plot), *more], ignore_index=True)


@fault("L14", rank=5)
def pairing_run_out(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty, and the pairing has run out in summer; its date is wrong as well."""
    table = _table(plot)
    for home in plot.take_homes(plot.left_before, n):
        rows = table["household_id"] == home
        table.loc[rows, "ends"] = pd.Timestamp(f"{THIS}-06-30")
        yield Mark("L14", home, "household")
        yield from (_mark("L05", str(helper)) for helper in table.loc[rows, "helper_id_number"])


@fault("L08", rank=4)
def helps_own_household(plot: Plot, n: int) -> Iterator[Mark]:
    """A household's own member entered as its helper, this year and last."""
    for person in plot.take_people(plot.plain & plot.exited[plot.home_of], n):
        row = plot.people.loc[person]
        number = str(row["id_number"])[:18]
        for year in (LAST, THIS):
            table = _table(plot, year)
            rows = table["household_id"] == row["household_id"]
            phone = str(plot.homes.at[row["household_id"], "phone"])
            values = {"helper_name": row["name"], "helper_id_number": number, "helper_phone": phone}
            for name, value in values.items():
                table.loc[rows, name] = value
        yield _mark("L08", number)


@fault("L12", phase=Phase.VILLAGES, rank=6)
def unit_not_of_village(plot: Plot, n: int) -> Iterator[Mark]:
    """A helper of a unit that is none of the villages'."""
    table = _table(plot)
    village = table["household_id"].map(plot.homes["village_code"])
    known = village.isin(plot.world.tables["village", THIS]["village_code"])
    fit = table.loc[known & table["unit"].notna(), "helper_id_number"].dropna()
    for helper in plot.take_objects(fit, n):
        table.loc[table["helper_id_number"] == helper, "unit"] = "省外某局"
        yield _mark("L12", helper)
