"""How alike are two households' forms, given how rare the values are that they share?

Score of a pair (Fellegi & Sunter 1969): over the fields, log((1 - a) / p) where the values agree and are rare,
log(a) where they differ; p is the frequency of the value among other officials' households, a the chance that a copier
alters a field. Without copying exp(score) exceeds s with a chance of at most 1 / s, so that a threshold follows from
the number of pairs. Agreement on nothing (0, blank) or on a common value says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CHUNK = 300_000
"""Pairs compared at a time."""
LOCAL = 50.0
"""Households that the county's frequency of a value weighs in a township's."""


@dataclass(frozen=True)
class Forms:
    """Forms by row. codes: value of each field as a number of its own within the field (-1 blank, 0 nought).

    weight: what agreement on the row's value is worth (0: nothing, the value is nought, blank or common).
    differ: what a difference costs. flow: which fields are sums of money that change from year to year.
    """

    codes: Ints
    weight: Floats
    differ: float
    flow: npt.NDArray[np.bool_]

    def scores(self, i: Ints, j: Ints) -> tuple[Floats, Ints]:
        """Score of each pair, and in how many flow fields it agrees on a rare value."""
        a, b = self.codes[i], self.codes[j]
        same = (a == b) & (a > 0)
        worth = np.where(same, np.minimum(self.weight[i], self.weight[j]), 0.0)
        other = (a != b) & (a >= 0) & (b >= 0)
        score = worth.sum(axis=1) + self.differ * other.sum(axis=1)
        return score, ((worth > 0) & self.flow).sum(axis=1).astype(np.int64)


def forms_of(
    values: Floats, block: Ints, town: Ints, flow: npt.NDArray[np.bool_], altered: float, common: float
) -> Forms:
    """Forms with the rarity of every value. values: rows by fields, NaN blank; block, town: numbers from 0 by row."""
    codes = np.full(values.shape, -1, dtype=np.int64)
    weight = np.zeros(values.shape)
    for f in range(values.shape[1]):
        codes[:, f] = _coded(values[:, f])
        share = _elsewhere(codes[:, f], block, town)
        worth = np.log((1 - altered) / np.maximum(share, 1e-12))
        weight[:, f] = np.where((codes[:, f] > 0) & (share < common), np.maximum(worth, 0.0), 0.0)
    return Forms(codes, weight, float(np.log(altered)), flow)


def _coded(column: Floats) -> Ints:
    """Numbers for values: -1 blank, 0 nought, from 1 on the others."""
    codes = np.full(len(column), -1, dtype=np.int64)
    known = np.isfinite(column)
    codes[known & (column == 0)] = 0
    rest = known & (column != 0)
    codes[rest] = np.unique(np.round(column[rest], 4), return_inverse=True)[1] + 1
    return codes


def _elsewhere(codes: Ints, block: Ints, town: Ints) -> Floats:
    """Frequency of each row's value among the households of other blocks: of the town, drawn to the county's."""
    known = codes >= 0

    def counts(*keys: Ints) -> Floats:
        """How many known rows share these keys, by row."""
        number = np.zeros(len(codes), dtype=np.int64)
        for key in keys:
            number = np.unique(number * (int(key.max(initial=0)) + 2) + key + 1, return_inverse=True)[1]
        return np.asarray(np.bincount(number, weights=known.astype(float))[number], dtype=float)

    rest = counts() - counts(block)
    county = (counts(codes) - counts(codes, block) + 1) / (rest + 1)
    here = counts(codes, town) - counts(codes, town, block)
    others = counts(town) - counts(town, block)
    return np.asarray((here + LOCAL * county) / (others + LOCAL))


def pairs_within(block: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of rows of the same block, at most about CHUNK at a time (a single large block may give more)."""
    order = np.argsort(block, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(block[order]) != 0]) if len(order) else np.array([], dtype=int)
    sizes = np.diff(np.r_[starts, len(order)])
    for size in np.unique(sizes[sizes > 1]):
        left, right = np.triu_indices(int(size), 1)
        these = starts[sizes == size]
        step = max(1, CHUNK // len(left))
        for begin in range(0, len(these), step):
            base = these[begin : begin + step, None]
            yield order[(base + left).ravel()], order[(base + right).ravel()]


def closest_pair(values: Floats, block: Ints) -> tuple[int, ...]:
    """The two rows of one block that agree in most fields (noughts and blanks do not count); () without any pair.

    For looking at, not a test: what the likest forms look like where there are no copies. Ties: the first pair.
    """
    best, found = -1, tuple[int, ...]()
    told = np.isfinite(values) & (values != 0)
    for i, j in pairs_within(block):
        agree = ((values[i] == values[j]) & told[i] & told[j]).sum(axis=1)
        most = int(agree.argmax())
        if agree[most] > best:
            best, found = int(agree[most]), (int(i[most]), int(j[most]))
    return found


def best_outside(forms: Forms, rows: Ints, block: Ints, town: Ints) -> Floats:
    """For each of `rows`, the best score with a household of the same town in another block; -inf if there is none."""
    best = np.full(len(rows), -np.inf)
    order = np.argsort(town, kind="stable")
    bounds = np.searchsorted(town[order], np.arange(int(town.max(initial=0)) + 2))
    for k, row in enumerate(rows):
        here = order[bounds[town[row]] : bounds[town[row] + 1]]
        here = here[block[here] != block[row]]
        if len(here):
            best[k] = forms.scores(np.full(len(here), row), here)[0].max()
    return best
