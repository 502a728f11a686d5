"""Scale control seen in the incidence of villages: S01 too uniform, S02 parked under the exit line."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from povkit.patterns.counting import LEVEL, beyond, telling, weighted_tail
from povkit.patterns.grouping import Place, households_in, places
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested, Unit
from povkit.patterns.uniformity import Uniformity, households_uniform, people_uniform
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]

_COUNTS = ("population", "poor_population", "incidence_pct", "households", "poor_households", "exited", "exit_year")
STRATA = {
    "exits_this_year": ("本年出列村", "villages that exit this year"),
    "exited_before": ("以前出列村", "villages that exited before"),
    "not_exited": ("未出列村", "villages that have not exited"),
    "all": ("全部行政村", "all villages"),
}
"""Groups of villages tested apart, since a county may keep one rate for each: name -> zh, en."""
TOO_MANY_POOR = {"zh": "贫困人口多于总人口", "en": "more poor people than people"}
"""Why a village cannot be judged, in both languages."""


def _villages(source: Source, limits: Any) -> tuple[pd.DataFrame, list[Unit]]:
    """Villages with incidence and the stratum that each belongs to; and those that cannot be, with the reason."""
    villages = source.frame("village", _COUNTS)
    wrong = villages["poor_population"] > villages["population"]
    unknown = [_unknown(row) for row in villages[wrong].to_dict("records")]
    villages = villages[~wrong].copy()
    left = villages["exited"].fillna(False).astype(bool)
    now = left & (villages["exit_year"] == limits.data_year)
    villages["stratum"] = np.select([now, left], ["exits_this_year", "exited_before"], "not_exited")
    return villages, unknown


def _unknown(row: dict[Any, Any]) -> Unit:
    name = row["village"]
    return Unit(
        level=Level.VILLAGE,
        object_id=str(row["object_id"]),
        n=0,
        township=row["township"],
        village_code=row["village_code"],
        village=name,
        subject=name,
        detail={"not_judged": TOO_MANY_POOR},
    )


def _beside(units: list[Unit], unknown: list[Unit]) -> list[Unit]:
    """The units of places, each told which of its villages were left out and why; and those villages."""
    told = []
    for unit in units:
        out = [each.object_id for each in unknown if unit.level is Level.COUNTY or each.township == unit.object_id]
        more = {"villages_left_out": out, "not_judged": TOO_MANY_POOR} if out else {}
        told.append(replace(unit, detail={**unit.detail, **more}))
    return told + unknown


def _households(source: Source) -> pd.DataFrame:
    return source.frame("household", ("size", "not_yet_left", "leaves_this_year"))


@pattern("S01", views=("village", "household"), zh="贫困发生率过于一致（统计上异常，待核实）", family="scale")
def incidence_too_uniform(source: Source, limits: Any, rng: np.random.Generator) -> Tested:
    """Incidence of poverty is too uniform over villages (statistically unusual, verify).

    Why: needs differ between villages, and even equal needs give unequal counts; one rate for all villages is what an
    allotted number looks like.
    Basis: S5.1; index of dispersion, lower tail (Fisher 1936, Cochran 1954, Tarone 1979), drawn for small counts with
    people coming in households; villages that exit, that exited before and that have not are tested apart and
    together, since a county may keep one rate for each; those chosen by the exit line are drawn within it.
    Flags: a county or township whose dispersion is a small part of what chance gives; the years in which numbers were
    allotted by policy are not judged, nor is a village with more poor people than people.
    """
    (villages, unknown), households = _villages(source, limits), _households(source)
    units = []
    for place in places(villages, limits.county_code):
        tests = {} if limits.data_year in limits.quota_years else _uniform_tests(place, households, limits, rng)
        units.append(_uniform_unit(place, tests, households, limits))
    return Tested(_beside(units, unknown), funnel(villages, _design_effect(households)))


def _uniform_tests(
    place: Place, households: pd.DataFrame, limits: Any, rng: np.random.Generator
) -> dict[tuple[str, str], Uniformity]:
    """(stratum, people or households) -> test, for strata that are large enough."""
    sizes = households.loc[households["not_yet_left"].fillna(False).astype(bool), "size"].dropna()
    groups = {"all": place.villages}
    strata = sorted(set(place.villages["stratum"]))
    if len(strata) > 1:
        groups |= {name: place.villages[place.villages["stratum"] == name] for name in strata}
    found = {}
    for stratum, inside in groups.items():
        people = inside[(inside["population"] > 0) & inside["poor_population"].notna()]
        if _enough(people, "poor_population", limits) and len(sizes):
            window = _window(people, limits.incidence_exit_pct)
            found[stratum, "people"] = people_uniform(
                people["poor_population"], people["population"], sizes, rng, limits.pattern_draws, window
            )
        homes = inside[(inside["households"] > 0) & (inside["poor_households"] <= inside["households"])]
        if stratum == "all" and _enough(homes, "poor_households", limits):
            found[stratum, "households"] = households_uniform(
                homes["poor_households"], homes["households"], rng, limits.pattern_draws
            )
    return found


def _enough(villages: pd.DataFrame, count: str, limits: Any) -> bool:
    return bool(len(villages) >= limits.uniform_villages_min and villages[count].sum() >= limits.uniform_count_min)


def _window(villages: pd.DataFrame, line: float) -> tuple[float, float]:
    """Bounds of incidence (as a fraction) by which these villages were chosen, if all of them keep them."""
    incidence, strata = villages["incidence_pct"], set(villages["stratum"])
    if strata <= {"exits_this_year", "exited_before"} and incidence.max() < line:
        return 0.0, line / 100
    if strata == {"not_exited"} and incidence.min() >= line:
        return line / 100, 1.0
    return 0.0, 1.0


def _uniform_unit(
    place: Place, tests: dict[tuple[str, str], Uniformity], households: pd.DataFrame, limits: Any
) -> Unit:
    villages, least = place.villages, limits.effect_min_s01
    if not tests:
        return Unit(place.level, place.object_id, len(villages), least=least, township=place.township)
    stratum, counted = min(tests, key=lambda key: (tests[key].p, key))
    best = tests[stratum, counted]
    inside = villages if stratum == "all" else villages[villages["stratum"] == stratum]
    chosen = households["not_yet_left"].fillna(False).astype(bool)
    share = inside["poor_population"].sum() / inside["population"].sum()
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(inside),
        p=bonferroni(*(test.p for test in tests.values())),
        statistic=best.dispersion,
        effect=1 - best.ratio,
        low=max(0.0, 1 - best.high),
        high=1 - best.low,
        effect_unit="share of chance variation missing",
        least=least,
        township=place.township,
        households=households_in(households, inside["village_code"], chosen),
        detail={
            "stratum": STRATA[stratum][0],
            "counted": counted,
            "incidence_pct": float(100 * share),
            "dispersion_ratio": best.dispersion / (len(inside) - 1),
            "tests": len(tests),
            "villages": sorted(inside["village_code"].dropna()),
        },
    )


def _design_effect(households: pd.DataFrame) -> float:
    """How much more people vary than if they came alone: sum of squared household sizes over people."""
    sizes = households["size"].dropna()
    return float((sizes**2).sum() / sizes.sum()) if sizes.sum() else 1.0


def funnel(villages: pd.DataFrame, design_effect: float) -> pd.DataFrame:
    """Picture of S01 and S02: one row a village with `incidence_pct` against `population`, its stratum, the stratum's
    pooled incidence, and the limits between which 95 % of villages lie by chance (people coming in households)."""
    known = villages[(villages["population"] > 0) & villages["poor_population"].notna()].copy()
    sums = known.groupby("stratum")[["poor_population", "population"]].transform("sum")
    pooled = sums["poor_population"] / sums["population"]
    z = float(stats.norm.ppf(0.5 + LEVEL / 2))
    half = z * np.sqrt(design_effect * pooled * (1 - pooled) / known["population"])
    known["pooled_pct"] = 100 * pooled
    known["low_pct"], known["high_pct"] = 100 * (pooled - half).clip(lower=0), 100 * (pooled + half)
    columns = ["village_code", "village", "township", "stratum", "population", "incidence_pct"]
    return known[[*columns, "pooled_pct", "low_pct", "high_pct"]].reset_index(drop=True)


@pattern(
    "S02", views=("village", "household"), zh="出列村贫困发生率堆积在退出线下（统计上异常，待核实）", family="scale"
)
def incidence_parked_under_line(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Incidence of exiting villages is heaped just below the exit line (statistically unusual, verify).

    Why: counts of a small village jump by whole households; many villages ending a hair under the line suggests that
    numbers were fitted to it.
    Basis: S5.1, S5.3; exact test against the least favourable honest village: one whose need stands at the exit line
    itself and that came out below it by chance, people coming in households (share of a normal's lower half that
    lies in the band); villages in the band count the more the less chance puts them there, and p is summed exactly
    (weights of the most powerful test, as for K13). Lines are policy (3 %, 2 %), Bonferroni over them.
    Villages so small that no number of people lies in the band say nothing.
    Effect: the share of villages parked, those taken off that chance puts in the band (Abbott 1925).
    Flags: a county or township where the share of its exiting villages in the band under a line exceeds that.
    """
    (villages, unknown), households = _villages(source, limits), _households(source)
    effect = _design_effect(households)
    now = villages[(villages["stratum"] == "exits_this_year") & (villages["population"] > 0)]
    units = [_parked_unit(place, now, households, effect, limits) for place in places(villages, limits.county_code)]
    return Tested(_beside(units, unknown), funnel(villages, effect))


