"""The statistical tests of a run in plain words, with what the self-test measured of them, and their limits."""

from typing import Any

from povkit.policy import Certified, Rate
from povkit.report.blocks import Block, column, heading, table, text
from povkit.report.inspection import Inspection

LIMITS = 5
_POWERS = 4
_QUICK = 0.1
"""Effort of the self-test under which its numbers are called rough."""


def statistical_tests(inspection: Inspection) -> list[Block]:
    """Blocks for the patterns that ran; [] where no patterns were handed to the report."""
    shapes, words = inspection.shapes, inspection.words
    if shapes is None:
        return []
    codes = [code for code in sorted(inspection.rules) if f"test.{code}" in words and not inspection.not_run(code)]
    blocks = [heading(words("tests.heading")), text(words("tests.intro"))]
    efforts = [shapes.calibration[code].effort for code in codes if code in shapes.calibration]
    if not efforts:
        blocks.append(text(words("tests.none"), "note"))
    elif min(efforts) < _QUICK:
        blocks.append(text(words("tests.quick"), "note"))
    old = [code for code in codes if code in shapes.stale and code in shapes.calibration]
    if old:
        blocks.append(text(words("tests.stale", codes=words("mark.list").join(old)), "note"))
    columns = [
        column(words("tests.test"), "2fr"),
        column(words("tests.size"), "1fr"),
        column(words("tests.power"), "1.5fr"),
    ]
    return [*blocks, table(columns, [_row(inspection, code) for code in codes]), *limits(inspection)]


def _row(inspection: Inspection, code: str) -> list[str]:
    words, shapes = inspection.words, inspection.shapes
    certified: Certified | None = shapes.calibration.get(code) if shapes is not None else None
    named = f"{code} {inspection.title(code)}\n{words(f'test.{code}')}"
    if certified is None:
        return [named, words("tests.unmeasured"), words("tests.unmeasured")]
    pooled, worst = certified.size, certified.worst
    if shapes is not None and (old := shapes.stale.get(code)):
        named += "\n" + words(f"tests.stale_{old.kind}", limits=words("mark.list").join(old.limits))
    size = [_rate(inspection, pooled)] if pooled else []
    if worst:
        size.append(words("tests.size_worst", rate=_rate(inspection, worst), case=_case(inspection, worst)))
    powers = [
        words("tests.power_value", case=_case(inspection, rate), rate=_rate(inspection, rate))
        for rate in chosen(certified.power)
    ]
    return [
        named,
        words("mark.pairs").join(size) or words("tests.unmeasured"),
        words("mark.pairs").join(powers) or words("tests.unmeasured"),
    ]


def chosen(rates: tuple[Rate, ...]) -> list[Rate]:
    """The few powers to print: those with an aim, then the strongest fault at each level, in the order measured."""
    strongest = {rate.level: rate for rate in rates}
    wanted = [rate for rate in rates if rate.good is not None] + list(strongest.values())
    kept = list({(rate.case, rate.level): rate for rate in wanted}.values())[:_POWERS]
    return [rate for rate in rates if rate in kept]


def _rate(inspection: Inspection, rate: Rate) -> str:
    return inspection.words("tests.rate", value=f"{rate.value:.2f}", error=f"{rate.error:.2f}")


def _case(inspection: Inspection, rate: Rate) -> str:
    return rate.zh if inspection.options.language == "zh" else rate.case


def limits(inspection: Inspection) -> list[Block]:
    """What patterns cannot say; stands in every report that has any."""
    words, shapes = inspection.words, inspection.shapes
    given: dict[str, Any] = {"line": words.number((shapes.limits if shapes else {}).get("income_line"))}
    given["document"] = inspection.clause("E11")[1] or words("mark.none")
    told = [words(f"tests.limits.{number}", **given) for number in range(1, LIMITS + 1)]
    return [heading(words("tests.limits_heading")), *(text(each) for each in told)]
