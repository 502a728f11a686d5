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
    known = homes.loc[homes[key].notna(), names].assign(unit=homes[key])
    counts = known.groupby(["unit", *names], sort=True, dropna=False).size().reset_index(name="households")
    best = counts.sort_values("households", ascending=False, kind="stable").drop_duplicates("unit")
    table = best[["unit", *names]].astype(object).where(best[["unit", *names]].notna(), None)
    return {str(row[0]): dict(zip(names, row[1:], strict=True)) for row in table.itertuples(index=False)}


def ids_by(homes: pd.DataFrame, key: str) -> dict[str, tuple[str, ...]]:
    """Sorted household numbers of each `key`."""
    known = homes.loc[homes[key].notna() & homes["household_id"].notna(), [key, "household_id"]].astype(str)
    known = known.drop_duplicates().sort_values([key, "household_id"], kind="stable")
    if known.empty:
        return {}
    keys, numbers = known[key].to_numpy(), known["household_id"].to_numpy()
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = [*starts[1:], len(keys)]
    return {str(keys[a]): tuple(numbers[a:b]) for a, b in zip(starts, ends, strict=True)}


def names_by(homes: pd.DataFrame, key: str, name: str) -> dict[str, Any]:
    """The first name of each `key`."""
    first = homes[homes[key].notna()].drop_duplicates(key)
    return {str(a): b for a, b in zip(first[key], first[name], strict=True)}


def sorted_ids(homes: pd.DataFrame) -> tuple[str, ...]:
    """Sorted numbers of these households."""
    return tuple(sorted(homes["household_id"].dropna().astype(str).unique()))
