"""Parts of the village form that check it against its households, and against itself."""

from povkit.register.schema import load_tables
from povkit.views.spec import Col, Part

LAND = ("farmland", "irrigated", "forest", "reforested", "orchard", "grassland", "water_area")
"""Kinds of land that both forms know."""

FORM = tuple(name for name, column in load_tables()["village"].columns.items() if column.optional)
"""Columns beyond the 2018 export."""


def _header(name: str) -> str:
    return load_tables()["household"].columns[name].zh[0]


HOUSEHOLD_SUMS = Part(
    "raw_household",
    "village_code",
    "b.village_code",
    (
        *(
            Col(
                f"registered_{name}",
                f"sum({name})",
                f"户表{_header(name)}合计",
                f"{name.replace('_', ' ')} of the registered households",
            )
            for name in LAND
        ),
        Col("registered_hamlets", "count(DISTINCT hamlet)", "户表自然村（组）数", "hamlets named on the register", "0"),
        Col(
            "middle_longitude",
            "median(longitude) FILTER (WHERE latitude IS NOT NULL)",
            "户位置经度中位数",
            "median longitude of the households",
        ),
        Col(
            "middle_latitude",
            "median(latitude) FILTER (WHERE longitude IS NOT NULL)",
            "户位置纬度中位数",
            "median latitude of the households",
        ),
    ),
)

_HALF_CHORD = (
    "pow(sin(radians(middle_latitude - latitude) / 2), 2) "
    "+ cos(radians(latitude)) * cos(radians(middle_latitude)) * pow(sin(radians(middle_longitude - longitude) / 2), 2)"
)

FORM_DERIVED = (
    Col("exited_this_year", "exited AND exit_year = :data_year", "本年出列村", "exits this year"),
    Col(
        "distance_to_households_km",
        f"2 * 6371.0 * asin(CASE WHEN {_HALF_CHORD} > 1 THEN 1.0 ELSE sqrt({_HALF_CHORD}) END)",
        "村点与户点中位数的距离（公里）",
        "distance from the village's point to the middle of its households (km)",
    ),
)
"""Distances are great circles on a sphere of the earth's mean radius."""
