"""Experiments on registers of households: traps, incomes at the line, copies, repeated and invented amounts."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from povkit.selftest import baselines, faults
from povkit.selftest.experiment import (
    Case,
    Experiment,
    Seen,
    World,
    auroc,
    average_precision,
    covered,
    discoveries,
    graded,
    households,
    named,
    sizes,
)
from povkit.selftest.homes import register, settle
from povkit.selftest.settings import HANDED_IN
from povkit.selftest.source import Judged, judge
from povkit.selftest.traps import TRAPS

CODES = ("E13", "E14", "E15", "F06", "J16", "S06")


def trap(world: World, kind: str, n: int) -> Iterator[Seen]:
    """An honest register of one kind."""
    zh, make = TRAPS[kind]
    case = Case(kind, zh)
    frame = make(world.rng, world.setting, n)
    yield from sizes(judge({"household": frame}, world.codes, world.limits), world.codes, case)
    if "E13" in world.codes:
        yield Seen(
            "E13", "size", case, "county", float(baselines.beside_the_line(frame)), 1, "binomial within 100 yuan"
        )
        raw = baselines.raw_density_test(frame)
        if raw is not None:
            yield Seen("E13", "size", case, "county", float(raw), 1, "rddensity on all incomes")
    if "E15" in world.codes:
        yield Seen("E15", "size", case, "helper", *baselines.match_rule(frame), "85 % equal fields")
    if "E14" in world.codes:
        mad = baselines.benford_by_official(frame).dropna()
        yield Seen("E14", "size", case, "helper", float((mad > baselines.MAD).sum()), float(len(mad)), "Benford-1 MAD")


def line_county(world: World, moved: float, n: int, kind: str = "") -> Iterator[Seen]:
    """A share of the nearly poor of the whole county written over the line."""
    frame, truth = faults.lifted(world.rng, register(world.rng, world.setting, n), moved, kind)
    exact = (" to the line itself", "（恰为3500）") if kind else ("", "")
    case = Case(
        f"{moved:.0%} of the nearly poor moved{exact[0]}, n = {n:,}", f"近线户{moved:.0%}移过线{exact[1]}，{n:,}户"
    )
    found = judge({"household": frame}, ("E13",), world.limits)
    county = found.of("E13", "county").iloc[0]
    yield from named(found, "E13", case, "county", [county["object_id"]])
    yield Seen("E13", "power", case, "county", float(baselines.beside_the_line(frame)), 1, "binomial within 100 yuan")
    if county["detail"].get("test") == "bunching":
        yield Seen(
            "E13", "coverage", case, "county", *covered([county["low"]], [county["high"]], [truth.values["share"]])
        )
        if n >= 20_000:
            off = county["detail"]["moved_households"] / truth.values["moved"] - 1
            en, zh = f"{case.en}: moved mass, found less true", f"{case.zh}：移动户数估计误差"
            yield Seen("E13", "accuracy", Case(en, zh), "county", float(off), 1.0)


def line_town(world: World, share: float) -> Iterator[Seen]:
    """One township of a county as handed in."""
    frame = register(world.rng, HANDED_IN, 600, villages=12, towns=7)
    sizes_ = frame["township"].value_counts().sort_index()
    town = str(world.rng.choice(sizes_.index[sizes_ >= 45].to_numpy()))
    frame, _ = faults.parked(world.rng, frame, share, (frame["township"] == town).to_numpy())
    case = Case(f"{share:.0%} of a township's leavers written just over the line", f"某乡镇{share:.0%}脱贫户刚过线")
    yield from named(judge({"household": frame}, ("E13",), world.limits), "E13", case, "township", [town])


def line_official(world: World, share: float) -> Iterator[Seen]:
    """A tenth of the officials of 3,000 households that can be judged."""
    frame, truth = faults.margins(world.rng, register(world.rng, replace(world.setting, helped=18.0), 3000), share)
    case = Case(
        f"{share:.0%} of an official's exits written just over the line", f"责任人{share:.0%}的脱贫户写成刚过线"
    )
    found = judge({"household": frame}, ("E13",), world.limits)
    yield from named(found, "E13", case, "helper", truth.units["helper"])
    tests = found.of("E13", "helper")
    mine = tests[tests["object_id"].isin(truth.units["helper"])]
    usual = np.array([each.get("usual_share", np.nan) for each in mine["detail"]])
    base = float(tests.loc[~tests["object_id"].isin(truth.units["helper"]), "statistic"].sum())
    rest = base / max(
        1.0, float(tests.loc[~tests["object_id"].isin(truth.units["helper"]) & tests["p"].notna(), "n"].sum())
    )
    true = share + (1 - share) * rest - rest
    seen = covered(mine["low"], mine["high"], np.where(np.isfinite(usual), true, np.nan))
    yield Seen("E13", "coverage", case, "helper", *seen)


def copies(world: World, altered: float, shift: int = 0) -> Iterator[Seen]:
    """Five in a hundred forms are copies, within ten officials of 2,000 households."""
    frame = register(world.rng, world.setting)
    chosen = faults.officials_with(world.rng, frame, 8, 10)
    frame, truth = faults.copied(world.rng, frame, altered, chosen, 0.8, shift)
    what = (f", 1 to {shift} yuan added", f"，金额加1至{shift}元") if shift else ("", "")
    case = Case(f"{altered:.0%} of the fields altered{what[0]}", f"改动{altered:.0%}的项目{what[1]}")
    found = judge({"household": frame}, ("E15",), world.limits)
    yield from named(found, "E15", case, "helper", truth.units["helper"])
    yield from households(found, "E15", case, truth.households)
    true = frame["household_id"].isin(truth.households)
    ranked = Case(f"{case.en}: AUPRC", f"{case.zh}：AUPRC")
    for rule, score in (("", _copy_score(frame, found)), ("best share of equal fields", baselines.best_match(frame))):
        yield Seen("E15", "accuracy", ranked, "household", average_precision(score, true), 1.0, rule)
    tests = found.of("E15", "helper")
    mine = tests[tests["object_id"].isin(truth.units["helper"])]
    share = true.groupby(frame["helper_id_number"]).mean().reindex(mine["object_id"])
    if not shift:  # of forms that it cannot see the share says nothing
        yield Seen("E15", "coverage", case, "helper", *covered(mine["low"], mine["high"], share))


def _copy_score(frame: pd.DataFrame, found: Judged) -> "pd.Series[float]":
    """Households by how strange the official is that lists them."""
    score = pd.Series(0.0, index=frame["household_id"])
    tests = found.of("E15")
    for p, numbers in zip(tests["p"], tests["households"], strict=True):
        if np.isfinite(p):
            score.loc[list(numbers)] = -np.log10(max(p, 1e-300)) + 1
    return score


def few_copies(world: World, altered: float) -> Iterator[Seen]:
    """Two officials of a county as handed in, all four forms of each alike."""
    frame = register(world.rng, HANDED_IN, 600, villages=12, towns=7)
    chosen = faults.officials_with(world.rng, frame, 4, 2)
    frame, truth = faults.copied(world.rng, frame, altered, chosen, 1.0)
    case = Case(
        f"all of four or more forms copied, {altered:.0%} of the fields altered", f"名下各户全雷同，改动{altered:.0%}"
    )
    yield from named(judge({"household": frame}, ("E15",), world.limits), "E15", case, "helper", truth.units["helper"])


def repeats(world: World, kind: str, share: float) -> Iterator[Seen]:
    """Ten officials of 2,000 households fill a share of their forms from last year's."""
    frame = register(world.rng, world.setting)
    frame, truth = faults.repeated(world.rng, frame, kind, share, faults.officials_with(world.rng, frame, 8, 10))
    zh, en = faults.KINDS[kind]
    case = Case(f"{en}, {share:.0%} of the forms", f"{zh}，{share:.0%}的表")
    found = judge({"household": frame}, ("F06",), world.limits)
    yield from named(found, "F06", case, "helper", truth.units["helper"])
    yield from households(found, "F06", case, truth.households)
    tests = found.of("F06", "helper")
    mine = tests[tests["object_id"].isin(truth.units["helper"])]
    usual = np.array([each.get("usual_share", np.nan) for each in mine["detail"]])
    if kind == "exact":
        yield Seen(
            "F06", "coverage", case, "helper", *covered(mine["low"] + usual, mine["high"] + usual, share + usual * 0)
        )


