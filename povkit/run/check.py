"""Check one county: views, rules, grades, verdicts. Everything that the report and the ledger will see."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from povkit.anomalies import CODES, COLUMNS, AnomalyResult, find_anomalies
from povkit.patterns import PATTERNS, Pattern, PatternResult, run_patterns
from povkit.policy import County, Limits, Policy, counties, limits_for, load_county
from povkit.register.schema import load_tables
from povkit.register.store import Register
from povkit.rules import RULES, Judge, Result, Rule, columns_used, run_rules
from povkit.run.heed import heed
from povkit.run.machine import Connection, Machine
from povkit.run.marks import Mark
from povkit.run.summary import summarise
from povkit.verdicts import (
    AnyOutcome,
    Evidence,
    count_facts,
    coverage,
    fact_columns,
    graded,
    judge,
    ran_codes,
    too_small_codes,
    villages_without_inclusion,
)
from povkit.views import VIEWS, Once, Views, build_views, columns_of
from povkit.vocab import Fault, RunError

REQUIRED = ("household", "person")
"""Tables of the data year without which there is nothing to check."""


@dataclass
class Frames:
    """The county's views, for people who want to look: pandas frames by name, or any SQL over them."""

    views: Views
    connection: Connection

    def table(self, view: str) -> pd.DataFrame:
        """One view as a DataFrame, one row an object."""
        return self.query(f"SELECT * FROM {self.views.views[view].name}")

    def query(self, sql: str) -> pd.DataFrame:
        """Result of a SELECT over the views (person, household, village, county, listed, …) as a DataFrame."""
        frame: pd.DataFrame = self.views.con.sql(sql).df()
        return frame

    def close(self) -> None:
        """Give back memory and disk. Nothing can be read afterwards."""
        self.connection.close()


@dataclass
class Checked:
    """What a check found: findings (FINDING_SCHEMA, graded and sorted), the summary, and what stands behind them."""

    findings: pa.Table
    summary: dict[str, Any]
    frames: Frames
    patterns: PatternResult
    anomalies: AnomalyResult


def check_county(
    register: Register,
    county: str,
    as_of: date,
    data_year: int,
    policy: Policy,
    parameters: Path | None = None,
    rules: Iterable[str] | None = None,
    seed: int = 1,
    machine: Machine | None = None,
    marks: Iterable[Mark] = (),
) -> Checked:
    """Run every rule, pattern and anomaly model of the policy on one county's snapshots.

    as_of: date that ages and deadlines are taken at; data_year: year of the snapshots; parameters: folder to use
    instead of povkit's own; rules: codes to run instead of all; seed: all chance of patterns and models;
    machine: memory, threads and engine; marks: of earlier leads, those cleared stay away (see `heed`).

    Raises RunError with every fault if the county or a needed snapshot is missing.
    """
    faults = preflight(register, [county], as_of, data_year, parameters)
    if faults:
        raise RunError(faults)
    place = load_county(county, parameters=parameters)
    limits = limits_for(policy, place, as_of=as_of, data_year=data_year)
    machine = machine or Machine()
    codes = set(policy.rules if rules is None else rules)
    shelf = [rule for rule in RULES.values() if rule.code in codes]
    patterns = [pattern for pattern in PATTERNS.values() if pattern.code in codes]
    models = codes & set(CODES)
    connection = machine.connect(register.root)
    with connection.kept_if_sound() as con:
        tables = partial(build_views, con, register, county, data_year, limits, VIEWS)
        kept = columns_kept(patterns, COLUMNS if models else ())
        views, result = _judged(connection, tables, machine, shelf, limits, kept)
        shapes = run_patterns(views, limits, seed, patterns)
        strange = heed(find_anomalies(views, limits, seed, models), marks)
        others = con.from_arrow(pa.concat_tables([shapes.findings, strange.findings]))
        findings = graded(result.relation.union(others), policy).to_arrow_table()
        result.found.drop()
        outcomes: dict[str, AnyOutcome] = {**result.outcomes, **shapes.outcomes, **strange.outcomes}
        summary = _summary(views, outcomes, findings, policy, place, limits)
        return Checked(findings, summary, Frames(views, connection), shapes, strange)


