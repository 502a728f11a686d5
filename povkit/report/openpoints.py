"""What could not be judged, a row each, and what to ask the county for."""

from collections.abc import Iterator

from povkit.report.inspection import Inspection
from povkit.report.labels import clean
from povkit.report.rows import ANALYST_GRADE

OPEN_COLUMNS = (
    ("kind", 14), ("code", 8), ("title_column", 44), ("evaluated", 10), ("unknown", 10), ("why", 50), ("ask", 50),
    ("answer", 26),
)  # fmt: skip
OPEN_TO_FILL = 1
_PATTERN = 3


def open_points(inspection: Inspection) -> list[list[str]]:
    """Rows in the order of `OPEN_COLUMNS` without the one to fill in: phenomena, checks not run, checks held up."""
    return [*_phenomena(inspection), *_not_run(inspection), *_held_up(inspection)]


def _phenomena(inspection: Inspection) -> Iterator[list[str]]:
    words, join = inspection.words, inspection.words("mark.pairs").join
    for item in inspection.summary["phenomena"]:
        if item["verdict"] != "cannot_judge" and not item["ask"]:
            continue
        reasons = join(clean(words.pick(each)) for each in item["reasons"])
        why = (
            reasons
            if item["verdict"] == "cannot_judge"
            else words("open.partly", verdict=words(f"verdict.{item['verdict']}"))
        )
        ask = join(clean(words.pick(each)) for each in item["ask"])
        kind = words("open.phenomenon" if item["verdict"] == "cannot_judge" else "open.phenomenon_partly")
        yield [kind, item["id"], clean(words.pick(item, "title")), "", "", why, ask]


def _not_run(inspection: Inspection) -> Iterator[list[str]]:
    words = inspection.words
    for code in answerable(inspection):
        rule = inspection.rules[code]
        why, part = clean(words.pick(rule.get("not_run"))), inspection.partly_not_run(code)
        idle = bool(inspection.not_run(code))
        if not idle and not part:
            continue
        counts = ["", ""] if idle else [words.number(rule[key]) for key in ("evaluated", "unknown")]
        reason = (why or inspection.not_run(code)) if idle else part
        kind = words("open.not_run" if idle else "open.partly_not_run")
        parts = [why] if idle else [clean(words.pick(each)) for each in rule["partly_not_run"]]
        yield [kind, code, inspection.title(code), *counts, reason, _ask(inspection, parts)]


def _ask(inspection: Inspection, reasons: list[str]) -> str:
    """The inputs named in reasons, as a request."""
    words = inspection.words
    named = (reason.partition(words("open.missing"))[2].strip() for reason in reasons)
    asked = dict.fromkeys(each.removesuffix(words("open.full_stop")) for each in named if each)
    return words("open.please", what=words("mark.pairs").join(asked)) if asked else ""


def _held_up(inspection: Inspection) -> Iterator[list[str]]:
    words = inspection.words
    for code in answerable(inspection):
        rule = inspection.rules[code]
        if not rule["unknown"] or inspection.not_run(code):
            continue
        counts = [words.number(rule[key]) for key in ("evaluated", "unknown")]
        key = "small" if rule.get("grade") == _PATTERN else "blank"
        yield [
            words(f"open.{key}"),
            code,
            inspection.title(code),
            *counts,
            words(f"open.{key}_why"),
            words(f"open.{key}_ask"),
        ]


def answerable(inspection: Inspection) -> list[str]:
    """Codes whose gaps a county can fill: all but the analyst's models, which need no answer."""
    return sorted(code for code, rule in inspection.rules.items() if rule.get("grade", 0) < ANALYST_GRADE)
