"""B: who belongs to a household, and how they are related to its head."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("B01", "household", zh="无户主")
def no_head(h: Columns, limits: Any) -> nw.Expr:
    """Household has members but no head.

    Why: all other relations are told from the head, who also signs.
    Basis: the register's form, relation to the head; S4.1.
    Flags: members, none of them the head; if a member's relation is blank (B04) it cannot be judged; a household
    without members is B11's.
    """
    known = (h.heads > 0) | (h.members_without_relation == 0)
    return nw.when(known).then((h.members > 0) & (h.heads == 0))


@rule("B02", "household", zh="多户主")
def several_heads(h: Columns, limits: Any) -> nw.Expr:
    """Household has several heads.

    Why: a household has one head; the others' relation was mistyped, or two households were put into one.
    Basis: the register's form, relation to the head; S4.1.
    Flags: more than one member who is the head.
    """
    return h.heads > 1


@rule("B03", "household", zh="多配偶")
def several_spouses(h: Columns, limits: Any) -> nw.Expr:
    """Head has several spouses.

    Why: a head has one spouse; the others' relation was mistyped, or two households were put into one.
    Basis: the register's form, relation to the head; S4.1.
    Flags: more than one member who is the head's spouse.
    """
    return h.spouses > 1


@rule("B05", "household", zh="户主与配偶性别相同")
def head_and_spouse_same_sex(h: Columns, limits: Any) -> nw.Expr:
    """Head and spouse are of the same sex.

    Why: the relation or the sex of one of them was mistyped.
    Basis: the register's form; sex as filled in, else as in the number; S4.1.
    Flags: both known and the same; no spouse is clear; several heads or spouses of both sexes (B02, B03) cannot be
    judged.
    """
    return (h.spouses > 0) & (h.head_sex == h.spouse_sex)


@rule("B06", "person", zh="与户主关系和性别矛盾")
def relation_against_sex(p: Columns, limits: Any) -> nw.Expr:
    """Relation to the head contradicts the sex.

    Why: a son is male, a mother female; one of the two fields was mistyped.
    Basis: the register's form; sex as filled in, else as in the number; S4.1.
    Flags: a male relation of a woman or a female one of a man; relations that do not tell the sex are clear.
    """
    woman: nw.Expr = p.relation.is_in(limits.relations_male) & (p.sex_known == limits.sex_female)
    man: nw.Expr = p.relation.is_in(limits.relations_female) & (p.sex_known == limits.sex_male)
    return woman | man


@rule("B10", "household", zh="家庭人口数与成员行数不符")
def size_against_members(h: Columns, limits: Any) -> nw.Expr:
    """Household size differs from the number of its members' rows.

    Why: income per head and every head count rest on the size.
    Basis: the register's form; both tables of the same export; S4.1.
    Flags: a size that is not the number of rows; a household without any row is B11's.
    """
    return (h.members > 0) & (h.size != h.members)


@rule("B11", "household", zh="空户（有户无人）")
def household_without_members(h: Columns, limits: Any) -> nw.Expr:
    """Household without members.

    Why: a household on the register is its people; without them nobody can be helped or counted.
    Basis: both tables of the same export; S4.1.
    Flags: no row of the people's table names the household.
    """
    return h.members == 0


@rule("B11", "person", zh="孤立人口（有人无户）")
def person_without_household(p: Columns, limits: Any) -> nw.Expr:
    """Person without a household.

    Why: status, income and housing stand with the household; without it the person's case cannot be judged.
    Basis: both tables of the same export; S4.1.
    Flags: the household number is blank or not on the household table.
    """
    return ~p.on_household_table
