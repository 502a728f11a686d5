"""How fast the row rules run, and in how much memory, beside a bare scan of the columns that they need.

    python benchmarks/rules.py                           a made-up county of 20,000 households, two years
    python benchmarks/rules.py --households 1000000 --memory 2.5GB --aims

Needs the extra `benchmark`. Each figure comes from a process of its own. The catalogue is every row rule of the policy:
views, rules, grades and findings written. The bare scan has DuckDB read the same columns from the same Parquet files
and count what is not blank; the last line of the first table has it find the largest value of each, which is the
least that touches every value. Then ten simple rules in povkit, polars, pandera and pointblank, whole process, every
failing row written. Processor time is the steadier measure where other work runs on the machine.
With --aims the exit status tells whether the aims hold.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from ten_rules import AS_OF, WAYS, YEAR, limits_of

COUNTY = "530113"
SCAN_RATIO, GIB = 30.0, 4.0
POINTBLANK_RATIO, PANDERA_RATIO = 1.0, 1 / 3
ROUNDS = 3
BATCH = 100_000
"""Findings that are written at a time."""
SCANS = {"scan": "count", "values": "max"}

Figures = dict[str, float]


def scan(register: Path, county: str, how: str) -> int:
    """Read every column that a rule needs, of every table and year; gives the number of rows."""
    import duckdb

    from povkit.policy import limits_for, load_county, load_policy
    from povkit.rules import RULES, columns_used
    from povkit.views import VIEWS, columns_of
    from povkit.views.prune import inputs_of, prune

    limits = limits_for(load_policy(), load_county(county), as_of=AS_OF, data_year=YEAR)
    wanted = columns_used(RULES.values(), limits, columns_of(VIEWS))
    rows = 0
    start = _used()
    with duckdb.connect() as con:
        for source, words in inputs_of(prune(VIEWS, wanted)).items():
            path = _file(register / county, source)
            if path is not None:
                have = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
                asked = ", ".join(f'{how}("{column}")' for column in have if column in words)
                rows += con.execute(f"SELECT count(*), {asked or 1} FROM '{path}'").fetchall()[0][0]
    _tell(start)
    return rows


def catalogue(register: Path, county: str, memory: str | None, target: Path) -> int:
    """Every row rule over its view, graded and written; gives the number of findings."""
    import pyarrow.parquet as pq

    from povkit.policy import limits_for, load_county, load_policy
    from povkit.register.store import Register
    from povkit.rules import RULES, Judge, columns_used
    from povkit.run.machine import Machine
    from povkit.verdicts import graded
    from povkit.views import VIEWS, Once, build_views, columns_of
    from povkit.vocab import FINDING_SCHEMA

    policy = load_policy()
    limits = limits_for(policy, load_county(county), as_of=AS_OF, data_year=YEAR)
    start = _used()
    wanted = columns_used(RULES.values(), limits, columns_of(VIEWS))
    connection = Machine(memory=memory).connect(target)
    judge = Judge(connection.con, tuple(RULES.values()), limits)
    once = Once(judge.judge, {}, connection.cut())
    build_views(connection.con, Register(register), county, YEAR, limits, VIEWS, wanted, once)
    count = 0
    with pq.ParquetWriter(target / "findings.parquet", FINDING_SCHEMA, compression="zstd") as writer:
        for batch in graded(judge.result().relation, policy).to_arrow_reader(BATCH):
            writer.write_batch(batch)
            count += batch.num_rows
    connection.close()
    _tell(start)
    return count


def _file(folder: Path, source: str) -> Path | None:
    table = source.removeprefix("raw_").removesuffix("_last")
    year = YEAR - 1 if source.endswith("_last") else YEAR
    paths = (folder / str(year) / f"{table}.parquet", folder / "lists" / f"{table}.parquet")
    return next((path for path in paths if path.exists()), None)


def _used() -> tuple[float, float]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime + usage.ru_stime


def _tell(start: tuple[float, float]) -> None:
    """Print what was used since `start`, without the start of Python and the imports."""
    seconds, processor = (now - then for now, then in zip(_used(), start, strict=True))
    print(json.dumps({"inner seconds": seconds, "inner processor": processor}))


def run_once(what: str, register: Path, memory: str | None, limits: dict[str, Any]) -> None:
    """One measurement in this process; what it used is printed by the parent."""
    with tempfile.TemporaryDirectory(dir=register) as folder:
        target = Path(folder)
        if what in SCANS:
            count = scan(register, COUNTY, SCANS[what])
        elif what == "catalogue":
            count = catalogue(register, COUNTY, memory, target)
        else:
            count = WAYS[what](register, COUNTY, target, limits)
    print(json.dumps({"count": count}))


def measure(what: str, register: Path, memory: str | None = None, limits: str = "{}") -> Figures:
    """Seconds, processor time, peak memory (MiB) and count of a fresh process, whole and after its start."""
    command = [sys.executable, __file__, "--only", what, "--register", str(register)]
    command += [*(["--memory", memory] if memory else []), "--limits", limits]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept) as child:
        told = child.stdout.read().splitlines() if child.stdout else []
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{what}: exit status {child.returncode}")
    figures: Figures = {
        "seconds": time.perf_counter() - begun,
        "processor": usage.ru_utime + usage.ru_stime,
        "MiB": usage.ru_maxrss / 1024,
    }
    for line in told:
        if line.startswith("{"):
            figures |= json.loads(line)
    return figures


@contextmanager
def made(options: Any) -> Iterator[Path]:
    """The register to measure on: one that is there, or one made for this run and removed."""
    if options.register and (options.register / COUNTY).exists():
        yield options.register
        return
    from tiling import tile

    with tempfile.TemporaryDirectory() as folder:
        register = options.register or Path(folder, "register")
        register.mkdir(parents=True, exist_ok=True)
        tile(register, COUNTY, options.households)
        yield register


def show_catalogue(register: Path, memory: str | None) -> dict[str, bool]:
    """Measure and print the catalogue beside the scans; gives the aims and whether they hold."""
    scans = {what: measure(what, register) for what in SCANS}
    whole = measure("catalogue", register, memory)
    rows = scans["scan"]["count"]
    print(f"{rows:,.0f} rows of input, {whole['count']:,.0f} findings; memory of DuckDB: {memory or 'its default'}")
    print(f"{'':22}{'seconds':>9}{'processor':>11}{'rows / s':>12}{'peak MiB':>10}")
    for what, name in (("scan", "bare scan (count)"), ("values", "touch values (max)"), ("catalogue", "catalogue")):
        of = whole if what == "catalogue" else scans[what]
        seconds, processor = of["inner seconds"], of["inner processor"]
        print(f"{name:22}{seconds:9.2f}{processor:11.2f}{rows / seconds:12,.0f}{of['MiB']:10.0f}")
    ratios = {what: whole["inner processor"] / scans[what]["inner processor"] for what in SCANS}
    print(f"processor time: {ratios['scan']:.0f} x the bare scan, {ratios['values']:.1f} x touching every value\n")
    return {
        f"catalogue at most {SCAN_RATIO:.0f} x the bare scan": ratios["scan"] <= SCAN_RATIO,
        f"catalogue within {GIB:.0f} GiB": whole["MiB"] <= GIB * 1024,
    }


def show_ten(register: Path) -> dict[str, bool]:
    """Measure and print the ten rules in each tool; gives the aims and whether they hold.

    The tools take turns; each one's middle round by processor time counts. The first round, in which Python compiles
    what it has not compiled before, is left out.
    """
    limits = json.dumps(limits_of(COUNTY))
    rounds = [{what: measure(what, register, limits=limits) for what in WAYS} for _ in range(1 + ROUNDS)][1:]
    figures = {what: sorted((of[what] for of in rounds), key=itemgetter("processor"))[ROUNDS // 2] for what in WAYS}
    print(f"{'ten rules':22}{'seconds':>9}{'processor':>11}{'rows written':>13}{'peak MiB':>10}")
    for what, of in figures.items():
        print(f"{what:22}{of['seconds']:9.2f}{of['processor']:11.2f}{of['count']:13,.0f}{of['MiB']:10.0f}")
    ratios = {what: figures["povkit"]["processor"] / of["processor"] for what, of in figures.items()}
    print("povkit's processor time: " + ", ".join(f"{ratios[what]:.2f} x {what}" for what in WAYS if what != "povkit"))
    return {
        "every tool writes the same number of rows": len({of["count"] for of in figures.values()}) == 1,
        "ten rules no slower than pointblank": ratios["pointblank"] <= POINTBLANK_RATIO,
        "ten rules three times as fast as pandera": ratios["pandera"] <= PANDERA_RATIO,
    }


def main() -> int:
    """Make the register, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--memory", help="of DuckDB, like 2.5GB")
    parser.add_argument("--aims", action="store_true", help="exit status 1 if an aim is missed")
    parser.add_argument("--register", type=Path, help="where the register lies, or is made and kept")
    parser.add_argument("--part", choices=["catalogue", "ten"], help="measure this part alone")
    parser.add_argument("--only", choices=[*SCANS, "catalogue", *WAYS], help=argparse.SUPPRESS)
    parser.add_argument("--limits", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        run_once(options.only, options.register, options.memory, options.limits)
        return 0
    aims: dict[str, bool] = {}
    with made(options) as register:
        if options.part != "ten":
            aims |= show_catalogue(register, options.memory)
        if options.part != "catalogue":
            aims |= show_ten(register)
    for aim, holds in aims.items():
        print(f"{'holds ' if holds else 'MISSED'}  {aim}")
    return 1 if options.aims and not all(aims.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
