"""One county under exploration: households, scores, findings by household, marks. Shown through other modules."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from povkit.anomalies import Reason, rerank
from povkit.report.masking import kind_of, mask_as, mask_name, mask_text
from povkit.report.rows import ANALYST_GRADE, Row
from povkit.run.inspection import Inspection
from povkit.run.marks import Mark, marks_file, standing
from povkit.vocab import Fault, Level, RunError

HEALTH, HEALTHY = "health", "health_healthy"
_PATTERN_GRADE = 3
_PLACES = {Level.VILLAGE: "village_code", Level.TOWNSHIP: "township"}


@dataclass(eq=False)
class Case:
    """A checked county. `marks` are all lines of leads.csv; a mark made here is added to both."""

    inspection: Inspection
    marks: list[Mark]
    _reasons: dict[str, Reason] = field(default_factory=dict)

    @classmethod
    def of(cls, inspection: Inspection) -> "Case":
        """The county with its marks. Raises RunError for a damaged leads.csv, and where there is no household."""
        case = cls(inspection, inspection.settings.marks(inspection.county))
        if case.households.empty:
            rows = inspection.checked.frames.query("SELECT count(*) AS n FROM household")["n"].item()
            year, words = str(inspection.settings.data_year), inspection.words
            raise RunError(Fault((inspection.county,), words("explore.no_homes", year=year, rows=words.number(rows))))
        return case

    @property
    def marks_file(self) -> Path:
        """Where its marks lie."""
        return marks_file(self.inspection.settings.out, self.inspection.county)

    @property
    def show_identities(self) -> bool:
        """Whether names and numbers are shown whole."""
        return self.inspection.options.show_identities

    @cached_property
    def households(self) -> pd.DataFrame:
        """The household view, indexed by household number, each number once, in order."""
        frame = self.inspection.checked.frames.query("SELECT * FROM household ORDER BY ALL")
        known = frame[frame["household_id"].notna()].drop_duplicates("household_id")
        return known.set_index("household_id", drop=False).rename_axis(None)

    @cached_property
    def people(self) -> pd.DataFrame:
        """The person view."""
        return self.inspection.checked.frames.query("SELECT * FROM person ORDER BY ALL")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of the anomaly channels, indexed by household number; empty where none was judged."""
        return self.inspection.checked.anomalies.scores.set_index("household_id", drop=False).rename_axis(None)

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """Fingerprint of the values of each household that was judged."""
        return {str(household): str(value) for household, value in self.scores["fingerprint"].items()}

    @property
    def standing(self) -> dict[str, Mark]:
        """The mark in force of each household that has one."""
        return standing(self.marks, self.fingerprints)

    @cached_property
    def by_household(self) -> dict[str, list[Row]]:
        """Findings about a household or its people, masked, gravest first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.inspection.gathered.rows:
            if row.household:
                found[row.household].append(row)
        return dict(found)

    @cached_property
    def patterns(self) -> list[tuple[Row, frozenset[str]]]:
        """Findings of grade 3, each with the households that it names."""
        named = self._named()
        rows = [row for row in self.inspection.gathered.rows if row.grade == _PATTERN_GRADE and not row.household]
        return [(row, named.get((row.code, row.level, row.object_id), frozenset())) for row in rows]

    def patterns_of(self, household: str) -> list[tuple[Row, bool]]:
        """Patterns that name the household (true), or that speak of its village or township (false)."""
        home = self.home(household)
        touching = []
        for row, named in self.patterns:
            place = _PLACES.get(Level(row.level))
            if household in named:
                touching.append((row, True))
            elif place and row.object_id == home[place]:
                touching.append((row, False))
        return touching

    @cached_property
    def pattern_counts(self) -> dict[str, int]:
        """How many patterns name each household."""
        counts: dict[str, int] = defaultdict(int)
        for _, named in self.patterns:
            for household in named:
                counts[household] += 1
        return dict(counts)

    @cached_property
    def flagged_codes(self) -> dict[str, list[str]]:
        """Codes of the anomaly findings of each household."""
        rows = ((number, row) for number, rows in self.by_household.items() for row in rows)
        codes: dict[str, list[str]] = defaultdict(list)
        for number, row in rows:
            if row.grade == ANALYST_GRADE:
                codes[number].append(row.code)
        return dict(codes)

    @cached_property
    def order(self) -> pd.DataFrame:
        """Scores in the order to look at them, with `new_rank`, `chance` and `dismissed` (see `rerank`).

        Cleared leads come last; from the policy's number of marks on the order is the one learned from them. It stays
        as it was when the county was opened, so that rows do not jump under the reader's hand.
        """
        made = [(mark.household, mark.fingerprint, mark.verdict) for mark in self.marks]
        verdicts = pd.DataFrame(made, columns=["household_id", "fingerprint", "verdict"])
        least = int(self.inspection.limits["anomaly_verdicts_min"])
        return rerank(self.scores.reset_index(drop=True), verdicts, least)

    @property
    def learned(self) -> bool:
        """Whether the order is learned from marks."""
        return bool(self.order["chance"].notna().any())

    @cached_property
    def ranked(self) -> list[str]:
        """Household numbers in that order; those that were not judged come last."""
        judged = [str(number) for number in self.order["household_id"]]
        rest = self.households.index.difference(pd.Index(judged))
        return [*judged, *map(str, rest)]

    def home(self, household: str) -> dict[str, Any]:
        """The row of one household by column. Raises KeyError for a number that there is not."""
        return {str(name): value for name, value in self.households.loc[household].items()}

    def score(self, household: str) -> dict[str, Any] | None:
        """The scores of one household, None if it was not judged."""
        if household not in self.scores.index:
            return None
        return {str(name): value for name, value in self.scores.loc[household].items()}

    def reasons(self, households: Iterable[str]) -> dict[str, Reason]:
        """Reason of each of these households that was judged; each is worked out once."""
        judged = [number for number in households if number in self.scores.index]
        fresh = [number for number in judged if number not in self._reasons]
        self._reasons.update(self.inspection.checked.anomalies.reasons(fresh) if fresh else {})
        return {number: self._reasons[number] for number in judged if number in self._reasons}

    def label(self, column: str, table: str = "household") -> str:
        """Readable name of a column."""
        return self.inspection.gathered.labels.label(column, table)

    def shown(self, column: str, value: Any) -> Any:
        """A value as it may be shown: personal data masked unless identities are asked for."""
        if value is None or value is pd.NA or value != value:
            return None
        if self.show_identities:
            return value
        if column == HEALTH:
            healthy = self.inspection.limits.get(HEALTHY)
            return value if value == healthy else self.inspection.words("explore.health_masked")
        kind = kind_of(column)
        return mask_name(mask_text(str(value))) if kind == "name" else mask_as(kind, value)

    def _named(self) -> dict[tuple[str, str, str], frozenset[str]]:
        found = self.inspection.checked.findings.to_pandas()
        found = found[found["grade"] == _PATTERN_GRADE]
        keys = zip(found["code"], found["level"], found["object_id"].fillna(""), strict=True)
        lists = (json.loads(text or "{}").get("households") or () for text in found["evidence"])
        return {key: frozenset(map(str, each)) for key, each in zip(keys, lists, strict=True)}
