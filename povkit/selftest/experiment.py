"""What an experiment is, and what it tells of a world: hits out of trials, by test and kind of world."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from povkit.selftest.settings import Setting
from povkit.selftest.source import Judged

LEVEL = 0.05
TINY = 1e-9
"""What rounding may take off the end of an interval."""


class Case(NamedTuple):
    """A kind of worlds, in English and Chinese."""

    en: str
    zh: str


class Seen(NamedTuple):
    """What one world tells: `hits` out of `trials` (fractions allowed). baseline: name of a simple rule, if it is its.

    spread: the values of the worlds matter one by one, and their 95th percentile is told beside the mean.
    """

    code: str
    measure: str
    case: Case
    level: str
    hits: float
    trials: float
    baseline: str = ""
    spread: bool = False


@dataclass(frozen=True)
class World:
    """Chance, setting, limits and the codes asked for, of one world."""

    rng: np.random.Generator
    setting: Setting
    limits: Any
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Experiment:
    """A kind of worlds and what is told of each. full, quick: number of worlds in the full and in the quick mode."""

    name: str
    codes: tuple[str, ...]
    full: int
    quick: int
    run: Callable[[World], Iterable[Seen]]


def graded(
    name: str, codes: tuple[str, ...], worlds: tuple[int, int], run: Callable[..., Iterable[Seen]], **values: Any
) -> Experiment:
    """An experiment with a fault of one strength. worlds: in the full and in the quick mode; values: for `run`."""
    return Experiment(f"{name} {values}", codes, *worlds, partial(run, **values))


def sizes(judged: Judged, codes: Iterable[str], case: Case) -> Iterator[Seen]:
    """Of an honest world: units with p <= 5 % of those tested, by code and level; and whether anything was flagged."""
    for code in codes:
        tests = judged.of(code)
        yield Seen(code, "false alarms", case, "county", float(tests["flagged"].any()), 1.0)
        if code == "J16":
            tests = tests[tests["level"] != "township"]  # listed only where flagged
        for level, own in tests.groupby("level"):
            known = own["p"].dropna()
            if len(known):
                yield Seen(code, "size", case, str(level), float((known <= LEVEL).sum()), float(len(known)))


def named(judged: Judged, code: str, case: Case, level: str, objects: Iterable[str]) -> Iterator[Seen]:
    """Of a world with a planted fault: how many of these objects are named."""
    wanted, found = set(objects), judged.flagged(code, level)
    if wanted:
        yield Seen(code, "power", case, level, float(len(wanted & found)), float(len(wanted)))


def discoveries(found: Iterable[str], true: Iterable[str]) -> float:
    """Share of the found objects that are not true ones; 0 where none was found."""
    named_, real = set(found), set(true)
    return len(named_ - real) / max(1, len(named_))


def households(judged: Judged, code: str, case: Case, true: Iterable[str]) -> Iterator[Seen]:
    """Precision and recall of the households that a code's findings list."""
    listed, wanted = judged.named_households(code), set(true)
    hits = len(listed & wanted)
    if listed:
        yield Seen(
            code, "accuracy", Case(f"{case.en}: precision", f"{case.zh}：准确率"), "household", hits, len(listed)
        )
    if wanted:
        yield Seen(code, "accuracy", Case(f"{case.en}: recall", f"{case.zh}：召回率"), "household", hits, len(wanted))


def covered(low: Any, high: Any, true: Any) -> tuple[float, float]:
    """How many of these intervals hold the true value, and how many there are (blank ones do not count)."""
    a, b, t = (np.asarray(each, dtype=float) for each in (low, high, true))
    known = np.isfinite(a) & np.isfinite(b) & np.isfinite(t)
    return float(((a <= t + TINY) & (t <= b + TINY) & known).sum()), float(known.sum())


def average_precision(score: Any, true: Any) -> float:
    """Average precision of a ranking, ties broken against us."""
    s, t = np.asarray(score, dtype=float), np.asarray(true, dtype=bool)
    order = np.lexsort((t, -s))
    hits = np.cumsum(t[order])
    return float((hits / np.arange(1, len(s) + 1))[t[order]].mean()) if t.any() else float("nan")


def auroc(score: Any, true: Any) -> float:
    """P(a true unit scores higher than another), ties counting half."""
    s, t = np.asarray(score, dtype=float), np.asarray(true, dtype=bool)
    yes, no = s[t], np.sort(s[~t])
    below = np.searchsorted(no, yes, "left") + np.searchsorted(no, yes, "right")
    return float(below.mean() / 2 / len(no)) if len(yes) and len(no) else float("nan")
