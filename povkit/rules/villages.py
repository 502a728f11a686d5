"""N: the village table and the exit of villages."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("N01", "village", zh="总户数或总人口数为空或为0", within="in_village_table")
def village_without_size(h: Columns, limits: Any) -> nw.Expr:
    """Village's households or population blank or zero.

    Why: rates cannot be computed without them.
    Basis: S1.2b; the village form.
    Flags: households or population blank, zero or less.
    """
    return ~((h.households > 0) & (h.population > 0)).fill_null(False)


@rule("N02", "village", zh="贫困户数或贫困人口数大于总数", within="in_village_table")
def more_poor_than_people(h: Columns, limits: Any) -> nw.Expr:
    """More poor households or people than there are in the village.

    Why: the poor are part of the village, so one of the two was mistyped.
    Basis: the village form; S4.1.
    Flags: poor households > households, or poor population > population; equal is clear; blank cannot be judged.
    """
    return (h.poor_households > h.households) | (h.poor_population > h.population)


@rule("N03", "village", zh="村表贫困户数或贫困人口数与户表不一致", within="in_village_table")
def village_differs_from_households(h: Columns, limits: Any) -> nw.Expr:
    """Village table's poor differ from the register's.

    Why: both count the households of the village that have not left poverty, so one was not updated.
    Basis: the village form; S4.1.
    Flags: households or people differ from the sum over the household and person tables; blank cannot be judged.
    """
    households = h.poor_households != h.registered_poor_households
    return households | (h.poor_population != h.registered_poor_people)


@rule("N12", "village", zh="已出列村贫困发生率未低于退出标准", within="exited")
def exited_above_incidence(h: Columns, limits: Any) -> nw.Expr:
    """Exited village with an incidence that is not below the limit.

    Why: incidence is the first of the village standards.
    Basis: S1.2a; incidence = poor population / population of the village table.
    Flags: incidence at the limit or above; population blank or zero cannot be judged.
    """
    above: nw.Expr = h.incidence_pct >= limits.incidence_exit_pct
    return above


@rule("N13", "village", zh="出列年度为空或不在范围内", within="exited")
def exit_year_impossible(h: Columns, limits: Any) -> nw.Expr:
    """Exited village whose exit year is blank or cannot be.

    Why: the year of exit must be marked.
    Basis: S1.2c; exits began in the policy's first year.
    Flags: blank, before the first year of exits, or after the data year.
    """
    possible: nw.Expr = (h.exit_year >= limits.village_exit_year_min) & (h.exit_year <= limits.data_year)
    return ~possible.fill_null(False)


@rule("N13", "village", zh="本年出列村出列年度未标本年", within="newly_exited", face="本年出列")
def new_exit_marked_otherwise(h: Columns, limits: Any) -> nw.Expr:
    """Village that exited since last year is marked with another year.

    Why: villages that exit in this round are marked with this year.
    Basis: S1.2c; last year's village table.
    Flags: exited now and not last year, exit year other than this year's; blank is the other N13's.
    """
    otherwise: nw.Expr = h.exit_year != limits.village_exit_year
    return otherwise


@rule("N18", "village", zh="有建档立卡人口的村无村表")
def village_not_in_table(h: Columns, limits: Any) -> nw.Expr:
    """Village with registered households has no row in the village table.

    Why: the village table must be complete, for non-poor villages with registered people too.
    Basis: S1.2b.
    Flags: households of the village are on the register and the village table lacks it.
    """
    return ((h.registered_households > 0) & ~h.in_village_table).fill_null(False)


@rule("N19", "village", zh="出列标准未逐项达标", within="standards_due")
def standards_not_all_met(h: Columns, limits: Any) -> nw.Expr:
    """Exited village whose standards are not all met and certified.

    Why: a village leaves only when every standard holds, item by item, none skipped.
    Basis: S1.2a.
    Flags: fewer items met and certified (department and date) than there are standards, or any row not met. An
    exit of an earlier year is asked only if its standards were handed in.
    """
    lacking: nw.Expr = h.standards_certified < limits.village_standard_count
    return lacking | (h.standards_failed > 0)
