"""Scale control seen in exits that meet a forecast too well: K13, the year's plan."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from povkit.patterns.counting import beyond, hit_chance, telling, weighted_tail
from povkit.patterns.grouping import Place, households_in, places
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.regression import poisson_regression, share_of_second
from povkit.patterns.result import Tested, Unit

Floats = npt.NDArray[np.float64]
NEED_LISTS = ("on_dibao_list", "on_disability_list", "on_unsafe_house_list")
"""Columns of the listed people whose number stands for a village's need: lists that other departments keep."""
SPREADS = np.r_[1e-5, np.geomspace(0.002, 0.4, 12)]
"""Correlations of the beta-binomial that are tried for how far forecasts miss; the first is a perfect forecast."""


@pattern(
    "K13",
    views=("village", "household", "listed"),
    zh="实际脱贫数与年度计划数逐村相等（统计上异常，待核实）",
    family="scale",
)
def exits_equal_the_plan(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Exits equal the year's plan, village by village (statistically unusual, verify).

    Why: a plan is a forecast and exits follow standards; where both agree to the household, the plan decided.
    Basis: S5.1; villages with exits = plan, against the most that chance can give: binomial exits among the households
    that could exit, at the very rate that the plan foresees (a perfect forecast agrees oftenest). A village counts the
    more the less chance makes it agree: log(1 + s / ((1 - s) chance)), the weights of the most powerful test (Neyman &
    Pearson 1933) for a share s of villages that follow the plan, s the least effect; p is summed exactly.
    Effect: the share of villages that follow the plan, those taken off that agree by chance (Abbott 1925), which is
    learned from how far the other villages miss it. Villages whose plan is nobody or everybody say nothing.
    Beside it, not tested: log E exits = a + b log need + c log plan, need from other departments' lists; c / (b + c)
    is 1 where only the plan counts.
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
    counts = inside[["exits_this_year", "planned_exits", "could_exit"]].to_numpy(float)
    exits, planned, could = counts.T
    hit = exits == planned
    chances = hit_chance(could, planned, planned)
    usual = float(forecast_chance(exits, planned, could).mean())
    share, low, high = beyond(hit.sum(), len(hit), usual)
    hits = inside[hit]
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(inside),
        p=weighted_tail(hit, chances, telling(chances, least)),
        statistic=len(hits),
        effect=share,
        low=low,
        high=high,
        effect_unit="share of villages that follow the plan, chance taken off",
        least=least,
        township=place.township,
        households=households_in(households, hits["village_code"], leaves),
        detail={"usual_share": float(chances.mean()), "forecast_share": usual}
        | {"villages": sorted(hits["village_code"].dropna())}
        | _quota_share(inside, limits),
    )


def forecast_chance(exits: Floats, planned: Floats, could: Floats) -> Floats:
    """P(exits = plan) of villages that follow the standard, forecasts missing by as much as seen where they miss.

    Exits among `could` households are beta-binomial around the plan (0 < planned < could); the correlation is that of
    `SPREADS` which makes the villages off the plan likeliest, given that they are off it. All on plan: as if forecasts
    were perfect.
    """
    shares, rho = planned / could, SPREADS[:, None]
    a, b = shares * (1 - rho) / rho, (1 - shares) * (1 - rho) / rho
    scale = special.betaln(a, b)

    def chance(counts: Floats) -> Floats:
        ways = -np.log(could + 1) - special.betaln(could - counts + 1, counts + 1)
        return np.asarray(np.exp(ways + special.betaln(a + counts, b + could - counts) - scale))

    on, off = chance(planned), exits != planned
    seen = np.log(np.maximum(chance(exits), 1e-300)) - np.log1p(-np.minimum(on, 1 - 1e-12))
    best: Floats = on[int(seen[:, off].sum(axis=1).argmax())]
    return best


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
