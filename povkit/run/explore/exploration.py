"""One county's anomalies as the analyst's notebook explores them: one method for each part."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from IPython.display import Markdown

from povkit.run.clock import now
from povkit.run.explore.case import Case
from povkit.run.explore.county_pane import channel_counts, channels_pane, county_pane
from povkit.run.explore.export_pane import export_pane
from povkit.run.explore.heading import Heading
from povkit.run.explore.household_pane import household_pane, mark_pane
from povkit.run.explore.pane import Pane
from povkit.run.explore.picture_panes import drawn_fields, scatter_pane, villages_pane
from povkit.run.explore.state import Clock, State
from povkit.run.explore.table_pane import table_pane
from povkit.run.inspection import Inspection
from povkit.vocab import Fault, RunError


class Exploration:
    """A county, checked, for looking around in it. Every part is a widget that also shows as plain HTML.

    county to show_identities: see `Inspection`. household: number of the one to open first, the strangest by default.
    x, y: fields of the first scatter; field: of the villages' small multiples; another in place of
    one that the county left blank. analyst: who makes the marks.
    interactive: False for a run without a front end (papermill): plain HTML only, the same bytes each time.
    clock: tells the time of a mark.

    Raises RunError, PolicyError or InputError with every fault of the parameters, and for a damaged leads.csv.
    """

    def __init__(
        self,
        county: str,
        as_of: str | date,
        data_year: int | None = None,
        register: str | Path = "register",
        out: str | Path | None = None,
        language: str = "zh",
        policy: str | Path = "yunnan-2018",
        parameters: str | Path | None = None,
        fonts: str | Path | None = None,
        show_identities: bool = False,
        household: str | None = None,
        x: str = "work_months_total",
        y: str = "wage_income",
        field: str = "net_income_pc",
        analyst: str = "",
        interactive: bool = True,
        clock: Clock = now,
    ) -> None:
        self._given: dict[str, Any] = {
            "as_of": as_of, "data_year": data_year, "register": register, "out": out, "language": language,
            "policy": policy, "parameters": parameters, "fonts": fonts, "show_identities": show_identities,
        }  # fmt: skip
        case = self._open(str(county))
        if household and str(household) not in case.households.index:
            fault = Fault(("household",), case.inspection.words("explore.no_household", value=household))
            raise RunError(fault)
        drawn = drawn_fields(case, {"x": x, "y": y, "field": field})
        self.state = State(case, str(household or ""), clock)
        self._fields, self._analyst, self._interactive = tuple(drawn.values()), analyst, interactive

    @property
    def case(self) -> Case:
        """The county open: its views, findings, scores, marks."""
        case: Case = self.state.case
        return case

    def heading(self, part: str) -> "Markdown | Heading":
        """Heading and paragraph of a part: title, channels, table, household …; KeyError for others.

        In JupyterLab it follows the county and the marks.
        """
        told = partial(self._told, part)
        return Heading(self.state, told) if self._interactive else told()

    def _told(self, part: str) -> Markdown:
        inspection, words = self.case.inspection, self.case.inspection.words
        counts = {**channel_counts(self.case), "households": len(self.case.households)}
        told = words(
            f"tell.{part}",
            **{name: words.number(value) for name, value in counts.items()},
            county=inspection.gathered.county,
            as_of=words.date(inspection.settings.as_of.isoformat()),
            data_year=str(inspection.settings.data_year),
            privacy=words("cover.unmasked" if self.case.show_identities else "cover.masked"),
            needed=words.number(inspection.limits["anomaly_verdicts_min"]),
        )
        return Markdown(told)  # type: ignore[no-untyped-call]

    def county(self) -> Pane:
        """Choose a county of the register; everything below follows."""
        return county_pane(self.state, self._open, self._interactive)

    def channels(self) -> Pane:
        """The channels' counts and p values, and the flagged households with their reasons."""
        return channels_pane(self.state, self._interactive)

    def table(self) -> Pane:
        """All households, to filter and sort; a click opens one."""
        return table_pane(self.state, self._interactive)

    def household(self) -> Pane:
        """One household: members, two years, neighbours, reasons, all its leads side by side."""
        return household_pane(self.state, self._interactive)

    def mark(self) -> Pane:
        """Mark the lead of the household looked at as confirmed or cleared; the marks so far."""
        return mark_pane(self.state, self._analyst, self._interactive)

    def villages(self) -> Pane:
        """Villages as small multiples of one field."""
        return villages_pane(self.state, self._fields[2], self._interactive)

    def scatter(self) -> Pane:
        """Any two fields of all households, the flagged ones marked."""
        return scatter_pane(self.state, self._fields[0], self._fields[1], self._interactive)

    def export(self) -> Pane:
        """The rows chosen in the table as XLSX."""
        return export_pane(self.state, self._interactive)

    def _open(self, county: str) -> Case:
        return Case.of(Inspection(county=county, **self._given))
