"""Counts of a county that denominators and figures rest on, taken from the views once."""

from povkit.verdicts.coverage import COVERAGE_COLUMNS
from povkit.views import Need, Views
from povkit.views.spec import Col

Facts = dict[str, int | None]

_QUERIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # name: (view, aggregate, columns that it reads)
    "households": ("household", "count(*)", ("household_id",)),
    "people": ("person", "count(*)", ("person_id",)),
    "villages": ("village", "count(*)", ("in_village_table",)),
    "poor_villages": ("village", "count(*) FILTER (WHERE poor_village)", ("poor_village",)),
    "exited_households": ("household", "count(*) FILTER (WHERE has_left_poverty)", ("has_left_poverty",)),
    "exited_people": ("household", "sum(members) FILTER (WHERE has_left_poverty)", ("has_left_poverty", "members")),
    "exits_this_year": ("household", "count(*) FILTER (WHERE leaves_this_year)", ("leaves_this_year",)),
    "poor_households": ("household", "count(*) FILTER (WHERE not_yet_left)", ("not_yet_left",)),
    "poor_people": ("household", "sum(members) FILTER (WHERE not_yet_left)", ("not_yet_left", "members")),
    "exiting_villages": (
        "village",
        "count(*) FILTER (WHERE exited AND exit_year = :data_year)",
        ("exited", "exit_year"),
    ),
    "agricultural_population": ("village", "sum(population)", ("population",)),
    "households_compared": ("household", "count(*) FILTER (WHERE on_register_last)", ("on_register_last",)),
    "key_group_people": ("listed", "count(*)", ("id_number",)),
    "key_group_households": ("listed", "count(DISTINCT coalesce(household_key, object_id))", ("id_number",)),
    "key_group_people_on_register": ("listed", "count(*) FILTER (WHERE household_on_register)", ("on_register",)),
    "applicants_and_mistaken": ("applicant", "count(*)", ("on_register",)),
    "backstop_households": ("household", "count(*) FILTER (WHERE backstop)", ("backstop",)),
    "backstop_exits": ("household", "count(*) FILTER (WHERE backstop AND leaves_this_year)", ("backstop",)),
    "villages_without_inclusion": (
        "village",
        "count(*) FILTER (WHERE inclusions_this_year = 0 AND in_village_table)",
        ("inclusions_this_year",),
    ),
}


def count_facts(views: Views, data_year: int) -> Facts:
    """Each count by name; None where an input for it was not handed in."""
    facts: Facts = {}
    for name, (view, aggregate, columns) in _QUERIES.items():
        if views.missing(view, columns):
            facts[name] = None
            continue
        sql = f"SELECT {aggregate.replace(':data_year', str(data_year))} FROM {view}"
        value = views.con.execute(sql).fetchall()[0][0]
        facts[name] = int(value or 0)
    return facts


def fact_columns() -> dict[str, set[str]]:
    """Words that may be columns of the views which the counts read, by view."""
    found: dict[str, set[str]] = {"listed": set(COVERAGE_COLUMNS)}
    for view, aggregate, columns in _QUERIES.values():
        found.setdefault(view, set()).update(columns, Col("", aggregate, "", "").words())
    return found


def available(views: Views, entry: str) -> bool:
    """Whether an input that a verdict needs was handed in.

    entry: a table of the contract, `household_last_year`, or `sector:<list>`.
    """
    if entry.endswith("_last_year"):
        return Need(entry.removesuffix("_last_year"), "*", True) not in views.absent
    table, _, part = entry.partition(":")
    return Need(table, part or "*") not in views.absent


def villages_without_inclusion(views: Views) -> frozenset[str] | None:
    """Codes of villages that took nobody in this year; None if that cannot be told."""
    if views.missing("village", ("inclusions_this_year",)):
        return None
    rows = views.con.execute("SELECT village_code FROM village WHERE inclusions_this_year = 0").fetchall()
    return frozenset(row[0] for row in rows)
