"""The quick ways to make a view give what the plain ones give."""

from dataclasses import replace

import duckdb
import pytest

from povkit.policy import Limits
from povkit.views import select
from povkit.views.needs import Relation
from povkit.views.select import VIEW_BASE, Writer
from povkit.views.spec import Col, Part, ViewSpec
from povkit.vocab import Level

LIMITS = Limits({"least": 2})
KEYS = {"none": 0, "few": 3, "many": 60}


@pytest.fixture(params=KEYS)
def con(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    """100 rows, of which none, few or many share a telephone; some telephones and names are blank."""
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE raw_home AS SELECT i AS id, 'h' || i AS name, "
        f"CASE WHEN i % 11 > 0 THEN CASE WHEN i < {KEYS[request.param]} THEN '同一' ELSE 'p' || i END END AS phone, "
        "CASE WHEN i % 3 > 0 THEN 'v' || i % 2 END AS village, "
        "'f' AS source_file, 's' AS source_sheet, i AS source_row "
        "FROM range(100) t(i)"
    )
    made.execute("CREATE TABLE raw_list AS SELECT 'h' || i % 90 AS who, i % 4 AS kind FROM range(2000) t(i)")
    return made


def rows(con: duckdb.DuckDBPyConnection, spec: ViewSpec) -> list[tuple]:
    described = {name: con.table(name).columns for name in ("raw_home", "raw_list")}
    sources = {name: Relation(name, {c: frozenset() for c in columns}) for name, columns in described.items()}
    sql = Writer(con, sources, LIMITS, "530113").select(spec)
    wanted = ", ".join(c.name for part in spec.parts for c in part.columns)
    return con.execute(f"SELECT id, {wanted} FROM ({sql}) ORDER BY id").fetchall()


def test_counts_of_the_bases_own_rows(con: duckdb.DuckDBPyConnection) -> None:
    columns = (Col("sharing", "count(*)", "", ""), Col("villages", "count(DISTINCT village)", "", ""))
    part = Part("raw_home", "phone", "b.phone", columns, where="length(phone) >= :least", counts_itself=True)
    got = rows(con, ViewSpec("home", Level.HOUSEHOLD, "raw_home", (part,), ()))
    plain = con.execute(
        "SELECT id, sharing, villages FROM raw_home LEFT JOIN (SELECT phone, count(*) AS sharing, "
        "count(DISTINCT village) AS villages FROM raw_home WHERE length(phone) >= 2 GROUP BY phone) USING (phone) "
        "ORDER BY id"
    ).fetchall()
    assert got == plain


def test_parts_of_one_key_are_joined_once_and_a_small_base_reads_its_own_rows_only(
    con: duckdb.DuckDBPyConnection,
) -> None:
    parts = (
        Part("raw_list", "who", "b.name", (Col("rows_listed", "count(*)", "", "", default="0"),)),
        Part("raw_list", "who", "b.name", (Col("kinds", "count(DISTINCT kind)", "", ""),), where="kind > 0"),
        Part(
            "raw_list",
            "who",
            "b.name",
            (Col("any_kind", "bool_or(kind = 3)", "", "", default="TRUE"),),
            blank_stays=True,
        ),
    )
    base = "(SELECT id, name FROM raw_home WHERE id > 50)"
    columns = (Col("id", "id", "", ""), Col("name", "name", "", ""))
    spec = ViewSpec("home", Level.HOUSEHOLD, base, parts, (), base_columns=columns)
    got = rows(con, spec)
    plain = con.execute(
        "SELECT id, coalesce(n, 0), kinds, coalesce(third, TRUE) FROM raw_home "
        "LEFT JOIN (SELECT who, count(*) AS n, count(DISTINCT kind) FILTER (WHERE kind > 0) AS kinds, "
        "bool_or(kind = 3) AS third FROM raw_list GROUP BY who) ON who = name WHERE id > 50 ORDER BY id"
    ).fetchall()
    assert got == [(i, n, kinds or None, third) for i, n, kinds, third in plain]
    assert con.execute(f"SELECT count(*) FROM {VIEW_BASE}").fetchall() == [(49,)]
    assert len(list(select.together(parts))) == 3 - 1


def test_a_base_that_asks_for_few_keys_reads_their_rows_only(con: duckdb.DuckDBPyConnection) -> None:
    part = Part("raw_list", "who", "b.whose", (Col("kinds", "list(DISTINCT kind)", "", ""),))
    base = "(SELECT i AS id, 'h' || i % 3 AS whose FROM range(900) t(i))"
    columns = (Col("id", "id", "", ""), Col("whose", "whose", "", ""))
    spec = ViewSpec("home", Level.HOUSEHOLD, base, (part,), (), base_columns=columns)
    got = rows(con, spec)
    plain = dict(con.execute("SELECT who, list_sort(list(DISTINCT kind)) FROM raw_list GROUP BY who").fetchall())
    assert [(i, sorted(kinds)) for i, kinds in got] == [(i, plain[f"h{i % 3}"]) for i in range(900)]
    writer = Writer(con, {"raw_list": Relation("raw_list")}, LIMITS, "530113")
    assert "asked_key" in writer.select(spec)
    assert "asked_key" not in writer.select(replace(spec, base=base.replace("% 3", "")))


def test_different_values_are_counted_under_several_conditions_at_once(con: duckdb.DuckDBPyConnection) -> None:
    conditions = {"threes": "kind = 3", "more": "kind >= :least", "none": "kind > 9", "unknown": "NULL"}
    columns = tuple(
        Col(name, f"count(DISTINCT who) FILTER (WHERE {asked})", "", "", default="0")
        for name, asked in conditions.items()
    )
    con.execute("INSERT INTO raw_list VALUES (NULL, 3)")
    spec = ViewSpec("home", Level.HOUSEHOLD, "raw_home", (Part("raw_list", "TRUE", "TRUE", columns),), ())
    plain = con.execute(
        "SELECT count(DISTINCT who) FILTER (WHERE kind = 3), count(DISTINCT who) FILTER (WHERE kind >= 2), 0, 0 "
        "FROM raw_list"
    ).fetchall()
    assert {row[1:] for row in rows(con, spec)} == set(plain)
    con.execute("DELETE FROM raw_list")
    assert {row[1:] for row in rows(con, spec)} == {(0, 0, 0, 0)}
