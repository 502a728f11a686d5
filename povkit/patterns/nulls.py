"""How a null among peers is fitted: robustly, and averaged over the spreads that few units leave possible.

The strangest units are set aside whatever they are, so that they cannot hide themselves; from there every unit that is
not strange under the fit is taken back and the fit repeated, so that honest extremes count. All spreads are fitted at
once, and units that are equal are worked out once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]
Likelihood = Callable[[Floats, Floats, Floats], Floats]
"""(means, spreads, weights of the rows) -> log likelihoods; means and spreads are columns, one row a node."""
Best = Callable[[Floats, Floats, Floats | None], tuple[Floats, Floats]]
"""(spreads, weights of the rows, means of a rougher fit if there is one) -> means and log likelihoods; all columns."""

ROUNDS = 10
NODES = 12
RANGE = (0.02, 2.0)
"""Standard deviations of true rates thought possible, as a share of the mean (of the greater sd, for means)."""
NEGLIGIBLE = 1e-3
MEAN_RANGE, MEAN_NEAR = 3.0, 0.1
"""How far the log of the mean is looked for from its start; and beyond the means of a rough fit."""
MEAN_EXACT = 1e-3
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Care:
    """Settings of the robust fit. aside: share of the units set aside at first (at most so many stay aside).

    readmitted: a unit set aside is taken back if each of its tails is at least this under the fit without it.
    widened: whether what the first fit lacks for the units set aside is made good before any is taken back: their
    absence makes the true spread look smaller, by a factor known for normal values (Croux & Haesbroeck 1999, J.
    Multivar. Anal. 71:161). Needed where true rates spread far; where counts are few it hides much.
    """

    aside: float
    readmitted: float
    widened: bool = False

    @property
    def factor(self) -> float:
        """Standard deviation of normal values over that of those left when the strangest share is set aside."""
        if not self.widened or self.aside <= 0:
            return 1.0
        z = float(special.ndtri(1 - self.aside / 2))
        density = float(np.exp(-z * z / 2) / np.sqrt(2 * np.pi))
        return float((1 - 2 * z * density / (1 - self.aside)) ** -0.5)


def care_of(limits: Any, widened: bool = False) -> Care:
    """The policy's settings."""
    return Care(float(limits.peers_aside_share), float(limits.peers_readmitted_min), widened)


