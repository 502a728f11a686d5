"""How many of the key groups' people have their household on the register, by list and by village."""

from typing import Any

from povkit.policy import Limits
from povkit.views import Need, Views
from povkit.views.lists import KEY_LISTS
from povkit.views.person import SECTOR_COLUMNS
from povkit.views.select import literal

Coverage = list[dict[str, Any]]

_COUNTED = {
    "危房": "listed_house_grade IN {house_grades_not_secured}",
    "独居老人": "NOT coalesce(known_support, FALSE)",
}
"""Which people of a list count; of other lists all do."""

COVERAGE_COLUMNS = {
    *(SECTOR_COLUMNS[name] for name in KEY_LISTS),
    "agricultural",
    "household_on_register",
    "known_dead",
    "known_support",
    "listed_house_grade",
}
"""Columns of the view `listed` that are read."""


def coverage(views: Views, limits: Limits) -> Coverage:
    """A row a list with its total (village_code None), then a row for each of its villages, in the lists' order.

    owed: agricultural people on the list, not known to be dead, who count as K05 and K06 count them; on_register,
    outside, unknown: by their household; rate: on_register in owed less unknown, blank if none is left. Lists that
    were not handed in have no row.
    """
    rows: Coverage = []
    for name in KEY_LISTS:
        if Need("sector", name) in views.absent or views.missing("listed", ("household_on_register",)):
            continue
        counts = _counts(views, name, limits)
        total = {key: sum(row[key] for row in counts) for key in ("owed", "on_register", "outside", "unknown")}
        places = {"township": None, "village_code": None, "village": None}
        rows += [{"list": name, **row, "rate": _rate(row)} for row in (places | total, *counts)]
    return rows


def _counts(views: Views, name: str, limits: Limits) -> Coverage:
    grades = literal(list(limits.house_grades_not_secured))
    counted = _COUNTED.get(name, "TRUE").format(house_grades_not_secured=grades)
    found = views.con.execute(
        "SELECT township, village_code, village, count(*)::INTEGER AS owed, "
        "count(*) FILTER (WHERE household_on_register)::INTEGER AS on_register, "
        "count(*) FILTER (WHERE NOT household_on_register)::INTEGER AS outside, "
        "count(*) FILTER (WHERE household_on_register IS NULL)::INTEGER AS unknown "
        f"FROM listed WHERE {SECTOR_COLUMNS[name]} AND {counted} AND agricultural AND NOT coalesce(known_dead, FALSE) "
        "GROUP BY ALL ORDER BY village_code, village, township"
    )
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _rate(row: dict[str, Any]) -> float | None:
    known = row["owed"] - row["unknown"]
    return round(row["on_register"] / known, 4) if known else None
