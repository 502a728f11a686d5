"""Which cell of a household to check first: the one whose replacement leaves least to wonder about.

A wrong cell makes others look wrong, since they are held against it. So cells are replaced by what the other fields
suggest, greedily, one after the other, and the household is scored again (after the imputation step of
DetectDeviatingCells).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.anomalies.cells import CellResiduals
from povkit.anomalies.fields import set_values
from povkit.anomalies.folds import Labels

Floats = npt.NDArray[np.float64]

TRIED = 4
"""Cells that are tried in each round, the most surprising ones."""


def wrong_cells(
    detector: CellResiduals, frame: pd.DataFrame, groups: Labels, offsets: Any, threshold: float, shown: int
) -> list[list[str]]:
    """Columns of each row, the first to check first, `shown` of them: those replaced until the score is at most
    `threshold`, then the most surprising of the rest."""
    names = list(detector.cells_)
    current = frame.copy()
    replaced: list[list[str]] = [[] for _ in range(len(frame))]
    first = detector.surprises_of(detector.deviations(frame, groups) - offsets).to_numpy()
    for _ in range(shown):
        deviations = detector.deviations(current, groups) - offsets
        surprise = detector.surprises_of(deviations).to_numpy()
        open_rows = np.flatnonzero(surprise.sum(axis=1) > threshold)
        tries = [
            (int(row), names[place])
            for row in open_rows
            for place in np.argsort(-surprise[row], kind="stable")[:TRIED]
            if surprise[row, place] > 0 and names[place] not in replaced[row]
        ]
        if not tries:
            break
        _replace_best(detector, current, groups, offsets, deviations, tries, replaced)
    return [_filled_up(replaced[row], first[row], names, shown) for row in range(len(frame))]


def _replace_best(
    detector: CellResiduals,
    current: pd.DataFrame,
    groups: Labels,
    offsets: Any,
    deviations: pd.DataFrame,
    tries: list[tuple[int, str]],
    replaced: list[list[str]],
) -> None:
    """In each row, replace the cell whose replacement lowers the score most."""
    rows = np.array([row for row, _ in tries])
    trial = current.iloc[rows].reset_index(drop=True)
    fitting = detector.expected(current, deviations)
    columns = np.array([column for _, column in tries])
    values = np.zeros(len(tries))
    for column in dict.fromkeys(columns.tolist()):
        mine = np.flatnonzero(columns == column)
        values[mine] = fitting[column].to_numpy()[rows[mine]]
        set_values(trial, detector.fields, column, mine, values[mine])
    left = detector.surprises_of(detector.deviations(trial, groups[rows]) - offsets).to_numpy().sum(axis=1)
    by_row = [np.flatnonzero(rows == row) for row in np.unique(rows)]
    chosen = np.array([mine[np.argmin(left[mine])] for mine in by_row])
    for column in dict.fromkeys(columns[chosen].tolist()):
        best = chosen[columns[chosen] == column]
        set_values(current, detector.fields, column, rows[best], values[best])
    for place in chosen:
        replaced[tries[place][0]].append(tries[place][1])


def _filled_up(chosen: list[str], surprise: Floats, names: list[str], shown: int) -> list[str]:
    rest = [names[place] for place in np.argsort(-surprise, kind="stable") if names[place] not in chosen]
    return (chosen + rest)[:shown]
