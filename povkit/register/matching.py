"""Who on a list is who on the register: by number, and where a number is wrong or missing, by what else agrees.

    exact           the first 18 characters are the same, and the name (or a name is blank)
    number_only     the first 18 characters are the same, the name is not: a wrong number, or a person renamed
    typo            same name and place; the numbers are one character apart (wrong, lacking or too many)
    swap            same name and place; two neighbouring characters of the number are swapped
    missing_number  one side has no number; same name, and place with birth date, or relatives, or nobody else so called

The last three are possible matches, never certain ones. One wrong character, or two neighbours swapped, always breaks
the check character (ISO 7064 MOD 11-2), so two sound numbers are two people: only where one of them fails its check can
they be one. Namesakes whose numbers are further apart, or who were born on another day, do not match.
"""

from typing import TYPE_CHECKING

import duckdb

from povkit.register.match_words import NAME, NUMBER_EN, NUMBER_ZH, missing_words
from povkit.register.number_sql import body_of, clean_name, clean_number, date_of, has_valid_check, person_number

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

GRADES = ("exact", "number_only", "typo", "swap", "missing_number")
"""How sure a match is, the surest first."""

UNCERTAIN = GRADES[2:]
"""Grades of people who are possibly the same."""

MATCH_COLUMNS = (
    "source",
    "list",
    "entry_key",
    "household_key",
    "person_key",
    "person_id",
    "household_id",
    "numbered",
    "grade",
    "uncertain",
    "differs_zh",
    "differs_en",
)
"""Columns of a table of matches. numbered: the person's number is whole; uncertain: the grade is one of UNCERTAIN."""

_SHORTEST_NUMBER = 15
_PAIRS_AT_ONCE = 100_000


def match_people(con: duckdb.DuckDBPyConnection, people: str, entries: str, into: str) -> None:
    """Write the table `into` (MATCH_COLUMNS): a row for each list entry and person on the register that match.

    people: sub-select with person_key, person_id, household_id, name, id_number, village_code, township, birth_date.
    entries: sub-select with source, list, entry_key, household_key, name, id_number, village_code, township,
    birth_date. All are text but the date; any may be blank except source and the two keys.
    An entry that matches nobody has no row. The rows do not depend on the order of the inputs.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_person AS {_cleaned(people)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_shared AS {_SHARED}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_entry AS {_cleaned(entries)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {_BY_NUMBER}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_left AS {_compared(_LEFT)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_named AS {_compared(_NAMED)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_rest AS {_REST}")
    if con.execute("FROM match_rest LIMIT 1").fetchone():
        _add_near(con, into)
        for way, found in _without_number(into).items():
            _add(con, into, found, missing_words(way))
    for table in ("person", "shared", "entry", "left", "named", "rest"):
        con.execute(f"DROP TABLE match_{table}")


def _cleaned(rows: str) -> str:
    """Rows with name and number cleaned. `number`: the 18 characters that are the person."""
    cleaned = f"SELECT * REPLACE ({clean_name('name')} AS name, {clean_number('id_number')} AS id_number) FROM ({rows})"
    return f"SELECT *, {person_number('id_number')} AS number FROM ({cleaned})"


_MISSING = f"coalesce(length({{}}) < {_SHORTEST_NUMBER}, TRUE)"
"""SQL, to be given a number: none stands there."""


def _compared(rows: str) -> str:
    """Cleaned rows with what is compared where numbers are not the same.

    `written`: the number by character; `missing`: no number stands there; `bad`: its check character is not right.
    """
    written = (
        "SELECT *, CASE WHEN length(id_number) BETWEEN 17 AND 19 THEN id_number ELSE number END AS written, "
        f"{_MISSING.format('id_number')} AS missing FROM ({rows})"
    )
    return (
        f"SELECT * EXCLUDE (id_number, birth_date, body), NOT {has_valid_check('written', 'body')} AS bad, "
        f"coalesce(birth_date, {date_of('substr(number, 7, 8)')}) AS birth "
        f"FROM (SELECT *, {body_of('written')} AS body FROM ({written}))"
    )


_SHARED = (
    "SELECT number, list(DISTINCT name) AS names FROM match_person "
    "SEMI JOIN (SELECT number FROM match_person WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1) "
    "USING (number) GROUP BY number HAVING count(DISTINCT name) > 1"
)
"""Numbers that several names bear on the register: there the one so named is meant, if there is one."""

_BY_NUMBER = f"""
    SELECT e.source, e.list, e.entry_key, e.household_key, p.person_key, p.person_id, p.household_id, TRUE AS numbered,
      CASE WHEN e.name <> p.name THEN 'number_only' ELSE 'exact' END AS grade, FALSE AS uncertain,
      CASE WHEN e.name <> p.name THEN '{NAME[0]}' END AS differs_zh,
      CASE WHEN e.name <> p.name THEN '{NAME[1]}' END AS differs_en
    FROM match_entry e JOIN match_person p USING (number) LEFT JOIN match_shared s USING (number)
    WHERE e.name = p.name OR NOT coalesce(list_contains(s.names, e.name), FALSE)"""

_LEFT = "SELECT e.* FROM match_entry e ANTI JOIN match_person p ON p.number = e.number"
_NAMED = "SELECT p.* FROM match_person p SEMI JOIN match_left e ON e.name = p.name"
"""Entries whose number the register has not, and the people on it who are called like one of them."""

_REST = """
    SELECT row_number() OVER () AS entry, e.source, e.list, e.entry_key, e.household_key, e.name, e.village_code,
      e.township, e.birth, e.written AS entry_number, e.missing AS entry_missing, e.bad AS entry_bad
    FROM match_left e
    WHERE e.bad OR e.name IN (SELECT name FROM match_named WHERE bad)
      OR (e.name, e.village_code) IN (SELECT (name, village_code) FROM match_left WHERE missing)"""
"""Those entries, so far as they may be on the register, or tell whether a name stands alone."""

_SAME_PLACE = "coalesce(e.village_code = p.village_code, e.township = p.township, FALSE)"
_NO_OTHER_PLACE = "coalesce(e.village_code = p.village_code, e.township = p.township, TRUE)"
"""A blank village leaves the township to compare, a blank township nothing."""

_PAIR = (
    "SELECT e.*, p.person_key, p.person_id, p.household_id, p.number IS NOT NULL AS numbered, "
    f"p.written AS register_number, p.missing, p.bad, {_SAME_PLACE} AS same_place "
    "FROM match_rest e JOIN match_named p ON e.name = p.name"
)
_ONE_STEP_POSSIBLE = (
    f"(e.entry_bad OR p.bad) AND abs(length(e.entry_number) - length(p.written)) <= 1 AND {_NO_OTHER_PLACE}"
)


def _add_near(con: duckdb.DuckDBPyConnection, into: str) -> None:
    """Numbers at most one step apart. One step leaves the first ten or the last four characters as they are."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load; most runs of a few rules match nobody

    blocks = (f"{end}(e.entry_number, {size}) = {end}(p.written, {size})" for end, size in (("left", 10), ("right", 4)))
    pairs = " UNION ".join(f"({_PAIR} AND {block} AND {_ONE_STEP_POSSIBLE})" for block in blocks)
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_pair AS SELECT *, row_number() OVER () AS pair FROM ({pairs})")
    read = con.sql("SELECT pair, entry_number, register_number FROM match_pair").to_arrow_reader(_PAIRS_AT_ONCE)
    con.register("match_near", pa.table({"pair": pa.array(_one_step(read), pa.int64())}))
    found = (
        "SELECT *, count(DISTINCT register_number) OVER (PARTITION BY entry) AS near, "
        "CASE WHEN length(entry_number) = length(register_number) "
        "AND levenshtein(entry_number, register_number) = 2 THEN 'swap' ELSE 'typo' END AS grade "
        "FROM match_pair SEMI JOIN match_near USING (pair)"
    )
    _add(con, into, found, (NUMBER_ZH, NUMBER_EN))
    con.unregister("match_near")
    con.execute("DROP TABLE match_pair")


