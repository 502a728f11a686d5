"""Spark answers as DuckDB does: every case row of every rule, and two counties' findings and summary, byte for byte."""

import json
import os
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pytest
import yaml

from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.rules import RULES
from povkit.rules.engine import prepare
from povkit.run.check import check_county, write_check
from povkit.run.machine import Machine
from povkit.run.machine_faults import JAVA_MIN, java_version
from povkit.run.spark import spark_session
from povkit.simulate import simulate
from povkit.views import VIEWS, Views, build_views

pytestmark = [
    pytest.mark.skipif(find_spec("pyspark") is None, reason="PySpark is not installed: make spark"),
    pytest.mark.skipif(java_version() < JAVA_MIN, reason=f"Java {JAVA_MIN} or newer is not installed"),
]
AS_OF, YEAR = date(2018, 12, 31), 2018
POLICY = load_policy("yunnan-2018")
COUNTIES = {"530113": 70, "530129": 60}
CASES = Path(__file__).resolve().parents[1] / "rules" / "cases"
WORDS = ("flag", "clear", "unknown", "outside")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """One session for the module: starting it costs more than all the work. Compiling plans would cost more still."""
    usual = {"spark.sql.shuffle.partitions": "1", "spark.sql.codegen.wholeStage": "false"}
    more = {"spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.adaptive.enabled": "false"}
    with spark_session("local[2]", settings={**usual, **more}) as session:
        yield session


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    for county, households in COUNTIES.items():
        simulate(root, county, households, seed=3)
    return root


@pytest.mark.parametrize("county", COUNTIES)
def test_findings_and_summary_are_equal_byte_for_byte(spark: Any, register: Path, county: str, tmp_path: Path) -> None:
    for engine in ("duckdb", "spark"):
        machine = Machine(engine=engine, whole_views=False)
        checked = check_county(Register(register), county, AS_OF, YEAR, POLICY, machine=machine)
        write_check(checked, tmp_path / engine)
        checked.frames.close()
        assert checked.summary["complete"]
        assert len(checked.findings) > 20
    files = [file.name for file in sorted((tmp_path / "duckdb").iterdir())]
    assert files == ["findings.parquet", "summary.json"]
    duck, other = (json.loads((tmp_path / each / "summary.json").read_bytes()) for each in ("duckdb", "spark"))
    assert duck["rules"] == other["rules"]
    for name in files:
        assert (tmp_path / "duckdb" / name).read_bytes() == (tmp_path / "spark" / name).read_bytes(), name


def _cases() -> dict[str, list[tuple[str, str, dict[str, Any], dict[str, Any]]]]:
    """By view: rule, expected answer, row, changed limits of each case."""
    found: dict[str, list[tuple[str, str, dict[str, Any], dict[str, Any]]]] = {}
    for path in sorted(CASES.glob("*.yaml")):
        for name, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for case in cases:
                for word in WORDS:
                    if word in case:
                        entry = (name, word, case[word], case.get("limits", {}))
                        found.setdefault(RULES[name].view, []).append(entry)
    return found


ALL_CASES = _cases()


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Views, Limits]]:
    """The views of an empty register, for their columns and types, with nothing counted as missing."""
    limits = limits_for(POLICY, load_county("530113"), as_of=AS_OF, data_year=YEAR)
    con = duckdb.connect()
    built = build_views(con, Register(tmp_path_factory.mktemp("empty")), "530113", YEAR, limits, VIEWS)
    yield Views(con, built.views, frozenset(), {}), limits
    con.close()


@pytest.mark.parametrize("view", sorted(ALL_CASES))
def test_every_case_row_is_judged_alike(spark: Any, views: tuple[Views, Limits], view: str, tmp_path: Path) -> None:
    """Each rule is asked about the case rows of all rules of its view; its own cases say what must come out."""
    built, limits = views
    cases = ALL_CASES[view]
    _case_table(built, view, [row for _, _, row, _ in cases], tmp_path / "cases.parquet")
    wanted: dict[str, nw.Expr] = {}
    for name, _, _, changed in cases:
        outcome, ready = prepare(RULES[name], built, Limits({**limits, **changed}) if changed else limits)
        assert ready is not None, outcome.crash
        wanted[_named(name, changed)] = ready.expression
    scopes = sorted({RULES[name].within for name, *_ in cases} - {""})
    duck = _ask(built.con.sql(f"SELECT * FROM '{tmp_path / 'cases.parquet'}'"), wanted, scopes)
    other = _ask(spark.read.parquet(str(tmp_path / "cases.parquet")), wanted, scopes)
    assert duck == other
    for (name, expected, row, changed), said in zip(cases, other, strict=True):
        scope = said[RULES[name].within] if RULES[name].within else True
        assert _word(said[_named(name, changed)], scope) == expected, f"{name} {row}"


def _named(name: str, changed: dict[str, Any]) -> str:
    """A column's name for a rule under changed limits."""
    return f"{name} {sorted(changed.items())}" if changed else name


def _case_table(views: Views, view: str, rows: list[dict[str, Any]], path: Path) -> None:
    """All case rows of a view in one Parquet file; columns that a row does not name are blank."""
    types = views.views[view].types
    names = [name for name in types if any(name in row for row in rows)]
    of_rows = (
        "(" + ", ".join([str(number), *(_sql(row.get(name), types[name]) for name in names)]) + ")"
        for number, row in enumerate(rows)
    )
    blank = ", ".join(f'NULL::{types[name]} AS "{name}"' for name in types if name not in names)
    columns = ", ".join(["case_number", *(f'"{name}"' for name in names)])
    values = f"SELECT *, {blank} FROM (VALUES {', '.join(of_rows)}) v({columns})"
    views.con.sql(values).write_parquet(str(path))


def _sql(value: Any, kind: str) -> str:
    text = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"{text}::{kind}"


def _ask(frame: Any, wanted: dict[str, nw.Expr], scopes: list[str]) -> list[dict[str, Any]]:
    asked = (each.alias(f"c{number}") for number, each in enumerate(wanted.values()))
    chosen = nw.from_native(frame).select(nw.col("case_number"), *map(nw.col, scopes), *asked)
    rows = sorted(chosen.collect(backend="pyarrow").to_native().to_pylist(), key=lambda row: row["case_number"])
    names = {f"c{number}": name for number, name in enumerate(wanted)}
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]


def _word(flag: bool | None, scope: bool | None) -> str:
    if scope is False:
        return "outside"
    if scope is None or flag is None:
        return "unknown"
    return "flag" if flag else "clear"


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="this system has no /proc to read sockets from")
def test_a_spark_of_this_machine_listens_on_loopback_only(spark: Any) -> None:
    """Read off the kernel's table: the addresses on which this process and its Java listen."""
    inodes = set()
    for pid in _family(os.getpid()):
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            target = str(link.readlink()) if link.is_symlink() else ""
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    listening = [
        fields[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A" and fields[9] in inodes
    ]
    loopback = ("0100007F:", "0000000000000000FFFF00000100007F:", "00000000000000000000000001000000:")
    assert listening
    assert [address for address in listening if not address.startswith(loopback)] == []


def _family(pid: int) -> list[int]:
    children = [int(each) for file in Path(f"/proc/{pid}/task").glob("*/children") for each in file.read_text().split()]
    return [pid, *(each for child in children for each in _family(child))]
