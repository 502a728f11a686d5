"""Faults that are a matter of a few cells of one row, written as tables: code, whom it may strike, what is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks, person_marks
from povkit.simulate.truth import Mark

Cells = Mapping[str, Any]
Where = Callable[[Plot], Array]


@dataclass(frozen=True)
class Cell:
    """One kind of fault.

    where: mask of the people or homes it may strike. now: cells of this year, or a function from the row to them;
    last: those of last year. also: other codes that name the same object; rank as for `fault`. of_home: codes that name
    a person's household; mark_person: whether any names the person.
    """

    code: str
    where: Where
    now: Cells | Callable[[Any], Cells] = field(default_factory=dict)
    last: Cells = field(default_factory=dict)
    also: tuple[str, ...] = ()
    rank: int = 4
    of_home: tuple[str, ...] = ()
    mark_person: bool = True


def _cells(what: Cells | Callable[[Any], Cells], row: Any) -> Cells:
    return what(row) if callable(what) else what


def people_cells(*cells: Cell) -> None:
    """Register faults of a person's row."""
    for cell in cells:
        fault(cell.code, rank=cell.rank)(_of_people(cell))


def _of_people(cell: Cell) -> Callable[[Plot, int], Iterator[Mark]]:
    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        for person in plot.take_people(cell.where(plot), n):
            row = plot.people.loc[person]
            plot.set_person(person, years=(LAST,), **cell.last)
            plot.set_person(person, years=(THIS,), **_cells(cell.now, row))
            if cell.mark_person:
                yield from person_marks((cell.code, *cell.also), person)
            yield from home_marks(cell.of_home, str(row["household_id"]))

    return plant


def home_cells(*cells: Cell, settle: bool = False, both: bool = False) -> None:
    """Register faults of a household's row. settle: sums are worked out again; both: last year's row changes too."""
    for cell in cells:
        fault(cell.code, rank=cell.rank)(_of_homes(cell, settle, both))


def _of_homes(cell: Cell, settle: bool, both: bool) -> Callable[[Plot, int], Iterator[Mark]]:
    years = (LAST, THIS) if both else (THIS,)

    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        for home in plot.take_homes(cell.where(plot), n):
            plot.set_home(home, _cells(cell.now, plot.homes.loc[home]), years=years)
            plot.set_home(home, cell.last, years=(LAST,))
            for year in years if settle else ():
                plot.settle(home, year)
            yield from home_marks((cell.code, *cell.also), home)

    return plant
