"""The notebook's tables about the county as a whole: inputs, key figures, rules, problems, what was not judged."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from povkit.policy import Policy
from povkit.register.store import Register
from povkit.report.inspection import Inspection as Gathered
from povkit.report.inspection import clause_order
from povkit.report.labels import clean
from povkit.run.check import Frames
from povkit.run.sheets import Sheet, sheet
from povkit.run.words import StoryWords

_FIGURES = (
    "households", "people", "villages", "poor_villages", "exited_households", "exited_people", "poor_households",
    "poor_people", "exits_this_year", "backstop_households", "backstop_exits", "exiting_villages",
    "agricultural_population", "households_compared", "key_group_people",
)  # fmt: skip
PARTS = {
    "exits": (("S1.",), "J"),
    "changes": (("S2.",), "K"),
    "collection": (("S3.",), "F"),
    "problems": (("S4.",), "P"),
}
"""Parts of the notebook that list rules: prefixes of clauses, and the family listed there whatever its clause."""
_MANY, _ALL = 60, 1000


def handed_in(gathered: Gathered, receipt: Mapping[str, Any], words: StoryWords) -> Sheet:
    """Tables that were handed in: year, rows, the files they came from, cells that could not be understood."""
    files: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in receipt.get("files", ()):
        files.setdefault((item["table"], str(item["year"] or "")), []).append(item)
    rows = []
    for item in gathered.summary["inputs"]:
        key = (item["table"], str(item["year"] or ""))
        if item["rows"] is not None:
            names = dict.fromkeys(clean(str(file["file"])) for file in files.get(key, ()))
            unread = sum(file.get("unreadable") or 0 for file in files.get(key, ()))
            rows.append(
                {**_named(gathered, item), "n": item["rows"], "files": words("mark.list").join(names), "bad": unread}
            )
    columns = {
        "table": "col.table",
        "year": "col.year",
        "n": "col.rows",
        "bad": "sheet.unreadable",
        "files": "sheet.files",
    }
    return sheet(words, "handed_in", columns, rows, _MANY)


def missing_inputs(gathered: Gathered, words: StoryWords) -> Sheet:
    """Tables that were not handed in, and tables that lack columns."""
    rows = []
    for item in gathered.summary["inputs"]:
        if item["rows"] is None:
            rows.append({**_named(gathered, item), "problem": words("sheet.absent")})
        elif item["missing_columns"]:
            lacking = words("mark.list").join(gathered.labels.label(name) for name in item["missing_columns"])
            rows.append({**_named(gathered, item), "problem": words("sheet.rows_missing", list=lacking)})
    return sheet(
        words, "missing_inputs", {"table": "col.table", "year": "col.year", "problem": "sheet.problem"}, rows, _MANY
    )


def unreadable_cells(gathered: Gathered, register: Register, county: str, words: StoryWords) -> Sheet:
    """Cells that could not be understood, counted by table, year and column; most first."""
    path = register.root / county / "unreadable.parquet"
    counts: Counter[tuple[str, str, str]] = Counter()
    if path.exists():
        cells = pq.read_table(path, columns=["table", "year", "column"]).to_pylist()
        counts.update((cell["table"], str(cell["year"] or ""), cell["column"]) for cell in cells)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        {"table": gathered.labels.table(table), "year": year, "column": gathered.labels.label(column), "cells": count}
        for (table, year, column), count in ranked
    ]
    columns = {"table": "col.table", "year": "col.year", "column": "sheet.column", "cells": "sheet.cells"}
    return sheet(words, "unreadable_cells", columns, rows)


def key_figures(gathered: Gathered, words: StoryWords) -> Sheet:
    """The county's numbers; blank where an input was not handed in."""
    population = gathered.summary["population"]
    rows = [{"item": words(f"key.{name}"), "value": population[name]} for name in _FIGURES if name in population]
    return sheet(words, "key_figures", {"item": "col.item", "value": "col.value"}, rows, _MANY)


def townships(households: pd.DataFrame, words: StoryWords) -> Sheet:
    """Households of each township: registered, exited, leaving this year, median income."""
    rows: list[dict[str, Any]] = [
        {
            "township": name or words("chart.no_place"),
            "households": len(part),
            "people": int(part["members"].fillna(0).sum()),
            "exited": int(part["has_left_poverty"].fillna(False).sum()),
            "poor": int((~part["has_left_poverty"].fillna(True).astype(bool)).sum()),
            "exits": int(part["leaves_this_year"].fillna(False).sum()),
            "median_income": None if part["net_income_pc"].isna().all() else round(part["net_income_pc"].median()),
        }
        for name, part in households.groupby(households["township"].fillna(""), sort=True)
    ]
    keys = ("township", "households", "people", "exited", "poor", "exits", "median_income")
    ordered = sorted(rows, key=lambda row: (-row["households"], row["township"]))
    return sheet(words, "townships", {key: f"sheet.{key}" for key in keys}, ordered, _MANY)


def verdicts(gathered: Gathered, words: StoryWords) -> Sheet:
    """The six phenomena: verdict, and the three figures that carry it."""
    rows = [
        {
            "id": f"{item['id']} {clean(words.pick(item, 'title'))}",
            "verdict": words(f"verdict.{item['verdict']}"),
            "figures": words("mark.pairs").join(figure_lines(item, words)),
        }
        for item in gathered.summary["phenomena"]
    ]
    columns = {"id": "summary.col.phenomenon", "verdict": "summary.col.verdict", "figures": "summary.col.figures"}
    return sheet(words, "verdicts", columns, rows)


