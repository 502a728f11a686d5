"""H: attribute of a household, welfare, marks of families and people, telephone."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("H03", "household", zh="低保户无人享受低保")
def dibao_household_without_member(h: Columns, limits: Any) -> nw.Expr:
    """A low-income-guarantee household of which no member receives it.

    Why: the attribute and the members' entries say opposite things about the same grant.
    Basis: rule lists that offices ran; S4.1.
    Flags: every member is marked as not receiving; one who does is clear; blanks and none who does cannot be judged.
    """
    return h.category.is_in(limits.categories_dibao) & ~h.any_dibao_member


@rule("H15", "household", zh="联系电话为空或不是手机号码")
def phone_missing_or_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Phone number blank or not a mobile number.

    Why: inspectors and helpers reach the household by it; the national system takes mobile numbers only.
    Basis: rule lists that offices ran; S3.3.
    Flags: blank, or anything that does not fit the policy's pattern.
    """
    return h.phone.is_null() | ~h.phone.str.contains(limits.phone_pattern)


@rule("H02", "household", zh="贫困户属性与脱贫属性不符")
def attribute_against_status(h: Columns, limits: Any) -> nw.Expr:
    """Attribute of a household that has left, of one that has not, or the other way round.

    Why: the attribute follows the status, so one of the two was not brought up to date.
    Basis: the register's code list; rule lists that offices ran; S4.1.
    Flags: left poverty with an attribute of the poor, or still poor with one of those that left; about to leave is
    clear with either; a blank cannot be judged.
    """
    left: nw.Expr = (h.status == limits.status_exited) & h.category.is_in(limits.categories_poor)
    poor: nw.Expr = h.status.is_in(limits.status_not_exited) & h.category.is_in(limits.categories_exited)
    return left | poor


@rule("H04", "household", zh="一般户有成员享受低保")
def ordinary_household_with_dibao(h: Columns, limits: Any) -> nw.Expr:
    """An ordinary household of which a member receives the low-income guarantee.

    Why: the attribute and the members' entries say opposite things about the same grant.
    Basis: rule lists that offices ran; S4.1.
    Flags: a member marked as receiving; blanks and none who does cannot be judged.
    """
    return h.category.is_in(limits.categories_general) & h.any_dibao_member


@rule("H05", "household", zh="特困供养户有劳动年龄内劳动力")
def tekun_household_with_worker(h: Columns, limits: Any) -> nw.Expr:
    """A five-guarantee household with a member of working age who is able to work.

    Why: support is for those who can neither work nor be supported.
    Basis: rule lists that offices ran; S4.1.
    Flags: an able member within the working ages; a blank ability or age and no such member cannot be judged.
    """
    return h.category.is_in(limits.categories_tekun) & h.any_worker


@rule("H06", "household", zh="特困供养户人口较多或有赡养人")
def tekun_household_with_supporter(h: Columns, limits: Any) -> nw.Expr:
    """A five-guarantee household that is large, or with a grown child able to work.

    Why: who has someone bound by law to support him is not under the five guarantees.
    Basis: known practice, hence a hint; S4.1.
    Flags: more people than the limit, or a son or daughter of age and able to work; a blank that decides cannot be
    judged.
    """
    large: nw.Expr = h.size > limits.tekun_size_max
    return h.category.is_in(limits.categories_tekun) & (large | h.any_supporter)


@rule("H12", "household", zh="整户无劳动力而无低保、特困供养", within="not_yet_left")
def without_labour_or_welfare(h: Columns, limits: Any) -> nw.Expr:
    """Nobody is able to work, and nobody is on the guarantee or in care.

    Why: such a household cannot help itself, and nothing else holds it up. One that left poverty lives above the line,
    which is also the guarantee's, so the check speaks of those that have not.
    Basis: rule lists of 2023; S2.0.
    Flags: every member unable to work, an ordinary attribute, no member on either; a blank that decides cannot be
    judged.
    """
    attribute: nw.Expr = h.category.is_in([*limits.categories_dibao, *limits.categories_tekun])
    return h.all_without_labour & ~attribute & ~h.any_dibao_member & ~h.any_tekun_member


@rule("H14", "household", zh="独生子女户、双女户与子女不符")
def children_against_family_kind(h: Columns, limits: Any) -> nw.Expr:
    """Marked as a one-child family with more children, or as a two-daughter family with a son.

    Why: the mark brings a grant; it or the relations are wrong.
    Basis: inferred, hence a hint; relations are told from the head. The marks are columns beyond the 2018 export; S4.1.
    Flags: more than one son or daughter of the head beside the one mark, any son beside the other; children who left
    the household do not show; a blank mark and no contradiction cannot be judged.
    """
    return (h.only_child & (h.children > 1)) | (h.two_daughters & (h.sons > 0))


@rule("H18", "person", zh="未满入党年龄而为党员", face="年龄")
def party_member_too_young(p: Columns, limits: Any) -> nw.Expr:
    """Party member below the age of admission.

    Why: nobody is admitted before that age; birth date or membership is wrong.
    Basis: the Party's constitution, article 1; S4.1.
    Flags: a member or candidate below the age at the date of the check; a blank that decides cannot be judged.
    """
    young: nw.Expr = p.age < limits.party_age_min
    return p.political.is_in(limits.political_party_members) & young
