"""The wide views that rules, patterns and detectors read. Built once a county, in one place."""

from povkit.register.schema import load_tables
from povkit.views.build import Once, View, Views, build_views
from povkit.views.changes import CHANGE
from povkit.views.helpers import HELPER, PAIRING
from povkit.views.household import HOUSEHOLD
from povkit.views.leavers import LEAVER, NEWCOMER
from povkit.views.lists import APPLICANT, KIN, LISTED, MISTAKEN
from povkit.views.measures import MEASURE, VILLAGE_MEASURE
from povkit.views.needs import Need
from povkit.views.person import PERSON
from povkit.views.places import COUNTY, VILLAGE
from povkit.views.placing import FILE_ROW
from povkit.views.problems import PROBLEM, REPORTED
from povkit.views.prune import columns_of
from povkit.views.slices import Cut
from povkit.views.spec import IDENTITY, ViewSpec
from povkit.views.visits import VISIT

VIEWS: tuple[ViewSpec, ...] = (
    PERSON,
    HOUSEHOLD,
    VILLAGE,
    COUNTY,
    KIN,
    LISTED,
    APPLICANT,
    MISTAKEN,
    HELPER,
    PAIRING,
    *REPORTED,
    PROBLEM,
    LEAVER,
    NEWCOMER,
    CHANGE,
    MEASURE,
    VILLAGE_MEASURE,
    VISIT,
)
"""Every view, in the order in which they can be built."""


def column_labels() -> dict[str, tuple[str, str]]:
    """Readable names (zh, en) of the columns of all views: the form's header, or the derived column's label."""
    labels: dict[str, tuple[str, str]] = {}
    for table in load_tables().values():
        for column in table.columns.values():
            labels.setdefault(column.name, (column.zh[0], column.name.replace("_", " ")))
    for spec in VIEWS:
        columns = [*(spec.base_columns or ()), *(c for part in spec.parts for c in part.columns)]
        columns += [c for stage in spec.derived for c in stage]
        for c in columns:
            labels.setdefault(c.name, (c.zh, c.en))
    return labels


__all__ = [
    "FILE_ROW",
    "IDENTITY",
    "VIEWS",
    "Cut",
    "Need",
    "Once",
    "View",
    "ViewSpec",
    "Views",
    "build_views",
    "column_labels",
    "columns_of",
]
