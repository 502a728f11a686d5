"""The first panes: which county, its three channels, the households that are flagged."""

from collections.abc import Callable

import ipywidgets as w
import pandas as pd

from povkit.policy import load_county
from povkit.run.explore import card, drawings
from povkit.run.explore.case import Case
from povkit.run.explore.pane import Pane, Parts, as_html, raw
from povkit.run.explore.state import State
from povkit.run.sheets import Sheet, sheet
from povkit.vocab import PovkitError

_FIRST = 10


def county_pane(state: State, reopen: Callable[[str], Case], interactive: bool) -> Pane:
    """Choose a county of the register. reopen: checks a county, raising PovkitError if it cannot be."""
    words = state.case.inspection.words

    def static() -> Parts:
        yield _counties(state.case)

    if not interactive:
        return Pane(static)
    names = {name: code for code, name in _names(state.case).items()}
    picker = w.Dropdown(options=names, value=state.case.inspection.county, description=words("explore.county"))
    said = w.HTML(_opened(state.case))

    def choose(change: dict[str, str]) -> None:
        if change["new"] == state.case.inspection.county:
            return
        said.value = words("explore.opening", county=change["new"])
        try:
            state.open(reopen(change["new"]))
        except PovkitError as error:
            picker.value = state.case.inspection.county
            said.value = as_html([*(str(fault) for fault in error.faults), _opened(state.case)])
        else:
            said.value = _opened(state.case)

    picker.observe(choose, "value")
    picker.add_class("povkit-county")
    return Pane(static, w.HBox([picker, said]))


def channels_pane(state: State, interactive: bool) -> Pane:
    """What each channel judged and flagged, how its p values lie, and the first households with their reasons."""

    def static() -> Parts:
        case: Case = state.case
        yield channels_sheet(case)
        if len(case.scores):
            yield drawings.channels(case)
        yield flagged_sheet(case)

    if not interactive:
        return Pane(static)
    shown = w.HTML(as_html(static()))

    def draw() -> None:
        shown.value = as_html(static())

    state.watch(draw, "case", "marked")
    shown.add_class("povkit-channels")
    return Pane(lambda: [raw(shown.value)], shown)


def channels_sheet(case: Case) -> Sheet:
    """Per channel: households judged, flagged, unknown, or why it did not run."""
    words, gathered = case.inspection.words, case.inspection.gathered
    codes = sorted({outcome.rule.code for outcome in case.inspection.checked.anomalies.outcomes.values()})
    rows = [
        {
            "code": code,
            "title": gathered.title(code),
            **{key: gathered.rules[code][key] for key in ("evaluated", "flagged", "unknown")},
            "state": gathered.not_run(code),
        }
        for code in codes
    ]
    keys = ("code", "title", "evaluated", "flagged", "unknown")
    state = {"state": "explore.state"} if any(row["state"] for row in rows) else {}
    return sheet(words, "channels", {key: f"col.{key}" for key in keys} | state, rows)


def flagged_sheet(case: Case) -> Sheet:
    """The flagged households with channel and sentence, strangest first; without any, the strangest by rank."""
    words = case.inspection.words
    scores = case.scores.sort_values(["rank", "household_id"])
    flagged = scores[scores["flagged"].eq(True)]
    listed = flagged if len(flagged) else scores.head(_FIRST)
    marks, ranks = case.standing, listed["rank"].to_dict()
    case.reasons(map(str, listed.index))
    rows = []
    for number in map(str, listed.index):
        mark = marks.get(number)
        rows.append(
            {
                "rank": int(ranks[number]),
                "household": number,
                "place": card.place_of(case, number),
                "codes": " ".join(case.flagged_codes.get(number, ())),
                "why": card.sentences(case, number)[0],
                "mark": words(f"explore.verdict.{mark.verdict}") if mark else "",
            }
        )
    heads = {
        "rank": "explore.col.rank", "household": "col.household", "place": "col.place", "codes": "explore.col.codes",
        "why": "explore.why", "mark": "explore.col.mark",
    }  # fmt: skip
    return sheet(words, "flagged" if len(flagged) else "strangest", heads, rows, _FIRST)


def _counties(case: Case) -> Sheet:
    words = case.inspection.words
    rows = [
        {"county": name, "state": words("explore.open_now") if code == case.inspection.county else ""}
        for code, name in _names(case).items()
    ]
    return sheet(words, "counties", {"county": "explore.county", "state": "explore.state"}, rows)


def _names(case: Case) -> dict[str, str]:
    """Code -> code and name of every county of the register."""
    settings, words = case.inspection.settings, case.inspection.words
    names: dict[str, str] = {}
    for code in dict.fromkeys([*settings.register.counties(), case.inspection.county]):
        try:
            county = load_county(code, settings.parameters)
        except PovkitError:
            continue
        names[code] = f"{code} {words.pick({'zh': county.name_zh, 'en': county.name_en})}"
    return names


def _opened(case: Case) -> str:
    words = case.inspection.words
    return words("explore.opened", county=case.inspection.gathered.county, n=words.number(len(case.households)))


def channel_counts(case: Case) -> dict[str, int]:
    """Households judged, flagged, confirmed and cleared."""
    verdicts = pd.Series([mark.verdict for mark in case.standing.values()], dtype="object")
    return {
        "judged": len(case.scores),
        "flagged": int(case.scores["flagged"].eq(True).sum()),
        "confirmed": int(verdicts.eq("confirmed").sum()),
        "cleared": int(verdicts.eq("cleared").sum()),
    }
