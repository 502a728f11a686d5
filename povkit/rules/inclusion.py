"""K: who is on the register and should not be, and who should be and is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule
from povkit.views.person import SECTOR_COLUMNS

Condition = Callable[[Columns, Any], nw.Expr]


@dataclass(frozen=True)
class Group:
    """Who must be on the register: the sector list, what its people are called, and which of them count."""

    face: str
    zh: str
    en: str
    counted: str = "everybody on the list"
    condition: Condition | None = None


KEY_GROUPS = (
    Group(
        "危房",
        "危房（无房）户",
        "dangerous house or none",
        "grade C, D or none; A and B are clear",
        lambda h, limits: h.listed_house_grade.is_in(list(limits.house_grades_not_secured)),
    ),
    Group("大病", "大病人员户", "serious illness"),
    Group("残疾", "残疾人员户", "disability"),
    Group("特困供养", "特困供养人员户", "five-guarantee support"),
    Group(
        "独居老人",
        "独居老人户",
        "elderly living alone",
        "those known to have able children are clear",
        lambda h, _: ~h.known_support,
    ),
)
"""The five key groups."""

LEFT_OUT = (
    Group("低保", "低保户", "low-income guarantee"),
    Group(
        "独居老人",
        "无赡养能力子女的独居老人户",
        "elderly living alone without support",
        "without able children; blank cannot be judged",
        lambda h, _: ~h.able_children,
    ),
)
"""Groups that the national inspection looks for and that are not, or only in part, among the five."""

CONTRADICTIONS = {
    "机动车": ("车辆", "a car"),
    "商品房": ("商品房", "a bought flat"),
    "财政供养": ("财政供养人员", "a member on the public payroll"),
    "工商登记": ("工商登记", "a registered company"),
    "村干部": ("村干部", "a member who is a village cadre"),
}
"""Sector list -> what it gives a household, zh and en."""


def _left_out(code: str, group: Group, basis: str) -> None:
    """Make the rule of a code that asks whether a group's households are on the register."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        owed: nw.Expr = ~h.household_on_register & h.agricultural & ~h.known_dead
        return owed & group.condition(h, limits) if group.condition else owed

    check.__doc__ = (
        f"Household not on the register: {group.en}.\n\n"
        f"Why: need is likeliest there; whoever is not registered is visited, and taken in or cleared.\n"
        f"Basis: {basis}; the departments' lists.\n"
        f"Flags: an agricultural person on the list, not known to be dead, when neither he nor anyone of his police\n"
        f"household is on the register; {group.counted}. Without a number or police household it cannot be judged,\n"
        f"nor if somebody on the register is possibly the same person (K20 tells why).\n"
    )
    rule(code, "listed", f"{group.zh}不在册", within=SECTOR_COLUMNS[group.face], face=group.face)(check)


def _should_leave(face: str, zh: str, en: str) -> None:
    """Make the rule that asks whether a household with a member on a list should stay on the register."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        members: nw.Expr = getattr(h, f"members_{SECTOR_COLUMNS[face]}")
        possible: nw.Expr = getattr(h, f"members_possibly_{SECTOR_COLUMNS[face]}")
        return (members > 0) | nw.when(possible == 0).then(nw.lit(False))

    check.__doc__ = (
        f"Still registered as poor with {en}.\n\n"
        f"Why: {en} speaks against poverty; the visit decides whether the household should be removed.\n"
        f"Basis: S2.2c; the departments' lists.\n"
        f"Flags: a household that has not left poverty, with any of this year's members on the list {face}; the\n"
        f"relation to the head is shown. Whoever moved out is no member. A member only possibly on the list cannot be\n"
        f"judged (K20 tells why).\n"
    )
    shows = (f"relations_{SECTOR_COLUMNS[face]}",)
    rule("K19", "household", f"在册未脱贫户有{zh}", within="not_yet_left", face=face, shows=shows)(check)


for _group in KEY_GROUPS:
    _left_out("K05", _group, "S2.1a, the five key groups")
for _group in LEFT_OUT:
    _left_out("K06", _group, "S5.6, households left out")
for _face, (_zh, _en) in CONTRADICTIONS.items():
    _should_leave(_face, _zh, _en)


@rule("K14", "applicant", zh="符合标准的申请户未纳入")
def applicant_not_admitted(h: Columns, limits: Any) -> nw.Expr:
    """Applicant meets the standard and was not taken in.

    Why: all who should be on the register are to be on it.
    Basis: S2.0; the list of applications.
    Flags: meets the standard, outcome other than admitted (still pending too), not on the register; blank, or
    somebody on the register who is possibly the same (K20), cannot be judged.
    """
    refused: nw.Expr = h.outcome != limits.applicant_admitted
    return h.meets_standard & refused & ~h.on_register


@rule("K15", "person", zh="已死亡人员仍在册")
def dead_on_register(h: Columns, limits: Any) -> nw.Expr:
    """Dead, and still on the register.

    Why: the register does not match reality, and income per head is counted over too many.
    Basis: S5.2; the death list.
    Flags: a person of this year's register whose first 18 characters are on the death list; no number, or an entry
    that is only possibly the same person (K20), cannot be judged.
    """
    return h.on_death_list


@rule("K16", "mistaken", zh="误删除、未录入人员未作新纳入")
def mistaken_not_restored(h: Columns, limits: Any) -> nw.Expr:
    """Deleted by mistake or never entered, and still not on the register.

    Why: they come back as new inclusions in this round.
    Basis: S2.1c; the list of people deleted by mistake or never entered.
    Flags: a person of that list who is not on the register; no number, or somebody on the register who is possibly
    the same (K20), cannot be judged.
    """
    return ~h.on_register


def _same_person(h: Columns, limits: Any) -> nw.Expr:
    return h.matched_in_doubt


_same_person.__doc__ = """Possibly one person on a list or last year's register and on this one; number or name differs.

Why: a wrong or missing number hides a person from every comparison; who it is must be settled, and one side mended.
Basis: S2.0, S5.6; matching of the lists by number, then by name, place and birth date.
Flags: name and place agree and the number is one character off, has two neighbours swapped, or is missing on one
side; or the number agrees and the name does not. What differs is shown. Without a name it cannot be judged.
"""
for _view, _shows in (
    ("person", ("match_lists", "match_differs")),
    ("applicant", ("name", "match_differs")),
    ("mistaken", ("name", "match_differs")),
    ("leaver", ("match_differs",)),
):
    rule("K20", _view, "名单与在册人员疑为同一人，号码或姓名不一致", shows=_shows)(_same_person)
