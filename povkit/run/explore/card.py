"""One household: its members, two years side by side, its neighbours' figures, reasons, all its leads by grade."""

from html import escape
from typing import Any

import pandas as pd

from povkit.anomalies import Reason
from povkit.report.figures import short_village
from povkit.report.rows import ANALYST_GRADE, Row
from povkit.run.explore.case import Case
from povkit.run.explore.drawings import place
from povkit.run.explore.pane import raw
from povkit.run.sheets import Sheet, sheet

MEMBER = (
    "relation", "name", "sex", "age", "education", "school", "health", "labour", "work_months", "medical_insurance",
    "dibao",
)  # fmt: skip
LAST = (
    "status", "category", "cause", "exit_year", "size", "wage_income", "business_income", "property_income",
    "transfer_income", "business_cost", "net_income", "net_income_pc", "farmland", "irrigated", "housing_area",
    "moved_in",
)  # fmt: skip
NEIGHBOURS = (
    "net_income_pc", "wage_income", "business_income", "transfer_income", "business_cost", "farmland", "housing_area",
    "size", "able_members", "work_months_total",
)  # fmt: skip
_FIRST = ("relation_head", "relation_spouse")
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.9
_ALL = 1000


def title(case: Case, household: str) -> str:
    """The household in one line: number, place, head, size, status, main cause, and its mark."""
    home, words = case.home(household), case.inspection.words
    parts = [
        place_of(case, household),
        _text(case.shown("head_name", home["head_name"])),
        words("explore.people", n=_number(home["size"])),
    ]
    parts += [_text(home[name]) for name in ("status", "category", "cause")]
    mark = case.standing.get(household)
    parts.append(words(f"explore.verdict.{mark.verdict}") if mark else "")
    return words("mark.gap").join((household, words("mark.list").join(filter(None, parts))))


def place_of(case: Case, household: str) -> str:
    """Township and village."""
    home = case.home(household)
    return " ".join(filter(None, (_text(home["township"]), short_village(_text(home["village"])))))


def whole(case: Case, household: str) -> list[Any]:
    """All of a household as parts of a pane: all its leads first, then why, then what the register says."""
    if household not in case.households.index:
        return [case.inspection.words("explore.no_household", value=household)]
    why = [*sentences(case, household), reason_fields(case, household)]
    return [
        raw(f"<p><b>{escape(title(case, household))}</b></p>"),
        side_by_side(case, household),
        (why, two_years(case, household)),
        members(case, household),
        (neighbours(case, household), place(case, household, NEIGHBOURS)),
    ]


def members(case: Case, household: str) -> Sheet:
    """Its members, head and spouse first. Names, birth and illness are masked unless identities are asked for."""
    people = case.people[case.people["household_id"] == household]
    first = [case.inspection.limits.get(name) for name in _FIRST]
    order = people["relation"].map(lambda relation: first.index(relation) if relation in first else len(first))
    people = people.loc[order.sort_values(kind="stable").index]
    names = [name for name in MEMBER if name in people.columns]
    rows = [{name: _text(_cell(case, name, row[name])) for name in names} for row in people.to_dict("records")]
    return _sheet(case, "members", {name: case.label(name, "person") for name in names}, rows)


def two_years(case: Case, household: str) -> Sheet:
    """What the register says of it last year and this year, and the difference of numbers."""
    home, words = case.home(household), case.inspection.words
    year = case.inspection.settings.data_year
    rows = []
    for name in LAST:
        now, before = home.get(name), home.get(f"last_{name}")
        shown = {key: _text(_cell(case, name, value)) for key, value in (("before", before), ("now", now))}
        changed = "" if not _text(before) or _text(now) == _text(before) else _change(case, before, now)
        rows.append({"field": case.label(name), **shown, "change": changed})
    heads = {
        "field": words("explore.field"),
        "before": str(year - 1),
        "now": str(year),
        "change": words("explore.change"),
    }
    return _sheet(case, "two_years", heads, rows)


def _change(case: Case, before: Any, now: Any) -> str:
    """The difference of two numbers; of anything else, that it changed."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (before, now))
    return _signed(now - before) if numbers and now == now else case.inspection.words("explore.changed")


def neighbours(case: Case, household: str) -> Sheet:
    """Its figures beside the medians of village, township and county, and the county's middle eight tenths."""
    home, words = case.home(household), case.inspection.words
    village = case.households[case.households["village_code"] == home["village_code"]]
    township = case.households[case.households["township"] == home["township"]]
    rows = []
    for name in (each for each in NEIGHBOURS if each in case.households.columns):
        county = case.households[name].dropna()
        low, high = (county.quantile(share) for share in (_LOW, _HIGH)) if len(county) else (None, None)
        middles = {key: part[name].quantile(_MIDDLE) for key, part in (("village", village), ("township", township))}
        rows.append(
            {
                "field": case.label(name),
                "value": _number(home[name]),
                **{key: _number(value) for key, value in middles.items()},
                "county": _number(county.quantile(_MIDDLE) if len(county) else None),
                "range": words("explore.range", low=_number(low), high=_number(high)),
            }
        )
    heads = {"field": words("explore.field"), "value": words("explore.this_household")}
    heads |= {key: words(f"explore.median.{key}") for key in ("village", "township", "county")}
    return _sheet(case, "neighbours", heads | {"range": words("explore.middle_range")}, rows)


