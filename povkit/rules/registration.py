"""A: how people and households are entered: names, ages, register numbers, one place each."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("A13", "person", zh="年龄异常")
def impossible_age(p: Columns, limits: Any) -> nw.Expr:
    """Not yet born, or too old.

    Why: a wrong birth date moves a person between child, worker and pensioner.
    Basis: known practice without a source, hence a hint; S4.1.
    Flags: born after the date of the check, or older than the limit; birth date unknown cannot be judged.
    """
    unborn: nw.Expr = p.birth > limits.as_of
    too_old: nw.Expr = p.age > limits.oldest_age
    return unborn | too_old


@rule("A15", "person", zh="姓名含空格、数字、特殊字符或过短")
def odd_name(p: Columns, limits: Any) -> nw.Expr:
    """Name has characters that names do not have, or is too short.

    Why: a name that differs from the card by a space or a digit matches no list.
    Basis: known practice without a source, hence a hint; S4.1. The pattern is policy.
    Flags: anything but Chinese characters with dots between parts, or fewer characters than the limit; blank cannot be
    judged.
    """
    short: nw.Expr = p.name_length < limits.name_length_min
    return ~p.name.str.contains(limits.name_pattern) | short


@rule("A16", "person", zh="人编号为空、重复或长度不一")
def person_number_is_sound(p: Columns, limits: Any) -> nw.Expr:
    """Person number is blank, used twice, or of another length than the others.

    Why: the number ties a person's rows of all years and tables together.
    Basis: format of the national system's numbers; S4.1.
    Flags: blank, in several rows, or longer or shorter than the register's usual number. A row without a number is
    already left out and reported when files are read in.
    """
    odd: nw.Expr = p.person_number_length != p.usual_person_number_length
    return p.person_number_length.is_null() | (p.same_person_number_rows > 1) | odd


@rule("A16", "household", zh="户编号为空、重复或长度不一")
def household_number_is_sound(h: Columns, limits: Any) -> nw.Expr:
    """Household number is blank, used twice, or of another length than the others.

    Why: the number ties a household to its people, helpers and measures.
    Basis: format of the national system's numbers; S4.1.
    Flags: blank, in several rows, or longer or shorter than the register's usual number. A row without a number is
    already left out and reported when files are read in.
    """
    odd: nw.Expr = h.household_number_length != h.usual_household_number_length
    return h.household_number_length.is_null() | (h.same_household_number_rows > 1) | odd


@rule("A17", "person", zh="同一人在两个乡镇的户中")
def one_person_in_two_townships(p: Columns, limits: Any) -> nw.Expr:
    """Same number stands in households of two townships.

    Why: who moved was entered anew and not taken out at the old place, and is counted and helped twice.
    Basis: inferred from the rule on numbers used twice, hence a hint; first 18 characters; S4.1.
    Flags: rows with the same first 18 characters in more than one township of the county's people's table; two rows in
    one township are A07's or A08's. A person in two counties is not seen in one county's register.
    """
    return p.same_number_townships > 1
