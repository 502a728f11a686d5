"""What could not be judged and what to ask for; and which tables were handed in."""

from typing import Any

from povkit.report.blocks import Block, column, heading, table, text, without_empty_columns
from povkit.report.inspection import Inspection
from povkit.report.labels import clean

_UNKNOWN_ROWS = 20


def unjudged(inspection: Inspection) -> list[Block]:
    """Standards of another year, phenomena without a verdict, rules that did not run, rules held up by blanks."""
    words = inspection.words
    blocks = [text(words("unjudged.intro"), "intro")]
    parts = _borrowed(inspection) + _phenomena(inspection) + _not_run(inspection) + _unknown(inspection)
    return blocks + (parts or [text(words("unjudged.nothing"))])


def _borrowed(inspection: Inspection) -> list[Block]:
    words, summary = inspection.words, inspection.summary
    items = summary["policy"].get("borrowed") or []
    told = [text(words("policy.borrowed", data_year=summary["data_year"], **item), "warn") for item in items]
    return [heading(words("unjudged.borrowed")), *told] if told else []


def _phenomena(inspection: Inspection) -> list[Block]:
    words = inspection.words
    items = [item for item in inspection.summary["phenomena"] if item["verdict"] == "cannot_judge" or item["ask"]]
    if not items:
        return []
    columns = [
        column(words("unjudged.phenomenon"), "1fr"),
        column(words("unjudged.why"), "1.4fr"),
        column(words("unjudged.ask"), "1.4fr"),
    ]
    rows = [
        [
            f"{item['id']} {clean(words.pick(item, 'title'))}",
            _why(inspection, item),
            _joined(inspection, item["ask"]),
        ]
        for item in items
    ]
    return [heading(words("unjudged.phenomena")), table(columns, rows)]


def _why(inspection: Inspection, item: dict[str, Any]) -> str:
    """Why there is no verdict; of a phenomenon with a verdict, that some of its checks did not run."""
    words = inspection.words
    if item["verdict"] == "cannot_judge":
        return _joined(inspection, item["reasons"])
    return words("open.partly", verdict=words(f"verdict.{item['verdict']}"))


def _joined(inspection: Inspection, items: list[Any]) -> str:
    words = inspection.words
    return words("mark.pairs").join(clean(words.pick(item)) for item in items) or words("mark.none")


def _not_run(inspection: Inspection) -> list[Block]:
    words = inspection.words
    codes = [code for code in sorted(inspection.rules) if inspection.not_run(code) or inspection.partly_not_run(code)]
    if not codes:
        return []
    columns = [
        column(words("col.code"), "3em"),
        column(words("col.title"), "1.3fr"),
        column(words("col.reason"), "1.3fr"),
        column(words("col.needs"), "1fr"),
    ]
    rows = [[code, inspection.title(code), _reason(inspection, code), _needs(inspection, code)] for code in codes]
    return [heading(words("unjudged.not_run")), without_empty_columns(table(columns, rows))]


def _reason(inspection: Inspection, code: str) -> str:
    reason = clean(inspection.words.pick(inspection.rules[code].get("not_run")))
    return reason or inspection.not_run(code) or inspection.partly_not_run(code)


def _needs(inspection: Inspection, code: str) -> str:
    needs = inspection.rules[code].get("needs") or ()
    return inspection.words("mark.list").join(inspection.labels.need(str(need)) for need in needs)


def _unknown(inspection: Inspection) -> list[Block]:
    words = inspection.words
    shares = [
        (rule["unknown"] / (rule["unknown"] + rule["evaluated"]), code)
        for code, rule in inspection.rules.items()
        if not inspection.not_run(code) and rule["unknown"]
    ]
    if not shares:
        return []
    columns = [
        column(words("col.code"), "3em"),
        column(words("col.title"), "1fr"),
        column(words("col.evaluated"), "5em", "right"),
        column(words("col.unknown"), "5em", "right"),
        column(words("col.share"), "5em", "right"),
    ]
    rows = []
    for share, code in sorted(shares, key=lambda item: (-item[0], item[1]))[:_UNKNOWN_ROWS]:
        counts = [words.number(inspection.rules[code][key]) for key in ("evaluated", "unknown")]
        rows.append([code, inspection.title(code), *counts, f"{100 * share:.1f}%"])
    note = text(words("unjudged.unknown_note", n=_UNKNOWN_ROWS), "lead")
    return [heading(words("unjudged.unknown")), note, table(columns, rows)]


def inputs(inspection: Inspection) -> list[Block]:
    """Every table of the contract, its rows and missing columns; files that were not recognised."""
    words = inspection.words
    columns = [
        column(words("col.table"), "1.1fr"),
        column(words("col.year"), "3.6em", "center"),
        column(words("col.rows"), "8.5em", "right"),
        column(words("col.missing"), "2.4fr"),
    ]
    blocks = [
        text(words("inputs.intro"), "intro"),
        table(columns, [_input(inspection, item) for item in inspection.summary["inputs"]]),
    ]
    unreadable = sum(item.get("unreadable") or 0 for item in inspection.provenance.get("files", ()))
    if unreadable:
        blocks.append(text(words("inputs.unreadable_note", n=words.number(unreadable)), "note"))
    unknown = inspection.provenance.get("unrecognised") or []
    if unknown:
        file_columns = [
            column(words("col.file"), "1.4fr"),
            column(words("col.sheet"), "1fr"),
            column(words("col.reason"), "1.6fr"),
        ]
        rows = [[clean(str(item.get(key) or "")) for key in ("file", "sheet", "why")] for item in unknown]
        blocks += [heading(words("inputs.unrecognised"), 3), table(file_columns, rows)]
    return blocks


def _input(inspection: Inspection, item: dict[str, Any]) -> list[str]:
    words = inspection.words
    rows = words("inputs.absent") if item["rows"] is None else words.number(item["rows"])
    missing = words("mark.list").join(inspection.labels.header(name, item["table"]) for name in item["missing_columns"])
    title = words.pick(item, "title") if inspection.options.language == "zh" else inspection.labels.table(item["table"])
    return [clean(title), str(item["year"] or ""), rows, missing or words("mark.none")]