def sentences(case: Case, household: str) -> list[str]:
    """Why the models find it strange, in sentences; what to know where there are none."""
    words = case.inspection.words
    score = case.score(household)
    if score is None:
        return [words("explore.not_judged")]
    reason = _reason(case, household)
    rank = words("explore.rank", rank=words.number(score["rank"]), of=words.number(len(case.scores)), q=_p(score["q"]))
    flagged = words("explore.is_flagged" if score["flagged"] else "explore.is_not_flagged")
    told = [reason.sentence(words.language, case.show_identities)] if reason else []
    return [*told, f"{rank} {flagged}"]


def reason_fields(case: Case, household: str) -> Sheet:
    """The fields that carry the score: value, the peers' range, the values that would clear the case, contribution."""
    words = case.inspection.words
    reason = _reason(case, household)
    rows = []
    for field in reason.fields if reason else ():
        hidden = field.private and not case.show_identities
        told = {
            "value": _text(_cell(case, field.column, field.value)),
            "peers": _range(case, field.low, field.high),
            "clears": _range(case, field.clears_low, field.clears_high),
        }
        rows.append(
            {
                "field": field.label_zh if words.language == "zh" else field.label_en,
                **(dict.fromkeys(told, words("explore.hidden")) if hidden else told),
                "contribution": _number(field.contribution),
            }
        )
    keys = ("field", "value", "peers", "clears", "contribution")
    made = _sheet(case, "reasons", {key: words(f"explore.{key}") for key in keys}, rows)
    if reason:
        peers = reason.peers_zh if words.language == "zh" else reason.peers_en
        made.attrs["caption"] += words("explore.peers_are", peers=peers, n=words.number(reason.n_peers))
    return made


def _reason(case: Case, household: str) -> Reason | None:
    return case.reasons([household]).get(household)


def _range(case: Case, low: Any, high: Any) -> str:
    """Two bounds as people read them, one where they are told alike, nothing where there are none."""
    first, last = (_text(_cell(case, "", value)) for value in (low, high))
    return first if first == last else case.inspection.words("explore.range", low=first, high=last)


def side_by_side(case: Case, household: str) -> Sheet:
    """Everything that speaks of it, by grade: rules, patterns, anomalies; with what each rests on and may claim."""
    return _sheet(case, "side_by_side", lead_titles(case), leads_of(case, household))


def lead_titles(case: Case) -> dict[str, str]:
    """Titles of the keys of `leads_of`."""
    words = case.inspection.words
    heads = {"grade": "col.grade", "source": "explore.source", "code": "col.code", "title": "col.title"}
    return {key: words(title) for key, title in (heads | {"values": "col.values", "limits": "col.limits"}).items()}


def leads_of(case: Case, household: str) -> list[dict[str, Any]]:
    """The rows of `side_by_side`, gravest first."""
    words = case.inspection.words
    rows = [_lead(case, row, "") for row in case.by_household.get(household, ())]
    for row, named in case.patterns_of(household):
        rows.append(_lead(case, row, words("explore.names_it" if named else "explore.its_place")))
    return sorted(rows, key=lambda row: (row["order"], row["code"]))


def _lead(case: Case, row: Row, note: str) -> dict[str, Any]:
    words = case.inspection.words
    source = "anomaly" if row.grade == ANALYST_GRADE else "pattern" if row.grade == ANALYST_GRADE - 1 else "rule"
    values = row.values if source != "pattern" else note
    subject = f"{row.subject}{words('mark.equals')}" if row.level == "person" else ""
    return {
        "order": row.grade,
        "grade": words(f"grade.name.{row.grade}"),
        "source": words(f"explore.source.{source}"),
        "code": row.code,
        "title": row.title,
        "values": subject + values,
        "limits": row.limits if source == "rule" else "",
    }


def _sheet(case: Case, caption: str, heads: dict[str, str], rows: list[dict[str, Any]]) -> Sheet:
    """A sheet whose heads are already words."""
    made = sheet(case.inspection.words, caption, {}, [], _ALL)
    frame = Sheet({head: [row[key] for row in rows] for key, head in heads.items()})
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    frame.attrs.update(made.attrs)
    return frame


def _cell(case: Case, column: str, value: Any) -> Any:
    words, shown = case.inspection.words, case.shown(column, value)
    if shown is None:
        return ""
    if isinstance(shown, bool) or type(shown).__name__ == "bool":
        return words("mark.true" if shown else "mark.false")
    return shown


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _number(value: Any) -> str:
    """A number for people: thousands apart unless it is a year; a dash where there is none."""
    if value is None or value is pd.NA or value != value:
        return "—"
    number = float(value)
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if abs(number) < 1000 else f"{number:,.0f}"
    return text if text not in {"", "-0"} else "0"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−") + _number(abs(value))


def _p(value: float) -> str:
    return f"{value:.2g}"
