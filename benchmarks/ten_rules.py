"""The same ten simple rules on the household table in povkit, polars, pandera and pointblank.

Each way reads the snapshot from Parquet, judges every household and writes every failing row of every rule with the
household's number and the columns that decided. A blank cannot be judged, so it fails nothing.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

YEAR = 2018
AS_OF = date(2018, 12, 31)
KEY = "household_id"

RULES = {
    "B12": ("size",),
    "E07": ("business_income", "business_cost"),
    "E08": ("business_income", "business_cost"),
    "E09": ("net_income_pc",),
    "E21": ("dibao_grant", "tekun_grant"),
    "I02": ("farmland", "irrigated"),
    "I03": ("farmland",),
    "I10": ("housing_area",),
    "I13": ("housing_area", "house_grade"),
    "I17": ("water_difficult", "water_safe"),
}
"""Code of the rule -> columns that decide it."""

LIMITS = (
    "house_grade_none",
    "household_size_large",
    "business_cost_min_yuan",
    "income_pc_min_yuan",
    "income_pc_max_yuan",
    "farmland_suspect_mu",
    "housing_area_suspect_m2",
)


def povkit(register: Path, county: str, target: Path, limits: dict[str, Any]) -> int:
    """povkit's own rules of these codes: the narrow view, one pass, findings with their evidence."""
    import duckdb

    from povkit.policy import limits_for, load_county, load_policy
    from povkit.register.store import Register
    from povkit.rules import RULES as SHELF
    from povkit.rules import Judge, columns_used
    from povkit.views import VIEWS, Once, build_views, columns_of

    whole = limits_for(load_policy(), load_county(county), as_of=AS_OF, data_year=YEAR)
    assert all(whole[name] == value for name, value in limits.items())
    shelf = [rule for rule in SHELF.values() if rule.code in RULES]
    wanted = columns_used(shelf, whole, columns_of(VIEWS))
    with duckdb.connect(config={"preserve_insertion_order": False}) as con:
        judge = Judge(con, shelf, whole)
        build_views(con, Register(register), county, YEAR, whole, VIEWS, wanted, Once(judge.judge, {}))
        findings = judge.result().relation
        findings.write_parquet(str(target / "findings.parquet"), compression="zstd")
        return len(findings)


def polars(register: Path, county: str, target: Path, limits: dict[str, Any]) -> int:
    """Plain polars: one lazy scan, the ten flags, then the failing rows of each."""
    import polars as pl

    columns = list(dict.fromkeys(column for used in RULES.values() for column in used))
    flags = [flag.alias(code) for code, flag in _flags(limits).items()]
    frame = pl.scan_parquet(_file(register, county)).select(KEY, *columns, *flags).collect()
    failing = {code: frame.filter(pl.col(code)).select(KEY, *used) for code, used in RULES.items()}
    return _write(failing, target)


def pandera(register: Path, county: str, target: Path, limits: dict[str, Any]) -> int:
    """pandera on polars: ten checks of a table, all failure cases kept (`lazy=True`)."""
    import pandera.polars as pa
    import polars as pl

    checks = [pa.Check(_clear(flag), name=code) for code, flag in _flags(limits).items()]
    try:
        pa.DataFrameSchema(checks=checks).validate(_table(register, county), lazy=True)
    except pa.errors.SchemaErrors as failed:
        cases = failed.failure_cases
        failing = {code: cases.filter(pl.col("check") == code) for code in RULES}
        return _write(failing, target)
    return 0


def pointblank(register: Path, county: str, target: Path, limits: dict[str, Any]) -> int:
    """pointblank on polars: ten steps, extracts of failing rows without the cap of 500."""
    import pointblank as pb

    table = _table(register, county)
    steps = pb.Validate(data=table)
    for flag in _flags(limits).values():
        steps = steps.col_vals_expr(expr=~flag.fill_null(False))
    steps = steps.interrogate(extract_limit=table.height)
    failing = {code: steps.get_data_extracts(i=number, frame=True) for number, code in enumerate(RULES, 1)}
    return _write(failing, target)


WAYS: dict[str, Callable[[Path, str, Path, dict[str, Any]], int]] = {
    "povkit": povkit,
    "polars": polars,
    "pandera": pandera,
    "pointblank": pointblank,
}
"""Each gives the number of failing rows that it wrote, all rules together."""


def _file(register: Path, county: str) -> Path:
    return register / county / str(YEAR) / "household.parquet"


def _table(register: Path, county: str) -> Any:
    import polars as pl

    columns = list(dict.fromkeys(column for used in RULES.values() for column in used))
    return pl.read_parquet(_file(register, county), columns=[KEY, *columns])


def _clear(flag: Any) -> Callable[[Any], Any]:
    return lambda data: data.lazyframe.select(~flag.fill_null(False))


def _write(failing: dict[str, Any], target: Path) -> int:
    for code, rows in failing.items():
        rows.write_parquet(target / f"{code}.parquet")
    return sum(rows.height for rows in failing.values())


def limits_of(county: str) -> dict[str, Any]:
    """The policy's limits that the ten rules use, so that no other tool has to load povkit for them."""
    from povkit.policy import limits_for, load_county, load_policy

    limits = limits_for(load_policy(), load_county(county), as_of=AS_OF, data_year=YEAR)
    return {name: limits[name] for name in LIMITS}


def _flags(limits: dict[str, Any]) -> dict[str, Any]:
    """The rules as polars expressions."""
    import polars as pl

    income, houseless = pl.col("net_income_pc"), pl.col("house_grade") == limits["house_grade_none"]
    area = pl.col("housing_area")
    return {
        "B12": pl.col("size") >= limits["household_size_large"],
        "E07": (pl.col("business_income") > 0) & (pl.col("business_cost") < limits["business_cost_min_yuan"]),
        "E08": pl.col("business_cost") > pl.col("business_income"),
        "E09": (income <= limits["income_pc_min_yuan"]) | (income > limits["income_pc_max_yuan"]),
        "E21": (pl.col("dibao_grant") > 0) & (pl.col("tekun_grant") > 0),
        "I02": pl.col("irrigated") > pl.col("farmland"),
        "I03": pl.col("farmland") >= limits["farmland_suspect_mu"],
        "I10": area.is_null() | (area >= limits["housing_area_suspect_m2"]),
        "I13": (area == 0) & ~houseless.fill_null(False),
        "I17": pl.col("water_difficult") & pl.col("water_safe"),
    }
