"""Several tests of one unit, each with an effect of its own, joined to one `Unit`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.result import Unit
from povkit.vocab import Level


@dataclass(frozen=True)
class Sign:
    """One test of a unit: p (NaN: not made), the figure seen, its effect with interval and unit, the least effect.

    households: those that make the sign, to visit first. detail: further values for the evidence.
    """

    name: str
    p: float
    statistic: float
    effect: float
    low: float
    high: float
    unit: str
    least: float
    households: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


def joined(
    level: Level,
    object_id: str,
    n: int,
    signs: Iterable[Sign],
    place: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
    households: tuple[str, ...] = (),
) -> Unit:
    """The unit of these tests: p of the strangest, times the tests made (Bonferroni), and the rest from it.

    The strangest has the smallest p, of those whose effect reaches its least where there are any.

    place: township, village_code, village, subject as far as known. more: details besides those of the test.
    households: to visit where the test names none. Without any test made, the unit is unknown.
    """
    made = [sign for sign in signs if isfinite(sign.p)]
    if not made:
        return Unit(level, object_id, n, **place)
    best = min(made, key=lambda sign: (not sign.effect >= sign.least, sign.p, sign.name))
    return Unit(
        level=level,
        object_id=object_id,
        n=n,
        p=min(1.0, len(made) * best.p),
        statistic=best.statistic,
        effect=best.effect,
        low=best.low,
        high=best.high,
        effect_unit=best.unit,
        least=best.least,
        households=best.households or households,
        detail={"test": best.name, "tests": {sign.name: sign.p for sign in made}, **best.detail, **(more or {})},
        **place,
    )


def residences(homes: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    """Township, village code and village where most households of each `key` live (the first by code of several)."""
    names = ["township", "village_code", "village"]
    known = homes[homes[key].notna()]
    unit, units = pd.factorize(known[key].to_numpy(object), sort=True)
    place = np.zeros(len(known), dtype=np.int64)
    for name in names:
        code, values = pd.factorize(known[name].to_numpy(object), sort=True)
        place = place * (len(values) + 1) + np.where(code < 0, len(values), code)  # blanks come last
    _, first, place = np.unique(place, return_index=True, return_inverse=True)
    pairs, counts = np.unique(unit * len(first) + place, return_counts=True)
    order = np.lexsort((-counts, pairs // max(len(first), 1)))  # stable: of equal counts the first place
    own, start = np.unique(pairs[order] // max(len(first), 1), return_index=True)
    rows = known[names].iloc[first[pairs[order][start] % max(len(first), 1)]].astype(object)
    found = rows.where(rows.notna(), None).to_dict("records")
    return {str(units[i]): where for i, where in zip(own, found, strict=True)}


def ids_by(homes: pd.DataFrame, key: str) -> dict[str, tuple[str, ...]]:
    """Sorted household numbers of each `key`."""
    known = homes.loc[homes[key].notna() & homes["household_id"].notna(), [key, "household_id"]]
    unit, units = pd.factorize(known[key].to_numpy(object), sort=True)
    number, numbers = pd.factorize(known["household_id"].to_numpy(object), sort=True)
    pairs = np.unique(unit * max(len(numbers), 1) + number)
    owner, ids = pairs // max(len(numbers), 1), numbers[pairs % max(len(numbers), 1)]
    starts = np.searchsorted(owner, np.arange(len(units) + 1))
    return {str(name): tuple(map(str, ids[a:b])) for name, a, b in zip(units, starts, starts[1:], strict=False)}


def names_by(homes: pd.DataFrame, key: str, name: str) -> dict[str, Any]:
    """The first name of each `key`."""
    first = homes[homes[key].notna()].drop_duplicates(key)
    return {str(a): b for a, b in zip(first[key], first[name], strict=True)}


def sorted_ids(homes: pd.DataFrame) -> tuple[str, ...]:
    """Sorted numbers of these households."""
    return tuple(sorted(homes["household_id"].dropna().astype(str).unique()))
