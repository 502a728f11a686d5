"""A county's made-up register without any fault: everything drawn, every table written out as typed frames."""

import zlib
from dataclasses import dataclass, field

import numpy as np

from povkit.simulate import (
    beyond,
    families,
    households,
    incomes,
    lists,
    living,
    officials,
    people,
    problems,
    records,
    standing,
    visits,
)
from povkit.simulate import places as geography
from povkit.simulate import villages as village_tables
from povkit.simulate.arrays import Columns, Frame, count_by
from povkit.simulate.assumptions import THIS, YEARS
from povkit.simulate.numbers import Numbers
from povkit.simulate.places import County
from povkit.simulate.schooling import SENIOR_UP

Key = tuple[str, int | None]
"""A table and its data year; None for tables that have no year."""


@dataclass
class World:
    """One county: what was drawn (arrays by name) and the tables of the contract made from it."""

    county: County
    seed: int
    villages: Columns
    homes: Columns
    people: Columns
    outsiders: Columns
    helpers: Columns
    tables: dict[Key, Frame] = field(default_factory=dict)

    def stream(self, name: str) -> np.random.Generator:
        """A source of chance of its own for each purpose, so that drawing more in one place changes no other."""
        return stream(self.seed, self.county.code, name)

    def village_table(self, year: int) -> Frame:
        """The village table that agrees with the household and person tables as they are now."""
        tables = self.tables["household", year], self.tables["person", year], self.tables.get(("helper", year))
        return village_tables.village_frame(self.county.name, self.villages, *tables, year)


def stream(seed: int, county: str, name: str) -> np.random.Generator:
    """A generator that depends on the seed, the county and the purpose only."""
    return np.random.default_rng([seed, int(county), zlib.crc32(name.encode())])


def draw_world(county: County, count: int, seed: int) -> World:
    """A faultless county with `count` registered households this year, its tables not yet written."""
    villages = geography.choose_villages(stream(seed, county.code, "villages"), county, count)
    removed = max(3, round(count * 0.004))
    homes, members, numbers = _families(county, seed, villages, count + removed)
    _lives(county, seed, villages, homes, members, removed)
    outsiders = lists.make_outsiders(stream(seed, county.code, "outsiders"), homes, villages, numbers)
    helpers = officials.make_helpers(stream(seed, county.code, "helpers"), homes, numbers)
    return World(county, seed, villages, homes, members, outsiders, helpers)


def write_tables(world: World) -> None:
    """Write every table out from what was drawn."""
    _write_snapshots(world)
    _write_lists(world)


def _families(county: County, seed: int, villages: Columns, n: int) -> tuple[Columns, Columns, Numbers]:
    rng = stream(seed, county.code, "families")
    homes, members = families.make_families(rng, n)
    homes["village"] = np.sort(rng.choice(len(villages["weight"]), n, p=villages["weight"]))
    numbers = Numbers()
    people.complete_people(rng, members, n, numbers)
    for year in YEARS:
        homes[f"size{year}"] = people.sizes(members, n, year)
    homes["births_and_deaths"] = count_by(members["home"], n, members["born"] | members["died"]) > 0
    households.number_homes(rng, county, homes, members, villages)
    return homes, members, numbers


def _lives(county: County, seed: int, villages: Columns, homes: Columns, members: Columns, removed: int) -> None:
    rng = stream(seed, county.code, "lives")
    behaviour = county.behaviour
    incomes.draw_targets(rng, homes, villages, behaviour.median_income)
    standing.draw_support(rng, homes, members)
    living.draw_land(rng, homes)
    people.assign_work(rng, members)
    households.draw_jobs(rng, members)
    incomes.make_incomes(rng, homes, members)
    standing.settle(rng, homes, behaviour, removed)
    people.give_serious_illness(rng, members, standing.poor(homes, THIS)[members["home"]])
    village_tables.draw_villages(rng, villages, homes, behaviour)
    living.draw_living(rng, homes, villages["exit_year"][homes["village"]] > 0)
    _count_members(homes, members)
    living.draw_causes(rng, homes)
    living.draw_places(rng, homes, villages)
    records.draw_dates(rng, homes)
    beyond.draw_marks(stream(seed, county.code, "marks"), homes, members)
    beyond.draw_work(stream(seed, county.code, "work"), homes, members)
    beyond.draw_village_form(stream(seed, county.code, "village form"), villages)


def _count_members(homes: Columns, members: Columns) -> None:
    """How many members are ill, disabled, in costly schooling, away for work."""
    n = len(homes["kind"])
    school = members[f"school{THIS}"].astype(str)
    here = people.present(members, THIS)
    for name, where in (
        ("ill", members["chronic"]),
        ("disabled", members["disabled"]),
        ("students", np.isin(school, SENIOR_UP)),
        ("vocational", np.char.startswith(school, "中职") | np.char.startswith(school, "高职")),
        ("workers", members[f"months{THIS}"] > 0),
    ):
        homes[name] = count_by(members["home"], n, where & here)


def _write_snapshots(world: World) -> None:
    county, homes, members = world.county, world.homes, world.people
    for year in YEARS:
        rng = world.stream("locations")
        world.tables["household", year] = households.household_frame(rng, county, homes, members, year)
        world.tables["person", year] = households.person_frame(county, homes, members, year)
        home = np.nonzero(standing.on_register(homes, year))[0]
        ids = {"household_id": homes["household_id"][home], "home": home}
        world.tables["helper", year] = officials.helper_frame(world.helpers, homes, ids)
        world.tables["village", year] = world.village_table(year)


def _write_lists(world: World) -> None:
    county, homes, members, villages = world.county.code, world.homes, world.people, world.villages
    rng = world.stream("lists")
    now = {name: world.tables[name, THIS] for name in ("household", "person", "village", "helper")}
    world.tables |= {
        ("village_standard", None): village_tables.standards_frame(rng, villages),
        ("measure", None): records.measure_frame(rng, homes, villages),
        ("change", None): records.change_frame(rng, homes, members),
        ("procedure", None): records.procedure_frame(homes),
        ("certification", None): records.certification_frame(homes),
        ("sector", None): lists.sector_frame(rng, homes, members, world.outsiders, world.helpers),
        ("applicant", None): lists.applicant_frame(rng, homes, members, world.outsiders),
        ("mistaken", None): lists.mistaken_frame(rng, homes, members),
        ("plan", None): village_tables.plan_frame(rng, county, villages, homes),
        ("problem", None): problems.problem_frame(rng, county, now),
        ("visit", None): visits.visit_frame(world.stream("visits"), now["household"], world.outsiders),
    }
    if world.county.exits_this_year:
        world.tables["milestone", None] = village_tables.milestone_frame(rng, county)
