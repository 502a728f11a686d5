"""Precision, recall and time of matching lists to the register, on errors planted in the lists' numbers.

    python benchmarks/matching.py                                quality, on a made-up county of 20,000 households
    python benchmarks/matching.py --people 1000000               and time, on a register of about so many people

In every list 2 % of the numbers get one wrong digit, 1 % two neighbouring digits swapped, 3 % go missing. A match is
right if it names the person whose row it was; precision and recall are told for the rows with errors alone. A second,
harder round cuts every name to two characters, so that villages are full of namesakes, and blanks the police households
of the lists, so that nobody is found through relatives.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from tiling import tile

from povkit.register.matching import UNCERTAIN, match_people
from povkit.simulate import simulate

COUNTY = "530113"
SHARES = {"wrong digit": 0.02, "swapped": 0.01, "missing": 0.03}
PRECISION, RECALL = 0.99, 0.95
PEOPLE_A_HOUSEHOLD = 3.3

KEPT = {"name": "name", "household_key": "household_key"}
HARDER = {"name": "left(name, 2)", "household_key": "NULL::VARCHAR"}

PEOPLE = """SELECT concat_ws('@', left(id_number, 18), person_id) AS person_key, person_id, household_id,
  {name} AS name, id_number, village_code, home.township, birth_date
  FROM person LEFT JOIN (SELECT household_id, village_code, township FROM household) home USING (household_id)"""
ENTRIES = """SELECT 'sector' AS source, list, row_id::VARCHAR AS entry_key, {household_key} AS household_key,
  {name} AS name, given AS id_number, village_code, NULL::VARCHAR AS township, NULL::DATE AS birth_date FROM listed"""


def open_county(folder: Path, seed: int) -> duckdb.DuckDBPyConnection:
    """The county's people and lists in DuckDB; `listed` has each number as it was and, in `given`, as it now stands."""
    con = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    for table in ("person", "household"):
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/2018/{table}.parquet')")
    listed = con.execute(
        f"SELECT row_number() OVER () AS row_id, list, name, id_number, village_code, household_key "
        f"FROM read_parquet('{folder}/lists/sector.parquet') WHERE length(id_number) >= 18"
    ).df()
    planted = plant(listed["id_number"].to_list(), np.random.default_rng(seed))
    con.register("frame", listed.assign(given=planted[0], error=planted[1]))
    con.execute("CREATE TABLE listed AS SELECT * FROM frame")
    con.unregister("frame")
    return con


def plant(numbers: list[str], rng: np.random.Generator) -> tuple[list[str | None], list[str]]:
    """The numbers with errors, and which error each has."""
    kinds = rng.choice([*SHARES, ""], len(numbers), p=[*SHARES.values(), 1 - sum(SHARES.values())])
    given: list[str | None] = list(numbers)
    for place in np.nonzero(kinds != "")[0]:
        given[place] = _spoil(numbers[place], kinds[place], rng)
    return given, kinds.tolist()


def _spoil(number: str, kind: str, rng: np.random.Generator) -> str | None:
    if kind == "missing":
        return None
    characters = list(number)
    if kind == "swapped":
        at = rng.choice([i for i in range(17) if number[i] != number[i + 1]])
        characters[at], characters[at + 1] = characters[at + 1], characters[at]
    else:
        at = rng.integers(0, 18)
        characters[at] = rng.choice([digit for digit in "0123456789" if digit != number[at]])
    return "".join(characters)


def quality(folder: Path, households: int, seed: int) -> bool:
    """Judge matching on a made-up county without other faults; whether both aims are met on the lists as they are."""
    simulate(folder, COUNTY, households, seed, faults=0)
    con = open_county(folder / COUNTY, seed)
    met = judge(con, "as they are", KEPT)
    judge(con, "harder", HARDER)
    con.close()
    return met


def judge(con: duckdb.DuckDBPyConnection, said: str, columns: dict[str, str]) -> bool:
    """Match, and print what came of it; whether both aims are met."""
    match_people(con, PEOPLE.format(**columns), ENTRIES.format(**columns), "found")
    rows = con.execute(
        "SELECT l.row_id, coalesce(nullif(l.error, ''), 'none') AS error, f.grade, "
        "truth.number IS NOT NULL AS on_register, f.person_key IS NOT NULL AS matched, "
        "coalesce(left(f.person_key, 18) = truth.number, FALSE) AS right "
        "FROM listed l LEFT JOIN (SELECT DISTINCT left(id_number, 18) AS number FROM person) truth "
        "ON truth.number = left(l.id_number, 18) LEFT JOIN found f ON f.entry_key = l.row_id::VARCHAR"
    ).df()
    print(f"{said}: {len(rows):,} rows of lists")
    print(table(rows, "error"))
    print(table(rows[rows["matched"]], "grade"))
    spoilt = rows[rows["error"] != "none"]
    precision = spoilt["right"].sum() / spoilt["matched"].sum()
    recall = spoilt["right"].sum() / spoilt["on_register"].sum()
    print(f"rows with errors: precision {precision:.4f} (aim {PRECISION}), recall {recall:.4f} (aim {RECALL})")
    certain = rows[rows["matched"] & ~rows["grade"].isin(UNCERTAIN)]
    print(f"called certain and wrong: {int((~certain['right']).sum())} of {len(certain):,}\n")
    return bool(precision >= PRECISION and recall >= RECALL)


def table(rows: pd.DataFrame, by: str) -> str:
    """Rows, matches, precision and recall by a column."""
    sums = rows.groupby(by)[["on_register", "matched", "right"]].sum()
    sums.insert(0, "rows", rows.groupby(by).size())
    sums["precision"] = sums["right"] / sums["matched"]
    sums["recall"] = sums["right"] / sums["on_register"]
    return str(sums.round(4)) + "\n"


def speed(folder: Path, people: int, seed: int) -> None:
    """Print seconds and rows a second for a register of about so many people and its lists."""
    tile(folder, COUNTY, round(people / PEOPLE_A_HOUSEHOLD))
    con = open_county(folder / COUNTY, seed)
    sizes = [con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in ("person", "listed")]
    begin = time.perf_counter()
    match_people(con, PEOPLE.format(**KEPT), ENTRIES.format(**KEPT), "found")
    seconds = time.perf_counter() - begin
    grades = con.execute("SELECT grade, count(*) FROM found GROUP BY grade ORDER BY 2 DESC").fetchall()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{sizes[0]:,} people x {sizes[1]:,} rows of lists: {seconds:.1f} s, {sizes[1] / seconds:,.0f} rows a second")
    print(f"peak memory of the process {peak:.1f} GiB; {', '.join(f'{grade} {n:,}' for grade, n in grades)}")


def main() -> None:
    """Quality, then time; leaves with 1 if an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=0, help="size of the register for the time; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = quality(Path(folder) / "quality", given.households, given.seed)
        if given.people:
            (Path(folder) / "speed").mkdir()
            speed(Path(folder) / "speed", given.people, given.seed)
    raise SystemExit(not met)


if __name__ == "__main__":
    main()
