"""Incomes that satisfy the form's sums: wage + business + property + transfer - cost = net; net / size = per head."""

from dataclasses import dataclass

import numpy as np

from povkit.simulate import assumptions as world
from povkit.simulate.arrays import Array, Columns, count_by, filled
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.people import OLD, present

TRANSFERS = ("family_planning_grant", "dibao_grant", "tekun_grant", "pension", "ecology_grant", "other_transfer")
OWN = ("wage_income", "business_income", "property_income", "business_cost")
"""What a household earns by itself, and what that costs."""
_PARTS = ("wage_income", "business_income", "property_income", "transfer_income")
_LEAST_OWN = 500
_LEAST_MONTH = 320
_MOST_MONTH = 6000
"""A month away from home earns at least and at most this much."""


@dataclass
class _Habits:
    """What a household keeps from year to year."""

    wage_share: Array
    property_share: Array
    cost_share: Array
    backstop: Array


def draw_targets(rng: np.random.Generator, homes: Columns, villages: Columns, median: float) -> None:
    """Per-head income that each home would have this year, before benefits are counted, and its growth."""
    n = len(homes["village"])
    town = rng.normal(0, world.TOWN_SPREAD, villages["town"].max() + 1)[villages["town"]]
    village = rng.normal(0, world.VILLAGE_SPREAD, len(town))
    log = np.log(median) + (town + village)[homes["village"]] + rng.normal(0, world.INCOME_SPREAD, n)
    homes["target"] = np.clip(np.exp(log), 1100, 24000)
    homes["growth"] = np.clip(np.exp(rng.normal(world.GROWTH, world.GROWTH_SPREAD, n)), *world.GROWTH_BOUNDS)


def make_incomes(rng: np.random.Generator, homes: Columns, people: Columns) -> None:
    """Both years' incomes as `<column><year>` of the homes; months of work that the wages cannot carry are cut."""
    n = len(homes["village"])
    habits = _Habits(
        wage_share=rng.uniform(0.25, 0.70, n),
        property_share=np.where(rng.random(n) < 0.4, rng.uniform(0.02, 0.08, n), 0),
        cost_share=rng.uniform(0.12, 0.32, n),
        backstop=homes["dibao"] | homes["tekun"],
    )
    other = np.where(rng.random(n) < 0.5, rng.integers(150, 900, n), 0)
    planning = np.where(rng.random(n) < 0.03, 960, 0)
    for year in (THIS, LAST):
        _benefits(rng, homes, people, year, other, planning)
    _year(rng, homes, people, THIS, homes["target"], habits)
    _year(rng, homes, people, LAST, homes[f"net_income_pc{THIS}"] / homes["growth"], habits)
    _no_twins(homes)


def _benefits(
    rng: np.random.Generator, homes: Columns, people: Columns, year: int, other: Array, planning: Array
) -> None:
    n = len(homes["village"])
    age = people["age"] - (THIS - year)
    here = present(people, year)
    old = count_by(people["home"], n, here & (age >= OLD))
    disabled = count_by(people["home"], n, here & people["disabled"])
    low, high = world.DIBAO[year]
    drift = rng.integers(0, 120, n)
    homes[f"family_planning_grant{year}"] = planning
    homes[f"dibao_grant{year}"] = np.where(
        homes["dibao"], np.where(homes["no_labour"], high, low) * homes[f"size{year}"], 0
    )
    homes[f"tekun_grant{year}"] = np.where(homes["tekun"], np.array(world.TEKUN[year])[homes["care"]], 0)
    homes[f"pension{year}"] = world.PENSION[year] * old
    homes[f"ecology_grant{year}"] = np.ceil(homes["reforested"] * 300).astype(int)
    homes[f"other_transfer{year}"] = np.where(other > 0, other + drift, 0) + 600 * disabled
    _add_benefits(homes, year)


