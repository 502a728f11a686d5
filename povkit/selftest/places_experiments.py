"""Experiments on counties seen by village: allotted counts, plans, balances, batches, backstop exits, need outside."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from povkit.patterns.multiplicity import simes
from povkit.policy.calibration import BOUND
from povkit.selftest import baselines, bounds, places
from povkit.selftest.experiment import (
    Case,
    Experiment,
    Seen,
    World,
    average_precision,
    covered,
    discoveries,
    graded,
    named,
    sizes,
)
from povkit.selftest.places import Frames
from povkit.selftest.settings import COUNTY
from povkit.selftest.source import judge

PLAN = 0.10
ROUGH = 0.5
"""Error of a rough forecast of exits (sd of the log odds)."""


def _honest(world: World, kind: str) -> Frames:
    """An honest county of one kind."""
    rng, setting = world.rng, world.setting
    if kind == "tiny villages":
        return places.needy(rng, setting, 24, 3, tiny=True)
    if kind == "exiting villages":
        frame = places.exiting(rng, setting)
        return {"village": frame, "household": places.households(rng, frame)}
    if kind.startswith("plan"):
        return places.planned(rng, setting, forecast=0.0 if kind == "plan is a perfect forecast" else ROUGH)
    if kind.startswith("changes"):
        return places.moving(rng, setting, flooded=kind == "changes in a flood year")
    if kind == "needy outside the lists":
        return places.unmet(rng, setting)
    if kind == "backstop, small county":
        return places.backstopped(rng, setting, rng.integers(2, 14, 12), 6)[0]
    if kind == "backstop, unlike villages":
        return places.backstopped(rng, setting, rng.integers(4, 25, 60), 6, 0.25, rho=0.12)[0]
    return places.needy(rng, setting, 36, 3)


HONEST: dict[str, tuple[str, tuple[str, ...]]] = {
    "need by village": ("按需识别", ("S01", "S04")),
    "tiny villages": ("十几户的小村", ("S01", "S04")),
    "exiting villages": ("按标准出列的村", ("S01", "S02", "S04")),
    "plan is a perfect forecast": ("计划即准确预测", ("K13",)),
    "plan is a rough forecast": ("计划为粗略预测", ("K13",)),
    "changes": ("各自认定的进出", ("K09", "S03")),
    "changes in a flood year": ("水灾年的进出", ("K09", "S03")),
    "needy outside the lists": ("未在册的重点对象", ("S05",)),
    "backstop, small county": ("小县兜底户", ("J16",)),
    "backstop, unlike villages": ("各村差异大的兜底户", ("J16",)),
}
"""Kinds of honest counties: English name -> (Chinese name, codes that can judge them)."""


def honest(world: World, kind: str) -> Iterator[Seen]:
    """An honest county of one kind."""
    found = judge(_honest(world, kind), world.codes, world.limits)
    yield from sizes(found, world.codes, Case(kind, HONEST[kind][0]))


def quota(world: World, strength: float, followers: float = 1.0) -> Iterator[Seen]:
    """A township of twelve villages of which a share follows a tenth of the people, as far as `strength`."""
    rng = world.rng
    frame = places.villages(rng, world.setting, 12, 1, least=120)
    told = np.rint((1 - strength) * frame["poor_population"] + strength * PLAN * frame["population"])
    follow = rng.random(12) < followers
    frame["poor_population"] = np.where(follow, told, frame["poor_population"])
    frame = places.with_incidence(frame)
    en = f"{followers:.0%} of the villages follow 10 %, strength {strength:g}"
    case = Case(en, f"{followers:.0%}的村按10%分配，强度{strength:g}")
    codes = [code for code in ("S01", "S04") if code in world.codes]
    found = judge({"village": frame, "household": places.households(rng, frame)}, codes, world.limits)
    for code in codes:
        yield from named(found, code, case, "county", [COUNTY])
    if "S01" in codes and followers == 1:
        best = bounds.quota_bound(rng.spawn(1)[0], world.setting, frame, strength, PLAN)
        yield Seen("S01", "power", case, "county", float(best), 1.0, BOUND)
    if "S04" in codes and strength == 1:
        yield from _hits(found.of("S04", "county").iloc[0], "S04", case, float(follow.mean()))


def _followers(unit: Any, code: str, case: Case, share: float) -> Iterator[Seen]:
    """Whether the interval of the share that follows a target, chance taken off, holds the share planted."""
    yield Seen(code, "coverage", case, "county", *covered([unit["low"]], [unit["high"]], [share]))


def _hits(unit: Any, code: str, case: Case, share: float) -> Iterator[Seen]:
    """Whether the interval of an excess of hits holds the share planted, beyond what is usual."""
    usual = unit["detail"].get("usual_share", np.nan)
    yield Seen(code, "coverage", case, "county", *covered([unit["low"]], [unit["high"]], [share * (1 - usual)]))


def parked(world: World, share: float) -> Iterator[Seen]:
    """Of sixteen exiting villages a share ends just under 3 %."""
    rng = world.rng
    frame = places.exiting(rng, world.setting)
    rows = rng.random(len(frame)) < share
    most = np.ceil(0.03 * frame["population"]) - 1
    told = most - np.floor(rng.random(len(frame)) * 0.0015 * frame["population"])
    frame["poor_population"] = np.where(rows, np.maximum(1, told), frame["poor_population"])
    frame = places.with_incidence(frame)
    case = Case(f"{share:.0%} of the exiting villages parked under 3 %", f"{share:.0%}的出列村压在3%以下")
    found = judge({"village": frame, "household": places.households(rng, frame)}, ("S02",), world.limits)
    yield from named(found, "S02", case, "county", [COUNTY])
    yield from _followers(found.of("S02", "county").iloc[0], "S02", case, float(rows.mean()))


def balanced(world: World, share: float) -> Iterator[Seen]:
    """In a share of fourteen villages as many are taken in as are removed."""
    rng, setting = world.rng, world.setting
    frame = places.villages(rng, setting, 14, 2)
    into, out = rng.poisson(rng.gamma(3, 1.5, 14) + 1), rng.poisson(rng.gamma(3, 1.5, 14) + 1)
    follow = rng.random(14) < share
    into = np.where(follow, out, into)
    case = Case(f"inclusions equal removals in {share:.0%} of the villages", f"{share:.0%}的村进出相等")
    frames = {"village": frame, "change": places.changes(frame, new=into, removal=out, exit=rng.poisson(6, 14))}
    found = judge(frames, ("S03",), world.limits)
    yield from named(found, "S03", case, "county", [COUNTY])
    yield from _followers(found.of("S03", "county").iloc[0], "S03", case, float(follow.mean()))


def on_plan(world: World, share: float) -> Iterator[Seen]:
    """In a share of fourteen villages exits equal the plan."""
    frames = places.planned(world.rng, world.setting, forecast=ROUGH)
    village = frames["village"]
    rows = world.rng.random(len(village)) < share
    village["planned_exits"] = np.where(rows, village["exits_this_year"], village["planned_exits"])
    case = Case(f"exits equal the plan in {share:.0%} of the villages", f"{share:.0%}的村脱贫数等于计划")
    found = judge(frames, ("K13",), world.limits)
    yield from named(found, "K13", case, "county", [COUNTY])
    yield from _followers(found.of("K13", "county").iloc[0], "K13", case, float(rows.mean()))
    could = frames["household"].groupby("village_code").size().reindex(village["village_code"])
    counts = village[["planned_exits", "exits_this_year"]].assign(could=could.to_numpy())
    best = bounds.plan_bound(world.rng.spawn(1)[0], counts, share, ROUGH)
    yield Seen("K13", "power", case, "county", float(best), 1.0, BOUND)


def batches(world: World, size: int, kind: str) -> Iterator[Seen]:
    """One village of a dozen takes in, or removes, so many households at once."""
    rng = world.rng
    frames = places.moving(rng, world.setting, 12, 4)
    village = frames["village"]
    i = int(rng.integers(12))
    extra = np.where(np.arange(12) == i, size, 0)
    own = {name: _tally(frames, flag) for name, flag in _FLAGS.items()}
    own[kind] = own[kind] + extra
    frames["change"] = places.changes(village, **own)
    if kind == "removal":
        village["registered_households"] = np.maximum(village["registered_households"] - extra, 10)
    word = {"new": ("taken in", "新纳入"), "removal": ("removed", "剔除")}[kind]
    case = Case(f"{size} households {word[0]} at once in one village", f"一村一次{word[1]}{size}户")
    yield from named(judge(frames, ("K09",), world.limits), "K09", case, "village", [village["village_code"][i]])


_FLAGS = {"new": "change_is_new", "removal": "change_is_removal", "exit": "change_is_exit"}


def _tally(frames: Frames, flag: str) -> Any:
    change = frames["change"]
    counts = change.loc[change[flag].astype(bool), "village_code"].value_counts()
    return frames["village"]["village_code"].map(counts).fillna(0).to_numpy(int)


def closed(world: World, odds: float) -> Iterator[Seen]:
    """In villages that took nobody in, listed people are left outside more often."""
    frames = places.unmet(world.rng, world.setting, odds=odds)
    case = Case(f"odds of being left out times {odds:g} in closed villages", f"零新增村漏评优势比{odds:g}")
    yield from named(judge(frames, ("S05",), world.limits), "S05", case, "county", [COUNTY])


def backstop_towns(world: World, times: float) -> Iterator[Seen]:
    """Sixty townships of ten villages; in six of them the backstop households leave so many times as often."""
    rng, count = world.rng, 600
    strange = np.isin(np.arange(count) * 60 // count, rng.choice(60, 6, replace=False))
    hazard = np.where(strange, min(0.95, 0.15 * times), 0.15)
    frames, _ = places.backstopped(rng, world.setting, rng.integers(3, 16, count), 60, hazard)
    case = Case(f"backstop exits times {times:g} in six of sixty townships", f"六个乡镇兜底户脱贫率{times:g}倍")
    found = judge(frames, ("J16",), world.limits)
    towns = frames["village"]["township"]
    tests = found.of("J16", "village").set_index("object_id")["p"].reindex(frames["village"]["village_code"])
    true = towns[strange].unique()
    names, score = towns.unique(), tests.groupby(towns.to_numpy(), sort=False).agg(lambda p: -np.log(simes(p) + 1e-300))
    yield Seen("J16", "accuracy", Case(f"{case.en}: AUPRC", f"{case.zh}：AUPRC"), "township",
               average_precision(score.reindex(names).fillna(0.0), np.isin(names, true)), 1.0)  # fmt: skip
    either = found.flagged("J16", "township") | set(
        towns[frames["village"]["village_code"].isin(found.flagged("J16", "village")).to_numpy()]
    )
    yield Seen("J16", "power", case, "township", float(len(either & set(true))), float(len(true)))


def backstop_villages(world: World, times: float, strange: int) -> Iterator[Seen]:
    """Some of a dozen villages, with 15 to 40 backstop households each, let them leave so many times as often."""
    rng = world.rng
    hazard = np.full(12, 0.18)
    counts = rng.integers(4, 14, 12)
    rows = rng.choice(12, strange, replace=False)
    hazard[rows], counts[rows] = min(0.95, 0.18 * times), rng.integers(15, 40, strange)
    frames, share = places.backstopped(rng, world.setting, counts, 7, hazard)
    case = Case(
        f"backstop exits times {times:g} in {strange} of 12 villages", f"12村中{strange}村兜底户脱贫率{times:g}倍"
    )
    found = judge(frames, ("J16",), world.limits)
    codes = frames["village"]["village_code"]
    yield from named(found, "J16", case, "village", codes.iloc[rows])
    tests = found.of("J16", "village").set_index("object_id").reindex(codes)
    honest_mean = 0.18
    true = share - honest_mean
    mine = np.isin(np.arange(12), rows)
    yield Seen("J16", "coverage", case, "village", *covered(tests["low"][mine], tests["high"][mine], true[mine]))


def many_villages(world: World) -> Iterator[Seen]:
    """1,500 villages in 100 townships, a tenth of the townships strange: is what is named a true one?"""
    rng, n = world.rng, 1500
    case = Case("1,500 villages, a tenth with faults", "1500个村，一成有问题")
    strange = np.isin(np.arange(n) // 15, rng.choice(100, 10, replace=False))
    for code in (each for each in ("J16", "K09") if each in world.codes):
        frames, k, of = _backstop_many(world, strange) if code == "J16" else _batch_many(world, strange)
        codes = frames["village"]["village_code"]
        found = judge(frames, (code,), world.limits).flagged(code, "village")
        yield Seen(code, "false discovery", case, "village", discoveries(found, codes[strange]), 1.0, spread=True)
        rule = set(codes[baselines.binomial_rule(k, of)])
        yield Seen(code, "false discovery", case, "village", discoveries(rule, codes[strange]), 1.0, "binomial and BH")


def _backstop_many(world: World, strange: Any) -> tuple[Frames, Any, Any]:
    rng, n = world.rng, len(strange)
    counts = rng.integers(3, 25, n)
    frames, _ = places.backstopped(rng, world.setting, counts, 100, np.where(strange, 0.6, 0.2), rho=0.06)
    homes = frames["household"][frames["household"]["backstop"].astype(bool)]
    left = (
        homes.groupby("village_code")["leaves_this_year"].sum().reindex(frames["village"]["village_code"], fill_value=0)
    )
    return frames, left.to_numpy(float), counts


def _batch_many(world: World, strange: Any) -> tuple[Frames, Any, Any]:
    rng, n = world.rng, len(strange)
    frame = places.villages(rng, world.setting, n, 100)
    frame["township"] = [f"镇{i // 15}" for i in range(n)]
    register = rng.integers(25, 90, n)
    out = rng.binomial(register, np.where(strange, rng.beta(8, 16, n), rng.beta(2, 40, n)))
    frame["registered_households"] = (register - out).astype(float)
    into = rng.poisson(rng.gamma(2, 1.2, n) * (1 + frame["households"] / 400))
    return {"village": frame, "change": places.changes(frame, new=into, removal=out)}, out, register


def many_townships(world: World) -> Iterator[Seen]:
    """150 townships of ten villages, a tenth of them allotted one share: is what is named a true one?"""
    rng, n = world.rng, 1500
    case = Case("150 townships, a tenth with allotted counts", "150个乡镇，一成按指标分配")
    frame = places.villages(rng, world.setting, n, 150, least=120)
    town = np.arange(n) % 150
    strange = np.isin(town, rng.choice(150, 15, replace=False))
    told = np.rint(PLAN * frame["population"])
    frame = places.with_incidence(frame.assign(poor_population=np.where(strange, told, frame["poor_population"])))
    codes = [code for code in ("S01", "S04") if code in world.codes]
    found = judge({"village": frame, "household": places.households(rng, frame, each=5)}, codes, world.limits)
    for code in codes:
        false = discoveries(found.flagged(code, "township"), frame["township"][strange])
        yield Seen(code, "false discovery", case, "township", false, 1.0, spread=True)


def experiments() -> list[Experiment]:
    """All of them."""
    found = [
        Experiment(f"honest {kind}", codes, 200, 4, partial(honest, kind=kind)) for kind, (_, codes) in HONEST.items()
    ]
    allotted = ("S01", "S04")
    found += [graded("quota", allotted, (100, 3), quota, strength=s) for s in (0.5, 0.75, 1.0)]
    found += [graded("quota", allotted, (100, 3), quota, strength=1.0, followers=f) for f in (0.25, 0.5)]
    found += [graded("parked", ("S02",), (100, 3), parked, share=s) for s in (0.4, 0.6, 0.8, 1.0)]
    found += [graded("balanced", ("S03",), (100, 3), balanced, share=s) for s in (0.4, 0.6, 0.8, 1.0)]
    found += [graded("plan", ("K13",), (100, 3), on_plan, share=s) for s in (0.4, 0.5, 0.6, 0.8, 1.0)]
    for kind in ("new", "removal"):
        found += [graded("batch", ("K09",), (100, 3), batches, size=s, kind=kind) for s in (15, 25, 40)]
    found += [graded("closed", ("S05",), (100, 3), closed, odds=s) for s in (1.5, 2.0, 4.0)]
    found += [graded("towns", ("J16",), (60, 2), backstop_towns, times=h) for h in (2, 4)]
    for strange in (1, 2, 3):
        found += [graded("back", ("J16",), (100, 3), backstop_villages, times=h, strange=strange) for h in (2, 3, 4)]
    found.append(Experiment("villages", ("J16", "K09"), 60, 1, many_villages))
    found.append(Experiment("townships", allotted, 40, 0, many_townships))
    return found
