"""Patterns planted in a made-up county: no record is wrong by itself, many together are.

A shape is spread over the county before its tables are written, so that every table tells the same story:

    @shape("K13", 1)
    def exits_by_the_plan(ground: Ground, strength: float) -> Iterator[Mark]:
        ...

Villages and officials of one shape are free of every other, so that none hides another.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, LINE, THIS
from povkit.simulate.incomes import OWN, sum_up
from povkit.simulate.standing import count_moving, on_register, poor
from povkit.simulate.truth import Mark
from povkit.simulate.world import World
from povkit.vocab import Fault

ROUND_SHARE = 0.05
"""Incidence that villages are allotted."""
PARKED = 0.03, 0.0015
"""Incidence that villages are parked under, and by how much at most."""
COPIED = ("farmland", "irrigated", "forest", "orchard", "housing_area", "road_distance", f"other_transfer{THIS}")
"""What is copied beside the incomes."""
PER_OFFICIAL = 400
"""Households of the register for each official of whom a shape is planted (at least one)."""


class Ground:
    """A county that shapes are planted on. Homes, villages and helpers are numbered from 0, homes masked in order."""

    def __init__(self, world: World) -> None:
        self.world, self.rng = world, world.stream("shapes")
        self.homes, self.villages = world.homes, world.villages
        self.used = np.zeros(len(self.homes["village"]), dtype=bool)

    @property
    def here(self) -> Array:
        """Homes on the register in both years."""
        there: Array = on_register(self.homes, THIS) & on_register(self.homes, LAST)
        return there

    @property
    def calm(self) -> Array:
        """Those of them to which nothing else happens this year."""
        quiet: Array = self.here & ~self.homes["returned"] & ~count_moving(self.homes)
        return quiet

    @property
    def poor(self) -> Array:
        """Homes that have not left poverty."""
        return poor(self.homes, THIS)

    @property
    def leaving(self) -> Array:
        """Homes that leave this year."""
        now: Array = self.homes["exit_year"] == THIS
        return now

    def ids(self, rows: Array) -> str:
        """Numbers of these homes in order, as the truth tells them."""
        return " ".join(sorted(str(each) for each in self.homes["household_id"][rows]))

    def most(self, key: str, fit: Array, n: int) -> list[int]:
        """The `n` villages or helpers (`key`) with most fit homes, of those that no shape has had, which they are now.

        Half of the places in question are left out by chance, so that it is not always the largest.
        """
        spoiled = np.bincount(self.homes[key], weights=self.used)
        counts = np.bincount(self.homes[key], weights=fit) * (spoiled == 0)
        order = np.argsort(-counts, kind="stable")
        likely = order[counts[order] > 0][: 2 * n]
        chosen = sorted(int(each) for each in self.rng.permutation(likely)[:n])
        self.used |= np.isin(self.homes[key], chosen)
        return chosen

    def officials(self, fit: Array) -> Iterator[tuple[str, Array]]:
        """Some officials with most fit homes: number, and the fit homes by position."""
        for each in self.most("helper", fit, max(1, len(self.used) // PER_OFFICIAL)):
            rows = np.nonzero(fit & (self.homes["helper"] == each))[0]
            yield str(self.world.helpers["helper_id_number"][each]), rows

    def part(self, rows: Array, strength: float, least: int = 0) -> Array:
        """A share of these positions by chance, at least so many."""
        return np.sort(self.rng.permutation(rows)[: max(least, round(strength * len(rows)))])

    def earn(self, rows: Array, per_head: Array) -> Array:
        """Write incomes so that so much a head results; positions of those whose benefits allow it."""
        homes = self.homes
        own = per_head * homes[f"size{THIS}"][rows] - homes[f"transfer_income{THIS}"][rows]
        now = homes[f"net_income{THIS}"][rows] - homes[f"transfer_income{THIS}"][rows]
        fit = (own > 300) & (now > 0)
        for name in OWN:
            values = homes[f"{name}{THIS}"]
            values[rows[fit]] = np.rint(values[rows[fit]] * own[fit] / now[fit])
        sum_up(homes, THIS)
        rest = np.rint(own[fit] - (homes[f"net_income{THIS}"] - homes[f"transfer_income{THIS}"])[rows[fit]])
        homes[f"business_income{THIS}"][rows[fit]] += rest.astype(int)
        sum_up(homes, THIS)
        chosen: Array = rows[fit]
        return chosen


Plant = Callable[[Ground, float], Iterator[Mark]]
SHAPES: dict[str, tuple[int, Plant]] = {}
"""Every shape by the code of the pattern that should find it, with its rank in the order of planting."""


def shape(code: str, rank: int) -> Callable[[Plant], Plant]:
    """Register the function that plants a code. rank: those that need rare ground come first."""

    def register(plant: Plant) -> Plant:
        SHAPES[code] = rank, plant
        return plant

    return register


def plant_shapes(world: World, wanted: float | Mapping[str, float]) -> list[Mark]:
    """Plant shapes before the tables are written; what was planted. wanted: strength (0 to 1) for all, or by code."""
    strengths = wanted if isinstance(wanted, Mapping) else dict.fromkeys(SHAPES, wanted)
    codes = sorted((code for code, s in strengths.items() if s > 0), key=lambda code: (SHAPES[code][0], code))
    ground = Ground(world) if codes else None
    return [mark for code in codes if ground for mark in SHAPES[code][1](ground, strengths[code])]


def shape_doubts(wanted: float | Mapping[str, float]) -> list[Fault]:
    """What is wrong with a request for shapes."""
    known = " ".join(sorted(SHAPES))
    strengths = wanted if isinstance(wanted, Mapping) else {"": wanted}
    found = [Fault(("shapes", c), f"nobody plants it; write of {known}") for c in strengths if c and c not in SHAPES]
    wrong = {code: s for code, s in strengths.items() if not 0 <= s <= 1}
    return found + [Fault(("shapes", code), f"{s} is no strength; write 0 to 1") for code, s in wrong.items()]


@shape("J16", 0)
def backstop_leaves(ground: Ground, strength: float) -> Iterator[Mark]:
    """In two villages a share of the poor households on the guarantee leaves, with an income to match."""
    fit = ground.calm & ground.poor & (ground.homes["dibao"] | ground.homes["tekun"])
    for village in ground.most("village", fit, 2):
        rows = ground.part(np.nonzero(fit & (ground.homes["village"] == village))[0], strength)
        rows = ground.earn(rows, LINE[THIS] + np.round(ground.rng.uniform(30, 900, len(rows)), 2))
        ground.homes["exit_year"][rows] = THIS
        yield Mark("J16", str(ground.villages["village_code"][village]), "village", ground.ids(rows))


@shape("K09", 1)
def removed_in_a_batch(ground: Ground, strength: float) -> Iterator[Mark]:
    """In one village a share of those who left long ago is removed at once, on one day."""
    fit = ground.calm & ~ground.poor & ~ground.leaving
    for village in ground.most("village", fit, 1):
        rows = ground.part(np.nonzero(fit & (ground.homes["village"] == village))[0], strength)
        ground.homes["removed"][rows] = True
        ground.homes["step6"][rows] = ground.homes["step6"][rows[:1]]
        yield Mark("K09", str(ground.villages["village_code"][village]), "village", ground.ids(rows))


@shape("E13", 2)
def written_to_the_line(ground: Ground, strength: float) -> Iterator[Mark]:
    """In one township a share of this year's exits is written just over the line, whatever they earn."""
    town = ground.villages["town"][ground.homes["village"]]
    ground.homes["town"] = town
    fit = ground.calm & ground.leaving
    for each in ground.most("town", fit, 1):
        rows = ground.part(np.nonzero(fit & (town == each))[0], strength)
        rows = ground.earn(rows, LINE[THIS] + np.round(ground.rng.exponential(60, len(rows)), 2))
        name = str(ground.villages["township"][ground.villages["town"] == each][0])
        yield Mark("E13", name, "township", ground.ids(rows))


