"""Two years of incomes: growth by a rate with one decimal of a percent, and amounts that did not change.

A rate leaves a trace: the new amount is the old one times 1 + rate to the yuan. Any given rate fits a household by
chance with about density of growth x 1 yuan / income, a few in ten thousand.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import ndimage, stats

Floats = npt.NDArray[np.float64]
ROUNDING = (0.5, 1.25)
"""Yuan by which a rounded amount may miss the product: the income per head, and a sum of four rounded amounts."""
SMOOTH = 0.03
"""Bandwidth of the density of growth, as a rate."""
KEPT = 0.98
"""Chance that an amount repeats in a form that was not touched."""
SMALL, WAYS = 20, 2
"""An amount is near last year's only if it is so many times the distance; ways of not touching a form."""


def events_of(homes: pd.DataFrame, step: float, most: float) -> pd.DataFrame:
    """Households and the rates (in steps, never 0) that carry last year's income into this year's.

    homes: `net_income_pc`, `net_income`, `transfer_income` and the same with `last_`. Two incomes are tried: per head,
    and the household's own (net less transfers, which policy fixes). Columns: `row` (of the index), `rate`.
    """
    found = []
    for (now, last), rounding in zip(series_of(homes), ROUNDING, strict=True):
        rate = np.full(len(now), 0.0)
        fit = (now > 0) & (last > 0)
        rate[fit] = np.rint((now[fit] / last[fit] - 1) / step)
        good = fit & (rate != 0) & (np.abs(rate) * step <= most)
        good &= np.abs(now - last * (1 + rate * step)) <= rounding + 1e-6
        found.append(pd.DataFrame({"row": homes.index[good], "rate": rate[good].astype(np.int64)}))
    return pd.concat(found).drop_duplicates(ignore_index=True)


def series_of(homes: pd.DataFrame) -> list[tuple[Floats, Floats]]:
    """This year's and last year's income: per head, and the household's own."""
    own = [(homes[f"{year}net_income"] - homes[f"{year}transfer_income"]).to_numpy() for year in ("", "last_")]
    return [(homes["net_income_pc"].to_numpy(), homes["last_net_income_pc"].to_numpy()), (own[0], own[1])]


def chances(homes: pd.DataFrame, step: float, most: float) -> tuple[Floats, Floats]:
    """Smooth density of growth by rate (from -most to most in steps), and each household's factor for it.

    P(a household meets a given rate by chance) is about density * factor.
    """
    grid = np.arange(-round(most / step), round(most / step) + 1)
    factor = np.zeros(len(homes))
    counts = np.zeros(len(grid))
    for (now, last), rounding in zip(series_of(homes), ROUNDING, strict=True):
        fit = (now > 0) & (last > 0)
        growth = np.clip(np.rint((now[fit] / last[fit] - 1) / step), grid[0], grid[-1]).astype(np.int64)
        counts += np.bincount(growth - grid[0], minlength=len(grid))
        factor[fit] += 2 * rounding / last[fit]
    density = ndimage.gaussian_filter1d(counts, SMOOTH / step, mode="nearest") / max(counts.sum(), 1) / step
    return density, factor


def rate_tests(homes: pd.DataFrame, events: pd.DataFrame, key: str, step: float, most: float) -> pd.DataFrame:
    """The strangest rate of each unit, indexed by unit: rate (steps), k on it, usual (expected), p over all rates.

    p: the greater of two: against chance, any rate being possible; against chance and the others on this rate, any of
    the unit's own rates. homes: those comparable, with `key` (the unit). A unit without any household on a rate has
    k = 0 and p = 1.
    """
    density, factor = chances(homes, step, most)
    number, units = numbered(homes, key)
    size, weight = np.bincount(number), np.bincount(number, weights=factor)
    reach = round(most / step)
    row = homes.index.get_indexer(pd.Index(events["row"]))
    met = number[row[row >= 0]] * (2 * reach + 1) + events["rate"].to_numpy()[row >= 0] + reach
    pairs, k = np.unique(met, return_counts=True)
    unit, place = np.divmod(pairs, 2 * reach + 1)
    all_on, rates = np.bincount(place, weights=k, minlength=1)[place], np.bincount(unit, minlength=len(units))
    at = density[place]
    others = np.maximum(len(homes) - size[unit], 0)
    excess = np.maximum(all_on - k - at * (weight.sum() - weight[unit]), 0) / np.maximum(others, 1)
    chance = np.minimum(at * weight[unit], size[unit])
    usual = np.minimum(chance + size[unit] * excess, size[unit])
    searched = stats.poisson.sf(k - 1, chance) * 2 * most / step
    p = np.minimum(1.0, np.maximum(searched, stats.poisson.sf(k - 1, usual) * rates[unit]))
    order = np.lexsort((place, -k, p, unit))
    own, first = np.unique(unit[order], return_index=True)
    best = order[first]
    found = pd.DataFrame({"rate": 0, "k": 0, "usual": 0.0, "p": 1.0}, index=units)
    for name, values in (("rate", place - reach), ("k", k), ("usual", usual), ("p", p)):
        column = found[name].to_numpy(copy=True)
        column[own] = values[best]
        found[name] = column
    return found


def numbered(homes: pd.DataFrame, key: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Number of each household's unit, and the units in order."""
    number, units = pd.factorize(homes[key].to_numpy(object), sort=True)
    return np.asarray(number, dtype=np.int64), units


def repeated_households(
    homes: pd.DataFrame, fields: tuple[str, ...], key: str, odds: float, near: float
) -> npt.NDArray[np.bool_]:
    """Households whose amounts repeat so that an untouched form is `odds` times likelier than a new one.

    A field counts where either year has an amount; how often it repeats is learned from the other units' households.
    Two ways of not touching it: every amount the same; every amount within `near` yuan of last year's (an amount too
    small for that, less than `SMALL` times `near`, must be the same). The likelier counts, both having been tried.
    """
    exact, close = np.zeros(len(homes)), np.zeros(len(homes))
    number, _ = numbered(homes, key)
    for name in fields:
        now, last = homes[name].to_numpy(), homes[f"last_{name}"].to_numpy()
        counts = np.isfinite(now) & np.isfinite(last) & ((now != 0) | (last != 0))
        same = counts & (now == last)
        beside = same | (counts & (np.abs(now - last) <= near) & (np.minimum(now, last) >= SMALL * near))
        exact += _worth(same, counts, number)
        close += _worth(beside, counts, number)
    return np.asarray(np.maximum(exact, close) >= np.log(WAYS * odds))


def _worth(same: npt.NDArray[np.bool_], counts: npt.NDArray[np.bool_], number: npt.NDArray[np.int64]) -> Floats:
    """Log likelihood ratio of one field, by household: an untouched form against a new one."""
    elsewhere = [each.sum() - np.bincount(number, weights=each)[number] for each in (same, counts)]
    usual = np.clip((elsewhere[0] + 0.5) / (elsewhere[1] + 1), 1e-6, KEPT)
    new = np.where(counts, np.log((1 - KEPT) / (1 - usual)), 0.0)
    return np.asarray(np.where(same, np.log(KEPT / usual), new))
