"""What stands in the way of a verdict: inputs that were not handed in, checks not run, too few or too small units."""

from povkit.policy import Phenomenon
from povkit.register.schema import load_tables
from povkit.verdicts.evidence import Evidence, Words
from povkit.verdicts.facts import available
from povkit.views import Views


def hindrances(line: Phenomenon, evidence: Evidence, units: int | None) -> list[Words]:
    """Why nothing found would say nothing: too few units, too few checks run, patterns without a large enough unit."""
    reasons = []
    if units is not None and units < line.minimum_units:
        zh = f"可核查单位仅{units}个，少于下限{line.minimum_units}个"
        reasons.append({"zh": zh, "en": f"only {units} units to judge, fewer than the minimum {line.minimum_units}"})
    ran = [code for code in line.codes if code in evidence.ran]
    small = [code for code in ran if code in evidence.too_small]
    if len(ran) - len(small) < evidence.checked_share_min * len(line.codes) or len(ran) == len(small):
        codes = "、".join(small), ", ".join(small)
        zh = f"{len(line.codes)}项检查中只运行了{len(ran)}项"
        en = f"only {len(ran)} of {len(line.codes)} checks were run"
        if small:
            zh += f"，其中{len(small)}项因村、乡镇或责任人规模过小而未能检验（{codes[0]}）"
            en += f", {len(small)} of them without any unit large enough ({codes[1]})"
        reasons.append({"zh": zh, "en": en})
    return reasons


def lacking_inputs(line: Phenomenon, views: Views) -> tuple[list[Words], list[Words]]:
    """What to ask the county for: inputs without which there is no verdict, and inputs of single checks besides.

    Every entry of `needs` must be met by any of its choices; so must those of `needs_for`, which name their checks.
    """
    codes: dict[tuple[str, ...], list[str]] = {choices: [] for choices in line.needs}
    for code, several in line.needs_for.items():
        for choices in several:
            codes.setdefault(choices, []).append(code)
    lacking: tuple[list[Words], list[Words]] = ([], [])
    for choices, used in codes.items():
        if not any(available(views, entry) for entry in choices):
            lacking[choices not in line.needs].append(_ask(choices, used))
    return lacking


def _ask(choices: tuple[str, ...], codes: list[str]) -> Words:
    words = [entry_words(entry) for entry in choices]
    uses_zh, uses_en = (f"（用于{'、'.join(codes)}）", f" (for {', '.join(codes)})") if codes else ("", "")
    return {
        "zh": "请提供：" + "或".join(each["zh"] for each in words) + uses_zh,
        "en": "ask for: " + " or ".join(each["en"] for each in words) + uses_en,
    }


def entry_words(entry: str) -> Words:
    """An input's readable name: a table, last year's table, or a department's list."""
    table, _, part = entry.removesuffix("_last_year").partition(":")
    name = load_tables()[table].zh
    if entry.endswith("_last_year"):
        return {"zh": f"上年度《{name}》", "en": f"last year's {table} table"}
    if part:
        return {"zh": f"{part}名单", "en": f"the list {part}"}
    return {"zh": f"《{name}》", "en": f"the {table.replace('_', ' ')} table"}
