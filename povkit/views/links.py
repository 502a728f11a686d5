"""Lists linked to people: all matches in one table, and the columns that views take from it.

`raw_match` holds who on a list is who on the register (see `povkit.register.matching`); `matched_<table>` is the share
of one table of the contract, or of those who stand on last year's register only.
"""

import re
from collections.abc import Iterable, Mapping

import duckdb

from povkit.register.matching import GRADES, MATCH_COLUMNS, match_people
from povkit.views.needs import Need, Relation
from povkit.views.prune import inputs_of
from povkit.views.spec import Col, Part, ViewSpec

LISTED_KEY = "coalesce(left(id_number, 18), concat_ws('#', source_file, source_sheet, source_row))"
"""A listed person by number; a row without a number stands for itself."""

_OUTSIDE = ("applicant", "mistaken")
_LAST = "person_last"
_SOURCES = ("sector", *_OUTSIDE, _LAST)


def person_key(row: str = "") -> str:
    """What tells people of a register apart, in SQL over rows of it (`b.`: of a view); one number may stand for two."""
    return f"nullif(concat_ws('@', left({row}id_number, 18), {row}person_id), '')"


def entry_key(row: str = "") -> str:
    """What tells entries of the lists of applicants and mistakes apart."""
    return f"concat_ws('@', left({row}id_number, 18), {row}name, {row}village_code)"


_HOMES = (
    "SELECT household_id, min(village_code) AS village_code, min(township) AS township FROM {} GROUP BY household_id"
)
_TOWNSHIPS = "SELECT village_code, min(township) AS township FROM raw_village GROUP BY village_code"


def _people(table: str, last: str = "") -> str:
    return (
        f"SELECT {person_key('p.')} AS person_key, p.person_id, p.household_id, p.name, p.id_number, h.village_code, "
        f"coalesce(h.township, p.township) AS township, p.birth_date FROM {table} p "
        f"LEFT JOIN ({_HOMES.format('raw_household' + last)}) h USING (household_id)"
    )


def _entries() -> str:
    """Rows of all lists alike. Of last year's people only those who are gone by number and by person number."""
    sector = (
        f"SELECT 'sector' AS source, list, {LISTED_KEY} AS entry_key, household_key, name, id_number, village_code, "
        "NULL::DATE AS birth_date FROM raw_sector"
    )
    outside = (
        f"SELECT '{table}', NULL, {entry_key()}, NULL, name, id_number, village_code, NULL FROM raw_{table}"
        for table in _OUTSIDE
    )
    gone = (
        "(SELECT here.* FROM raw_person_last here "
        "ANTI JOIN raw_person other ON left(other.id_number, 18) = left(here.id_number, 18) "
        "ANTI JOIN raw_person same ON same.person_id = here.person_id)"
    )
    last = (
        f"SELECT '{_LAST}' AS source, NULL::VARCHAR AS list, person_key AS entry_key, NULL::VARCHAR AS household_key, "
        f"name, id_number, village_code, township, birth_date FROM ({_people(gone, '_last')})"
    )
    listed = " UNION ALL ".join((sector, *outside))
    return (
        "SELECT source, list, entry_key, household_key, name, id_number, village_code, township, birth_date "
        f"FROM ({listed}) LEFT JOIN ({_TOWNSHIPS}) USING (village_code) UNION ALL {last}"
    )


def described() -> dict[str, Relation]:
    """The relations of matches, and what each column of them needs."""
    made = {}
    for source in _SOURCES:
        table, last = source.removesuffix("_last"), source == _LAST
        sides = ((table, last), ("person", False))
        numbers = frozenset(Need(side, column, then) for side, then in sides for column in ("*", "id_number"))
        own = {name: frozenset({Need(table, name)}) for name in ("list", "household_key") if source == "sector"}
        needs = {column: numbers | own.get(column, frozenset()) for column in MATCH_COLUMNS}
        made[f"matched_{source}"] = Relation(f"matched_{source}", needs)
    return made


def inputs_read(specs: Iterable[ViewSpec]) -> set[str]:
    """Words that may be names of the input relations that views read, by way of the matches too."""
    specs = tuple(specs)
    matched = [_people("raw_person"), _entries()] if _asked(specs) else []
    return {*inputs_of(specs), *(word for sql in matched for word in re.findall(r"\braw_[a-z_]+", sql))}


def _asked(specs: Iterable[ViewSpec]) -> bool:
    read = (source for spec in specs for source in (spec.base, *(part.source for part in spec.parts)))
    return any("matched_" in source for source in read)


def link_lists(con: duckdb.DuckDBPyConnection, specs: Iterable[ViewSpec]) -> None:
    """Match every list to the register's people, if a view of `specs` asks for it."""
    if not _asked(specs):
        return
    match_people(con, _people("raw_person"), _entries(), "raw_match")
    for source in _SOURCES:
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW matched_{source} AS SELECT * FROM raw_match WHERE source = '{source}'"
        )


def list_flags(lists: Mapping[str, str]) -> Part:
    """Which departments' lists a person of the register is on; blank where somebody on a list is only possibly he.

    lists: list (its code in the contract) -> column.
    """
    return Part(
        "matched_sector",
        "person_key",
        person_key("b."),
        tuple(
            Col(
                name,
                f"CASE bool_and(uncertain) FILTER (WHERE list = '{code}') WHEN FALSE THEN TRUE WHEN TRUE THEN NULL "
                "ELSE CASE WHEN bool_or(numbered) THEN FALSE END END",
                f"在{code}名单",
                f"on the list {code}",
                default="CASE WHEN length(b.id_number) >= 18 THEN FALSE END",
            )
            for code, name in lists.items()
        ),
        blank_stays=True,
    )


_WORDS = tuple(f"string_agg(DISTINCT differs_{tongue}, '; ' ORDER BY differs_{tongue})" for tongue in ("zh", "en"))
_RANK = f"list_position({list(GRADES)!r}, grade)"


def in_doubt(source: str, key: str, on: str, optional: bool = False) -> Part:
    """Matches that want a look, because number and name do not both agree.

    source: whose matches (`matched_<source>`); key: `person_key` or `entry_key`; on: what equals it in the view.
    """
    return Part(
        f"matched_{source}",
        key,
        on,
        (
            Col(
                "matched_in_doubt",
                "TRUE",
                "与名单或登记疑似同一人而号码或姓名不一致",
                "possibly the same person, while number or name differs",
                default="CASE WHEN b.name IS NOT NULL THEN FALSE END",
            ),
            Col(
                "match_grade",
                f"max_by(grade, {_RANK})",
                "比对等级（最不确定者）",
                "grade of the match, the least sure",
            ),
            Col(
                "match_lists",
                "string_agg(DISTINCT list, '、' ORDER BY list)",
                "号码或姓名不一致的名单",
                "lists on which number or name differs",
            ),
            Col(
                "match_differs",
                f"struct_pack(zh := {_WORDS[0]}, en := {_WORDS[1]})",
                "比对不一致之处",
                "what differs",
            ),
        ),
        where="grade <> 'exact'",
        optional=optional,
        blank_stays=True,
    )