def one_rate_for_all(world: World, share: float) -> Iterator[Seen]:
    """The whole county's amounts up by one rate."""
    frame = register(world.rng, world.setting, 800)
    everybody = frame["helper_id_number"].unique().tolist()
    frame, truth = faults.repeated(world.rng, frame, "formula", share, everybody)
    case = Case(f"{share:.0%} of the county's forms up by one rate", f"全县{share:.0%}的表按同一增幅推算")
    found = judge({"household": frame}, ("F06",), world.limits)
    county = found.of("F06", "county").iloc[0]
    yield from named(found, "F06", case, "county", [county["object_id"]])
    yield from households(found, "F06", case, truth.households)


def inventions(world: World, kind: str, share: float) -> Iterator[Seen]:
    """Ten officials of 2,000 households make up a share of their forms."""
    frame = register(world.rng, world.setting)
    frame, truth = faults.invented(world.rng, frame, kind, share, faults.officials_with(world.rng, frame, 8, 10))
    frame = settle(world.rng, frame, world.setting) if kind == "too alike" else frame
    zh, en = faults.INVENTED[kind]
    case = Case(f"{en}, {share:.0%} of the forms", f"{zh}，{share:.0%}的表")
    code = "S06" if kind == "too alike" else "E14"
    found = judge({"household": frame}, (code,), world.limits)
    yield from named(found, code, case, "helper", truth.units["helper"])
    tests = found.of(code, "helper")
    tests = tests[tests["p"].notna()]
    true = tests["object_id"].isin(truth.units["helper"])
    ranked = Case(f"{case.en}: AUROC", f"{case.zh}：AUROC")
    yield Seen(code, "accuracy", ranked, "helper", auroc(-np.log(tests["p"].clip(lower=1e-300)), true), 1.0)
    if code == "E14":
        mad = baselines.benford_by_official(frame).reindex(tests["object_id"]).fillna(0.0)
        yield Seen(code, "accuracy", ranked, "helper", auroc(mad, true), 1.0, "Benford-1 MAD")


