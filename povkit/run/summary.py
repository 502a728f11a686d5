"""summary.json: per code evaluated, flagged, unknown, not run; totals; what was handed in; the six verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from povkit.policy import County, Limits, Policy
from povkit.register.schema import load_tables
from povkit.verdicts import AnyOutcome, Facts
from povkit.views import Need, Views
from povkit.vocab.version import __version__


def summarise(
    views: Views,
    outcomes: Mapping[str, AnyOutcome],
    findings: pa.Table,
    policy: Policy,
    place: County,
    limits: Limits,
    facts: Facts,
    phenomena: list[dict[str, Any]],
) -> dict[str, Any]:
    """The summary as plain data, ready for JSON."""
    return {
        "povkit": __version__,
        "county": {"code": place.code, "name_zh": place.name_zh, "name_en": place.name_en, "role": str(place.role)},
        "as_of": limits.as_of.isoformat(),
        "data_year": limits.data_year,
        "policy": {
            "name": policy.name,
            "overrides": [_override(each) for each in limits.overrides],
            "borrowed": [asdict(each) for each in limits.borrowed],
        },
        "complete": not any(outcome.crash for outcome in outcomes.values()),
        "population": dict(facts),
        "inputs": _inputs(views, limits.data_year),
        "rules": _rules(outcomes, policy),
        "totals": {name: _totals(findings, name) for name in ("severity", "level", "grade")},
        "phenomena": phenomena,
    }


def _override(each: Any) -> dict[str, Any]:
    values = {"limit": each.limit, "policy": each.policy_value, "county": each.county_value, "reason": each.reason}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _totals(findings: pa.Table, column: str) -> dict[str, int]:
    return dict(sorted(Counter(str(value) for value in findings[column].to_pylist()).items()))


def _inputs(views: Views, data_year: int) -> list[dict[str, Any]]:
    tables = load_tables()
    return [
        {
            "table": name,
            "title_zh": tables[name].zh,
            "year": year,
            "rows": count,
            "missing_columns": []
            if count is None
            else [c for c in tables[name].columns if Need(name, c, year == data_year - 1) in views.absent],
        }
        for (name, year), count in views.rows.items()
    ]


def _rules(outcomes: Mapping[str, AnyOutcome], policy: Policy) -> dict[str, Any]:
    by_code: dict[str, list[AnyOutcome]] = {}
    for outcome in outcomes.values():
        by_code.setdefault(outcome.rule.code, []).append(outcome)
    return {code: _code(code, several, policy) for code, several in sorted(by_code.items())}


def _code(code: str, several: list[AnyOutcome], policy: Policy) -> dict[str, Any]:
    line = policy.rule(code)
    ran = [outcome for outcome in several if outcome.ran]
    stopped = [{**_face(outcome), **_why(outcome)} for outcome in several if not outcome.ran]
    return {
        "title_zh": line.zh or several[0].rule.zh,
        "title_en": line.en or several[0].rule.en,
        "view": several[0].rule.view,
        "severity": str(line.severity),
        "grade": line.effective_grade,
        "clause": line.clause,
        "document": policy.clause(line.clause).document,
        "evaluated": sum(outcome.evaluated for outcome in ran),
        "flagged": sum(outcome.flagged for outcome in ran),
        "unknown": sum(outcome.unknown for outcome in ran),
        "not_run": None if ran else _whole_why(several, stopped),
        "partly_not_run": stopped if ran else [],
        "ask": _ask(several),
        "crashed": any(outcome.crash for outcome in several),
    }


def _ask(several: list[AnyOutcome]) -> list[dict[str, str]]:
    """Inputs whose absence stopped a rule of the code, each once, as `need_words` names them."""
    words = dict.fromkeys(need_words(need) for outcome in several for need in outcome.missing)
    return [{"zh": zh, "en": en} for zh, en in words]


def _face(outcome: AnyOutcome) -> dict[str, str]:
    """What a part of a code is about: its face, and in English what its title says last."""
    return {"face": outcome.rule.face, "face_en": outcome.rule.en.rpartition(": ")[2]}


def _whole_why(several: list[AnyOutcome], stopped: list[dict[str, str]]) -> dict[str, str]:
    """Why no part of a code ran: all that is missing once, after what crashed."""
    crashed = [each for each, outcome in zip(stopped, several, strict=True) if outcome.crash]
    needs = dict.fromkeys(need for outcome in several if not outcome.crash for need in outcome.missing)
    told = [*crashed, *([_missing(needs)] if needs else [])]
    return {lang: mark.join(dict.fromkeys(each[lang] for each in told)) for lang, mark in (("zh", "；"), ("en", "; "))}


def _why(outcome: AnyOutcome) -> dict[str, str]:
    if outcome.crash:
        return {"zh": f"规则出错：{outcome.crash}", "en": f"the rule crashed: {outcome.crash}"}
    return _missing(outcome.missing)


def _missing(needs: Iterable[Need]) -> dict[str, str]:
    """Missing inputs in words, the columns of a table together."""
    asked = list(dict.fromkeys(needs))
    together: dict[tuple[str, bool], str] = {}
    for need in asked:
        if need.column in load_tables()[need.table].columns:
            key = (need.table, need.last)
            together[key] = together.get(key, "") + f"“{load_tables()[need.table].columns[need.column].zh[0]}”"
    whole = {
        key: f"{'上年度' if key[1] else ''}《{load_tables()[key[0]].zh}》的{named}列" for key, named in together.items()
    }
    zh = dict.fromkeys(whole.get((need.table, need.last)) or need_words(need)[0] for need in asked)
    return {"zh": "缺少：" + "、".join(zh), "en": "missing: " + ", ".join(need_words(need)[1] for need in asked)}


def need_words(need: Need) -> tuple[str, str]:
    """A missing input in words (zh, en): table, list or column, with its year."""
    table = load_tables()[need.table]
    year_zh, year_en = ("上年度", "last year's ") if need.last else ("", "")
    if need.column == "*":
        return f"{year_zh}《{table.zh}》", f"{year_en}table {table.name}"
    if need.column not in table.columns:
        return f"{need.column}名单", f"list {need.column}"
    return f"{year_zh}《{table.zh}》的“{table.columns[need.column].zh[0]}”列", f"{year_en}{table.name}.{need.column}"