def _one_step(pairs: "pa.RecordBatchReader") -> "np.ndarray":
    """Numbers of the pairs (pair, one number, other number) that are equal or one step apart."""
    import numpy as np  # noqa: PLC0415 - as above
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above
    from rapidfuzz.process import cpdist  # noqa: PLC0415 - as above

    near = [np.empty(0, dtype=np.int64)]
    for batch in pairs:
        ids, ones, others = (column.to_pylist() for column in batch.columns)
        steps = cpdist(ones, others, scorer=OSA.distance, score_cutoff=1)
        near.append(np.array(ids, dtype=np.int64)[steps <= 1])
    return np.concatenate(near)


_ONE_PERSON = "count(DISTINCT coalesce(register_number, person_key)) OVER (PARTITION BY entry) = 1"
_ONE_ENTRY = "count(DISTINCT coalesce(entry_number, entry::VARCHAR)) OVER (PARTITION BY source, list, person_key) = 1"
_NO_OTHER_BIRTH = "coalesce(e.birth = p.birth, TRUE)"

_ALONE = f"""
    e.village_code = p.village_code
    AND (e.name, e.village_code) NOT IN (SELECT (name, village_code) FROM match_rest
      WHERE NOT entry_missing AND name IS NOT NULL AND village_code IS NOT NULL)
    AND NOT EXISTS (FROM match_entry k SEMI JOIN match_rest r ON r.entry_missing AND r.household_key = k.household_key
      WHERE NOT {_MISSING.format("k.id_number")} AND k.household_key = e.household_key)"""
"""Nobody else so called in the village, on the register or on a list; listed relatives would have told who it is."""


def _without_number(into: str) -> dict[str, str]:
    """Matches where one side has no number, by what is the same. The order is that of their strength.

    Whoever stands on the list by number is not meant by another entry. Where two people, or two entries, come into
    question (twins of one name), nothing is said.
    """
    kin = (
        f"EXISTS (FROM {into} k WHERE k.household_key = e.household_key AND k.household_id = p.household_id "
        "AND k.grade = 'exact')"
    )
    same = {
        "birth": f"e.birth = p.birth AND {_SAME_PLACE} AND (e.entry_missing OR p.missing)",
        "kin": f"e.entry_missing AND {_NO_OTHER_BIRTH} AND {kin}",
        "alone": f"e.entry_missing AND {_NO_OTHER_BIRTH} AND {_ALONE}",
    }
    there = (
        f"ANTI JOIN {into} t ON t.person_key = p.person_key AND t.source = e.source "
        "AND t.list IS NOT DISTINCT FROM e.list AND NOT t.uncertain"
    )
    return {
        way: f"SELECT *, 'missing_number' AS grade FROM ({_PAIR} {there} WHERE {condition} "
        f"QUALIFY {_ONE_PERSON} AND {_ONE_ENTRY})"
        for way, condition in same.items()
    }


def _add(con: duckdb.DuckDBPyConnection, into: str, found: str, words: tuple[str, str]) -> None:
    """Add uncertain matches to `into`, and take their entries out of the rest."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE match_found AS {found}")
    plain = ", ".join(MATCH_COLUMNS[:9])
    con.execute(f"INSERT INTO {into} SELECT DISTINCT {plain}, TRUE, {words[0]}, {words[1]} FROM match_found")
    con.execute("DELETE FROM match_rest WHERE entry IN (SELECT entry FROM match_found)")
    con.execute("DROP TABLE match_found")
