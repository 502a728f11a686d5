"""The table of all households: filters above, every row below, a click opens a household."""

from typing import Any

import ipywidgets as w
import pandas as pd
from itables.widget import ITable

from povkit.run.explore.case import Case
from povkit.run.explore.pane import Pane, Parts
from povkit.run.explore.rows import LEADS, Filter, all_rows, kept, labelled, rows_sheet
from povkit.run.explore.state import State
from povkit.run.words import StoryWords

_SHOWN = 20
_PAGE = 10
_WHOLE: dict[str, Any] = {"maxBytes": 0, "maxRows": 0, "maxColumns": 0, "format_floats_in_python": False}
"""Never a sample: itables would cut a table above these sizes, 0 is no bound; and numbers as they are. itables forgets
these, so they are given whenever rows are put into the grid."""


def table_pane(state: State, interactive: bool) -> Pane:
    """Every household of the county."""

    def static() -> Parts:
        yield rows_sheet(state.case, all_rows(state.case), _SHOWN)

    return Pane(static, _Table(state).widget if interactive else None)


class _Table:
    """The widgets and what happens between them. rows: all; shown: those the filters keep, as the grid has them."""

    def __init__(self, state: State) -> None:
        self.state, self.words = state, state.case.inspection.words
        self.rows = all_rows(state.case)
        self.shown = self.rows
        self._selected: list[int] = []
        self._more: tuple[str, ...] = ()
        words = self.words
        self.township = w.Dropdown(description=words("explore.township"))
        self.village = w.Dropdown(description=words("explore.village"))
        self.lead = w.Dropdown(description=words("explore.lead"))
        self.more = w.SelectMultiple(rows=8, layout=w.Layout(width="30em"))
        self.count = w.HTML()
        self.grid = ITable(_cells(state.case, self.rows), select=True, **_look(words), **_WHOLE)
        self._offer()
        self._say()
        self._listen()
        further = w.Accordion([self.more], titles=(words("explore.more"),))
        filters = w.HBox([self.township, self.village, self.lead], layout=w.Layout(flex_flow="row wrap"))
        self.widget = w.VBox([filters, further, self.count, self.grid])
        self.widget.add_class("povkit-table")

    def _offer(self) -> None:
        """What the filters offer for this county."""
        words, case = self.words, self.state.case
        nowhere = (words("explore.any"), "")
        self.township.options = [nowhere, *((name, name) for name in _names(self.rows["township"]))]
        self.village.options = [nowhere, *((name, name) for name in _names(self.rows["village"]))]
        self.township.value = self.village.value = ""
        codes = sorted({code for codes in case.flagged_codes.values() for code in codes})
        leads = [(words(f"explore.lead.{name}"), name) for name in LEADS]
        self.lead.options = [*leads, *((words("explore.lead.channel", code=code), code) for code in codes)]
        self.lead.value = LEADS[0]
        columns = [name for name in case.households.columns if name not in self.rows.columns]
        self.more.options = [(case.label(name), name) for name in columns if not name.startswith("source_")]

    def _listen(self) -> None:
        self.township.observe(lambda _: self._villages(), "value")
        for each in (self.township, self.village, self.lead, self.more):
            each.observe(lambda _: self._fill(), "value")
        self.grid.observe(lambda _: self._pick(), "selected_rows")
        self.state.watch(self._renew, "case")
        self.state.watch(self._remark, "marked")

    def _villages(self) -> None:
        """Only villages of the township chosen."""
        here = kept(self.rows, Filter(self.township.value or ""))
        self.village.options = [(self.words("explore.any"), ""), *((name, name) for name in _names(here["village"]))]
        self.village.value = ""

    def _renew(self) -> None:
        """Another county: filters empty, all rows."""
        self.rows, self._more = all_rows(self.state.case), ()
        self._offer()
        self._fill()

    def _remark(self) -> None:
        """A mark was made: the rows say so; what was selected stays so."""
        self.rows = all_rows(self.state.case, self.more.value)
        self._fill(keep=self._selected)

    def _fill(self, keep: list[int] | None = None) -> None:
        """Put the rows that the filters keep into the grid."""
        if self.more.value != self._more:
            self._more = self.more.value
            self.rows = all_rows(self.state.case, self._more)
        chosen = Filter(self.township.value or "", self.village.value or "", self.lead.value or "all")
        self.shown = kept(self.rows, chosen)
        self._selected = [place for place in keep or () if place < len(self.shown)]
        self.grid.update(_cells(self.state.case, self.shown), selected_rows=self._selected, **_WHOLE)
        self._choose()

    def _pick(self) -> None:
        """Rows were clicked: the one that is new becomes the household looked at."""
        selected = [place for place in self.grid.selected_rows if place < len(self.shown)]
        fresh = [place for place in selected if place not in self._selected] or selected[:1]
        self._selected = selected
        self._choose()
        if fresh:
            self.state.household = str(self.shown.index[fresh[-1]])

    def _choose(self) -> None:
        """What an export would hold: the rows selected, else all that the filters keep."""
        places = self._selected or range(len(self.shown))
        self.state.chosen = [str(self.shown.index[place]) for place in places]
        self._say()

    def _say(self) -> None:
        words = self.words
        self.count.value = words(
            "explore.counted", n=words.number(len(self.shown)), of=words.number(len(self.rows)),
            chosen=words.number(len(self._selected)),
        )  # fmt: skip


def _cells(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows for the grid, which leaves a cell empty only where a nullable float is missing."""
    told = labelled(case, rows)
    return told.astype(dict.fromkeys(told.select_dtypes("number"), "Float64"))


def _names(column: pd.Series) -> list[str]:
    return sorted({str(name) for name in column if name})


def _look(words: StoryWords) -> dict[str, Any]:
    """How DataTables looks: pages, its own words in the language, narrow rows, sideways scrolling."""
    said = {key.removeprefix("grid."): words(key) for key in words.keys_of("grid.")}
    return {
        "language": said,
        "pageLength": _PAGE,
        "lengthMenu": [_PAGE, 25, 100, 500],
        "scrollX": True,
        "classes": "display nowrap compact",
        "style": "width:100%;margin:0",
        "showIndex": False,
        "fixedColumns": {"start": 1},
        "order": [],
    }
