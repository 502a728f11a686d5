"""B and D: a household against its address and its neighbours, and shares of whole villages and counties."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, Rule, add, rule


@rule("B14", "household", zh="同户成员的行政村与户表不一致", face="行政村")
def members_of_other_village(h: Columns, limits: Any) -> nw.Expr:
    """Members stand in another village than their household.

    Why: somebody was put into the wrong household, or moved in one table only.
    Basis: inferred: a household lives in one place, hence a hint; S4.1.
    Flags: a member's village on the people's table differs from the household's; blank cannot be judged.
    """
    return h.any_member_elsewhere


@rule("B14", "household", zh="同户成员的自然村（组）与户表不一致", face="自然村")
def members_of_other_group(h: Columns, limits: Any) -> nw.Expr:
    """Members stand in another village group than their household.

    Why: somebody was put into the wrong household, or moved in one table only.
    Basis: inferred: a household lives in one place, hence a hint; S4.1.
    Flags: a member's group on the people's table differs from the household's. The 2018 people's table has no groups:
    it is not run until one with 自然村 is handed in.
    """
    return h.any_member_in_other_hamlet


@rule("B15", "household", zh="疑似拆户：同村组、同姓、同电话的多户")
def family_split_in_two(h: Columns, limits: Any) -> nw.Expr:
    """Several households share village group, surname and telephone.

    Why: parents or children split off on paper bring welfare grants, or hide the income of the rest.
    Basis: known practice without a source, hence a hint; S4.1.
    Flags: more than one household with the same village, group, surname of the head and mobile number; any of the four
    blank, or a telephone that is no mobile number (H15), cannot be judged.
    """
    return h.same_family_rows > 1


def _other_relations(v: Columns, limits: Any) -> nw.Expr:
    """Too many people's relation to the head is "other".

    Why: the form names some twenty relations; where many are other, nobody asked, and checks on relations say nothing.
    Basis: inferred from the form, hence a hint; S4.1. The share and the least number of people are policy.
    Flags: share of people on the register whose relation is filled in; above the limit, on it is clear; fewer people
    than the least number cannot be judged.
    """
    enough: nw.Expr = v.people_with_relation >= limits.share_people_min
    many: nw.Expr = v.other_relation_pct > limits.other_relation_pct_max
    return nw.when(enough).then(many)


def _all_able(v: Columns, limits: Any) -> nw.Expr:
    """Too many households have only members who are able to work.

    Why: poor households mostly have a child or a weak member; where few have, labour was filled in by rote.
    Basis: inferred, hence a hint; S5.2. The share and the least number of households are policy.
    Flags: share of households with members whose labour is filled in; above the limit, on it is clear; fewer households
    than the least number cannot be judged.
    """
    enough: nw.Expr = v.households_of_known_labour >= limits.share_households_min
    many: nw.Expr = v.all_able_pct > limits.all_able_pct_max
    return nw.when(enough).then(many)


for _view, _zh in (("village", "村"), ("county", "县")):
    add(Rule("B16", _view, _other_relations, f"全{_zh}与户主关系为“其他”的占比过高"))
    add(Rule("D28", _view, _all_able, f"全{_zh}“全户均有劳动力”的户占比异常"))
