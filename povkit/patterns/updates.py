"""F06: this year's incomes worked out from last year's: by one rate for all, or not changed at all."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.counting import wilson
from povkit.patterns.growth import events_of, rate_tests, repeated_households
from povkit.patterns.nulls import care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.peers import excess, upper_tail, usual_share
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null
from povkit.patterns.signs import Sign, ids_by, joined, names_by, residences
from povkit.vocab import Level

KINDS = ("wage_income", "business_income", "property_income")
FLOWS = (*KINDS, "business_cost")
_OTHERS = ("net_income_pc", "net_income", "transfer_income")
_KEYS = {Level.HELPER: "helper_id_number", Level.VILLAGE: "village_code", Level.COUNTY: "county"}


@pattern("F06", views=("household",), zh="收入按同一比例推算或沿用上年（统计上异常，待核实）", family="copies")
def updated_by_formula(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Incomes were updated by one rate for all, or not at all (statistically unusual, verify).

    Why: households' years differ; where many grew by the same rate to a tenth of a percent, or kept last year's
    amounts, nobody asked them.
    Basis: S3.3; households on the modal rate of the official, village or county against the smooth density of growth
    and against the others on that rate (Poisson tail, Bonferroni over the rates); households whose amounts repeat,
    weighted by how often each kind repeats elsewhere (beta-binomial null of peers); Bonferroni over the two.
    An amount repeats if it is the same or, in every field, within a few yuan. Only households with two kinds of own
    income, or with a business and no wage, count for the rates, so that a rise of one wage for all does not;
    grants fixed by policy and noughts repeat rightly and are left out.
    Flags: an official, village or county with enough such households.
    """
    columns = [name for each in (*FLOWS, *_OTHERS) for name in (each, f"last_{each}")]
    helper = ("helper_id_number", "helper_name") if source.has("household", ("helper_id_number",)) else ()
    homes = source.frame("household", (*columns, *helper))
    homes = homes[homes["last_net_income_pc"].notna() & homes["net_income_pc"].notna()].reset_index(drop=True)
    homes["county"] = str(limits.county_code)
    homes["comparable"] = _comparable(homes)
    events = events_of(homes, limits.update_step, limits.update_rate_max)
    events = events[(events["rate"] > 0) | ~_one_kind(homes)[events["row"]].to_numpy()]
    units = []
    for level, key in _KEYS.items():
        if key in homes:
            units += _units(level, key, homes, events, limits)
    return Tested(units, _picture(homes, events))


def _comparable(homes: pd.DataFrame) -> "pd.Series[bool]":
    """Households with two kinds of own income in both years, or a business alone: no rise of wages explains them."""
    both = pd.DataFrame({name: (homes[name] > 0) & (homes[f"last_{name}"] > 0) for name in KINDS})
    wage = (homes["wage_income"].fillna(0) > 0) | (homes["last_wage_income"].fillna(0) > 0)
    found: pd.Series[bool] = (both.sum(axis=1) >= 2) | (both["business_income"] & ~wage)
    return found


def _one_kind(homes: pd.DataFrame) -> "pd.Series[bool]":
    """Households with one kind of own income: a loss put at one share for all, as after a flood, explains them."""
    kinds = pd.DataFrame({name: (homes[name] > 0) | (homes[f"last_{name}"] > 0) for name in KINDS})
    found: pd.Series[bool] = kinds.sum(axis=1) < 2
    return found


def _units(level: Level, key: str, homes: pd.DataFrame, events: pd.DataFrame, limits: Any) -> list[Unit]:
    """Units of one level."""
    known = homes[homes[key].notna()]
    if known.empty:
        return []
    sizes = known.groupby(key, sort=True).size()
    rates = _rates(level, key, known, events, limits)
    repeats = _repeats(key, known, sizes, limits) if level is not Level.COUNTY else {}
    where = {} if level is Level.COUNTY else residences(known, key)
    names = names_by(known, key, {Level.HELPER: "helper_name", Level.VILLAGE: "village", Level.COUNTY: "county"}[level])
    units = []
    for name, n in sizes.items():
        own = str(name)
        signs = [found[own] for found in (rates, repeats) if own in found]
        units.append(joined(level, own, int(n), signs, where.get(own, {}) | {"subject": names[own]}))
    return units


def _rates(level: Level, key: str, homes: pd.DataFrame, events: pd.DataFrame, limits: Any) -> dict[str, Sign]:
    """The strangest rate of each unit with enough comparable households."""
    comparable = homes[homes["comparable"]]
    if comparable.empty:
        return {}
    tests = rate_tests(comparable, events, key, limits.update_step, limits.update_rate_max)
    row = homes.index.get_indexer(pd.Index(events["row"]))
    met, rates = homes.iloc[row[row >= 0]], events["rate"].to_numpy()[row >= 0]
    visit = ids_by(met[rates == tests["rate"].reindex(met[key]).to_numpy()], key)
    sizes = comparable.groupby(key).size()
    least = limits.effect_min_f06_county if level is Level.COUNTY else limits.effect_min_f06
    values = dict(zip(tests.index, tests[["rate", "k", "usual", "p"]].to_numpy(float).tolist(), strict=True))
    found = {}
    for own, n in sizes[sizes >= limits.update_households_min].items():
        rate, k, expected, p = (float(value) for value in values[str(own)])
        low, high = wilson(k, n)
        usual = expected / n
        found[str(own)] = Sign(
            name="one rate",
            p=p if k >= limits.update_households_min else 1.0,
            statistic=k,
            effect=k / n - usual,
            low=low - usual,
            high=high - usual,
            unit="share of comparable households on one rate, over chance and peers",
            least=least,
            households=visit.get(str(own), ()),
            detail={"rate_pct": 100 * rate * limits.update_step, "comparable": int(n), "usual_share": usual},
        )
    return found


def _repeats(key: str, homes: pd.DataFrame, sizes: "pd.Series[int]", limits: Any) -> dict[str, Sign]:
    """Households of each unit whose amounts did not change, against its peers."""
    same = repeated_households(homes, FLOWS, key, float(limits.repeat_odds_min), float(limits.repeat_near_yuan))
    counts = pd.Series(same, index=homes.index).groupby(homes[key]).sum().reindex(sizes.index).to_numpy(float)
    judged = (sizes >= limits.update_households_min).to_numpy()
    if judged.sum() < limits.official_peers_min:
        return {}
    null, visit = beta_binomial_null(counts[judged], sizes[judged], care_of(limits)), ids_by(homes[same], key)
    tail, usual = upper_tail(null, counts[judged], sizes[judged]), usual_share(null, counts[judged], sizes[judged])
    found = {}
    for i, (own, n) in enumerate(sizes[judged].items()):
        k = int(counts[judged][i])
        effect, low, high = excess(k, n, usual)
        found[str(own)] = Sign(
            name="unchanged amounts",
            p=float(tail[i]) if k >= limits.update_households_min else 1.0,
            statistic=k,
            effect=effect,
            low=low,
            high=high,
            unit="share of households whose amounts repeat, over the peers'",
            least=limits.effect_min_f06,
            households=visit.get(str(own), ()),
            detail={"usual_share": usual.share, "shrunk_share": float(null.shrunk[i])},
        )
    return found


def _picture(homes: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Two years against each other, one row a household: last, now (yuan per head), whether any rate fits it."""
    names = {"last_net_income_pc": "last", "net_income_pc": "now"}
    frame = homes[["household_id", "township", "village_code", *names]].rename(columns=names)
    return frame.assign(on_a_rate=np.isin(homes.index, events["row"]))
