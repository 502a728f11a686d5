"""V: the register against what inspectors found at the door."""

from collections.abc import Callable
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule

Pair = Callable[[Columns], tuple[nw.Expr, nw.Expr]]

ITEMS: dict[str, tuple[str, str, Pair]] = {
    "住房": ("住房安全", "safe house", lambda h: (h.register_house_safe, h.house_safe)),
    "入住": ("已入住", "moved in", lambda h: (h.register_moved_in, h.moved_in)),
    "饮水": ("饮水安全", "safe water", lambda h: (h.register_water_safe, h.water_safe)),
    "教育": ("义务教育有保障", "compulsory schooling", lambda h: (h.register_schooled, h.education_ok)),
    "医疗": ("基本医疗有保障", "basic medical care", lambda h: (h.register_insured, h.medical_ok)),
}
"""Item -> its name (zh, en), and what the register and the visit say of it."""


@rule("V01", "visit", zh="实测收入与系统收入不符")
def income_differs(h: Columns, limits: Any) -> nw.Expr:
    """Income found at the door differs from the register's.

    Why: income decides who is poor and who leaves; a register that does not match reality decides wrongly.
    Basis: S5.2; the visits.
    Flags: a difference of more than the tolerance, measured against the register's figure, either way; on the
    tolerance is clear; a household not on the register, or a blank, cannot be judged.
    """
    allowed: nw.Expr = h.register_net_income_pc.abs() * limits.visit_income_tolerance
    return (h.net_income_pc - h.register_net_income_pc).abs() > allowed


def _contradicted(face: str, zh: str, en: str, pair: Pair) -> None:
    """Make the rule of one item that the register grants and the visit denies."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        register, door = pair(h)
        return register & ~door

    check.__doc__ = (
        f"The register says yes and the visit no: {en}.\n\n"
        f"Why: a guarantee that is only on paper is the first thing the national inspection looks for.\n"
        f"Basis: S5.2; the visits beside the register.\n"
        f"Flags: yes on the register and no at the door. No on the register, or yes at the door, is clear; otherwise\n"
        f"a blank cannot be judged.\n"
    )
    rule("V02", "visit", f"系统为{zh}而实测不符", face=face)(check)


for _face, (_zh, _en, _pair) in ITEMS.items():
    _contradicted(_face, _zh, _en, _pair)


@rule("V03", "visit", zh="错退")
def wrong_exit(h: Columns, limits: Any) -> nw.Expr:
    """Left poverty wrongly, by the verdict or by what was measured.

    Why: whoever misses a standard is not marked as having left.
    Basis: S5.3; the visits beside the register.
    Flags: the verdict is wrong exit; or the register says left and the visit found an income below the line, or one of
    house, moving in, water, schooling, medical care, food and clothing lacking. A suspected wrong exit alone does not.
    """
    verdict: nw.Expr = (h.verdict == limits.visit_wrong_exit).fill_null(False)
    return verdict | (h.marked_left & ((h.net_income_pc < limits.income_line) | h.guarantee_lacking))


@rule("V04", "visit", zh="漏评")
def left_out(h: Columns, limits: Any) -> nw.Expr:
    """Found in need at the door, and not on the register.

    Why: all who should be on the register are to be on it.
    Basis: S5.6; the visits.
    Flags: the verdict is left out and the household is not on the register; verdict blank cannot be judged.
    """
    return (h.verdict == limits.visit_left_out) & ~h.visited_on_register
