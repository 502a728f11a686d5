"""The cover, and the summary page: key figures and the six phenomena."""

from collections import Counter
from typing import Any

from povkit.report.blocks import Block, heading, text
from povkit.report.figures import GRADE_COLOURS, SEVERITY_COLOURS, VERDICT_COLOURS
from povkit.report.inspection import Inspection
from povkit.report.labels import clean

_KEY = (
    "households",
    "people",
    "villages",
    "poor_villages",
    "exited_households",
    "exited_people",
    "poor_households",
    "poor_people",
    "exiting_villages",
    "agricultural_population",
)


def cover(inspection: Inspection) -> Block:
    """What stands on the cover."""
    words, summary = inspection.words, inspection.summary
    lines = [
        [words("cover.as_of"), words.date(summary["as_of"])],
        [words("cover.data_year"), str(summary["data_year"])],
        [words("cover.policy"), clean(str(summary["policy"]["name"]))],
        [words("cover.findings"), words("cover.findings_value", n=words.number(len(inspection.rows)))],
    ]
    return {
        "county": inspection.county,
        "subject": words("report.subject"),
        "title": words("report.title_lines").split("|"),
        "lines": lines,
        "note_head": words("cover.note_head"),
        "note": words("cover.note"),
        "privacy": words("cover.unmasked" if inspection.options.show_identities else "cover.masked"),
        "maker": words("report.made_by", version=summary["povkit"]),
    }


def overview(inspection: Inspection) -> list[Block]:
    """Key figures and the six phenomena with the figures that carry each verdict."""
    words = inspection.words
    blocks = [text(_intro(inspection))]
    crashed = [code for code, rule in inspection.rules.items() if rule.get("crashed")]
    if crashed or not inspection.summary["complete"]:
        codes = words("mark.list").join(crashed) or words("mark.none")
        blocks.append(text(words("summary.incomplete", codes=codes), "warn"))
    blocks += [heading(words("summary.key"), 3), key_figures(inspection), text(_weights(inspection), "note")]
    blocks += [heading(words("summary.phenomena"), 3), phenomena(inspection)]
    return [*blocks, text(words("summary.phenomena_note"), "note")]


def _intro(inspection: Inspection) -> str:
    summary, words = inspection.summary, inspection.words
    idle = sum(bool(inspection.not_run(code)) for code in inspection.rules)
    return words(
        "summary.intro",
        as_of=words.date(summary["as_of"]),
        county=inspection.county,
        data_year=summary["data_year"],
        rules=len(inspection.rules),
        run=len(inspection.rules) - idle,
        not_run=idle,
        findings=words.number(len(inspection.rows)),
        households=words.number(_touched(inspection)),
    )


def _touched(inspection: Inspection) -> int:
    return len({row.household for row in inspection.rows if row.household})


def key_figures(inspection: Inspection) -> Block:
    """Tiles with the county's numbers; a dash where a number is not known."""
    words, population = inspection.words, inspection.summary["population"]
    items = [[words(f"key.{key}"), words.number(population.get(key))] for key in _KEY]
    items.append([words("key.findings"), words.number(len(inspection.rows))])
    items.append([words("key.touched"), words.number(_touched(inspection))])
    return {"type": "tiles", "items": items}


def _weights(inspection: Inspection) -> str:
    """Findings by severity and by grade, in one line."""
    words, rows = inspection.words, inspection.rows
    severities = Counter(row.severity for row in rows)
    grades = Counter(row.grade for row in rows)
    by_severity = [f"{words(f'severity.{key}')} {words.number(severities[key])}" for key in SEVERITY_COLOURS]
    by_grade = [f"{words(f'grade.name.{key}')} {words.number(grades[key])}" for key in GRADE_COLOURS]
    join = words("mark.list").join
    return words("summary.weights", severities=join(by_severity), grades=join(by_grade))


def phenomena(inspection: Inspection) -> Block:
    """The six phenomena: title, verdict with its colour, the figures with their denominators, the reasons."""
    words = inspection.words
    items = [_phenomenon(inspection, item) for item in inspection.summary["phenomena"]]
    columns = [words(f"summary.col.{key}") for key in ("phenomenon", "verdict", "figures")]
    return {"type": "phenomena", "columns": columns, "items": items}


def _phenomenon(inspection: Inspection, item: dict[str, Any]) -> Block:
    words = inspection.words
    figures = [
        [
            clean(words.pick(figure, "label")),
            words("summary.not_judged") if figure["value"] is None else words.share(figure["value"], figure.get("of")),
        ]
        for figure in item["figures"]
    ]
    reasons = [clean(words.pick(reason)) for reason in item["reasons"]]
    return {
        "id": item["id"],
        "heading": clean(words.pick(item, "title")),
        "verdict": words(f"verdict.{item['verdict']}"),
        "colour": VERDICT_COLOURS[item["verdict"]],
        "figures": figures,
        "none": words("summary.no_figures"),
        "reasons": words("mark.pairs").join(reasons),
    }
