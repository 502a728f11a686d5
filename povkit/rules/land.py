"""I: land of a household: unusual areas, areas that contradict each other, and areas alike in a whole village."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, Rule, add, rule


@rule("I03", "household", zh="耕地面积异常大")
def much_farmland(h: Columns, limits: Any) -> nw.Expr:
    """Unusually much farmland.

    Why: a point or a unit was mistyped, or the household is no small farm.
    Basis: rule lists that offices ran; the limit differs from county to county; S4.1.
    Flags: at or above the limit; blank cannot be judged.
    """
    large: nw.Expr = h.farmland >= limits.farmland_suspect_mu
    return large


@rule("I04", "household", zh="林地面积异常大")
def much_forest(h: Columns, limits: Any) -> nw.Expr:
    """Unusually much forest.

    Why: a point or a unit was mistyped, or the village's forest was put down to one household.
    Basis: rule lists that offices ran; the limit differs from county to county; S4.1.
    Flags: at or above the limit; blank cannot be judged.
    """
    large: nw.Expr = h.forest >= limits.forest_suspect_mu
    return large


@rule("I05", "household", zh="林果面积异常大")
def much_orchard(h: Columns, limits: Any) -> nw.Expr:
    """Unusually much orchard.

    Why: a point or a unit was mistyped, or the household is no small farm.
    Basis: rule lists that offices ran; S4.1.
    Flags: at or above the limit; blank cannot be judged.
    """
    large: nw.Expr = h.orchard >= limits.orchard_suspect_mu
    return large


def _large(column: str, header: str, limit: str) -> None:
    def much(h: Columns, limits: Any) -> nw.Expr:
        large: nw.Expr = getattr(h, column) >= getattr(limits, limit)
        return large

    much.__doc__ = (
        f"Unusually much {column.replace('_', ' ')}.\n\n"
        "Why: a point or a unit was mistyped, or the village's was put down to one household.\n"
        "Basis: rule lists that offices ran; S4.1.\n"
        "Flags: at or above the limit; blank cannot be judged.\n"
    )
    add(Rule("I06", "household", much, f"{header}异常大", face=header))


_large("grassland", "牧草地面积", "grassland_suspect_mu")
_large("water_area", "水面面积", "water_area_suspect_mu")


@rule("I07", "household", zh="退耕还林大于林地，或林果大于林地与耕地之和")
def part_exceeds_whole(h: Columns, limits: Any) -> nw.Expr:
    """Reforested land above the forest, or orchard above forest and farmland together.

    Why: the one is a part of the other, so an area was mistyped or left out.
    Basis: inferred from the form, hence a hint; S4.1.
    Flags: either above; equal is clear; a blank beside no such excess cannot be judged.
    """
    reforested: nw.Expr = h.reforested > h.forest
    orchard: nw.Expr = h.orchard > h.forest + h.farmland
    return reforested | orchard


@rule("I08", "household", zh="耕地为零而非缺土地、搬迁或特困")
def no_farmland_unexplained(h: Columns, limits: Any) -> nw.Expr:
    """No farmland, and nothing that explains it.

    Why: rural households have contracted land; either it was not recorded or the want of land is a cause.
    Basis: inferred, hence a hint; S4.1.
    Flags: farmland 0, want of land neither the main nor an other cause, no relocation among the measures, not under
    the five guarantees; a blank that decides cannot be judged.
    """
    short: nw.Expr = (h.cause == limits.cause_land) | h.other_causes.str.contains(limits.cause_land).fill_null(False)
    excused: nw.Expr = (h.relocation_measures > 0) | h.category.is_in(limits.categories_tekun)
    return (h.farmland == 0) & ~short & ~excused


@rule("I22", "household", zh="同村多户耕地、林地、住房面积和距离完全相同")
def conditions_shared_by_several(h: Columns, limits: Any) -> nw.Expr:
    """Farmland, forest, housing area and distance the same as several other households' of the village.

    Why: one household's form was copied to others.
    Basis: inferred, hence a hint; S5.2.
    Flags: all four equal in at least as many households of the village as the limit; a blank cannot be judged.
    """
    many: nw.Expr = h.same_conditions_households >= limits.same_conditions_min
    return many


@rule("I22", "village", zh="全村在册户耕地、住房面积或距离数值相同")
def one_value_for_the_village(v: Columns, limits: Any) -> nw.Expr:
    """One farmland, housing area or distance for all registered households of a village.

    Why: a figure was filled in for all, and nobody was asked.
    Basis: inferred, hence a hint; S5.2.
    Flags: one value throughout, in a village with at least as many registered households as the limit; blanks count as
    no value.
    """
    many: nw.Expr = v.registered_households >= limits.same_value_village_min
    alike: nw.Expr = (v.farmland_values == 1) | (v.housing_values == 1) | (v.distance_values == 1)
    return many & alike