@dataclass(frozen=True)
class Null:
    """A fitted null over units, arrays in the order of the units.

    upper, lower: P(a value this large / small or more so) for a unit like its peers; NaN where there is no value.
    shrunk: the unit's rate drawn towards its peers'. centre: the peers' mean rate. spread: standard deviation of the
    peers' true rates. kept: units that the null was fitted to; core: all but the share that may be set aside, taken
    from the top of a fit to all, whether strange or not.
    """

    upper: Floats
    lower: Floats
    shrunk: Floats
    centre: float
    spread: float
    kept: Kept
    core: Kept

    @property
    def two_sided(self) -> Floats:
        """p for a difference in either direction."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.upper, self.lower)))


@dataclass(frozen=True)
class Nodes:
    """Possible nulls with their weights, one a row; mean and spread are columns."""

    mean: Floats
    spread: Floats
    weight: Floats


@dataclass(frozen=True)
class Model:
    """One family of nulls over rows: how likely the kept rows are, and what a row looks like, at means and spreads.

    rows: row of each unit (equal units share one); whole: units that have a value. spreads: least and greatest standard
    deviation of the true rates thought possible, as a share of the mean (in the units' own measure, for means). best:
    (means, log likelihoods) at these spreads and weights of the rows, the means near those given, if any. tails: upper
    and lower; shrunk; both by node and row. absolute: the spread in the units' own measure.
    """

    rows: npt.NDArray[np.int64]
    whole: Kept
    spreads: tuple[float, float]
    best: Best
    tails: Callable[[Floats, Floats], tuple[Floats, Floats]]
    shrunk: Callable[[Floats, Floats], Floats]
    absolute: Callable[[Floats, Floats], Floats]

    def weights(self, keep: Kept) -> Floats:
        """How many kept units stand behind each row."""
        return np.bincount(self.rows[keep], minlength=int(self.rows.max(initial=-1)) + 1).astype(float)


def rows_of(*values: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], list[Floats]]:
    """Row of each unit, and the values by row: equal units are one row."""
    table = np.column_stack([np.asarray(each, dtype=float) for each in values])
    unique, where = np.unique(table, axis=0, return_inverse=True)
    return np.asarray(where.ravel(), dtype=np.int64), list(unique.T)


def profile(counts: Floats, sizes: Floats, loglik: Likelihood, most: float) -> Best:
    """Fit the mean at each spread; half a count keeps a county without any case off zero. most: greatest mean."""

    def best(spreads: Floats, weights: Floats, near: Floats | None) -> tuple[Floats, Floats]:
        if near is None:
            start = np.log((counts @ weights + 0.5) / (sizes @ weights + 1.0))
            bounds = start - MEAN_RANGE, start + MEAN_RANGE
        else:
            bounds = np.log(near.min()) - MEAN_NEAR, np.log(near.max()) + MEAN_NEAR
        found, log = _highest(
            lambda free: loglik(np.exp(free), spreads, weights),
            np.full(spreads.shape, bounds[0]),
            np.full(spreads.shape, min(bounds[1], np.log(most))),
        )
        return np.exp(found), log

    return best


def _highest(of: Callable[[Floats], Floats], low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Where functions of one argument are highest, and how high, by golden sections; all at once."""
    steps = int(np.ceil(np.log(MEAN_EXACT / max(float((high - low).max()), MEAN_EXACT)) / np.log(GOLDEN)))
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = of(left), of(right)
    for _ in range(steps):
        down = at_left > at_right
        low, high = np.where(down, low, left), np.where(down, right, high)
        new = np.where(down, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
        at_new = of(new)
        left, right = np.where(down, new, right), np.where(down, left, new)
        at_left, at_right = np.where(down, at_new, at_right), np.where(down, at_left, at_new)
    return np.where(at_left > at_right, left, right), np.maximum(at_left, at_right)


def _nodes(model: Model, keep: Kept) -> Nodes:
    """The nulls that the kept units leave possible: over the whole range first, then finer where any weight is."""
    weights = model.weights(keep)
    rough = np.geomspace(*model.spreads, NODES)[:, None]
    mean, log = model.best(rough, weights, None)
    some = np.flatnonzero(_weight(log, rough))
    around = slice(max(0, some[0] - 1), some[-1] + 2)
    spread = np.geomspace(float(rough[around].min()), float(rough[around].max()), NODES)[:, None]
    mean, log = model.best(spread, weights, mean[around])
    weight = _weight(log, spread)
    used = weight > 0
    return Nodes(mean[used], spread[used], weight[used])


def _weight(log: Floats, spread: Floats) -> Floats:
    """Weights of nodes: likelihood times the width of their step in spread. Negligible ones are 0."""
    logs = (log + np.log(spread))[:, 0]
    weights = np.exp(logs - logs.max())
    weights = np.where(weights / weights.sum() < NEGLIGIBLE, 0.0, weights)
    return np.asarray(weights / weights.sum())


def _tails(model: Model, nodes: Nodes, factor: float = 1.0) -> list[Floats]:
    """Upper and lower tail of each unit, averaged over the nodes. factor: by which spreads are widened."""
    return [np.asarray(nodes.weight @ each)[model.rows] for each in model.tails(nodes.mean, factor * nodes.spread)]


def _robust(model: Model, care: Care) -> tuple[Nodes, Kept, Kept]:
    """Nodes fitted without the strangest units; the units kept; and the core, see `Null`."""
    whole = model.whole
    aside_at_most = int(care.aside * whole.sum())
    nodes, keep, core = _nodes(model, whole), whole, whole
    for turn in range(ROUNDS):
        upper, lower = _tails(model, nodes, care.factor if turn == 1 else 1.0)
        p = np.where(whole, np.minimum(upper, lower), np.inf)
        aside = np.argsort(p, kind="stable")[:aside_at_most]
        if turn == 0:
            core = _without(whole, np.argsort(np.where(whole, upper, np.inf), kind="stable")[:aside_at_most])
        taken = _without(whole, aside if turn == 0 else aside[p[aside] < care.readmitted])
        if (taken == keep).all():
            break
        keep = taken
        nodes = _nodes(model, keep)
    return nodes, keep, core


def _without(units: Kept, these: npt.NDArray[np.int64]) -> Kept:
    left = units.copy()
    left[these] = False
    return left


def fit_null(model: Model, care: Care) -> Null:
    """The model's null over its units."""
    none = Nodes(np.full((1, 1), 0.5), np.ones((1, 1)), np.ones(1))
    nodes, kept, core = _robust(model, care) if model.whole.any() else (none, model.whole, model.whole)
    upper, lower = _tails(model, nodes)
    shrunk = np.asarray(nodes.weight @ model.shrunk(nodes.mean, nodes.spread))[model.rows]
    centre = float(nodes.weight @ nodes.mean[:, 0])
    spread = float(nodes.weight @ np.asarray(model.absolute(nodes.mean, nodes.spread))[:, 0])
    return Null(upper, lower, shrunk, centre, spread, kept, core)
