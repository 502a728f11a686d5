"""The three figures that carry each verdict: what was counted, out of how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from povkit.verdicts.facts import Facts


@dataclass(frozen=True)
class Figure:
    """One figure: objects found by `codes` (or the fact `fact`), out of the fact `of`."""

    zh: str
    en: str
    codes: tuple[str, ...] = ()
    fact: str = ""
    of: str = ""


FIGURES: dict[str, tuple[Figure, Figure, Figure]] = {
    "S5.1": (
        Figure(
            "符合条件未纳入的申请人、误删未录入人员",
            "qualified applicants and deleted people not taken in",
            ("K14", "K16"),
        ),
        Figure("全年零新增的村", "villages that took nobody in", fact="villages_without_inclusion", of="villages"),
        Figure("本年脱贫户", "households leaving this year", fact="exits_this_year", of="households"),
    ),
    "S5.2": (
        Figure("身份或户结构自相矛盾的对象", "contradictions of identity or structure", ("A", "B"), of="people"),
        Figure("死亡名单上仍在册的人", "people on the death list still registered", ("K15",), of="people"),
        Figure(
            "两年收入或在校信息雷同的对象",
            "income or schooling unchanged over two years",
            ("F01", "F02", "F03"),
            of="people",
        ),
    ),
    "S5.3": (
        Figure(
            "有一项以上标准不符的脱贫户", "exited households short of a standard", ("J", "E11"), of="exited_households"
        ),
        Figure(
            "人均纯收入低于标准的脱贫户", "exited households below the income line", ("E11",), of="exited_households"
        ),
        Figure("部门认定不全的本年脱贫户", "exits without all certificates", ("J14",), of="exits_this_year"),
    ),
    "S5.4": (
        Figure(
            "退出程序缺项、倒置或公示不足的户",
            "exits with steps missing, out of order or too short",
            ("J15",),
            of="exits_this_year",
        ),
        Figure("未复核的剔除、未逐户核查的整户纳入", "removals or inclusions not checked", ("K17", "K18")),
        Figure("申报逾期", "applications out of time", ("T01",)),
    ),
    "S5.5": (
        Figure(
            "本年脱贫的兜底户",
            "welfare-dependent households leaving this year",
            fact="backstop_exits",
            of="backstop_households",
        ),
        Figure(
            "兜底户在本年脱贫户中",
            "welfare-dependent among this year's exits",
            fact="backstop_exits",
            of="exits_this_year",
        ),
        Figure("兜底户成批脱贫的线索", "leads of mass exit of welfare-dependent households", ("J16",)),
    ),
    "S5.6": (
        Figure("五类重点对象未在册人数", "key-group people outside the register", ("K05",), of="key_group_people"),
        Figure(
            "低保、无赡养能力子女独居老人未在册人数",
            "low-income-guarantee or lone elderly outside",
            ("K06",),
            of="key_group_people",
        ),
        Figure(
            "重点对象在册人数",
            "key-group people on the register",
            fact="key_group_people_on_register",
            of="key_group_people",
        ),
    ),
}
"""Per phenomenon of S5. A code of one letter stands for the family's grade 1 codes of the phenomenon."""


def figures_of(
    phenomenon: str, objects: dict[str, set[str]], ran: Iterable[str], grade1: Iterable[str], facts: Facts
) -> list[dict[str, Any]]:
    """Figures as the summary holds them: label_zh, label_en, value, of (None where it cannot be told).

    objects: flagged object ids by code; ran: codes that judged; grade1: the phenomenon's codes of grade 1.
    """
    judged, first = set(ran), tuple(grade1)
    rows = []
    for figure in FIGURES[phenomenon]:
        value = facts.get(figure.fact) if figure.fact else _distinct(figure.codes, objects, judged, first)
        rows.append({"label_zh": figure.zh, "label_en": figure.en, "value": value, "of": facts.get(figure.of)})
    return rows


def _distinct(codes: Iterable[str], objects: dict[str, set[str]], ran: set[str], grade1: tuple[str, ...]) -> int | None:
    wanted = {c for code in codes for c in (grade1 if len(code) == 1 else (code,)) if c.startswith(code)} & ran
    if not wanted:
        return None
    return len(set().union(*(objects.get(code, set()) for code in wanted)))
