"""O: positions of households and villages."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("O03", "household", zh="坐标不在本县范围")
@rule("O03", "village", zh="村坐标不在本县范围")
def outside_county(h: Columns, limits: Any) -> nw.Expr:
    """Position outside the county.

    Why: longitude and latitude were mistyped or swapped, or the point was taken elsewhere.
    Basis: S3.2; the county's bounds, widened by a margin.
    Flags: a point beyond any of the four bounds; on the bound is clear; blank is O06's.
    """
    across: nw.Expr = (h.longitude < limits.box_west) | (h.longitude > limits.box_east)
    along: nw.Expr = (h.latitude < limits.box_south) | (h.latitude > limits.box_north)
    return across | along


def _not_collected(h: Columns, limits: Any) -> nw.Expr:
    due = nw.lit(limits.as_of >= limits.location_deadline)
    return (~h.placed & due).fill_null(False)


@rule("O06", "household", zh="位置未采集")
def household_not_located(h: Columns, limits: Any) -> nw.Expr:
    """Household's position not collected in time.

    Why: all registered households are to be located by the county's date.
    Basis: S3.2.
    Flags: longitude or latitude blank from the end of the deadline's day on; before it everything is clear.
    """
    return _not_collected(h, limits)


@rule("O06", "village", zh="贫困村位置未采集", within="poor_village")
def village_not_located(h: Columns, limits: Any) -> nw.Expr:
    """Poor village's position not collected in time.

    Why: all poor villages are to be located by the county's date.
    Basis: S3.2.
    Flags: longitude or latitude blank from the end of the deadline's day on; before it everything is clear.
    """
    return _not_collected(h, limits)


@rule("O04", "household", zh="多户同一坐标")
def households_on_one_point(h: Columns, limits: Any) -> nw.Expr:
    """Many households on the same point.

    Why: one point was copied to a whole group instead of being taken at each door.
    Basis: inferred from the field; S3.2; the policy's limit.
    Flags: more households on exactly this point than the limit; on the limit is clear, and so is a household with a
    relocation measure: settlements share a point. Position blank is O06's.
    """
    return (h.same_point_rows > limits.same_point_max) & (h.relocation_measures == 0)


@rule("O05", "village", zh="村点与户点相距过远")
def village_far_from_households(h: Columns, limits: Any) -> nw.Expr:
    """Village's point far from its households.

    Why: the point of another village was taken, or its digits were mistyped.
    Basis: inferred from the fields; S3.2; the policy's limit.
    Flags: farther from the median of its households' points than the limit; on the limit is clear; without positions on
    both sides it cannot be judged.
    """
    far: nw.Expr = h.distance_to_households_km > limits.village_distance_max_km
    return far