@shape("E15", 3)
def copied_forms(ground: Ground, strength: float) -> Iterator[Mark]:
    """Officials who copied one form into a share of theirs (three at least)."""
    for official, rows in ground.officials(ground.calm):
        copies = ground.part(rows, strength, 3)
        for name in (*COPIED, *(f"{each}{THIS}" for each in OWN)):
            ground.homes[name][copies] = ground.homes[name][copies[0]]
        sum_up(ground.homes, THIS)
        yield Mark("E15", official, "helper", ground.ids(copies))


@shape("F06", 3)
def updated_by_one_rate(ground: Ground, strength: float) -> Iterator[Mark]:
    """Officials who wrote a share of their forms from last year's by one rate."""
    for official, rows in ground.officials(ground.calm):
        chosen, rate = ground.part(rows, strength), 1 + round(ground.rng.uniform(0.05, 0.2), 3)
        for name in OWN:
            ground.homes[f"{name}{THIS}"][chosen] = np.rint(ground.homes[f"{name}{LAST}"][chosen] * rate)
        sum_up(ground.homes, THIS)
        yield Mark("F06", official, "helper", ground.ids(chosen))


@shape("E14", 3)
def round_amounts(ground: Ground, strength: float) -> Iterator[Mark]:
    """Officials who wrote a share of their forms in round hundreds."""
    for official, rows in ground.officials(ground.calm):
        chosen = ground.part(rows, strength)
        for name in OWN:
            values = ground.homes[f"{name}{THIS}"]
            values[chosen] = np.where(values[chosen] > 0, np.maximum(100, np.rint(values[chosen] / 100) * 100), 0)
        sum_up(ground.homes, THIS)
        yield Mark("E14", official, "helper", ground.ids(chosen))


