"""Scale control seen in counts that hit a target: S04 round shares, K13 the year's plan."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.counting import hit_chance, poisson_binomial_tail, wilson
from povkit.patterns.grouping import Place, households_in, places
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.regression import poisson_regression, share_of_second
from povkit.patterns.result import Tested, Unit

_PAIRS = (("poor_population", "population"), ("poor_households", "households"))
NEED_LISTS = ("on_dibao_list", "on_disability_list", "on_unsafe_house_list")
"""Columns of the listed people whose number stands for a village's need: lists that other departments keep."""


@pattern("S04", views=("village", "household"), zh="贫困规模等于整数比例的村过多（统计上异常，待核实）", family="scale")
def round_target_fingerprint(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Counts equal a round share of the village more often than chance (statistically unusual, verify).

    Why: need knows no round percentages; a target handed down does, even if only some villages follow it.
    Basis: S5.1; round-target fingerprint (Kobak, Shpilkin & Pshenichnikov 2016, AoAS 10:54): number of villages whose
    count is round(n q), against binomial counts around each village's own share, summed by the Poisson-binomial.
    Round shares are set in advance by policy; Bonferroni over them, and over people and households.
    Flags: a county or township with more villages on one round share than that; small villages, whose shares are
    simple fractions anyway, are left out.
    """
    columns = tuple(name for pair in _PAIRS for name in pair)
    villages = source.frame("village", columns)
    households = source.frame("household", ("not_yet_left",))
    return Tested([_round_unit(place, households, limits) for place in places(villages, limits.county_code)])


def _round_unit(place: Place, households: pd.DataFrame, limits: Any) -> Unit:
    tests = {}
    for count, size in _PAIRS:
        large = place.villages[(place.villages[size] >= limits.round_size_min) & place.villages[count].notna()]
        for share in limits.round_targets_pct:
            target = np.rint(large[size] * share / 100)
            fit = (target >= limits.round_count_min) & (large[count] <= large[size])
            if fit.sum() < limits.round_villages_min:
                continue
            inside, aim = large[fit], target[fit]
            chances = hit_chance(inside[size], inside[count], aim)
            hits = inside[inside[count] == aim]
            tests[count, share] = (poisson_binomial_tail(len(hits), chances), inside, hits, float(chances.mean()))
    least = limits.effect_min_s04
    if not tests:
        return Unit(place.level, place.object_id, len(place.villages), least=least, township=place.township)
    count, share = min(tests, key=lambda key: (tests[key][0], key))
    _, inside, hits, usual = tests[count, share]
    low, high = wilson(len(hits), len(inside))
    chosen = households["not_yet_left"].fillna(False).astype(bool)
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(inside),
        p=bonferroni(*(test[0] for test in tests.values())),
        statistic=len(hits),
        effect=len(hits) / len(inside) - usual,
        low=low - usual,
        high=high - usual,
        effect_unit="share of villages on the round share, over chance",
        least=least,
        township=place.township,
        households=households_in(households, hits["village_code"], chosen),
        detail={"counted": count, "round_share_pct": share, "usual_share": usual, "tests": len(tests)}
        | {"villages": sorted(hits["village_code"].dropna())},
    )


@pattern(
    "K13",
    views=("village", "household", "listed"),
    zh="实际脱贫数与年度计划数逐村相等（统计上异常，待核实）",
    family="scale",
)
def exits_equal_the_plan(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Exits equal the year's plan, village by village (statistically unusual, verify).

    Why: a plan is a forecast and exits follow standards; where both agree to the household, the plan decided.
    Basis: S5.1; share of villages with exits = plan, against the most that chance can give: binomial exits among the
    households that could exit, at the very rate that the plan foresees (a perfect forecast agrees oftenest), summed by
    the Poisson-binomial. Villages whose plan is nobody or everybody say nothing. Beside it, not tested: log E exits =
    a + b log need + c log plan, need from other departments' lists; c / (b + c) is 1 where only the plan counts.
    Flags: a county or township with more villages on plan than chance gives. Exits of the data year only.
    """
    villages = source.frame("village", ("planned_exits", "exits_this_year"))
    households = source.frame("household", ("leaves_this_year", "not_yet_left"))
    leaves, stays = (households[name].fillna(False).astype(bool) for name in ("leaves_this_year", "not_yet_left"))
    at_risk = households[leaves | stays]["village_code"].value_counts()
    villages["could_exit"] = villages["village_code"].map(at_risk).fillna(0.0)
    villages["need"] = _need(source, villages)
    units = [_plan_unit(place, households, leaves, limits) for place in places(villages, limits.county_code)]
    columns = ["village_code", "village", "township", "planned_exits", "exits_this_year", "could_exit", "need"]
    return Tested(units, villages[columns].reset_index(drop=True))


def _need(source: Source, villages: pd.DataFrame) -> "pd.Series[float]":
    """People of each village on other departments' lists (whichever were handed in); NaN without any list."""
    lists = [name for name in NEED_LISTS if source.has("listed", ("village_code", name))]
    if not lists:
        return pd.Series(np.nan, index=villages.index)
    listed = source.frame("listed", lists)
    people = listed[listed[lists].fillna(False).any(axis=1)]["village_code"].value_counts()
    return villages["village_code"].map(people).fillna(0.0).astype("float64")


def _plan_unit(place: Place, households: pd.DataFrame, leaves: "pd.Series[bool]", limits: Any) -> Unit:
    inside = place.villages
    told = (inside["planned_exits"] > 0) & (inside["planned_exits"] < inside["could_exit"])
    inside = inside[told & inside["exits_this_year"].notna()]
    least = limits.effect_min_k13
    if len(inside) < limits.plan_villages_min:
        return Unit(place.level, place.object_id, len(inside), least=least, township=place.township)
    chances = hit_chance(inside["could_exit"], inside["planned_exits"], inside["planned_exits"])
    hits = inside[inside["exits_this_year"] == inside["planned_exits"]]
    low, high = wilson(len(hits), len(inside))
    usual = float(chances.mean())
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(inside),
        p=poisson_binomial_tail(len(hits), chances),
        statistic=len(hits),
        effect=len(hits) / len(inside) - usual,
        low=low - usual,
        high=high - usual,
        effect_unit="share of villages exactly on plan, over chance",
        least=least,
        township=place.township,
        households=households_in(households, hits["village_code"], leaves),
        detail={"usual_share": usual, "villages": sorted(hits["village_code"].dropna())} | _quota_share(inside, limits),
    )


def _quota_share(villages: pd.DataFrame, limits: Any) -> dict[str, Any]:
    """c / (b + c) of the regression of exits on need and plan, with its interval; nothing where it cannot be told."""
    known = villages[(villages["planned_exits"] > 0) & villages["need"].notna()]
    if len(known) < limits.plan_regression_villages_min:
        return {}
    logs = np.column_stack([np.ones(len(known)), np.log(known["need"] + 0.5), np.log(known["planned_exits"])])
    try:
        fitted = poisson_regression(known["exits_this_year"], logs)
    except ValueError:
        return {}
    share, low, high = share_of_second(fitted, 1, 2)
    return {} if np.isnan(share) else {"plan_share": share, "plan_share_low": low, "plan_share_high": high}
