"""E15: forms of one official's households that are copies of each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats

from povkit.patterns.counting import wilson
from povkit.patterns.likeness import Floats, Forms, Ints, best_outside, closest_pair, forms_of, pairs_within
from povkit.patterns.nulls import care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import gamma_poisson_null
from povkit.patterns.signs import Sign, ids_by, joined, names_by, residences
from povkit.vocab import Level

FLOWS = ("wage_income", "business_income", "business_cost")
MORE_FLOWS = ("property_income", "other_transfer")
ASSETS = ("farmland", "irrigated", "forest", "orchard", "housing_area", "road_distance")
_FLOWS_ALIKE = 2
"""Flow fields that must agree: houses and fields may be alike for honest reasons, two incomes hardly."""


@dataclass(frozen=True)
class Copies:
    """group: number of each household's group of copies, -1 outside any; share: best share of equal fields, to show."""

    group: Ints
    share: Floats
    pairs: int


@pattern("E15", views=("household",), zh="同一责任人名下多户信息雷同（统计上异常，待核实）", family="copies")
def copies_of_one_official(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Several households of one official carry the same figures (statistically unusual, verify).

    Why: who fills a form from the last one instead of at the door leaves the same amounts in several households.
    Basis: S5.2; pairs scored by the rarity of what they share among other officials' households, tolerating altered
    fields; a pair counts if it agrees in two sums of money (in one, where the other form belongs to such a pair), beats
    every pair with an outsider of the township, and would be surprising once in the whole county; copies per pair
    against a robust gamma-Poisson null of all officials. Grants fixed by policy, noughts and common values are left
    out; alike houses alone do not count.
    Flags: an official (a village, where there is no official or one for a whole batch) with enough such households.
    """
    more = [name for name in (*MORE_FLOWS, *ASSETS) if source.has("household", (name,))]
    helper = ("helper_id_number", "helper_name") if source.has("household", ("helper_id_number",)) else ()
    homes = _in_blocks(source.frame("household", (*FLOWS, *more, *helper)), limits)
    homes = homes[homes["block"].notna()].reset_index(drop=True)
    if homes.empty:
        return Tested([])
    fields = [*FLOWS, *more]
    found = _copies(homes, fields, limits)
    homes = homes.assign(group=found.group, alike=found.share)
    units = [
        unit
        for level, inside in homes.groupby("level", sort=True)
        for unit in _units(Level(str(level)), inside, found.pairs, limits)
    ]
    return Tested(units, _picture(homes, fields, limits))


def _in_blocks(homes: pd.DataFrame, limits: Any) -> pd.DataFrame:
    """Level and block of each household: its official, or its village where no official can be meant."""
    if "helper_id_number" not in homes:
        homes = homes.assign(helper_id_number=None, helper_name=None)
    official = homes["helper_id_number"]
    size = official.map(official.value_counts())
    person = official.notna() & (size <= limits.copy_block_max)
    return homes.assign(
        level=np.where(person, str(Level.HELPER), str(Level.VILLAGE)),
        block=official.where(person, homes["village_code"]),
    )


def _copies(homes: pd.DataFrame, fields: list[str], limits: Any) -> Copies:
    """Groups of copies within blocks."""
    block = pd.factorize(homes["level"] + "@" + homes["block"].astype(str), sort=True)[0].astype(np.int64)
    town = pd.factorize(homes["township"].astype(object).fillna(""), sort=True)[0].astype(np.int64)
    flow = np.isin(fields, (*FLOWS, *MORE_FLOWS))
    forms = forms_of(homes[fields].to_numpy(), block, town, flow, limits.copy_altered, limits.copy_common_share)
    sizes = np.bincount(block)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    least = float(np.log(max(pairs, 1) / limits.copy_chance))
    i, j, score = _alike(forms, block, least)
    i, j, score = _joined(forms, block, (i, j, score), least)
    rows = np.unique(np.r_[i, j])
    outside = np.full(len(homes), -np.inf)
    outside[rows] = best_outside(forms, rows, block, town)
    keep = score > np.maximum(outside[i], outside[j])
    i, j = i[keep], j[keep]
    graph = sparse.coo_matrix((np.ones(len(i)), (i, j)), shape=(len(homes), len(homes)))
    number = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    share = np.zeros(len(homes))
    for one, other in ((i, j), (j, i)):
        np.maximum.at(share, one, (forms.codes[one] == forms.codes[other]).mean(axis=1))
    return Copies(np.where(np.bincount(number)[number] > 1, number, -1), share, pairs)


def _alike(forms: Forms, block: Ints, least: float) -> tuple[Ints, Ints, Floats]:
    """Pairs within blocks that score at least `least` and agree in enough flow fields."""
    kept: list[tuple[Ints, Ints, Floats]] = []
    for i, j in pairs_within(block):
        near = (forms.codes[i][:, forms.flow] == forms.codes[j][:, forms.flow]).sum(axis=1) >= _FLOWS_ALIKE
        i, j = i[near], j[near]
        score, flows = forms.scores(i, j)
        good = (score >= least) & (flows >= _FLOWS_ALIKE)
        kept.append((i[good], j[good], score[good]))
    if not kept:
        none = np.array([], dtype=np.int64)
        return none, none, np.array([])
    return tuple(np.concatenate(each) for each in zip(*kept, strict=True))  # type: ignore[return-value]


def _joined(forms: Forms, block: Ints, sure: tuple[Ints, Ints, Floats], least: float) -> tuple[Ints, Ints, Floats]:
    """The sure pairs, and those that join another form of the block to one of them: there one sum of money will do."""
    mark = np.zeros(len(block), dtype=bool)
    mark[np.r_[sure[0], sure[1]]] = True
    rows = np.flatnonzero(np.isin(block, np.unique(block[mark])))
    kept = [sure]
    for a, b in pairs_within(block[rows]):
        i, j = rows[a], rows[b]
        touch = mark[i] ^ mark[j]
        i, j = i[touch], j[touch]
        score, flows = forms.scores(i, j)
        good = (score >= least) & (flows >= 1)
        kept.append((i[good], j[good], score[good]))
    return tuple(np.concatenate(each) for each in zip(*kept, strict=True))  # type: ignore[return-value]


def _units(level: Level, homes: pd.DataFrame, pairs: int, limits: Any) -> list[Unit]:
    """Units of one level."""
    copied = homes["group"] >= 0
    table = homes.assign(copied=copied).groupby("block", sort=True)["copied"].agg(n="size", k="sum")
    groups = homes[copied].groupby("block")["group"].nunique().reindex(table.index, fill_value=0)
    extra, inside = (table["k"] - groups).to_numpy(float), (table["n"] * (table["n"] - 1) / 2).to_numpy(float)
    chance = np.asarray(stats.poisson.sf(extra - 1, limits.copy_chance * inside / max(pairs, 1)))
    peers = int((table["n"] >= limits.copy_households_min).sum()) >= limits.official_peers_min
    p = np.maximum(chance, gamma_poisson_null(extra, inside, care_of(limits)).upper) if peers else chance
    where, names = residences(homes, "block"), names_by(homes, "block", "helper_name")
    visit, alike = ids_by(homes[copied], "block"), homes[copied].groupby("block")["alike"].max()
    units = []
    for i, (name, n, k) in enumerate(table.itertuples()):
        own = str(name)
        signs = []
        if n >= limits.copy_households_min:
            signs.append(_sign(float(p[i]), int(k), int(n), int(groups.iloc[i]), float(alike.get(name, 0.0)), limits))
        place = where[own] | {"subject": names[own] if level is Level.HELPER else where[own]["village"]}
        units.append(joined(level, own, int(n), signs, place, households=visit.get(own, ())))
    return units


def _sign(p: float, k: int, n: int, groups: int, alike: float, limits: Any) -> Sign:
    low, high = wilson(k, n)
    return Sign(
        name="copies",
        p=p,
        statistic=k,
        effect=k / n,
        low=low,
        high=high,
        unit="share of the households that are copies of another",
        least=max(limits.effect_min_e15, limits.copy_households_min / n),
        detail={"copied_households": k, "groups": groups, "largest_share_of_equal_fields": alike},
    )


def _picture(homes: pd.DataFrame, fields: list[str], limits: Any) -> pd.DataFrame:
    """Copied forms side by side: kind, level, block, group, household_id, field, value, same (as most of its group).

    kind: "copies"; where no official has any, "closest": the two forms of one official that agree in most fields.
    """
    count = homes[homes["group"] >= 0].groupby("block")["group"].transform("size")
    chosen = homes.loc[count.index[count >= limits.copy_households_min]]
    kind = "copies"
    if chosen.empty:
        block = pd.factorize(homes["level"] + "@" + homes["block"].astype(str), sort=True)[0].astype(np.int64)
        chosen, kind = homes.loc[list(closest_pair(homes[fields].to_numpy(), block))].assign(group=0), "closest"
    keys = ["level", "block", "group", "household_id"]
    tidy: pd.DataFrame = chosen.melt(keys, fields, var_name="field", value_name="value").sort_values(
        [*keys, "field"], ignore_index=True
    )
    usual = tidy.groupby(["group", "field"])["value"].transform("median")
    tidy["same"] = (tidy["value"] == usual).to_numpy()
    tidy.insert(0, "kind", kind)
    return tidy