def _judged(
    connection: Connection,
    build: Callable[..., Views],
    machine: Machine,
    shelf: Sequence[Rule],
    limits: Limits,
    kept: dict[str, set[str]],
) -> tuple[Views, Result]:
    """The views and what the rules say of them.

    Unless somebody wants to look at the views afterwards, they have no more columns than are read; DuckDB judges each
    as soon as it stands, so that only `kept` (columns by view) and what later views are made of stays in memory.
    """
    wanted = None if machine.whole_views else columns_wanted(shelf, limits, kept)
    if wanted is None or machine.engine != "duckdb":
        views = build(wanted)
        with machine.frames(views) as frame_of:
            return views, run_rules(views, shelf, limits, frame_of)
    judge = Judge(connection.con, shelf, limits)
    return build(wanted, Once(judge.judge, kept, connection.cut())), judge.result()


def columns_kept(patterns: Iterable[Pattern], of_households: Iterable[str] = ()) -> dict[str, set[str]]:
    """Columns by view that counts, patterns and models read. Of what a pattern reads only the views are known before.

    of_households: columns of the household view that anomaly models read.
    """
    names = columns_of(VIEWS)
    kept = {view: set(columns) for view, columns in fact_columns().items()}
    for pattern in patterns:
        kept.update({view: set(names[view]) for view in pattern.views})
    kept.setdefault("household", set()).update(set(of_households) & set(names["household"]))
    return kept


def columns_wanted(shelf: Iterable[Rule], limits: Limits, kept: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Columns by view that rules read, and those that are kept."""
    wanted = columns_used(shelf, limits, columns_of(VIEWS))
    for view, columns in kept.items():
        wanted.setdefault(view, set()).update(columns)
    return wanted


def _summary(
    views: Views,
    outcomes: Mapping[str, AnyOutcome],
    findings: pa.Table,
    policy: Policy,
    place: County,
    limits: Limits,
) -> dict[str, Any]:
    facts = count_facts(views, limits.data_year)
    evidence = Evidence(
        policy=policy,
        findings=findings,
        ran=ran_codes(outcomes),
        too_small=too_small_codes(outcomes),
        facts=facts,
        views=views,
        without_inclusion=villages_without_inclusion(views),
        checked_share_min=limits.verdict_checked_share_min,
    )
    summary = summarise(views, outcomes, findings, policy, place, limits, facts, judge(evidence))
    return summary | {"coverage": coverage(views, limits)}


def write_check(checked: Checked, folder: Path) -> None:
    """Write `findings.parquet` and `summary.json` into a folder; the same check gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(checked.findings, folder / "findings.parquet", compression="zstd")
    text = json.dumps(checked.summary, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")


def preflight(
    register: Register,
    codes: Iterable[str],
    as_of: date,
    data_year: int,
    parameters: Path | None = None,
) -> list[Fault]:
    """Everything that would stop a run, for all counties together: unknown counties, missing snapshots, dates."""
    known = counties(parameters=parameters)
    faults = []
    if as_of.year < data_year:
        faults.append(
            Fault(
                (f"as_of {as_of}",), f"lies before the data year {data_year}; give a later date or an earlier data year"
            )
        )
    for code in codes:
        if code not in known:
            faults.append(Fault((code,), f"is no county with a file in parameters/counties; known: {', '.join(known)}"))
            continue
        for table in REQUIRED:
            if not register.path(code, table, data_year).exists():
                have = ", ".join(map(str, register.years(code))) or "none"
                what = (
                    f"no snapshot of {load_tables()[table].zh} for {data_year} (years there: {have}); import it first"
                )
                faults.append(Fault((str(register.root), code, known[code].name_zh), what))
    return faults
