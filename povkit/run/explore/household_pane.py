"""One household, and marking its lead: what the register says, all leads side by side, the verdict of a visit."""

from collections.abc import Sequence
from typing import Any

import ipywidgets as w

from povkit.report.masking import mask_text
from povkit.run.explore import card
from povkit.run.explore.case import Case
from povkit.run.explore.pane import Pane, Parts, as_html, raw
from povkit.run.explore.state import State
from povkit.run.marks import VERDICTS
from povkit.run.sheets import Sheet, sheet
from povkit.vocab import PovkitError

_MARKS = 30


def household_pane(state: State, interactive: bool) -> Pane:
    """The household looked at: chosen in the table, by its number, or one after the other in the table's order."""
    words = state.case.inspection.words

    def static() -> Parts:
        return card.whole(state.case, state.household)

    if not interactive:
        return Pane(static)
    number = w.Combobox(description=words("explore.number"), continuous_update=False, layout=w.Layout(width="26em"))
    number.style.description_width = "initial"
    before, after = (w.Button(description=words(f"explore.{name}")) for name in ("previous", "next"))
    shown = w.HTML()

    def draw() -> None:
        number.options = tuple(state.case.ranked[:_MARKS])
        number.value = state.household
        shown.value = as_html(static())

    def enter(change: dict[str, str]) -> None:
        wanted = change["new"].strip()
        if wanted in state.case.households.index:
            state.household = wanted
        else:
            shown.value = as_html(card.whole(state.case, wanted))

    number.observe(enter, "value")
    before.on_click(lambda _: _step(state, -1))
    after.on_click(lambda _: _step(state, 1))
    state.watch(draw, "case", "household", "marked")
    draw()
    pane = w.VBox([w.HBox([number, before, after], layout=w.Layout(flex_flow="row wrap")), shown])
    pane.add_class("povkit-household")
    return Pane(lambda: [raw(shown.value)], pane)


def _step(state: State, by: int) -> None:
    """To the household before or after in the rows that the table's filters keep."""
    order: Sequence[str] = state.chosen if state.household in state.chosen else state.case.ranked
    if order:
        place = order.index(state.household) if state.household in order else 0
        state.household = order[(place + by) % len(order)]


def mark_pane(state: State, analyst: str, interactive: bool) -> Pane:
    """Mark the lead of the household looked at; the marks made so far."""

    def static() -> Parts:
        yield marks_sheet(state.case)

    return Pane(static, _Marking(state, analyst).widget if interactive else None)


class _Marking:
    """The widgets for a mark, and what a click on the button does."""

    def __init__(self, state: State, analyst: str) -> None:
        self.state, self.words = state, state.case.inspection.words
        words = self.words
        options = [(words(f"explore.verdict.{name}"), name) for name in VERDICTS]
        self.verdict = w.ToggleButtons(options=options, description=words("explore.verdict"))
        self.note = w.Textarea(description=words("explore.note"), rows=2, layout=w.Layout(width="40em"))
        self.by = w.Text(description=words("explore.by"), value=analyst)
        self.button = w.Button(description=words("explore.save"), button_style="primary")
        self.whom, self.said, self.made = w.HTML(), w.HTML(), w.HTML()
        self.button.on_click(lambda _: self._save())
        state.watch(self._draw, "case", "household", "marked")
        self._draw()
        parts = [self.whom, self.verdict, self.note, w.HBox([self.by, self.button]), self.said, self.made]
        self.widget = w.VBox(parts)
        self.widget.add_class("povkit-mark")

    def _draw(self) -> None:
        case: Case = self.state.case
        known = self.state.household in case.households.index
        judged = self.state.household in case.fingerprints
        lines = [card.title(case, self.state.household)] if known else []
        self.whom.value = as_html(lines if judged else [*lines, self.words("explore.not_judged")])
        self.button.disabled = not judged
        self.made.value = as_html([marks_sheet(case)])

    def _save(self) -> None:
        words = self.words
        try:
            mark = self.state.mark(self.verdict.value, self.note.value, self.by.value)
        except (PovkitError, OSError) as error:
            self.said.value = as_html([words("explore.not_saved", why=error)])
            return
        self.note.value = ""
        told = words(f"explore.verdict.{mark.verdict}")
        path = self.state.case.marks_file
        self.said.value = as_html([words("explore.saved", household=mark.household, verdict=told, path=path)])


def marks_sheet(case: Case) -> Sheet:
    """The county's marks, latest first, and whether each still speaks of the household's values of today."""
    words = case.inspection.words
    rows: list[dict[str, Any]] = [
        {
            "when": mark.when,
            "household": mark.household,
            "verdict": words(f"explore.verdict.{mark.verdict}"),
            "note": mark.note if case.show_identities else mask_text(mark.note),
            "by": mark.by,
            "same": words(
                "explore.values_same"
                if case.fingerprints.get(mark.household) == mark.fingerprint
                else "explore.values_changed"
            ),
        }
        for mark in reversed(case.marks)
    ]
    heads = {
        "when": "explore.when", "household": "col.household", "verdict": "explore.verdict", "note": "explore.note",
        "by": "explore.by", "same": "explore.values_then",
    }  # fmt: skip
    return sheet(words, "marks", heads, rows, _MARKS)
