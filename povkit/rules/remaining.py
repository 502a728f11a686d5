"""J: households that have not left poverty, held against a record that says they could."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("J18", "household", zh="未脱贫户收入远超标准且各项保障达标", within="not_yet_left")
def ready_but_not_left(h: Columns, limits: Any) -> nw.Expr:
    """Not left poverty although every standard is met and the income is far above the line.

    Why: a household is kept on the register that should leave, or its figures are too good.
    Basis: inferred, hence a hint; standards as for exits; S1.1i.
    Flags: income per head at or above the policy's multiple of the line, no worry for food and clothing, house, water,
    school and medical insurance secured. Those about to leave are clear; a blank that decides cannot be judged.
    """
    rich: nw.Expr = h.net_income_pc >= limits.income_line * limits.income_far_over_line
    housed = ~(h.unsafe_house | h.house_grade.is_in(limits.house_grades_not_secured).fill_null(False))
    secured = h.water_safe & ~h.water_difficult & ~h.any_out_of_school & ~h.any_uninsured
    staying: nw.Expr = h.status != limits.status_planned
    return staying & rich & h.food_secure & h.clothing_secure & housed & secured


@rule("J19", "household", zh="未脱贫原因为空或与数据矛盾", within="not_yet_left")
def reason_missing_or_wrong(h: Columns, limits: Any) -> nw.Expr:
    """Reason for not having left blank, or contradicted by the record.

    Why: the reason decides what help comes next.
    Basis: a local code list; S1.1i. The reason is a column beyond the 2018 export.
    Flags: blank; income above the line given and it is not; disability, serious illness, five-guarantee support or
    low-income guarantee given and no member has it; a new house's keys given as missing and it is lived in. Other
    reasons are clear; a blank that decides cannot be judged.
    """
    reason = h.not_exited_reason
    below: nw.Expr = h.net_income_pc < limits.income_line
    nobody = reason.is_in(limits.not_exited_disability) & ~h.any_disabled
    nobody |= reason.is_in(limits.not_exited_illness) & ~h.any_seriously_ill
    nobody |= reason.is_in(limits.not_exited_tekun) & ~(
        h.category.is_in(limits.categories_tekun).fill_null(False) | h.any_tekun_member
    )
    nobody |= reason.is_in(limits.not_exited_dibao) & ~(
        h.category.is_in(limits.categories_dibao).fill_null(False) | h.any_dibao_member
    )
    moved = reason.is_in(limits.not_exited_keys) & h.moved_in.fill_null(False)
    wrong = (reason.is_in(limits.not_exited_over_line) & below) | nobody | moved
    return reason.is_null() | wrong