def parked_chance(population: npt.ArrayLike, line: float, band: float, most: float, design_effect: float) -> Floats:
    """P(incidence in [line - band, line) | below line) of a village of this population whose need is `most`.

    line, band, most: in percent, line <= most. Normal approximation with whole people; the chance grows with `most`,
    so that for every honest need below it the chance is smaller.
    """
    people = np.asarray(population, dtype=float)
    rate = most / 100
    spread = np.sqrt(design_effect * people * rate * (1 - rate))
    top, bottom = (np.ceil(people * each / 100) - 0.5 for each in (line, line - band))
    below = stats.norm.cdf((top - people * rate) / spread)
    return np.asarray((below - stats.norm.cdf((bottom - people * rate) / spread)) / below)


def _parked_unit(
    place: Place, exiting: pd.DataFrame, households: pd.DataFrame, design_effect: float, limits: Any
) -> Unit:
    inside = exiting[exiting["village_code"].isin(place.villages["village_code"])]
    band, most = limits.parked_band_pct, max(limits.parked_lines_pct)
    tests = {}
    for line in limits.parked_lines_pct:
        below = inside[inside["incidence_pct"] < line]
        chances = parked_chance(below["population"], line, band, most, design_effect)
        below, chances = below[chances > 0], chances[chances > 0]
        if len(below) < limits.parked_villages_min:
            continue
        parked = (below["incidence_pct"] >= line - band).to_numpy()
        p = weighted_tail(parked, chances, telling(chances, limits.effect_min_s02))
        tests[line] = (p, below, below[parked], float(chances.mean()))
    if not tests:
        return Unit(place.level, place.object_id, len(inside), least=limits.effect_min_s02, township=place.township)
    line = min(tests, key=lambda each: (tests[each][0], -each))
    _, below, parked, usual = tests[line]
    effect, low, high = beyond(len(parked), len(below), usual)
    leavers = households["leaves_this_year"].fillna(False) | households["not_yet_left"].fillna(False)
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=len(below),
        p=bonferroni(*(test[0] for test in tests.values())),
        statistic=len(parked),
        effect=effect,
        low=low,
        high=high,
        effect_unit="share of villages parked under the line, chance taken off",
        least=limits.effect_min_s02,
        township=place.township,
        households=households_in(households, parked["village_code"], leavers),
        detail={"line_pct": line, "usual_share": usual, "villages": sorted(parked["village_code"].dropna())},
    )
