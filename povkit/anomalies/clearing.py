"""The values that would clear a case: one field is set to other values, all else unchanged, and scored again."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.anomalies.fields import Field, Kind, set_values
from povkit.anomalies.records import Records

Floats = npt.NDArray[np.float64]
Rescore = Callable[[pd.DataFrame, npt.NDArray[np.int64]], Floats]

STEPS = 24
"""Values between the county's extremes that an amount or count is set to."""
AROUND, FURTHEST = 37, 1.8
"""Values tried around what the model expects, and log of the largest factor between: steps of a tenth."""
WORDS_MAX = 12


class UsualValues:
    """What the households of a county have in each column; worked out once a column."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._fields = {field.column: field for field in records.fields}
        self._found: dict[str, list[Any]] = {}

    def of(self, column: str) -> list[Any]:
        """The column's values in order: see `_usual`."""
        if column not in self._found:
            self._found[column] = _usual(self._fields[column], self.records.frame[column])
        return self._found[column]


def clearing_ranges(
    frame: pd.DataFrame,
    usual: "UsualValues",
    chosen: list[list[str]],
    expected: pd.DataFrame,
    rescore: Rescore,
    threshold: float,
) -> list[dict[str, tuple[Any, Any]]]:
    """For each row of `frame` and each of its chosen columns, the lowest and highest value of a stretch of values with
    which the row's score is at most `threshold`; (None, None) where no value of that column alone suffices.

    usual: what the county has, for the values to try.
    expected: by column, what the model expects of each row's amount (NaN: it has no opinion).
    rescore: scores of changed rows, given the rows of `frame` that they come from.
    """
    by_column = {field.column: field for field in usual.records.fields}
    trials: list[tuple[int, str, Any]] = []
    named = dict.fromkeys(column for columns in chosen for column in columns)
    owns = {column: frame[column].to_numpy() for column in named}
    centres = {column: expected[column].to_numpy() for column in named if column in expected}
    for row, columns in enumerate(chosen):
        for column in columns:
            own = owns[column][row]
            centre = float(centres[column][row]) if column in centres else np.nan
            trials += [(row, column, value) for value in _values(by_column[column], usual.of(column), own, centre)]
    ranges: list[dict[str, tuple[Any, Any]]] = [dict.fromkeys(columns, (None, None)) for columns in chosen]
    if not trials:
        return ranges
    rows = np.array([row for row, _, _ in trials])
    scores = rescore(_changed(frame, usual.records.fields, trials, rows), rows)
    for key, places in _by_case(trials).items():
        values = [trials[place][2] for place in places]
        found = _stretch(by_column[key[1]], values, scores[places], threshold)
        ranges[key[0]][key[1]] = found
    return ranges


def _changed(
    frame: pd.DataFrame, fields: Iterable[Field], trials: list[tuple[int, str, Any]], rows: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """One row a trial."""
    changed = frame.iloc[rows].reset_index(drop=True)
    columns = np.array([column for _, column, _ in trials])
    for column in dict.fromkeys(columns):
        mine = np.flatnonzero(columns == column)
        set_values(changed, fields, str(column), mine, [trials[place][2] for place in mine])
    return changed


def _by_case(trials: list[tuple[int, str, Any]]) -> dict[tuple[int, str], list[int]]:
    cases: dict[tuple[int, str], list[int]] = {}
    for place, (row, column, _) in enumerate(trials):
        cases.setdefault((row, column), []).append(place)
    return cases


def _usual(field: Field, county: "pd.Series[Any]") -> list[Any]:
    """What the county has, in order: of an amount as many quantiles as are tried, of a count or word each value."""
    known = county.dropna()
    if known.empty:
        return []
    if field.kind in (Kind.CODE, Kind.FLAG):
        counts = known.value_counts()
        ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return [value for value, _ in ordered]
    numbers = known.to_numpy(np.float64)
    if field.kind is Kind.AMOUNT:
        numbers = np.quantile(numbers, np.linspace(0, 1, STEPS), method="inverted_cdf")
    return [float(value) for value in np.unique(numbers)]


def _values(field: Field, usual: list[Any], own: Any, centre: float) -> list[Any]:
    """Values to try, in order: amounts around what is expected or, as counts, between the county's extremes; words."""
    if field.kind in (Kind.CODE, Kind.FLAG):
        return [value for value in usual if value != own][:WORDS_MAX]
    if field.kind is Kind.COUNT:
        return [value for value in usual if value != own][:STEPS]
    if usual and np.isfinite(centre):
        usual = np.unique(centre * np.exp(np.linspace(-FURTHEST, FURTHEST, AROUND))).tolist()
    return [value for value in usual if value != own]


def _stretch(field: Field, values: list[Any], scores: Floats, threshold: float) -> tuple[Any, Any]:
    """The stretch of values around the best one whose scores are low enough; for words, the best alone."""
    if not len(values) or not np.nanmin(scores) <= threshold:
        return None, None
    best = int(np.nanargmin(scores))
    if field.kind in (Kind.CODE, Kind.FLAG):
        return values[best], values[best]
    low = high = best
    while low > 0 and scores[low - 1] <= threshold:
        low -= 1
    while high < len(values) - 1 and scores[high + 1] <= threshold:
        high += 1
    return values[low], values[high]
