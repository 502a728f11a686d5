"""Whole registers: made by the simulator, written as exports, imported, read through the real views."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from povkit.patterns import PATTERNS, run_patterns
from povkit.register.importer import import_folders
from povkit.register.store import Register
from povkit.selftest.experiment import Case, Experiment, Seen, World, sizes
from povkit.selftest.settings import COUNTY, YEAR
from povkit.selftest.source import Judged
from povkit.simulate import simulate
from povkit.views import VIEWS, build_views

HOUSEHOLDS = 500


def imported(world: World, faults: float) -> Iterator[Seen]:
    """A register without patterns. faults: strength of the faults in single rows, which are no patterns."""
    words = {0.0: ("whole register through import", "完整登记数据（经导入）")}
    case = Case(*words.get(faults, ("whole register with faults in single rows", "完整登记数据（含单户错误）")))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        simulate(root / "raw", COUNTY, HOUSEHOLDS, int(world.rng.integers(1, 1_000_000)), raw=True, faults=faults)
        import_folders([root / "raw" / COUNTY], root / "register")
        connection = duckdb.connect()
        views = build_views(connection, Register(root / "register"), COUNTY, YEAR, world.limits, VIEWS)
        found = run_patterns(views, world.limits, 1, [PATTERNS[code] for code in world.codes])
        connection.close()
    crashed = {code: each.crash for code, each in found.outcomes.items() if each.crash}
    if crashed:
        raise RuntimeError(f"patterns failed on a made-up register: {crashed}")
    ran = [code for code in world.codes if found.outcomes[code].ran]
    yield from sizes(Judged(found.tests, {}), ran, case)


def _clean(world: World) -> Iterator[Seen]:
    return imported(world, 0.0)


def _faulty(world: World) -> Iterator[Seen]:
    return imported(world, 1.0)


def experiments() -> list[Experiment]:
    """Honest whole registers, without and with faults in single rows."""
    codes = tuple(sorted(PATTERNS))
    return [Experiment("whole clean", codes, 20, 1, _clean), Experiment("whole faulty", codes, 10, 0, _faulty)]
