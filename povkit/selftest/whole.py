"""Whole registers: made by the simulator, written as exports, imported, read through the real views."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd

from povkit.patterns import PATTERNS, run_patterns
from povkit.register.importer import import_folders
from povkit.register.store import Register
from povkit.selftest.experiment import Case, Experiment, Seen, World, graded, named, sizes
from povkit.selftest.settings import COUNTY, YEAR
from povkit.selftest.source import Judged
from povkit.simulate import simulate
from povkit.views import VIEWS, build_views

HOUSEHOLDS, PLANTED_HOUSEHOLDS = 500, 1500
"""Of a register without patterns, and of one with: large enough for every shape to find its ground."""
SHAPES = {
    "lax exits and copied forms": ("宽松退出与雷同表格", ("E13", "E14", "E15", "F06", "J16", "K09")),
    "allotted numbers": ("按指标分配", ("K13", "S02", "S03", "S04")),
    "exits by official": ("责任人名下集中脱贫", ("S06",)),
}
"""What is planted together, each shape in places of its own: English name -> (Chinese name, shapes)."""
SEEN_WITH = {"S04": ("S01", "S04")}
"""Patterns that a shape is planted for, where it is more than the one of its code."""
PLACES = ("township", "village_code", "helper_id_number")


class Whole(NamedTuple):
    """A whole register: what was planted, the verdict on it, and where each household is."""

    truth: pd.DataFrame
    judged: Judged
    ran: tuple[str, ...]
    homes: pd.DataFrame


def judged_whole(world: World, households: int, faults: float, shapes: dict[str, float], raw: bool) -> Whole:
    """Make a register and run the world's patterns over the real views.

    raw: written as exports and imported; else as the snapshots that importing leaves.
    """
    with tempfile.TemporaryDirectory() as folder:
        root, seed = Path(folder), int(world.rng.integers(1, 1_000_000))
        truth = simulate(root / "made", COUNTY, households, seed, raw=raw, faults=faults, shapes=shapes)
        if raw:
            import_folders([root / "made" / COUNTY], root / "register")
        connection = duckdb.connect()
        register = Register(root / ("register" if raw else "made"))
        views = build_views(connection, register, COUNTY, YEAR, world.limits, VIEWS)
        found = run_patterns(views, world.limits, 1, [PATTERNS[code] for code in world.codes])
        homes = views.con.sql(f"SELECT household_id, {', '.join(PLACES)} FROM household").df()
        connection.close()
    crashed = {code: each.crash for code, each in found.outcomes.items() if each.crash}
    if crashed:
        raise RuntimeError(f"patterns failed on a made-up register: {crashed}")
    ran = tuple(code for code in world.codes if found.outcomes[code].ran)
    return Whole(truth.table, Judged(found.tests, {}), ran, homes)


def imported(world: World, faults: float) -> Iterator[Seen]:
    """A register without patterns. faults: strength of the faults in single rows, which are no patterns."""
    words = {0.0: ("whole register through import", "完整登记数据（经导入）")}
    case = Case(*words.get(faults, ("whole register with faults in single rows", "完整登记数据（含单户错误）")))
    seen = judged_whole(world, HOUSEHOLDS, faults, {}, raw=True)
    yield from sizes(seen.judged, seen.ran, case)


def planted(world: World, kind: str, strength: float) -> Iterator[Seen]:
    """A register with patterns planted at one strength and faults in single rows beside them.

    A planted object is found if it is named itself, by the code that it was planted for. A named object is false if
    no planted household lives in it or is of it; one that was planted for another code is not, since copied forms have
    odd digits too, and a township of allotted villages is as uniform as the county.
    """
    zh, shapes = SHAPES[kind]
    case = Case(
        f"whole register, {kind}, strength {strength:g}",
        f"完整登记数据，{zh}，强度{strength:g}",
    )
    seen = judged_whole(world, PLANTED_HOUSEHOLDS, 1.0, dict.fromkeys(shapes, strength), raw=False)
    marks = seen.truth[seen.truth["code"].isin(PATTERNS)]
    real = touched(marks, seen.homes)
    for code in seen.ran:
        for level, own in marks[marks["code"] == code].groupby("level"):
            yield from named(seen.judged, code, case, str(level), own["object"])
        tests = seen.judged.of(code)
        found = set(tests.loc[tests["flagged"], "object_id"])
        if found:
            yield Seen(code, "false discovery", case, "all levels", float(len(found - real)), float(len(found)))


def touched(marks: pd.DataFrame, homes: pd.DataFrame) -> set[str]:
    """Objects that hold a planted household, and the planted objects themselves."""
    numbers = set(" ".join(marks["households"]).split())
    own = homes[homes["household_id"].isin(numbers)]
    touched = set(marks["object"]) | {str(each) for name in PLACES for each in own[name].dropna()}
    return touched | ({COUNTY} if numbers else set())


def experiments() -> list[Experiment]:
    """Whole registers: honest, with faults in single rows, and with patterns of graded strength."""
    codes = tuple(sorted(PATTERNS))
    found = [
        Experiment("whole clean", codes, 20, 1, partial(imported, faults=0.0)),
        Experiment("whole faulty", codes, 10, 0, partial(imported, faults=1.0)),
    ]
    for kind, (_, shapes) in SHAPES.items():
        own = tuple(sorted({code for each in shapes for code in SEEN_WITH.get(each, (each,))}))
        worlds = 8 if kind == "exits by official" else 20
        found += [graded("whole planted", own, (worlds, 0), planted, kind=kind, strength=s) for s in (0.3, 0.6, 1.0)]
    return found