def _year(rng: np.random.Generator, homes: Columns, people: Columns, year: int, target: Array, habits: _Habits) -> None:
    n, size, transfer = len(homes["village"]), homes[f"size{year}"], homes[f"transfer_income{year}"]
    least = np.where(habits.backstop, 0.1, 0.75) * transfer + _LEAST_OWN
    own = np.maximum(target * size - transfer, least)
    share = np.clip(habits.wage_share * rng.uniform(0.85, 1.15, n), 0.2, 0.75)
    wage = _pay(people, year, own * share)
    wage = np.where(wage > 0, _rounded(rng, wage), 0)
    rent = np.rint(own * habits.property_share).astype(int)
    rent = np.where(rent >= 100, rent, 0)
    net_business = np.maximum(own - wage - rent, 150)
    cost_share = np.clip(habits.cost_share * rng.uniform(0.9, 1.1, n), 0.1, 0.35)
    business = _rounded(rng, net_business / (1 - cost_share))
    cost = np.rint(business * cost_share).astype(int)
    net = wage + business + rent + transfer - cost
    homes[f"wage_income{year}"], homes[f"business_income{year}"] = wage, business
    homes[f"property_income{year}"], homes[f"business_cost{year}"] = rent, cost
    _sum_up(homes, year, net)


def _add_benefits(homes: Columns, year: int) -> None:
    homes[f"transfer_income{year}"] = np.sum([homes[f"{part}{year}"] for part in TRANSFERS], axis=0)


def sum_up(homes: Columns, year: int) -> None:
    """Work out transfer, net and per-head income of a year again, after parts were changed."""
    _add_benefits(homes, year)
    _sum_up(homes, year, sum(homes[f"{part}{year}"] for part in _PARTS) - homes[f"business_cost{year}"])


def _sum_up(homes: Columns, year: int, net: Array) -> None:
    homes[f"net_income{year}"] = net
    homes[f"total_income_reported{year}"] = net + homes[f"business_cost{year}"]
    homes[f"net_income_pc{year}"] = np.round(net / np.maximum(homes[f"size{year}"], 1), 2)


def _pay(people: Columns, year: int, wage: Array) -> Array:
    """The wage where a member works away; fits the months so that each earns enough and not too much."""
    n = len(wage)
    months = people[f"months{year}"]
    workers = count_by(people["home"], n, months > 0)
    affordable = (wage // (_LEAST_MONTH * np.maximum(workers, 1))).astype(int)[people["home"]]
    needed = np.ceil(wage / (_MOST_MONTH * np.maximum(workers, 1))).astype(int)[people["home"]]
    months = np.where(months > 0, np.minimum(np.maximum(months, np.minimum(needed, 12)), affordable), 0)
    people[f"months{year}"] = months
    people[f"work_place{year}"] = filled(months > 0, people[f"work_place{year}"])
    return np.where(count_by(people["home"], n, months > 0) > 0, wage, 0)


def _rounded(rng: np.random.Generator, amount: Array) -> Array:
    """Amounts as people report them: to the yuan, or to the next ten or hundred where that changes little."""
    unit = rng.choice((1, 10, 100), len(amount), p=(0.5, 0.3, 0.2))
    unit = np.where(amount >= 20 * unit, unit, 1)
    result: Array = (np.rint(amount / unit) * unit).astype(int)
    return result


def _no_twins(homes: Columns) -> None:
    """Two years that happen to be equal, per head or in every part, get a few yuan between them."""
    alike = [homes[f"{part}{THIS}"] == homes[f"{part}{LAST}"] for part in _PARTS]
    same = np.all(alike, axis=0) | (homes[f"net_income_pc{THIS}"] == homes[f"net_income_pc{LAST}"])
    more = np.where(same, 37, 0)
    homes[f"business_income{LAST}"] = homes[f"business_income{LAST}"] + more
    _sum_up(homes, LAST, homes[f"net_income{LAST}"] + more)
