"""Time of all patterns of a county: 600, 30,000 and 300,000 households, and with --large 1,000,000.

    .venv/bin/python benchmarks/patterns.py [--large] [--aims]

One simulated county is turned into views once, and the rows of the views are repeated with fresh numbers, so that a
large register costs little to make; making it is not counted. Beside the patterns stand two peers on the same rows in
the same run: a plain pandas pass (read the same household columns, group by village, mean and count) and rddensity on
the same incomes. Times are processor time of all threads, which a busy machine does not change; on a quiet one it is
at least the time that passes.

--aims: exit status 1 when an aim is missed: 600 households in 1 s, 30,000 in 20 s, and a household of 300,000 (and of
1,000,000) at most 1.5 times as dear as one of 30,000.
"""

import argparse
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rddensity

from povkit.patterns import PATTERNS, run_patterns
from povkit.policy import limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.simulate import simulate
from povkit.views import VIEWS, Views, build_views

COUNTY, YEAR, SEED, BASE = "530113", 2018, 1, 3000
SIZES, LARGE = (600, 30_000, 300_000), 1_000_000
AIMS = {600: 1.0, 30_000: 20.0}
GROWTH = 1.5
T = TypeVar("T")
WIDTHS = (10, 8, 8, 8, 10, 12, 9, 9)
LIMITS = limits_for(load_policy("yunnan-2018"), load_county(COUNTY), as_of=date(YEAR, 12, 31), data_year=YEAR)
NUMBERS = {"household_id", "person_id", "object_id", "village_code", "township", "helper_id_number", "household_key"}
"""Columns that tell objects apart: each copy gets its own."""
READ = ("net_income_pc", "wage_income", "business_income", "business_cost", "transfer_income", "size")


def base(folder: Path, households: int) -> Views:
    """Views of one simulated county."""
    simulate(folder, COUNTY, households, SEED)
    return build_views(duckdb.connect(), Register(folder), COUNTY, YEAR, LIMITS, VIEWS)


def repeated(views: Views, copies: int) -> Views:
    """The views that patterns read, as tables of `copies` times their rows in a connection of their own."""
    con = duckdb.connect()
    for name in sorted({view for pattern in PATTERNS.values() for view in pattern.views}):
        rows = views.con.sql(f"SELECT * FROM {name}").to_arrow_table()
        con.register("rows_of_one", rows)
        fresh = ", ".join(
            f'"{column}" || \'-\' || copy AS "{column}"' if column in NUMBERS else f'"{column}"'
            for column in rows.column_names
        )
        con.execute(f"CREATE TABLE {name} AS SELECT {fresh} FROM rows_of_one, range({copies}) AS copies(copy)")
        con.unregister("rows_of_one")
    return replace(views, con=con)


def taken(work: Callable[[], T], times: int = 1) -> tuple[float, float, T]:
    """Processor seconds and seconds that passed of the quickest of `times` runs, and what the last gave."""
    best = (np.inf, np.inf)
    for _ in range(times):
        cpu, clock = time.process_time(), time.perf_counter()
        made = work()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - clock))
    return *best, made


def plain_pass(views: Views) -> object:
    """What reading and grouping alone costs: the same columns, by village, mean and count."""
    columns = ", ".join(("household_id", "township", "village_code", "helper_id_number", *READ))
    homes = views.con.sql(f"SELECT {columns} FROM household ORDER BY ALL").df()
    return [homes.groupby(key)[list(READ)].agg(["mean", "count"]) for key in ("village_code", "helper_id_number")]


def density(views: Views) -> object:
    income = views.con.sql("SELECT net_income_pc FROM household WHERE net_income_pc IS NOT NULL").df()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rddensity.rddensity(income["net_income_pc"].to_numpy(), c=LIMITS.income_line, bino_flag=False)


def peak_gib() -> float:
    """Most memory that the process has had so far, the made-up tables among it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure(views: Views) -> tuple[int, float]:
    """Print one row; gives households and processor seconds of the patterns."""
    homes = int(views.con.sql("SELECT count(*) FROM household").fetchall()[0][0])
    cpu, clock, found = taken(lambda: run_patterns(views, LIMITS, SEED), 3 if homes <= SIZES[1] else 1)
    if not found.complete:
        sys.exit(f"a pattern crashed: {[each.crash for each in found.outcomes.values() if each.crash]}")
    plain, peer = taken(lambda: plain_pass(views))[0], taken(lambda: density(views))[0]
    cells = (
        f"{homes:,}", f"{cpu:.2f}", f"{clock:.2f}", f"{1e6 * cpu / homes:.0f}", f"{cpu / max(plain, 1e-9):.1f}",
        f"{cpu / max(peer, 1e-9):.1f}", f"{len(found.tests):,}", f"{peak_gib():.1f}",
    )  # fmt: skip
    print(" ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)), flush=True)
    return homes, cpu


def missed(results: dict[int, float]) -> list[str]:
    """Aims that were not reached, in words."""
    found = [
        f"{size:,} households took {results[size]:.2f} s, aim {aim} s"
        for size, aim in AIMS.items()
        if results.get(size, 0) > aim
    ]
    each = {size: seconds / size for size, seconds in results.items()}
    for size in (SIZES[2], LARGE):
        if size in each and each[size] > GROWTH * each[SIZES[1]]:
            found.append(f"a household of {size:,} costs {each[size] / each[SIZES[1]]:.1f} times one of {SIZES[1]:,}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="1,000,000 households too")
    parser.add_argument("--aims", action="store_true", help="exit with 1 when an aim is missed")
    given = parser.parse_args()
    heads = ("households", "cpu s", "clock s", "us/home", "x pandas", "x rddensity", "tests", "peak GiB")
    print(" ".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    results: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        small = base(Path(folder) / "small", SIZES[0])
        measure(repeated(small, 1))  # warms up
        results[SIZES[0]] = measure(repeated(small, 1))[1]
        one = base(Path(folder) / "base", BASE)
        for size in (*SIZES[1:], *([LARGE] if given.large else [])):
            results[size] = measure(repeated(one, -(-size // BASE)))[1]
    faults = missed(results)
    print("\n".join(faults) if faults else "every aim is reached")
    return int(given.aims and bool(faults))


if __name__ == "__main__":
    sys.exit(main())
