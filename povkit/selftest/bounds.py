"""The most powerful tests there can be on planted worlds (Neyman & Pearson 1933): what no real test exceeds.

Each knows what was planted how strongly and how honest worlds are drawn, and tests against the honest world that is
hardest to tell apart; the chance of its likelihood ratio is drawn.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from povkit.selftest.experiment import LEVEL
from povkit.selftest.homes import SIZES, WEIGHTS
from povkit.selftest.places import EXIT_RATE
from povkit.selftest.settings import Setting

Floats = npt.NDArray[np.float64]
DRAWS = 999
NODES = (np.arange(2000) + 0.5) / 2000
"""Rates of exit that integrals over them are summed at."""


def found(seen: float, drawn: Floats) -> bool:
    """Whether evidence seen is among the strongest 5 % of what an honest world gives."""
    return bool((1 + (drawn >= seen).sum()) / (len(drawn) + 1) <= LEVEL)


def quota_bound(rng: np.random.Generator, setting: Setting, places: pd.DataFrame, strength: float, plan: float) -> bool:
    """Whether the most powerful test at 5 % finds counts of poor that follow a plan so far.

    places: villages with the counts told. Against equal need everywhere at the same mean, the honest county hardest to
    tell from it. The test knows the strength, the plan, the rate and how need differs, which no real test does; both
    densities are taken for normal (rounding adds 1/12).
    """
    homes, people = (places[name].to_numpy(float) for name in ("households", "population"))
    size = float(SIZES @ WEIGHTS)
    spread, need, rho = float(SIZES**2 @ WEIGHTS) - size**2, setting.need, setting.rho
    rate = (1 - strength) * need + strength * plan
    honest = homes * rate * (spread + (1 - rate) * size**2)
    told = (1 - strength) ** 2 * homes * need * (spread + (1 - need) * (1 + (homes - 1) * rho) * size**2)

    def evidence(counts: Floats) -> Floats:
        off = (counts - rate * people) ** 2
        return np.asarray((off / (2 * honest) - off / (2 * (told + 1 / 12))).sum(axis=-1))

    drawn = rng.multinomial(rng.binomial(homes.astype(int), rate, (DRAWS, len(homes))), WEIGHTS) @ SIZES
    return found(float(evidence(places["poor_population"].to_numpy(float))), evidence(drawn))


def plan_bound(rng: np.random.Generator, counts: pd.DataFrame, share: float, forecast: float) -> bool:
    """Whether the most powerful test at 5 % finds a county where exits equal the plan in a share of the villages.

    counts: could (leave), planned_exits and exits_this_year by village. The other villages were forecast as roughly as
    `forecast` says (see `places.planned`). Against the honest county in which as many villages as follow the plan were
    forecast perfectly, and the others as roughly. The test knows the share, the error and how rates of exit differ.
    """
    sizes = counts["could"].to_numpy(int)
    tables = [_plan_evidence(int(n), share, forecast) for n in sizes]
    shape = (DRAWS, len(sizes))
    odds = special.logit(rng.beta(*EXIT_RATE, shape))
    missed = np.where(rng.random(shape) < share, 0.0, forecast) * rng.normal(0, 1, shape)
    plans = np.rint(sizes * special.expit(odds + missed)).astype(int)
    left = rng.binomial(sizes, special.expit(odds))
    drawn = np.sum([table[plans[:, i], left[:, i]] for i, table in enumerate(tables)], axis=0)
    cells = counts[["planned_exits", "exits_this_year"]].to_numpy(int)
    seen = sum(table[k, x] for table, (k, x) in zip(tables, cells, strict=True))
    return found(float(seen), drawn)


@cache
def _plan_evidence(could: int, share: float, forecast: float) -> Floats:
    """Log likelihood ratio of a village by its plan (rows) and exits (columns), 0 to `could` each."""
    weight = stats.beta.pdf(NODES, *EXIT_RATE) / len(NODES)
    counts = np.arange(could + 1)
    leaving = stats.binom.pmf(counts, could, NODES[:, None]) * weight[:, None]
    perfect = np.rint(could * NODES) == counts[:, None]
    edges = special.logit(np.clip((np.arange(could + 2) - 0.5) / could, 0, 1))[:, None]
    rough = np.diff(stats.norm.cdf((edges - special.logit(NODES)) / forecast), axis=0)
    missed = (1 - share) * (rough @ leaving)
    told, honest = share * np.diag(leaving.sum(axis=0)) + missed, share * (perfect @ leaving) + missed
    return np.asarray(np.log(told + 1e-300) - np.log(honest + 1e-300))


def backstop_bound(n: int, share: float, spread: float, strength: float, level: float = LEVEL) -> float:
    """Power of the most powerful test of one village of n backstop households of which `strength` of those that stay
    are let go, where honest villages' shares are beta-distributed around `share` (spread: see `beside_null`).

    The likelihood ratio rises with the number that left, so that the test counts them (not randomized).

    >>> [round(backstop_bound(12, 0.42, 0.31, s), 2) for s in (0.3, 0.6, 1.0)]
    [0.13, 0.46, 1.0]
    >>> [round(backstop_bound(12, 0.42, 0.31, s, LEVEL / 12), 2) for s in (0.3, 0.6, 1.0)]
    [0.01, 0.06, 1.0]
    """
    counts = np.arange(n + 1)
    honest = stats.betabinom.pmf(counts, n, share / spread**2, (1 - share) / spread**2)
    let_go = stats.binom.pmf(counts[:, None] - counts, n - counts, strength) @ honest
    enough = honest[::-1].cumsum()[::-1] <= level
    return float(let_go[enough].sum())


def parked_bound(villages: int, chance: float, honest: float, strength: float) -> float:
    """Power of the most powerful test at 5 % of so many exiting villages of which a share `strength` is parked.

    chance: of a village whose need stands at the line to lie in the band; honest: of the villages that are not parked.

    >>> [round(parked_bound(10, 0.2, 0.1, s), 2) for s in (0.3, 0.6, 1.0)]
    [0.29, 0.89, 1.0]
    """
    counts = np.arange(villages + 1)
    enough = stats.binom.sf(counts - 1, villages, chance) <= LEVEL
    return float(stats.binom.pmf(counts, villages, strength + (1 - strength) * honest)[enough].sum())
