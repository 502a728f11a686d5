"""I: production and living conditions of a household."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, Rule, add, rule

AREAS = {
    "farmland": "耕地面积",
    "irrigated": "有效灌溉面积",
    "forest": "林地面积",
    "reforested": "退耕还林面积",
    "orchard": "林果面积",
    "grassland": "牧草地面积",
    "water_area": "水面面积",
    "housing_area": "住房面积",
}
"""Areas on the household form: column -> header. Each makes a face of I09, so that an absent one stops no other."""


@rule("I02", "household", zh="有效灌溉面积大于耕地面积")
def irrigated_exceeds_farmland(h: Columns, limits: Any) -> nw.Expr:
    """More irrigated land than farmland.

    Why: irrigated land is part of the farmland, so one of the two was mistyped.
    Basis: the register's form, farmland section; S4.1.
    Flags: irrigated > farmland; equal is clear; blank cannot be judged.
    """
    return h.irrigated > h.farmland


def _area_rule(column: str, header: str) -> None:
    def negative_area(h: Columns, limits: Any) -> nw.Expr:
        area: nw.Expr = getattr(h, column)
        return area < 0

    negative_area.__doc__ = (
        f"Negative area: {column.replace('_', ' ')}.\n\n"
        "Why: no area is below 0; a sign or a shifted column went wrong, and sums over villages go wrong with it.\n"
        "Basis: rule lists that offices ran; S4.1.\n"
        "Flags: below 0; 0 is clear; blank cannot be judged.\n"
    )
    add(Rule("I09", "household", negative_area, f"{header}为负数", face=header))


for _column, _header in AREAS.items():
    _area_rule(_column, _header)


@rule("I14", "household", zh="危房户与危房等级相互矛盾")
def unsafe_house_contradicts_grade(h: Columns, limits: Any) -> nw.Expr:
    """Marked as a dangerous house without such a grade, or graded dangerous without the mark.

    Why: the mark follows from the grade, so one of the two is wrong.
    Basis: rule lists that offices ran; S1.1f.
    Flags: 是 with a blank or safe grade; 否 with a dangerous grade. 否 with a blank or safe grade is clear, and so is
    "no house" either way; the mark blank cannot be judged.
    """
    graded = h.house_grade.is_in(limits.house_grades_unsafe).fill_null(False)
    not_secured = h.house_grade.is_in(limits.house_grades_not_secured).fill_null(False)
    return (h.unsafe_house & ~not_secured) | (~h.unsafe_house & graded)


@rule("I17", "household", zh="饮水困难而饮水安全")
def water_difficult_and_safe(h: Columns, limits: Any) -> nw.Expr:
    """Water is hard to get and yet safe.

    Why: safe water includes that it is near and enough; one of the two entries is likely wrong.
    Basis: the meaning of the two fields; S4.1.
    Flags: both 是; one 否 is clear; otherwise a blank cannot be judged.
    """
    return h.water_difficult & h.water_safe


@rule("I10", "household", zh="住房面积为空或异常大")
def housing_area_missing_or_large(h: Columns, limits: Any) -> nw.Expr:
    """Housing area blank or unusually large.

    Why: the area must be filled in; so large a house is a point mistyped, or not a poor household's.
    Basis: rule lists that offices ran; S4.1.
    Flags: blank, or at or above the limit.
    """
    large: nw.Expr = h.housing_area >= limits.housing_area_suspect_m2
    return h.housing_area.is_null() | large


@rule("I11", "household", zh="脱贫户住房面积过小", within="has_left_poverty")
def left_with_tiny_house(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty with hardly any house.

    Why: safe housing is a standard of exit; so small an area is none, or was mistyped.
    Basis: rule lists that offices ran; S1.1f.
    Flags: below the least, 0 among it; at the least is clear; blank cannot be judged.
    """
    tiny: nw.Expr = h.housing_area < limits.housing_area_exited_min_m2
    return tiny


@rule("I12", "household", zh="人均住房面积异常小或异常大")
def housing_per_head_unusual(h: Columns, limits: Any) -> nw.Expr:
    """Housing area per head unusually small or large.

    Why: the area or the household's size is wrong, or the house is too small to be called safe.
    Basis: known practice, hence a hint; S4.1.
    Flags: below the low limit or above the high one; on either is clear; blank area or size cannot be judged.
    """
    small: nw.Expr = h.housing_area_pc < limits.housing_area_pc_min_m2
    large: nw.Expr = h.housing_area_pc > limits.housing_area_pc_max_m2
    return small | large


