"""T: dates of the county's application for exit."""

from datetime import date
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


def _late(handed_in: nw.Expr, due: date, as_of: date) -> nw.Expr:
    """After its date, or still missing once the date has passed."""
    return (handed_in > due).fill_null(as_of > due)


@rule("T01", "county", zh="退出申报逾期", within="county_leaves")
def application_late(h: Columns, limits: Any) -> nw.Expr:
    """Application for the county's exit handed in late or not at all.

    Why: late applications are refused.
    Basis: S1.4; the list of milestones.
    Flags: handed to the city or to the province after its date, or missing when the run's date is past it. A county
    that does not leave this year is not asked, and needs no list of milestones.
    """
    if not limits.leaves_this_year:
        return h.county_leaves
    to_city = _late(h.handed_to_city_on, limits.county_to_city, limits.as_of)
    return to_city | _late(h.handed_to_province_on, limits.city_to_province, limits.as_of)
