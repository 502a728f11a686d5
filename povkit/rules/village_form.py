"""N: the village form against itself, against its households, and against what an exit asks of a village."""

from typing import Any

import narwhals as nw

from povkit.register.schema import load_tables
from povkit.rules.rule import Columns, rule
from povkit.views.village_form import LAND

PARTS = (
    ("N04", "dibao_households", "households"),
    ("N04", "dibao_population", "population"),
    ("N04", "tekun_population", "population"),
    ("N04", "disabled_population", "population"),
    ("N04", "labour_population", "population"),
    ("N04", "migrant_population", "population"),
    ("N15", "medical_insured_population", "population"),
    ("N15", "pension_insured_population", "population"),
)
"""Code, a count on the village form, and the count that holds it."""


def _header(name: str) -> str:
    return load_tables()["village"].columns[name].zh[0]


def _more_than_all(code: str, part: str, whole: str) -> None:
    """Make the rule that a count is not larger than the one that holds it."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        larger: nw.Expr = getattr(h, part) > getattr(h, whole)
        return larger

    check.__doc__ = (
        f"Village form: {part.replace('_', ' ')} above the village's {whole}.\n\n"
        f"Why: the one is part of the other, so one of the two was mistyped.\n"
        f"Basis: inferred from the village form; S4.1.\n"
        f"Flags: {part} > {whole}; equal is clear; blank cannot be judged.\n"
    )
    zh = f"{_header(part)}大于{_header(whole)}"
    rule(code, "village", zh, within="in_village_table", face=_header(part))(check)


for _code, _part, _whole in PARTS:
    _more_than_all(_code, _part, _whole)


@rule("N06", "village", zh="出列村集体经济收入为空或为0", within="exited")
def exited_without_collective_income(h: Columns, limits: Any) -> nw.Expr:
    """Exited village without collective income.

    Why: a village that exits has an income of its own; which amount is enough is the standards' question (N19).
    Basis: rule lists that offices ran; S1.2a.
    Flags: blank, zero or less.
    """
    earning: nw.Expr = h.collective_income > 0
    return ~earning.fill_null(False)


@rule("N07", "village", zh="出列村未通沥青（水泥）路", within="exited")
def exited_without_paved_road(h: Columns, limits: Any) -> nw.Expr:
    """Exited village whose road to the township is not all paved.

    Why: the hardened road is one of the village standards.
    Basis: rule lists that offices ran; S1.2a.
    Flags: a length not yet paved above 0; 0 is clear; blank cannot be judged.
    """
    unpaved: nw.Expr = h.unpaved_road_km > 0
    return unpaved


@rule("N09", "village", zh="未实现饮水安全户数与危房户数之和大于总户数", within="in_village_table")
def more_lacks_than_households(h: Columns, limits: Any) -> nw.Expr:
    """Households without safe water and in dangerous houses are together more than all.

    Why: few households lack both, so that a sum above all of them is a typing error, as each alone is.
    Basis: rule lists that offices ran; S4.1.
    Flags: the sum, or one of the two, above the village's households; equal is clear; blank cannot be judged.
    """
    water: nw.Expr = h.unsafe_water_households > h.households
    house: nw.Expr = h.unsafe_house_households > h.households
    return water | house | (h.unsafe_water_households + h.unsafe_house_households > h.households)


def _less_land(name: str) -> None:
    """Make the rule that a village has at least the land of its registered households."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        less: nw.Expr = getattr(h, name) < getattr(h, f"registered_{name}")
        return less

    check.__doc__ = (
        f"Village has less land than its registered households: {name.replace('_', ' ')}.\n\n"
        f"Why: households' land lies within the village's, so one of the two was mistyped.\n"
        f"Basis: rule lists that offices ran; S4.1.\n"
        f"Flags: the village form's area below the sum over the household table; equal is clear;\n"
        f"blank cannot be judged.\n"
    )
    header = _header(name)
    rule("N10", "village", f"村{header}小于户表合计", within="in_village_table", face=header)(check)


for _land in LAND:
    _less_land(_land)


@rule("N11", "village", zh="出列村仍有未实现饮水安全户或危房户", within="exited")
def exited_with_lacks(h: Columns, limits: Any) -> nw.Expr:
    """Exited village with households without safe water or in dangerous houses.

    Why: both are standards of the village, and of every household that left.
    Basis: inferred from the standards; S1.2a.
    Flags: either count above 0; both 0 is clear; otherwise a blank cannot be judged.
    """
    return (h.unsafe_water_households > 0) | (h.unsafe_house_households > 0)


@rule("N11", "village", zh="出列村仍有未通电户", within="exited", face="通电")
def exited_without_power(h: Columns, limits: Any) -> nw.Expr:
    """Exited village with households without electricity.

    Why: electricity is a standard of the village.
    Basis: inferred from the standards; S1.2a.
    Flags: a count above 0; 0 is clear; blank cannot be judged.
    """
    dark: nw.Expr = h.unpowered_households > 0
    return dark


@rule("N14", "village", zh="自然村数为0", within="in_village_table", face="自然村数")
def no_hamlets(h: Columns, limits: Any) -> nw.Expr:
    """Village without hamlets.

    Why: every administrative village is made of hamlets.
    Basis: inferred from the village form; S4.1.
    Flags: 0 or less; blank cannot be judged.
    """
    none: nw.Expr = h.hamlets <= 0
    return none


@rule("N14", "village", zh="村民小组数为0", within="in_village_table", face="村民小组数")
def no_groups(h: Columns, limits: Any) -> nw.Expr:
    """Village without villagers' groups.

    Why: every administrative village is made of groups.
    Basis: inferred from the village form; S4.1.
    Flags: 0 or less; blank cannot be judged.
    """
    none: nw.Expr = h.groups <= 0
    return none


@rule("N14", "village", zh="自然村数和村民小组数都小于户表所列村组数", within="in_village_table", face="户表")
def fewer_hamlets_than_named(h: Columns, limits: Any) -> nw.Expr:
    """Village with fewer hamlets, and fewer groups, than its households name.

    Why: the household form names the hamlet or group of each household; more names than there are means a wrong count.
    Basis: inferred from the two forms; S4.1.
    Flags: different names on the household table above both counts; one of the two that reaches it clears; otherwise a
    blank cannot be judged.
    """
    return (h.registered_hamlets > h.hamlets) & (h.registered_hamlets > h.groups)


@rule("N16", "village", zh="贫困村第一书记为空", within="poor_village")
def poor_village_without_secretary(h: Columns, limits: Any) -> nw.Expr:
    """Poor village without a first secretary.

    Why: every poor village has one, and the village form names him.
    Basis: the national village form; S1.2b.
    Flags: blank; other villages need none.
    """
    return h.first_secretary.is_null()


@rule("N16", "village", zh="贫困村驻村工作队信息为空", within="poor_village", face="驻村工作队")
def poor_village_without_team(h: Columns, limits: Any) -> nw.Expr:
    """Poor village without a resident work team.

    Why: every poor village has one, and the village form names it.
    Basis: the national village form; S1.2b.
    Flags: blank; other villages need none.
    """
    return h.resident_team.is_null()


@rule("N17", "village", zh="行政村代码不是12位或与县码不符")
def village_code_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Village code that is not of twelve digits, or not of the county.

    Why: the code joins the village's form, its households and the lists; a wrong one loses them.
    Basis: GB/T 2260 and the layout of the export; S1.2b.
    Flags: other than twelve digits, or the first six not the county's; on the village form or the household table.
    """
    formed: nw.Expr = h.village_code.str.contains(limits.village_code_pattern)
    return ~formed | (h.code_county != limits.county_code)
