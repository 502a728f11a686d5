"""Scale control seen in counts that hit a target: S04 round shares."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.counting import hit_chance, poisson_binomial_tail, wilson
from povkit.patterns.grouping import Place, households_in, places
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested, Unit

_PAIRS = (("poor_population", "population"), ("poor_households", "households"))


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
        counts, sizes = place.villages[count].to_numpy(float), place.villages[size].to_numpy(float)
        large = (sizes >= limits.round_size_min) & (counts <= sizes)
        for share in limits.round_targets_pct:
            target = np.rint(sizes * share / 100)
            inside = large & (target >= limits.round_count_min)
            if inside.sum() < limits.round_villages_min:
                continue
            chances = hit_chance(sizes[inside], counts[inside], target[inside])
            hits = inside & (counts == target)
            tests[count, share] = (poisson_binomial_tail(int(hits.sum()), chances), inside, hits, float(chances.mean()))
    least = limits.effect_min_s04
    if not tests:
        return Unit(place.level, place.object_id, len(place.villages), least=least, township=place.township)
    count, share = min(tests, key=lambda key: (tests[key][0], key))
    _, inside, hits, usual = tests[count, share]
    k, n = int(hits.sum()), int(inside.sum())
    low, high = wilson(k, n)
    codes = place.villages.loc[hits, "village_code"]
    chosen = households["not_yet_left"].fillna(False).astype(bool)
    return Unit(
        level=place.level,
        object_id=place.object_id,
        n=n,
        p=bonferroni(*(test[0] for test in tests.values())),
        statistic=k,
        effect=k / n - usual,
        low=low - usual,
        high=high - usual,
        effect_unit="share of villages on the round share, over chance",
        least=least,
        township=place.township,
        households=households_in(households, codes, chosen),
        detail={"counted": count, "round_share_pct": share, "usual_share": usual, "tests": len(tests)}
        | {"villages": sorted(codes.dropna())},
    )
