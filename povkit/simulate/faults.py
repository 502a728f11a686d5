"""Plant faults in a world: all families of them, in an order that lets each find its ground."""

from collections.abc import Mapping

from povkit.simulate import (
    faults_changes,
    faults_exits,
    faults_family,
    faults_form,
    faults_frail,
    faults_helpers,
    faults_homes,
    faults_identity,
    faults_income,
    faults_labour,
    faults_measures,
    faults_outside,
    faults_schooling,
    faults_villages,
    faults_visits,
    faults_years,
)
from povkit.simulate.assumptions import PLANTED_PER_HOUSEHOLD, THIS
from povkit.simulate.planting import FAULTS, Phase, in_order
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark
from povkit.simulate.world import World
from povkit.vocab import Fault

FAMILIES = (
    faults_identity,
    faults_family,
    faults_labour,
    faults_schooling,
    faults_income,
    faults_homes,
    faults_frail,
    faults_years,
    faults_form,
    faults_exits,
    faults_outside,
    faults_changes,
    faults_helpers,
    faults_measures,
    faults_visits,
    faults_villages,
)
"""Modules whose import fills the registry, by family."""


def plantable() -> tuple[str, ...]:
    """Every code that can be planted, in order."""
    return tuple(sorted(FAULTS))


def amounts(faults: float | Mapping[str, int], households: int) -> dict[str, int]:
    """How many objects to plant for each code.

    faults: a strength (1 is the usual dose, 0 none) for all codes, or a number of objects for the codes named.
    """
    if isinstance(faults, Mapping):
        return {code: number for code, number in faults.items() if number > 0}
    if faults <= 0:
        return {}
    number = max(1, round(faults * households * PLANTED_PER_HOUSEHOLD))
    return dict.fromkeys(FAULTS, number)


def doubts(faults: float | Mapping[str, int]) -> list[Fault]:
    """What is wrong with a request for faults."""
    if not isinstance(faults, Mapping):
        return [] if 0 <= faults <= 100 else [Fault(("faults",), f"{faults} is no strength; write 0 to 100")]
    known = " ".join(plantable())
    found = [Fault(("faults", c), f"nobody plants this code; write of {known}") for c in faults if c not in FAULTS]
    return found + [Fault(("faults", c), "write a number from 0") for c, number in faults.items() if number < 0]


def plant(world: World, faults: float | Mapping[str, int]) -> list[Mark]:
    """Spoil a world in place; the marks say what was spoiled."""
    wanted = amounts(faults, len(world.tables["household", THIS]))
    if not wanted:
        return []
    plot = Plot(world)
    marks: list[Mark] = []
    for phase in Phase:
        for item in in_order(list(wanted), phase):
            marks.extend(item.plant(plot, wanted[item.code]))
        if phase is Phase.RECORDS:
            plot.close()
    return marks