@rule("I13", "household", zh="住房面积为零而非无房")
def no_area_and_yet_a_house(h: Columns, limits: Any) -> nw.Expr:
    """Housing area 0, but not marked as without a house.

    Why: a household either has a house with an area, or has none and says so.
    Basis: inferred from the form, hence a hint; S4.1.
    Flags: area 0 and a grade that is not "no house", a blank grade among it; blank area cannot be judged.
    """
    houseless: nw.Expr = (h.house_grade == limits.house_grade_none).fill_null(False)
    return (h.housing_area == 0) & ~houseless


@rule("I15", "household", zh="危房户已有搬迁入住或往年危改记录")
def unsafe_after_rehousing(h: Columns, limits: Any) -> nw.Expr:
    """Still marked as a dangerous house although the household was rehoused.

    Why: after rebuilding or relocation the mark was not taken back, or the house was not made safe.
    Basis: inferred, hence a hint; S1.1f.
    Flags: 是否危房户 is 是 and the safe house is lived in, or a measure of rebuilding or relocation dates from an
    earlier year; one of this year may still be under way; the mark blank cannot be judged.
    """
    return h.unsafe_house & (h.moved_in.fill_null(False) | (h.earlier_rehousing_measures > 0))


@rule("I15", "household", zh="危房户已有往年危改年度", face="危改年度")
def unsafe_after_rebuilding_year(h: Columns, limits: Any) -> nw.Expr:
    """Still marked as a dangerous house although rebuilding was finished in an earlier year.

    Why: the mark was not taken back, or the house was not made safe.
    Basis: inferred, hence a hint; the year of rebuilding is a column beyond the 2018 export; S1.1f.
    Flags: 是否危房户 is 是 and a year of rebuilding before this year; no such year is clear; the mark blank cannot be
    judged.
    """
    earlier: nw.Expr = (h.rebuilt_year < limits.data_year).fill_null(False)
    return h.unsafe_house & earlier


@rule("I18", "household", zh="与村主干路距离为空或异常远")
def distance_missing_or_far(h: Columns, limits: Any) -> nw.Expr:
    """Distance to the village's main road blank or unusually far.

    Why: the distance must be filled in; so long a way is a point or a unit mistyped, or a hamlet that needs a road.
    Basis: rule lists that offices ran; S4.1.
    Flags: blank, or above the limit; on the limit is clear.
    """
    far: nw.Expr = h.road_distance > limits.road_distance_suspect_km
    return h.road_distance.is_null() | far


@rule("I19", "household", zh="入户路类型与距离矛盾")
def road_type_against_distance(h: Columns, limits: Any) -> nw.Expr:
    """A paved way in over a long distance, or a dirt road over none.

    Why: nobody paves so long a way to one house, and a house on the main road has no dirt road to it.
    Basis: inferred, hence a hint; S4.1.
    Flags: paved and farther than the limit; dirt and 0; a blank cannot be judged.
    """
    paved: nw.Expr = h.road_type.is_in(limits.road_types_paved)
    far: nw.Expr = h.road_distance > limits.road_paved_distance_max_km
    dirt: nw.Expr = h.road_type == limits.road_type_dirt
    return (paved & far) | (dirt & (h.road_distance == 0))


@rule("I20", "household", zh="加入合作社而无产业收入、无帮扶措施")
def cooperative_in_name_only(h: Columns, limits: Any) -> nw.Expr:
    """Member of a cooperative without any income from it and without any measure.

    Why: membership that brings neither work, dividend nor help stands on paper only.
    Basis: inferred, hence a hint; S4.1.
    Flags: 是, business and property income both 0 (a dividend is property income), and no measure recorded; a blank
    that decides cannot be judged.
    """
    nothing: nw.Expr = (h.business_income == 0) & (h.property_income == 0)
    return h.cooperative & nothing & (h.measures == 0)


@rule("I21", "household", zh="主要燃料为其他而未写名称")
def other_fuel_without_name(h: Columns, limits: Any) -> nw.Expr:
    """Other fuel, without its name.

    Why: the form asks for the name, and "other" mostly hides one of the list.
    Basis: an office's input checks; S4.1. The name is a column beyond the 2018 export.
    Flags: the fuel is "other" and the name blank; blank fuel cannot be judged here.
    """
    other: nw.Expr = h.fuel == limits.fuel_other_kind
    return other & h.fuel_other.is_null()
