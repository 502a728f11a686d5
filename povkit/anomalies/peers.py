"""Whom a household is compared with: same village, main cause and size; fewer likenesses where too few are left."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Peers:
    """rows: places of the peers in the frame, without the household itself; zh, en: what they share."""

    rows: npt.NDArray[np.int64]
    zh: str
    en: str


class PeerFinder:
    """Finds peers in a frame with household_id and, where there are any, village_code, township, cause, size.

    least: with fewer peers a likeness is given up.
    """

    def __init__(self, frame: pd.DataFrame, least: int) -> None:
        self.least = least
        self.n = len(frame)
        self._values = {
            name: frame[name].to_numpy() for name in ("village_code", "township", "cause", "size") if name in frame
        }

    def of(self, row: int) -> Peers:
        """Peers of one row."""
        rows = np.empty(0, dtype=np.int64)
        for rows, zh, en in self._steps(row):
            if len(rows) >= self.least:
                return Peers(rows, zh, en)
        return Peers(rows, "全县", "in the county")

    def _steps(self, row: int) -> Iterator[tuple[npt.NDArray[np.int64], str, str]]:
        size, low, high = self._sizes(row)
        cause = self._same("cause", row)
        sizes_zh = "" if size is None else f"、{low}至{high}口人"
        sizes_en = "" if size is None else f", of {low} to {high} people"
        ladder: tuple[tuple[str, str, str, bool, bool], ...] = (
            ("village_code", "同村", "in the village", True, True),
            ("village_code", "同村", "in the village", False, True),
            ("township", "同乡镇", "in the township", True, True),
            ("township", "同乡镇", "in the township", False, True),
            ("", "全县", "in the county", True, True),
            ("", "全县", "in the county", False, True),
            ("", "全县", "in the county", False, False),
        )
        for place, zh, en, with_cause, with_size in ladder:
            chosen = self._same(place, row) if place else np.ones(self.n, dtype=bool)
            if chosen is None or (with_cause and cause is None):
                continue
            if with_cause and cause is not None:
                chosen = chosen & cause
                zh, en = zh + "、主要致贫原因相同", en + " with the same main cause"
            if with_size and size is not None:
                chosen = chosen & size
                zh, en = zh + sizes_zh, en + sizes_en
            chosen[row] = False
            yield np.flatnonzero(chosen), zh, en

    def _same(self, name: str, row: int) -> Bools | None:
        values = self._values.get(name)
        if values is None or pd.isna(values[row]):
            return None
        return np.asarray(values == values[row], dtype=bool)

    def _sizes(self, row: int) -> tuple[Bools | None, int, int]:
        values = self._values.get("size")
        if values is None or pd.isna(values[row]):
            return None, 0, 0
        own = int(values[row])
        low, high = max(own - 1, 1), own + 1
        return np.asarray((values >= low) & (values <= high), dtype=bool), low, high
