"""A register of any size: one simulated county, repeated with fresh numbers, written by DuckDB.

Household, person, identity, village and telephone numbers differ from copy to copy and keep their lengths alike; check
characters stay right where they were right and wrong where they were wrong. Names and values repeat.
"""

import shutil
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from povkit.simulate import simulate
from povkit.views.fragments import check_character

SEED = 1
COPIES_MAX, VILLAGES_MAX = 10_000, 1_000_000
"""What four digits of an area code and six digits of a village code can tell apart."""

AT_A_TIME, ROWS = 10, 122_880
"""Copies that are put in order at a time, and rows of a row group."""

_APPENDED = ("household_id", "person_id", "problem_id", "object_id", "household_key")
_IDENTITY = ("id_number", "head_id_number", "helper_id_number")
_PHONES = ("phone", "helper_phone")
_MADE_UP = "^530199[0-9]{11}[0-9X]"
"""Identity numbers as the simulator makes them: an area of nobody, eleven digits, a check character."""
_CHECKS = "10X98765432"
STEP = 1e-5
"""Degrees between the points of a household and its next copy: about a metre."""


def tile(register: Path, county: str, households: int, base_households: int = 20_000) -> int:
    """Write a register of about `households` households under `register`; gives the number of copies made.

    Raises ValueError if the numbers do not suffice for so many copies of a county of `base_households`.
    """
    base_households = min(households, base_households)
    copies = -(-households // base_households)
    with tempfile.TemporaryDirectory(dir=register.parent) as workshop:
        base = Path(workshop)
        simulate(base, county, base_households, SEED)
        with duckdb.connect(config={"temp_directory": str(base / "spill"), "memory_limit": "4GB"}) as con:
            villages = _number_villages(con, base / county)
            if copies > COPIES_MAX or copies * villages > VILLAGES_MAX:
                raise ValueError(f"{households} households are too many copies of {base_households}")
            _make_copies(con, copies)
            for path in sorted((base / county).rglob("*.parquet")):
                _repeat(con, path, register / county / path.relative_to(base / county), copies)
        shutil.copy(base / county / "receipt.json", register / county / "receipt.json")
    return copies


def _number_villages(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """`villages`: every village code of the county and its place in the order of codes. Gives how many."""
    files = [path for path in sorted(folder.rglob("*.parquet")) if "village_code" in _columns(con, path)]
    codes = " UNION ".join(f"SELECT village_code AS code FROM '{path}'" for path in files)
    numbered = f"SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ({codes}) WHERE length(code) = 12"
    con.execute(f"CREATE TABLE villages AS {numbered}")
    return int(con.execute("SELECT count(*) FROM villages").fetchall()[0][0])


def _make_copies(con: duckdb.DuckDBPyConnection, copies: int) -> None:
    """`copies`: number, its four digits, and what they add to the sum behind an identity number's check character."""
    area = _sum_mod_11("('53' || digits || '00000000000')::BIGINT")
    con.execute(
        f"CREATE TABLE copies AS SELECT copy, digits, {area} AS area, {copies} AS copies "
        f"FROM (SELECT range AS copy, lpad(range::VARCHAR, 4, '0') AS digits FROM range({copies}))"
    )


def _sum_mod_11(number: str) -> str:
    return f"(strpos('{_CHECKS}', {check_character(number)}) - 1)"


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    return [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]


def _repeat(con: duckdb.DuckDBPyConnection, path: Path, target: Path, copies: int) -> None:
    """Every row of `path` once a copy, with fresh numbers, some copies at a time; what has none is copied as it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.stem in ("milestone", "unreadable"):
        shutil.copy(path, target)
        return
    columns = _columns(con, path)
    place = "code" if path.stem == "plan" else "village_code"
    prepared = [f'{sql} AS "{name}"' for column in columns for name, sql in _prepared(column).items()]
    joined = (
        f"LEFT JOIN villages ON villages.code = t.{place}" if place in columns else "CROSS JOIN (SELECT NULL AS place)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE base AS SELECT t.*, place, {', '.join(prepared or ['NULL'])} "
        f"FROM '{path}' t {joined}"
    )
    selects = [f'{_fresh(column, column == place)} AS "{column}"' for column in columns]
    fresh = f"SELECT {', '.join(selects)} FROM base, copies WHERE copy BETWEEN ? AND ? ORDER BY copy"
    schema = con.execute(fresh, [0, -1]).to_arrow_table().schema
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for first in range(0, copies, AT_A_TIME):
            for batch in con.execute(fresh, [first, first + AT_A_TIME - 1]).to_arrow_reader(ROWS):
                writer.write_batch(batch, row_group_size=ROWS)


def _prepared(column: str) -> dict[str, str]:
    """Of an identity number: the sum behind its check character without its area, and whether that was right."""
    if column not in _IDENTITY:
        return {}
    made_up = f"regexp_matches(t.{column}, '{_MADE_UP}')"
    rest = _sum_mod_11(f"('000000' || substr(t.{column}, 7, 11))::BIGINT")
    right = f"{check_character(f'left(t.{column}, 17)::BIGINT')} = substr(t.{column}, 18, 1)"
    return {
        f"{column} rest": f"CASE WHEN {made_up} THEN {rest} END",
        f"{column} right": f"CASE WHEN {made_up} THEN {right} END",
    }


def _fresh(column: str, is_place: bool) -> str:
    if is_place:
        return (
            f"CASE WHEN place IS NULL THEN {column} "
            f"ELSE left({column}, 6) || lpad((place * copies + copy)::VARCHAR, 6, '0') END"
        )
    if column in _IDENTITY:
        place = f'("{column} rest" + area + CASE WHEN "{column} right" THEN 0 ELSE 1 END) % 11 + 1'
        check = f"substr('{_CHECKS}', ({place})::INT, 1)"
        fresh = f"'53' || digits || substr({column}, 7, 11) || {check} || substr({column}, 19)"
        return f'CASE WHEN "{column} rest" IS NULL THEN {column} ELSE {fresh} END'
    if column in _PHONES:
        last = f"lpad(((right({column}, 8)::BIGINT + 7919 * copy) % 100000000)::VARCHAR, 8, '0')"
        return (
            f"CASE WHEN regexp_matches({column}, '^1[0-9]{{10}}$') THEN left({column}, 3) || {last} ELSE {column} END"
        )
    if column in ("longitude", "latitude"):
        return f"{column} + copy * {STEP}"
    if column == "bank_account":
        return f"left({column}, length({column}) - 4) || digits"
    return f"{column} || digits" if column in _APPENDED else f'"{column}"'
