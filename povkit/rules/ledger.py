"""P: the ledger of problem records (问题数据)."""

from collections.abc import Callable
from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("P01", "problem", zh="问题数据未处理")
def problem_open(h: Columns, limits: Any) -> nw.Expr:
    """Problem record not handled.

    Why: all problem records reach zero by the deadline.
    Basis: S4.1; the list of problem records.
    Flags: state open or blank on the date of the run; handled after that date counts as open, reported after it is
    clear.
    """
    waiting: nw.Expr = (h.state == limits.problem_state_open).fill_null(True)
    return (waiting | h.handled_later.fill_null(False)) & ~h.reported_later.fill_null(False)


@rule("P02", "problem", zh="疑似数据核实无误但无佐证或核实人")
def closed_without_evidence(h: Columns, limits: Any) -> nw.Expr:
    """Suspected record closed as right without evidence.

    Why: suspected data is kept only with evidence on file, and somebody answers for it.
    Basis: S4.2; the list of problem records.
    Flags: kind suspected, state verified, evidence or verifier blank; kind or state blank cannot be judged.
    """
    closed: nw.Expr = (h.kind == limits.problem_kind_suspect) & (h.state == limits.problem_state_verified)
    return closed & (h.evidence.is_null() | h.handled_by.is_null())


@rule("P03", "problem", zh="已修改但值未变")
def corrected_without_change(h: Columns, limits: Any) -> nw.Expr:
    """Wrong record marked as corrected while the field still holds the old value.

    Why: all wrong data are corrected, and a mark corrects nothing.
    Basis: S4.2; the list of problem records beside the newer snapshot.
    Flags: kind wrong, state corrected, and the field of that household, person or village equals the old value;
    numbers, dates and labels of other years are compared as such; blank then and blank now counts. A field or object
    that the snapshot does not have, a helper, or an old value that was not written down cannot be judged.
    """
    done: nw.Expr = (h.kind == limits.problem_kind_error) & (h.state == limits.problem_state_corrected)
    return done & h.value_unchanged


@rule("P04", "problem", zh="问题复发")
def reported_again(h: Columns, limits: Any) -> nw.Expr:
    """Record closed, and the same field of the same object reported again later.

    Why: what was cleaned once does not come back.
    Basis: S4.3; the list of problem records alone: whether a rule finds it again takes the ledger over several runs.
    Flags: state corrected or verified, and another record of the same object and field (without a field: description)
    was reported after it was handled, up to the run's date. On the same day is clear; a blank date cannot be judged.
    """
    closed: nw.Expr = h.state.is_in([limits.problem_state_corrected, limits.problem_state_verified])
    return closed & (h.last_reported_on > h.handled_on) & (h.last_reported_on > h.reported_on)


@rule("P06", "problem", zh="处理日期早于反馈日期或晚于期限")
def handled_at_wrong_time(h: Columns, limits: Any) -> nw.Expr:
    """Handled before it was reported, or after the deadline.

    Why: the first shows a made-up date; the second missed the date by which all records reach zero.
    Basis: S4.1; the list of problem records.
    Flags: a handled record whose date is before its report or after the deadline; on either day is clear, and so is an
    open record; a blank date cannot be judged.
    """
    early: nw.Expr = h.handled_on < h.reported_on
    return (h.state != limits.problem_state_open) & (early | (h.handled_on > limits.problem_deadline))


def _newly(view: str, face: str, zh: str, en: str, pair: Callable[[Columns, Any], tuple[nw.Expr, nw.Expr]]) -> None:
    """Make the rule that a contradiction stands now and did not stand in last year's snapshot."""

    def check(h: Columns, limits: Any) -> nw.Expr:
        now, then = pair(h, limits)
        return now & ~then

    check.__doc__ = (
        f"New contradiction since the last snapshot: {en}.\n\n"
        f"Why: new changes are right at once; correcting one field must not break another.\n"
        f"Basis: S4.3; two snapshots. One run knows the pairs of fields that are compared here; what other rules find\n"
        f"anew takes the findings of two runs.\n"
        f"Flags: contradictory now and not then; right now, or wrong already then, is clear; otherwise a blank or an\n"
        f"object that was not there cannot be judged.\n"
    )
    rule("P05", view, f"新出现矛盾：{zh}", face=face)(check)


def _income_off(h: Columns, limits: Any) -> tuple[nw.Expr, nw.Expr]:
    now = (h.net_income - h.net_income_pc * h.size).abs() > limits.money_tolerance_yuan * h.size
    last = (h.last_net_income - h.last_net_income_pc * h.last_size).abs()
    return now, last > limits.money_tolerance_yuan * h.last_size


_newly(
    "household",
    "有效灌溉面积",
    "有效灌溉面积大于耕地面积",
    "more irrigated land than farmland",
    lambda h, _: (h.irrigated > h.farmland, h.last_irrigated > h.last_farmland),
)
_newly("household", "人均纯收入", "人均纯收入与家庭纯收入、人口数不符", "income per head", _income_off)
_newly(
    "person",
    "证件号码",
    "证件号码校验位错误",
    "check character of the number",
    lambda h, _: (~h.id_check_ok, ~h.last_id_check_ok),
)
_newly(
    "person",
    "出生日期",
    "出生日期与证件不符",
    "birth date against the number",
    lambda h, _: (h.birth_date != h.id_birth_date, h.last_birth_date != h.last_id_birth_date),
)
_newly(
    "person",
    "性别",
    "性别与证件不符",
    "sex against the number",
    lambda h, _: (h.sex != h.id_sex, h.last_sex != h.last_id_sex),
)