@shape("S06", 3)
def all_of_an_official_leave(ground: Ground, strength: float) -> Iterator[Mark]:
    """Officials a share of whose poor households leaves, with an income to match."""
    for official, rows in ground.officials(ground.calm & ground.poor):
        chosen = ground.part(rows, strength)
        chosen = ground.earn(chosen, LINE[THIS] + np.round(ground.rng.uniform(30, 900, len(chosen)), 2))
        ground.homes["exit_year"][chosen] = THIS
        yield Mark("S06", official, "helper", ground.ids(chosen))


@shape("K13", 4)
def exits_by_the_plan(ground: Ground, strength: float) -> Iterator[Mark]:
    """In a share of the villages the plan is what came about, to the household."""
    told = ground.rng.random(len(ground.villages["village_code"])) < strength
    ground.villages["on_plan"] = told
    rows = ground.leaving & ground.here & told[ground.homes["village"]]
    yield Mark("K13", ground.world.county.code, "county", ground.ids(rows))


@shape("S03", 4)
def entries_equal_removals(ground: Ground, strength: float) -> Iterator[Mark]:
    """In a share of the villages as many poor households came in this year as were removed in all, one at least."""
    homes, chosen = ground.homes, []
    for village in np.nonzero(ground.rng.random(len(ground.villages["village_code"])) < strength)[0]:
        here = homes["village"] == village
        had = [int((homes[name] & here).sum()) for name in ("new", "removed")]
        number, inside = max(had) + int(ground.rng.integers(1, 4)), ground.calm & ~ground.used & here
        come, go = (
            ground.part(np.nonzero(inside & fit)[0], 1)[: number - n]
            for fit, n in zip((ground.poor, ~ground.poor), had, strict=True)
        )
        if [len(come), len(go)] == [number - n for n in had]:
            homes["new"][come] = homes["removed"][go] = True
            homes["identified_year"][come] = THIS
            chosen += [*come, *go]
    yield Mark("S03", ground.world.county.code, "county", ground.ids(np.array(chosen, dtype=int)))


@shape("S04", 5)
def one_incidence_for_all(ground: Ground, strength: float) -> Iterator[Mark]:
    """A share of the villages that do not exit has one incidence: their people are twenty times their poor.

    S01 can see it only where every one of them has; S04 sees it in some.
    """
    staying = ground.villages["exit_year"] == 0
    told = _people(ground, staying, strength, lambda people: np.rint(people / ROUND_SHARE))
    rows = ground.ids(ground.poor & ground.here & told[ground.homes["village"]])
    codes = ("S01", "S04") if told.sum() == staying.sum() else ("S04",)
    yield from (Mark(code, ground.world.county.code, "county", rows) for code in codes)


@shape("S02", 5)
def parked_under_the_limit(ground: Ground, strength: float) -> Iterator[Mark]:
    """A share of the villages that exit this year ends just under three poor in a hundred."""
    line, band = PARKED
    under = ground.rng.uniform(0, band, len(ground.villages["village_code"]))
    leaving = ground.villages["exit_year"] == THIS
    told = _people(ground, leaving, strength, lambda people: np.floor(people / (line - under)) + 1)
    rows = ground.ids(ground.poor & ground.here & told[ground.homes["village"]])
    yield Mark("S02", ground.world.county.code, "county", rows)


def _people(ground: Ground, fit: Array, strength: float, told: Callable[[Array], Array]) -> Array:
    """Write the population of a share of the fit villages, from the poor people they have; which villages."""
    homes, villages = ground.homes, ground.villages
    still = on_register(homes, THIS) & poor(homes, THIS)
    people = np.bincount(homes["village"], weights=homes[f"size{THIS}"] * still, minlength=len(fit))
    most = np.bincount(homes["village"], weights=homes[f"size{THIS}"] * on_register(homes, THIS), minlength=len(fit))
    fit = fit & (people > 0) & (told(people) > 1.2 * most) & (ground.rng.random(len(fit)) < strength)
    each = villages["population"] / villages["households"]
    villages["population"] = np.where(fit, told(people), villages["population"]).astype(int)
    villages["households"] = np.where(fit, np.rint(villages["population"] / each), villages["households"]).astype(int)
    return fit
