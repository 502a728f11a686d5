"""What the panes share: county, household looked at, rows chosen. Panes watch it and draw themselves anew."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import HasTraits, Int, List, Unicode

from povkit.run.explore.case import Case
from povkit.run.marks import Mark, add_mark

Clock = Callable[[], datetime]


class State(HasTraits):
    """case: the county open. household: number of the one looked at. chosen: numbers of the rows to export, in the
    table's order. marked: counts marks made, so that who shows marks can watch it."""

    case = AnyTrait()
    household = Unicode()
    chosen = List(Unicode())
    marked = Int()

    def __init__(self, case: Case, household: str, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.open(case, household)

    def open(self, case: Case, household: str = "") -> None:
        """Look at another county: at `household`, else at the strangest one. Its rows are all chosen."""
        with self.hold_trait_notifications():
            self.case = case
            self.chosen = list(case.ranked)
            self.household = household if household in case.households.index else next(iter(case.ranked), "")

    def mark(self, verdict: str, note: str, by: str) -> Mark:
        """Write a mark on the household looked at into leads.csv.

        Raises RunError if leads.csv is damaged, OSError if it cannot be written.
        """
        case: Case = self.case
        when = self._clock().isoformat(timespec="seconds")
        fingerprint = case.fingerprints[self.household]
        made = Mark(when, case.inspection.county, self.household, fingerprint, verdict, note, by)
        add_mark(case.marks_file, made, case.inspection.words)
        case.marks.append(made)
        self.marked += 1
        return made

    def watch(self, draw: Callable[[], Any], *names: str) -> None:
        """Call `draw` when one of these changes."""
        self.observe(lambda _: draw(), list(names))
