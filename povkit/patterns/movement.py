"""Scale control seen in who comes in and goes out: S03 entries equal removals, S05 unmet need beside no entry."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.counting import beyond, equal_chance, telling, weighted_tail, wilson
from povkit.patterns.grouping import Place, changes_of_year, places, tally
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.nulls import Null, care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null
from povkit.vocab import Level

PAIRS: dict[str, tuple[str, str]] = {
    "identified = removed": ("identified", "removed"),
    "all taken in = removed": ("taken_in", "removed"),
    "all taken in = all that left": ("taken_in", "gone"),
}
"""Balances looked at: new identifications or all inclusions, against removals or removals and exits."""

_KINDS = {
    "identified": ("change_is_new",),
    "taken_in": ("change_is_inclusion",),
    "removed": ("change_is_removal",),
    "gone": ("change_is_removal", "change_is_exit"),
}


@pattern("S03", views=("village", "change"), zh="新纳入与剔除逐村相抵（统计上异常，待核实）", family="scale")
def entries_equal_removals(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """New inclusions equal removals village by village (statistically unusual, verify).

    Why: who falls into poverty and who was registered wrongly are found apart; equal numbers in village after village
    keep a total that was given.
    Basis: S5.1; number of villages with equal counts against the greatest chance that two independent Poisson counts
    of that sum are equal; a village counts the more the less chance balances it, and p is summed exactly (weights of
    the most powerful test, as for K13); Bonferroni over three balances. Changes of the data year.
    Effect: the share of villages in balance, those taken off that chance balances (Abbott 1925).
    Flags: a county or township with more balanced villages than that; villages without any change do not count.
    """
    villages = source.frame("village", ("in_village_table",))
    flags = ("change_is_new", "change_is_inclusion", "change_is_removal", "change_is_exit")
    changes = changes_of_year(source, flags, limits.data_year)
    for name, kinds in _KINDS.items():
        villages[name] = tally(changes[changes[list(kinds)].fillna(False).any(axis=1)], villages)
    units = [_balance_unit(place, changes, limits) for place in places(villages, limits.county_code)]
    columns = ["village_code", "village", "township", *_KINDS]
    return Tested(units, villages[columns].reset_index(drop=True))


def _balance_unit(place: Place, changes: pd.DataFrame, limits: Any) -> Unit:
    tests, least = {}, limits.effect_min_s03
    for name, (left, right) in PAIRS.items():
        inside = place.villages[(place.villages[left] + place.villages[right]) > 0]
        small = min(inside[left].sum(), inside[right].sum()) < limits.balance_count_min
        if len(inside) < limits.balance_villages_min or small:
            continue
        chances = equal_chance(inside[left], inside[right])
        hit = (inside[left] == inside[right]).to_numpy()
        tests[name] = (weighted_tail(hit, chances, telling(chances, least)), inside, inside[hit], float(chances.mean()))
    if not tests:
        return Unit(place.level, place.object_id, len(place.villages), least=least, township=place.township)
    name = min(tests, key=lambda each: (tests[each][0], list(PAIRS).index(each)))
    _, inside, hits, usual = tests[name]
    effect, low, high = beyond(len(hits), len(inside), usual)
    moved = changes[changes["village_code"].isin(hits["village_code"])]
    moved = moved[moved[["change_is_inclusion", "change_is_removal"]].fillna(False).any(axis=1)]
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(inside),
        p=bonferroni(*(test[0] for test in tests.values())),
        statistic=len(hits),
        effect=effect,
        low=low,
        high=high,
        effect_unit="share of villages in balance, chance taken off",
        least=least,
        township=place.township,
        households=tuple(sorted(set(moved["household_id"].dropna().astype(str)))),
        detail={"balance": name, "usual_share": usual, "villages": sorted(hits["village_code"].dropna())},
    )


@pattern("S05", views=("village", "listed"), zh="重点对象未在册而全年零新增（统计上异常，待核实）", family="scale")
def need_beside_no_inclusion(source: Source, limits: Any, rng: np.random.Generator) -> Tested:
    """Need outside the register in villages that took nobody in (statistically unusual, verify).

    Why: a village that leaves out more of those in evident need than its neighbours, and adds nobody all year, may
    have been told not to add.
    Basis: S5.1, S5.6; people of the departments' lists whose household is not registered, out of all listed: upper
    tail of a robust beta-binomial null over the county's villages; for the county, the share outside in villages
    without any inclusion against random assignment of "no inclusion" to villages.
    Flags: a village without inclusion whose share outside exceeds the county's own beyond chance, inside townships
    rejected first; the county, where villages without inclusion leave out more.
    """
    villages = source.frame("village", ("inclusions_this_year", "in_village_table"))
    listed = source.frame("listed", ("household_on_register", "agricultural", "household_key"))
    known = listed[listed["household_on_register"].notna() & listed["agricultural"].fillna(False)]
    outside = known[~known["household_on_register"].astype(bool)]
    villages["listed"], villages["outside"] = tally(known, villages), tally(outside, villages)
    villages["closed"] = villages["inclusions_this_year"] == 0
    null = beta_binomial_null(villages["outside"], villages["listed"], care_of(limits))
    units = [_closed_county(villages, outside, rng, limits)]
    rows = villages.reset_index(drop=True)
    units += [_closed_village(rows.loc[i], null, i, outside, limits) for i in rows.index[rows["closed"]]]
    columns = ["village_code", "village", "township", "listed", "outside", "inclusions_this_year"]
    return Tested(units, rows[columns])


def _keys(outside: pd.DataFrame, villages: Any) -> tuple[str, ...]:
    """Police household numbers of the people outside the register in these villages."""
    here = outside[outside["village_code"].isin(list(villages))]
    return tuple(sorted(set(here["household_key"].dropna().astype(str))))


def _closed_village(row: "pd.Series[Any]", null: Null, i: int, outside: pd.DataFrame, limits: Any) -> Unit:
    enough = row["listed"] >= limits.unmet_listed_min
    share = float(row["outside"] / row["listed"]) if row["listed"] else 0.0
    low, high = wilson(row["outside"], row["listed"])
    return Unit(
        level=Level.VILLAGE,
        object_id=str(row["village_code"]),
        n=int(row["listed"]),
        p=float(null.upper[i]) if enough else float("nan"),
        statistic=float(row["outside"]),
        effect=share - null.centre,
        low=low - null.centre,
        high=high - null.centre,
        effect_unit="share of listed people outside the register, over the county's",
        least=limits.effect_min_s05,
        township=row["township"],
        village_code=str(row["village_code"]),
        village=row["village"],
        subject=row["village"],
        households=_keys(outside, [row["village_code"]]),
        detail={"usual_share": null.centre, "share": share, "shrunk_share": float(null.shrunk[i])},
    )


def _closed_county(villages: pd.DataFrame, outside: pd.DataFrame, rng: np.random.Generator, limits: Any) -> Unit:
    """Share outside in closed against open villages; p by dealing "closed" to the villages at random."""
    known = villages[villages["listed"] > 0]
    closed = known["closed"].to_numpy()
    enough = min(int(closed.sum()), int((~closed).sum())) >= limits.unmet_villages_min
    county, least = str(limits.county_code), limits.effect_min_s05
    if not enough or known["listed"].sum() < limits.unmet_listed_min:
        return Unit(Level.COUNTY, county, len(known), least=least)
    out, of = known["outside"].to_numpy(), known["listed"].to_numpy()
    dealt = rng.permuted(np.tile(closed, (limits.pattern_draws, 1)), axis=1)
    gaps = _gap(out, of, np.vstack([closed, dealt]))
    spread = float(np.std(gaps[1:]))
    return Unit(
        level=Level.COUNTY,
        object_id=county,
        n=len(known),
        p=float((gaps >= gaps[0] - 1e-12).mean()),
        statistic=float(gaps[0]),
        effect=float(gaps[0]),
        low=float(gaps[0]) - 1.96 * spread,
        high=float(gaps[0]) + 1.96 * spread,
        effect_unit="share outside in villages without inclusion, less that in the others",
        least=least,
        households=_keys(outside, known.loc[known["closed"], "village_code"]),
        detail={"villages_without_inclusion": int(closed.sum())},
    )


def _gap(outside: Any, listed: Any, closed: Any) -> Any:
    return closed @ outside / (closed @ listed) - (~closed) @ outside / ((~closed) @ listed)