def figure_lines(item: Mapping[str, Any], words: StoryWords) -> list[str]:
    """A phenomenon's figures in words, each with its denominator."""
    equals = words("mark.equals")
    return [
        clean(words.pick(figure, "label")) + equals + words.share(figure["value"], figure.get("of"))
        for figure in item["figures"]
    ]


def rules_under(
    gathered: Gathered, policy: Policy, words: StoryWords, clauses: tuple[str, ...], codes: str = ""
) -> Sheet:
    """Rules of these clauses (by prefix) or families (letters in `codes`): the counts, or why they did not run."""
    chosen = [
        code
        for code, rule in gathered.rules.items()
        if str(rule["clause"]).startswith(clauses) or (codes and code[0] in codes)
    ]
    chosen.sort(key=lambda code: (clause_order(gathered.clause(code)[0]), code))
    rows = [_rule_row(gathered, policy, words, code) for code in chosen]
    columns = {
        "clause": "sheet.clause", "standard": "sheet.standard", "code": "col.code", "title": "col.title",
        "severity": "col.severity", "evaluated": "col.evaluated", "flagged": "col.flagged", "unknown": "col.unknown",
        "note": "sheet.note",
    }  # fmt: skip
    if not any(row["note"] for row in rows):
        columns.pop("note")
    return sheet(words, "rules", columns, rows, _ALL)


def _rule_row(gathered: Gathered, policy: Policy, words: StoryWords, code: str) -> dict[str, Any]:
    rule, clause = gathered.rules[code], gathered.clause(code)[0]
    idle = gathered.not_run(code)
    named = policy.clauses.get(clause)
    parts = [
        words("sheet.partly", face=words.face(part), why=clean(words.pick(part)))
        for part in rule.get("partly_not_run") or ()
    ]
    return {
        "clause": clause,
        "standard": getattr(named, words.language, "") if named else "",
        "code": code,
        "title": gathered.title(code),
        "severity": words(f"severity.{rule['severity']}"),
        **{key: None if idle else rule[key] for key in ("evaluated", "flagged", "unknown")},
        "note": words("mark.pairs").join(filter(None, [idle, *parts])),
    }


def problem_records(frames: Frames, words: StoryWords) -> Sheet:
    """Problem records by kind and state."""
    counted = frames.query("SELECT kind, state, count(*) AS n FROM problem GROUP BY kind, state ORDER BY kind, state")
    blank = words("sheet.blank")
    rows = [
        {"kind": kind or blank, "state": state or blank, "count": int(count)}
        for kind, state, count in counted.astype(object).where(counted.notna(), None).to_numpy().tolist()
    ]
    return sheet(words, "problem_records", {key: f"sheet.{key}" for key in ("kind", "state", "count")}, rows)


def not_run(gathered: Gathered, words: StoryWords) -> Sheet:
    """Rules that did not run, or not for every list, and why."""
    rows: list[dict[str, Any]] = []
    for code, rule in gathered.rules.items():
        why = gathered.not_run(code) and (clean(words.pick(rule["not_run"])) or words("clauses.crashed"))
        for reason in [why] if why else _parts(rule, words):
            rows.append({"code": code, "title": gathered.title(code), "reason": reason})
    return sheet(words, "not_run", {key: f"col.{key}" for key in ("code", "title", "reason")}, rows, _ALL)


def _parts(rule: Mapping[str, Any], words: StoryWords) -> Iterable[str]:
    for part in rule.get("partly_not_run") or ():
        yield words("sheet.partly", face=words.face(part), why=clean(words.pick(part)))


def held_up_by_blanks(gathered: Gathered, words: StoryWords) -> Sheet:
    """Rules with objects that could not be judged for blanks, highest share first."""
    rows = []
    for code, rule in gathered.rules.items():
        if rule["unknown"] and not gathered.not_run(code):
            whole = rule["evaluated"] + rule["unknown"]
            counts = {key: rule[key] for key in ("evaluated", "unknown")}
            rows.append(
                {
                    "code": code,
                    "title": gathered.title(code),
                    **counts,
                    "share": round(100 * rule["unknown"] / whole, 1),
                }
            )
    rows.sort(key=lambda row: (-row["share"], row["code"]))
    columns = {key: f"col.{key}" for key in ("code", "title", "evaluated", "unknown")}
    return sheet(words, "blanks", {**columns, "share": "sheet.blank_share"}, rows)


def to_ask_for(gathered: Gathered, words: StoryWords) -> Sheet:
    """What to ask the county for, by phenomenon."""
    rows = [
        {"id": f"{item['id']} {clean(words.pick(item, 'title'))}", "ask": clean(words.pick(each))}
        for item in gathered.summary["phenomena"]
        for each in item["ask"]
    ]
    return sheet(words, "to_ask_for", {"id": "unjudged.phenomenon", "ask": "unjudged.ask"}, rows)


def _named(gathered: Gathered, item: Mapping[str, Any]) -> dict[str, str]:
    return {"table": gathered.labels.table(item["table"]), "year": str(item["year"] or "")}
