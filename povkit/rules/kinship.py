"""B: relations to the head held against ages, and households that are oddly made up."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("B07", "person", zh="与户主关系和年龄矛盾")
def relation_against_age(p: Columns, limits: Any) -> nw.Expr:
    """Age does not fit the relation to the head.

    Why: a child is a generation younger than its parent; relation or birth date was mistyped.
    Basis: inferred from the register's form, hence a hint; S4.1. The years are policy.
    Flags: children not younger than the head by more than the years of one generation, parents not older by as much,
    grandchildren and grandparents by the years of two; whole years between the birth dates, so that on the bound is a
    hit. Relations by marriage are clear; birth dates unknown, or several heads, cannot be judged.
    """
    one, two = limits.generation_years, limits.two_generations_years
    younger = p.years_younger_than_head
    child: nw.Expr = p.relation.is_in(limits.relations_child) & (younger <= one)
    parent: nw.Expr = p.relation.is_in(limits.relations_parent) & (younger >= -one)
    grandchild: nw.Expr = p.relation.is_in(limits.relations_grandchild) & (younger <= two)
    grandparent: nw.Expr = p.relation.is_in(limits.relations_grandparent) & (younger >= -two)
    return child | parent | grandchild | grandparent


@rule("B08", "person", zh="配偶年龄差过大或配偶年龄过小")
def spouse_of_odd_age(p: Columns, limits: Any) -> nw.Expr:
    """Spouse is far from the head's age, or a child.

    Why: the relation was mistyped, or a child stands as the head.
    Basis: known practice without a source, hence a hint; S4.1.
    Flags: spouses more whole years from the head than the limit, or younger than the least age; who is not the spouse
    is clear; a birth date unknown cannot be judged.
    """
    spouse: nw.Expr = p.relation == limits.relation_spouse
    far: nw.Expr = p.years_younger_than_head.abs() > limits.spouse_years_apart_max
    young: nw.Expr = p.age < limits.spouse_age_min
    return spouse & (far | young)


@rule("B09", "household", zh="户主未满劳动年龄而家中有成年人")
def child_as_head(h: Columns, limits: Any) -> nw.Expr:
    """Head is a child although an adult lives in the household.

    Why: an adult heads the household; the roles were exchanged or the child's age is wrong.
    Basis: known practice without a source, hence a hint; S4.1.
    Flags: head below working age and a member of working age or older; children living alone are clear; the head's age
    unknown cannot be judged.
    """
    child: nw.Expr = h.head_age < limits.adult_age
    return child & h.any_adult_member


@rule("B12", "household", zh="家庭人口数偏多（达到上限即疑似）")
def large_household(h: Columns, limits: Any) -> nw.Expr:
    """Household is as large as the limit or larger.

    Why: several families may stand as one, which raises or lowers the income per head of each.
    Basis: rule lists that offices ran; S4.1.
    Flags: size at the limit or above it; blank cannot be judged.
    """
    large: nw.Expr = h.size >= limits.household_size_large
    return large


@rule("B13", "household", zh="单人户为未成年人或学生")
def lone_minor_or_pupil(h: Columns, limits: Any) -> nw.Expr:
    """One person alone, a minor or at school.

    Why: children and pupils live with somebody; they may have been split off, or the family was not entered.
    Basis: known practice without a source, hence a hint; S4.1. Full age is policy.
    Flags: one member's row, and that member below full age or at school; an orphan is to be evidenced; age unknown
    cannot be judged unless at school.
    """
    return (h.members == 1) & (h.any_minor_member | h.any_member_at_school)
