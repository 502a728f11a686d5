"""The registry of faults, and the plot they are planted on.

A fault is a function that spoils a few records and says which objects a rule of its code should name:

    @fault("I02")
    def irrigated_over_farmland(plot: Plot, n: int) -> Iterator[Mark]:
        for home in plot.take_homes(plot.quiet, n):
            plot.set_home(home, irrigated=float(plot.homes.at[home, "farmland"]) + 1.5)
            yield Mark("I02", home, "household")

`take_homes` and `take_people` never give out the same household twice, so that no fault hides another.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark

Plant = Callable[[Plot, int], Iterator[Mark]]


class Phase(IntEnum):
    """Records first; then the village tables are counted again; then the villages and the county."""

    RECORDS = 0
    VILLAGES = 1


@dataclass(frozen=True)
class Planted:
    """A registered fault. rank: those that need rare households come first (0), the easily pleased last."""

    code: str
    plant: Plant
    phase: Phase
    rank: int


FAULTS: dict[str, Planted] = {}
"""Every fault that can be planted, by code."""


def fault(code: str, *, phase: Phase = Phase.RECORDS, rank: int = 5) -> Callable[[Plant], Plant]:
    """Register a function as the one that plants a code. Raises ValueError if the code is taken."""

    def register(plant: Plant) -> Plant:
        if code in FAULTS:
            raise ValueError(f"{code} is planted by {FAULTS[code].plant.__name__} already")
        FAULTS[code] = Planted(code, plant, phase, rank)
        return plant

    return register


def in_order(codes: list[str], phase: Phase) -> list[Planted]:
    """The faults of a phase in the order of planting."""
    chosen = [FAULTS[code] for code in codes if FAULTS[code].phase is phase]
    return sorted(chosen, key=lambda item: (item.rank, item.code))