def leavers(world: World, share: float) -> Iterator[Seen]:
    """Ten officials of 2,000 households let a share of those still poor leave."""
    frame = register(world.rng, replace(world.setting, helped=18.0), 3000)
    poor = _poor(frame)
    frame, truth = faults.all_leave(world.rng, frame, share, faults.officials_with(world.rng, poor, 8))
    case = Case(f"{share:.0%} of an official's poor households leave", f"责任人名下{share:.0%}的未脱贫户全部脱贫")
    yield from named(judge({"household": frame}, ("S06",), world.limits), "S06", case, "helper", truth.units["helper"])


def many_officials(world: World) -> Iterator[Seen]:
    """700 officials, a tenth of them with planted faults: is what is named a true one?"""
    case = Case("700 officials, a tenth with faults", "700名责任人，一成有问题")
    plans = {
        "E13": lambda frame: faults.margins(world.rng, frame, 0.6),
        "E14": lambda frame: faults.invented(world.rng, frame, "uniform digits", 1.0, _some(world, frame)),
        "E15": lambda frame: faults.copied(world.rng, frame, 0.1, _some(world, frame), 0.6),
        "F06": lambda frame: faults.repeated(world.rng, frame, "exact", 0.7, _some(world, frame)),
        "S06": lambda frame: faults.all_leave(world.rng, frame, 1.0, _some(world, _poor(frame))),
    }
    honest = register(world.rng, replace(world.setting, helped=14.0), 9000)
    for code in (each for each in plans if each in world.codes):
        frame, truth = plans[code](honest)
        found = judge({"household": frame}, (code,), world.limits).flagged(code, "helper")
        false = discoveries(found, truth.units["helper"])
        yield Seen(code, "false discovery", case, "helper", false, 1.0, spread=True)


def _poor(frame: pd.DataFrame) -> pd.DataFrame:
    """Households that could leave this year."""
    return frame[frame["leaves_this_year"].astype(bool) | frame["not_yet_left"].astype(bool)]


def _some(world: World, frame: pd.DataFrame) -> list[str]:
    return faults.officials_with(world.rng, frame, 8)


def experiments() -> list[Experiment]:
    """All of them. n of the traps is what keeps the full mode within hours; the very large ones are fewer."""
    found = [Experiment(f"trap {kind}", _able(kind), 200, 2, partial(trap, kind=kind, n=1000)) for kind in TRAPS]
    found.append(Experiment("trap large", ("E13",), 40, 0, partial(trap, kind="honest heap at 3,500", n=20_000)))
    for n, shares, worlds in ((2000, (0.05, 0.1, 0.2, 0.3), (100, 2)), (20_000, (0.1, 0.2), (40, 1))):
        found += [graded("line", ("E13",), worlds, line_county, moved=m, n=n) for m in shares]
    found.append(graded("line", ("E13",), (100, 2), line_county, moved=0.3, n=2000, kind="exact"))
    found += [graded("town", ("E13",), (100, 2), line_town, share=s) for s in (0.3, 0.5, 0.7, 1.0)]
    found += [graded("margin", ("E13",), (60, 2), line_official, share=s) for s in (0.3, 0.5, 0.8)]
    found += [graded("copies", ("E15",), (100, 2), copies, altered=a) for a in (0.0, 0.05, 0.1, 0.2, 0.3)]
    found.append(graded("copies", ("E15",), (60, 2), copies, altered=0.0, shift=9))
    found += [graded("few", ("E15",), (100, 2), few_copies, altered=a) for a in (0.0, 0.1, 0.2, 0.3)]
    for kind in faults.KINDS:
        found += [graded("repeat", ("F06",), (60, 2), repeats, kind=kind, share=s) for s in (0.5, 0.8)]
    found += [graded("one rate", ("F06",), (60, 2), one_rate_for_all, share=s) for s in (0.3, 1.0)]
    for kind in faults.INVENTED:
        found += [
            graded("invent", (c,), (60, 2), inventions, kind=kind, share=s) for c in [_code(kind)] for s in (0.5, 1.0)
        ]
    found += [graded("leave", ("S06",), (60, 2), leavers, share=s) for s in (0.6, 1.0)]
    found.append(Experiment("officials", ("E13", "E14", "E15", "F06", "S06"), 60, 1, many_officials))
    return found


def _able(kind: str) -> tuple[str, ...]:
    """Codes that a trap might catch: how the money is written is nothing to exits of backstop households."""
    others = ("plain", "small county", "flood year", "tiny villages")
    return CODES if kind in others else tuple(code for code in CODES if code != "J16")


def _code(kind: str) -> str:
    return "S06" if kind == "too alike" else "E14"
