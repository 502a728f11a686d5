"""Which worlds are made, how many, and what became of them: run on a few processes, each world with its own chance."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from math import sqrt
from multiprocessing import get_context
from typing import Any

import numpy as np

from povkit.policy import Rate
from povkit.policy.calibration import POOLED
from povkit.selftest import homes_experiments, places_experiments, whole
from povkit.selftest.experiment import Case, Experiment, Seen, World
from povkit.selftest.settings import CERTIFY, SETTINGS, world_limits

Told = Callable[[int, int], None]
Key = tuple[str, str, Case, str]
HONEST = ("size", "false alarms")
"""Measures of honest worlds, which are also told over all kinds of them together."""


@dataclass(frozen=True)
class Plan:
    """How much is done. effort: 1 is the full mode; quick: the few worlds of the quick mode instead; only: codes.

    part: only experiments whose name begins so, whose rates are joined to those on record.
    """

    effort: float = 1.0
    quick: bool = False
    seed: int = 1
    only: tuple[str, ...] = ()
    setting: str = CERTIFY.name
    processes: int = 2
    part: str = ""

    def worlds(self, experiment: Experiment) -> int:
        """Number of worlds of an experiment."""
        wanted = not self.only or set(self.only) & set(experiment.codes)
        if not wanted or not experiment.name.startswith(self.part):
            return 0
        return experiment.quick if self.quick else round(experiment.full * self.effort)


@cache
def shelf() -> dict[str, Experiment]:
    """All experiments by name."""
    every = [*homes_experiments.experiments(), *places_experiments.experiments(), *whole.experiments()]
    named = {each.name: each for each in every}
    if len(named) != len(every):
        raise ValueError("two experiments have the same name")
    return named


def measure(plan: Plan, told: Told = lambda _done, _of: None) -> dict[str, list[Rate]]:
    """Make the plan's worlds and give the rates by code. told: called with worlds done and worlds in all.

    The same plan gives the same rates, whatever the number of processes.
    """
    tasks = [(name, i) for name, each in shelf().items() for i in range(plan.worlds(each))]
    seen: dict[int, list[Seen]] = {}
    for done, (task, found) in enumerate(_run(plan, tasks), 1):
        seen[task] = found
        told(done, len(tasks))
    return rates(each for i in range(len(tasks)) for each in seen[i])


def _run(plan: Plan, tasks: list[tuple[str, int]]) -> Iterator[tuple[int, list[Seen]]]:
    jobs = [(plan, number, *task) for number, task in enumerate(tasks)]
    if plan.processes <= 1 or len(jobs) < 2:
        yield from map(_world, jobs)
        return
    order = np.random.default_rng(0).permutation(len(jobs))  # long and short ones mixed, so that no process waits
    with ProcessPoolExecutor(plan.processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_world, [jobs[i] for i in order], chunksize=max(1, min(8, len(jobs) // 40)))


def _world(job: tuple[Plan, int, str, int]) -> tuple[int, list[Seen]]:
    plan, number, name, i = job
    experiment = shelf()[name]
    codes = tuple(code for code in experiment.codes if not plan.only or code in plan.only)
    own = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    world = World(np.random.default_rng([plan.seed, own, i]), SETTINGS[plan.setting], _limits(), codes)
    return number, list(experiment.run(world))


@cache
def _limits() -> Any:
    return world_limits()


def rates(seen: Iterable[Seen]) -> dict[str, list[Rate]]:
    """Rates by code, in the order of first sight, baselines with the rate they stand beside."""
    groups: dict[Key, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    every = list(seen)
    pooled = [each._replace(case=Case(*POOLED)) for each in every if each.measure in HONEST and not each.baseline]
    for each in (*pooled, *every):
        groups[each.code, each.measure, each.case, each.level][each.baseline].append(each)
    found: dict[str, list[Rate]] = defaultdict(list)
    for (code, what, case, level), by in groups.items():
        own = [each for each in by.pop("", []) if np.isfinite(each.hits) and each.trials > 0]
        if not own:
            continue
        beside = {name: round(ratio(rows)[0], 4) for name, rows in by.items()}
        value, error = ratio(own)
        found[code].append(_rate(what, case, level, (value, error), len(own), beside))
        if own[0].spread and len(own) > 1:
            tail = Case(f"{case.en}: 95th percentile", f"{case.zh}：95分位")
            values = np.array([each.hits / each.trials for each in own])
            found[code].append(_rate(what, tail, level, _percentile(values), len(own), {}))
    return {code: found[code] for code in sorted(found)}


def _rate(what: str, case: Case, level: str, seen: tuple[float, float], n: int, beside: dict[str, float]) -> Rate:
    return Rate(what, case.en, case.zh, level, round(seen[0], 4), round(seen[1], 4), n, baseline=beside or None)


def ratio(seen: list[Seen]) -> tuple[float, float]:
    """Sum of hits over sum of trials, and its standard error with the worlds as clusters.

    A rate of 0 or 1 has an error too: never less than that of a share with one more hit and one more miss.
    """
    hits, trials = (np.array([getattr(each, name) for each in seen], dtype=float) for name in ("hits", "trials"))
    total, n = trials.sum(), len(seen)
    value = float(hits.sum() / total)
    between = float(((hits - value * trials) ** 2).sum()) * n / max(n - 1, 1)
    share = (hits.sum() + 1) / (total + 2)
    least = share * (1 - share) / total if 0 <= value <= 1 else 0.0
    return value, max(sqrt(between) / total, sqrt(max(least, 0.0)))


def _percentile(values: Any) -> tuple[float, float]:
    """95th percentile, and half the distance between the order statistics around it that are one error away."""
    n = len(values)
    step = sqrt(0.05 * 0.95 / n)
    low, high = np.quantile(values, [max(0.0, 0.95 - step), min(1.0, 0.95 + step)])
    return float(np.quantile(values, 0.95)), float(high - low) / 2
