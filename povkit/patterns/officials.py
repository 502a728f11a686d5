"""S06: what one official's households have in common and his peers' have not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from povkit.patterns.counting import LEVEL, poisson_binomial_tail
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.nulls import Null, care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.peers import two_sided
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null, normal_null, prior_freedom, variance_null
from povkit.patterns.signs import ids_by, names_by, residences
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]
WINSOR, MAD = 2.5, float(stats.norm.ppf(0.75))
"""Robust standard deviations to which deviations are drawn in; median absolute deviation of a standard normal."""


@dataclass(frozen=True)
class Trait:
    """One thing measured of every official (arrays in their order).

    p; seen: his own value; shrunk: drawn towards the peers'; effect with low and high: his distance from the peers'
    centre, in `unit`; least: the policy's least effect.
    """

    p: Floats
    seen: Floats
    shrunk: Floats
    effect: Floats
    low: Floats
    high: Floats
    unit: str
    least: float


@pattern("S06", views=("household",), zh="责任人名下户与同类责任人差异过大（统计上异常，待核实）", family="copies")
def official_unlike_his_peers(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """An official's households differ from his peers' beyond chance (statistically unusual, verify).

    Why: households fall to officials nearly by chance; if one official's exit together, earn alike, or are written
    with another sort of digits, the forms may tell more of him than of them.
    Basis: S5.2; exits against those expected from the other households of the same villages and of the county, mean and
    spread of log income within the village (normal and F nulls), share of incomes in round hundreds (beta-binomial
    null), each fitted to all officials of the county, robustly; Bonferroni over the four, two-sided but for spread,
    where only too little counts.
    Flags: an official with enough households whose difference from his peers exceeds the least of its kind.
    """
    columns = ("helper_id_number", "helper_name", "leaves_this_year", "not_yet_left", "net_income_pc")
    homes = source.frame("household", columns)
    homes = homes[homes["helper_id_number"].notna()].copy()
    homes["official"] = homes["helper_id_number"].astype(str)
    groups = {str(name): each for name, each in homes.groupby("official", sort=True)}
    judged = [name for name, each in groups.items() if len(each) >= limits.official_households_min]
    if len(judged) < limits.official_peers_min:
        judged = []
    where, names = residences(homes, "official"), names_by(homes, "official", "helper_name")
    place = {name: where[name] | {"subject": names[name]} for name in groups}
    small = [Unit(Level.HELPER, name, len(groups[name]), **place[name]) for name in groups.keys() - judged]
    if not judged:
        return Tested(small)
    homes = homes[homes["official"].isin(judged)]
    traits: dict[str, Trait] = {"exits": _exits(homes, judged, limits), "digits": _digits(homes, judged, limits)}
    traits |= dict(zip(("incomes", "spread"), _incomes(homes, judged, limits), strict=True))
    visit = ids_by(homes, "official")
    return Tested(small + [_unit(name, i, traits, visit[name], place[name]) for i, name in enumerate(judged)])


def _unit(name: str, i: int, traits: dict[str, Trait], visit: tuple[str, ...], place: dict[str, Any]) -> Unit:
    p = {key: float(each.p[i]) if each.effect[i] >= each.least else each.p[i] * 0 + 1 for key, each in traits.items()}
    key = min(p, key=lambda each: (not np.isfinite(p[each]), p[each], each))
    trait = traits[key]
    return Unit(
        level=Level.HELPER,
        object_id=name,
        n=len(visit),
        p=bonferroni(*p.values()),
        statistic=float(trait.seen[i]),
        effect=float(trait.effect[i]),
        low=float(trait.low[i]),
        high=float(trait.high[i]),
        effect_unit=trait.unit,
        least=trait.least,
        households=visit,
        detail={"trait": key, "shrunk": float(trait.shrunk[i])},
        **place,
    )


def _away(seen: Floats, centre: float, error: Floats) -> tuple[Floats, Floats, Floats]:
    """Distance of a value from the centre, whichever side, with its 95 % interval."""
    away = np.abs(seen - centre)
    half = float(stats.norm.ppf(0.5 + LEVEL / 2)) * error
    return away, away - half, away + half


def _exits(homes: pd.DataFrame, judged: list[str], limits: Any) -> Trait:
    """Exits of the year less those expected from other officials' households of the same villages, as a share.

    p: the larger of the null among peers (they differ for good reasons) and the exact one (few households are skew).
    """
    leaves = homes["leaves_this_year"].fillna(False).astype(bool)
    could = homes[leaves | homes["not_yet_left"].fillna(False).astype(bool)].assign(left=leaves.astype(float))
    own = could.groupby(["village_code", "official"])["left"].agg(["sum", "size"]).reset_index()
    village = own.groupby("village_code")[["sum", "size"]].transform("sum")
    overall = float(could["left"].mean()) if len(could) else 0.0
    others = (village["sum"] - own["sum"] + overall) / (village["size"] - own["size"] + 1)
    rate = could.merge(own.assign(rate=others)[["village_code", "official", "rate"]], on=["village_code", "official"])
    found = {
        name: _against(mine, overall)
        for name, mine in rate.groupby("official")
        if len(mine) >= limits.official_households_min
    }
    seen, noise, exact = np.array([found.get(name, (np.nan, np.nan, np.nan)) for name in judged]).T
    null = normal_null(seen, noise, care_of(limits))
    away = _away(seen, null.centre, np.sqrt(noise))
    p = np.maximum(null.two_sided, exact)
    unit = "share of households that left, from that expected of the same villages"
    return Trait(p, seen, null.shrunk, *away, unit, limits.effect_min_s06_exits)


def _against(mine: pd.DataFrame, overall: float) -> tuple[float, float, float]:
    """An official's exits less those expected, as a share; its variance; exact two-sided p (Poisson-binomial).

    p: on either side the greater of the tail against the villages' other households and against the county's share, so
    that a strange colleague in the same village makes nobody else strange. NaN where no household's exit was open.
    """
    rates, left, n = mine["rate"].to_numpy(), int(mine["left"].sum()), len(mine)
    variance = float((rates * (1 - rates)).sum())
    if variance <= 0:
        return float("nan"), float("nan"), float("nan")
    many = max(poisson_binomial_tail(left, rates), float(stats.binom.sf(left - 1, n, overall)))
    few = max(poisson_binomial_tail(n - left, 1 - rates), float(stats.binom.cdf(left, n, overall)))
    return float(left - rates.sum()) / n, variance / n**2, min(1.0, 2 * min(many, few))


def _digits(homes: pd.DataFrame, judged: list[str], limits: Any) -> Trait:
    """Share of incomes per head in whole hundreds, more or fewer than the peers'."""
    known = homes[homes["net_income_pc"] > 0]
    whole = (known["net_income_pc"] % limits.round_income_yuan == 0).astype(float)
    sums = whole.groupby(known["official"]).agg(["sum", "size"]).reindex(judged, fill_value=0.0)
    null = beta_binomial_null(sums["sum"], sums["size"], care_of(limits))
    enough = (sums["size"] >= limits.official_households_min).to_numpy()
    seen = np.where(enough, sums["sum"] / sums["size"].clip(lower=1), np.nan)
    away = _away(seen, null.centre, np.sqrt(seen * (1 - seen) / sums["size"].clip(lower=1).to_numpy()))
    p = np.where(enough, two_sided(null, sums["sum"], sums["size"]), np.nan)
    return Trait(p, seen, null.shrunk, *away, "share of round incomes, from the peers'", limits.effect_min_s06_digits)


