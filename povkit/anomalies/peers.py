"""Whom a household is compared with: same village, main cause and size; fewer likenesses where too few are left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Rows = npt.NDArray[np.int64]

PLACES = (
    ("village_code", "同村", "in the village"),
    ("township", "同乡镇", "in the township"),
    ("", "全县", "in the county"),
)
"""Where peers are looked for: column, words. The last is everywhere."""


@dataclass(frozen=True)
class Peers:
    """rows: places of the peers in the frame, without the household itself; zh, en: what they share."""

    rows: Rows
    zh: str
    en: str


class PeerFinder:
    """Finds peers in a frame with household_id and, where there are any, village_code, township, cause, size.

    least: with fewer peers a likeness is given up.
    """

    def __init__(self, frame: pd.DataFrame, least: int) -> None:
        self.least = least
        self.n = len(frame)
        self._frame = frame
        self._columns: dict[str, npt.NDArray[Any]] = {}
        self._values = {
            name: frame[name].to_numpy() for name in ("village_code", "township", "cause", "size") if name in frame
        }
        self._rows: dict[str, dict[Any, Rows]] = {
            name: {key: np.asarray(rows) for key, rows in frame.groupby(name).indices.items()}
            for name in ("village_code", "township")
            if name in frame
        }

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of the frame, in its order."""
        if name not in self._columns:
            self._columns[name] = self._frame[name].to_numpy()
        return self._columns[name]

    def of(self, row: int) -> Peers:
        """Peers of one row."""
        rows = np.empty(0, dtype=np.int64)
        for rows, zh, en in self._steps(row):
            if len(rows) >= self.least:
                return Peers(rows, zh, en)
        return Peers(rows, "全县", "in the county")

    def _steps(self, row: int) -> Iterator[tuple[Rows, str, str]]:
        """The circles around a household, the closest first."""
        size, cause = self._known("size", row), self._known("cause", row)
        for place, place_zh, place_en in PLACES:
            near = self._rows.get(place, {}).get(self._known(place, row)) if place else np.arange(self.n)
            if near is None:
                continue
            near = near[near != row]
            sized, zh, en = near, place_zh, place_en
            if size is not None:
                low, high = max(int(size) - 1, 1), int(size) + 1
                values = self._values["size"][near]
                sized = near[(values >= low) & (values <= high)]
                zh, en = f"{zh}、{{cause}}{low}至{high}口人", f"{en}{{cause}}, of {low} to {high} people"
            else:
                zh, en = zh + "{cause}", en + "{cause}"
            if cause is not None:
                alike = sized[self._values["cause"][sized] == cause]
                same_zh = "主要致贫原因相同、" if size is not None else "、主要致贫原因相同"
                yield alike, zh.format(cause=same_zh), en.format(cause=" with the same main cause")
            yield sized, zh.format(cause=""), en.format(cause="")
        yield np.delete(np.arange(self.n), row), PLACES[-1][1], PLACES[-1][2]

    def _known(self, name: str, row: int) -> Any:
        """A value of the row; None if it is blank or there is no such column."""
        values = self._values.get(name)
        return None if values is None or pd.isna(values[row]) else values[row]