def _incomes(homes: pd.DataFrame, judged: list[str], limits: Any) -> tuple[Trait, Trait]:
    """Mean and standard deviation of log income per head, less the village's median.

    A few incomes near nought would make the mean and the spread of an official's dozen households: deviations are drawn
    in to `WINSOR` robust standard deviations of the county's (Huber 1981). Officials' villages vary differently, so
    that each mean is judged by his own variance, moderated by his peers' (Smyth 2004, SAGMB 3:3).
    """
    known = homes[homes["net_income_pc"] > 0]
    log = np.log(known["net_income_pc"])
    rest = log - log.groupby(known["village_code"].fillna("")).transform("median")
    most = WINSOR * float(rest.abs().median()) / MAD
    rest = rest.clip(-most, most)
    groups = rest.groupby(known["official"]).agg(["mean", "var", "size"]).reindex(judged)
    size = groups["size"].to_numpy()
    enough = (size >= limits.official_households_min) & (groups["var"] > 0).to_numpy()
    variances = variance_null(np.where(enough, groups["var"], np.nan), size - 1, care_of(limits))
    mean = np.where(enough, groups["mean"], np.nan)
    noise = variances.shrunk / size
    means = normal_null(mean, noise, care_of(limits), size - 1 + prior_freedom(variances.spread / variances.centre))
    away = _away(mean, means.centre, np.sqrt(noise))
    unit = "log income per head, from the villages' other households"
    incomes = Trait(means.two_sided, mean, means.shrunk, *away, unit, limits.effect_min_s06_income)
    return incomes, _spread(np.where(enough, groups["var"], np.nan), size - 1, variances, limits)


def _spread(variance: Floats, freedom: Floats, null: Null, limits: Any) -> Trait:
    """Standard deviation of log income too small for his peers."""
    peers = np.sqrt(null.centre)
    tail = (1 - LEVEL) / 2
    low, high = (np.sqrt(variance * freedom / stats.chi2.ppf(each, freedom)) for each in (1 - tail, tail))
    sd, shrunk = np.sqrt(variance), np.sqrt(null.shrunk)
    unit, least = "share of the peers' spread missing", limits.effect_min_s06_spread
    return Trait(null.lower, sd, shrunk, 1 - sd / peers, 1 - high / peers, 1 - low / peers, unit, least)
