"""Reasons of chosen households: contributions, peers, and by scoring again the values that would clear them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.anomalies import contributions
from povkit.anomalies.blame import wrong_cells
from povkit.anomalies.clearing import UsualValues, clearing_ranges
from povkit.anomalies.fields import Field, Kind
from povkit.anomalies.model import CountyModel
from povkit.anomalies.peers import PeerFinder, Peers
from povkit.anomalies.reasons import FieldReason, Reason
from povkit.anomalies.records import Records
from povkit.anomalies.threads import one_thread

Floats = npt.NDArray[np.float64]

SHOWN = 3
"""Fields that a reason names."""
PAIR_SHARE = 0.25
"""Two cells break a correlation if each carries at least this share of the surprise."""
AT_ONCE = 500
"""Households that are explained at once: memory stays bounded."""
PEERS_LOW, PEERS_HIGH = 0.1, 0.9
PRIVATE = frozenset({"cause", "disabled_members", "seriously_ill_members"})
"""Columns that tell of illness or disability."""


@dataclass
class Explainer:
    """Explains households of one county. scores: index household_id, with p by detector; ordinary: share of
    households that count as ordinary when the values that clear a case are sought; peers_min: see PeerFinder."""

    records: Records
    model: CountyModel
    offsets: dict[str, Any]
    scores: pd.DataFrame
    ordinary: float
    peers_min: int

    @one_thread
    def explain(self, channels: "pd.Series[Any]") -> dict[str, Reason]:
        """channels: the channel to explain by household number."""
        places = pd.Series(np.arange(len(self.records.frame)), index=self.records.frame["household_id"])
        finder, usual = PeerFinder(self.records.frame, self.peers_min), UsualValues(self.records)
        found: dict[str, Reason] = {}
        detectors = {str(number): self._detector(number, channel) for number, channel in channels.items()}
        for detector in dict.fromkeys(detectors.values()):
            numbers = [number for number, name in detectors.items() if name == detector]
            rows = places.loc[numbers].to_numpy()
            for start in range(0, len(rows), AT_ONCE):
                part = slice(start, start + AT_ONCE)
                found |= dict(zip(numbers[part], self._by(detector, rows[part], finder, usual), strict=True))
        return {str(number): found[str(number)] for number in channels.index}

    def _detector(self, number: Any, channel: str) -> str:
        if channel != "rarity":
            return channel
        own = self.scores.loc[number]
        return "forest" if own["forest_p"] < own["neighbours_p"] else "neighbours"

    def _by(self, detector: str, rows: npt.NDArray[np.int64], finder: PeerFinder, usual: UsualValues) -> list[Reason]:
        frame = self.records.frame.iloc[rows].reset_index(drop=True)
        groups = self.records.groups[rows]
        parts, base = self._parts(detector, frame, groups)
        threshold = float(np.quantile(self.model.calibrations[detector].scores_, self.ordinary))

        def rescore(changed: pd.DataFrame, of: npt.NDArray[np.int64]) -> Floats:
            return self.model.strangeness_by(detector, changed, groups[of], self.offsets)

        chosen = self._chosen(detector, frame, groups, parts, threshold)
        expected = self._expected(detector, frame, groups)
        by_row = [dict(zip(parts.columns, row, strict=True)) for row in parts.to_numpy(np.float64).tolist()]
        ranges = clearing_ranges(frame, usual, chosen, expected, rescore, threshold)
        return [
            self._reason(detector, int(rows[i]), by_row[i], float(base[i]), ranges[i], chosen[i], finder)
            for i in range(len(rows))
        ]

    def _parts(self, detector: str, frame: pd.DataFrame, groups: Any) -> tuple[pd.DataFrame, Floats]:
        fitted = self.model.detectors[detector]
        if detector == "plausibility":
            return contributions.of_income(fitted, frame, groups, self.offsets.get(detector, 0.0))
        if detector == "cells":
            return contributions.of_cells(fitted, frame, groups, self.offsets.get(detector, 0.0))
        if detector == "forest":
            return contributions.of_forest(fitted, frame)
        return contributions.of_neighbours(fitted, frame)

    def _expected(self, detector: str, frame: pd.DataFrame, groups: Any) -> pd.DataFrame:
        """What the model expects of the amounts that it judges."""
        fitted, apart = self.model.detectors[detector], self.offsets.get(detector, 0.0)
        if detector == "plausibility":
            return pd.DataFrame({fitted.target.column: np.exp(fitted.expected(frame, groups) + apart * fitted.scale_)})
        if detector == "cells":
            amounts: pd.DataFrame = fitted.expected(frame, fitted.deviations(frame, groups) - apart)
            return amounts
        return pd.DataFrame(index=frame.index)

    def _chosen(
        self, detector: str, frame: pd.DataFrame, groups: Any, parts: pd.DataFrame, threshold: float
    ) -> list[list[str]]:
        """The columns that each household's reason names, the first to check first."""
        if detector == "cells":
            fitted = self.model.detectors[detector]
            return wrong_cells(fitted, frame, groups, self.offsets.get(detector, 0.0), threshold, SHOWN)
        fixed = list(parts.columns[:1]) if detector == "plausibility" else []
        values, names = parts.drop(columns=fixed).to_numpy(), parts.columns.drop(fixed)
        order = np.argsort(-values, axis=1, kind="stable")[:, : SHOWN - len(fixed)]
        return [fixed + [names[place] for place in row] for row in order]

    def _reason(
        self,
        detector: str,
        row: int,
        parts: dict[str, float],
        base: float,
        ranges: dict[str, tuple[Any, Any]],
        chosen: list[str],
        finder: PeerFinder,
    ) -> Reason:
        peers = finder.of(row)
        by_column = {field.column: field for field in self.records.fields}
        total = float(np.sum(list(parts.values())))
        told = tuple(
            self._field(by_column[column], row, peers, finder, ranges[column], parts[column]) for column in chosen
        )
        return Reason(
            household_id=str(finder.column("household_id")[row]),
            channel="rarity" if detector in ("forest", "neighbours") else detector,
            detector=detector,
            score=base + total,
            base=base,
            fields=told,
            contributions=parts,
            peers_zh=peers.zh,
            peers_en=peers.en,
            n_peers=len(peers.rows),
            pair=detector == "cells" and _is_pair(told, total),
        )

    def _field(
        self, field: Field, row: int, peers: Peers, finder: PeerFinder, clears: tuple[Any, Any], part: float
    ) -> FieldReason:
        values = finder.column(field.column)
        low, high = _peer_range(field, values[peers.rows])
        return FieldReason(
            column=field.column, label_zh=field.zh, label_en=field.en, value=as_told(field, values[row]),
            low=low, high=high, clears_low=as_told(field, clears[0]), clears_high=as_told(field, clears[1]),
            contribution=part, unit_zh=field.unit_zh, unit_en=field.unit_en, private=field.column in PRIVATE,
        )  # fmt: skip


def _is_pair(told: tuple[FieldReason, ...], total: float) -> bool:
    """Whether the first two fields break what usually holds between them."""
    if len(told) < 2 or min(told[0].contribution, told[1].contribution) < PAIR_SHARE * total:
        return False
    return told[1].clears or not told[0].clears


def as_told(field: Field, value: Any) -> Any:
    """A cell as a reason tells it: word, true or false, number; None if blank."""
    if value is None or pd.isna(value):
        return None
    if field.kind is Kind.FLAG:
        return bool(value)
    return str(value) if field.kind is Kind.CODE else float(value)


def _peer_range(field: Field, values: npt.NDArray[Any]) -> tuple[Any, Any]:
    """The range of eight in ten peers; of words and yes or no, what most peers have."""
    known = values[~pd.isna(values)]
    if not len(known):
        return None, None
    if field.kind in (Kind.CODE, Kind.FLAG):
        counts = Counter(known.tolist())
        most = max(counts.values())
        told = as_told(field, min(value for value, count in counts.items() if count == most))
        return told, told
    ordered = np.sort(known.astype(np.float64))
    low, high = (float(ordered[max(int(np.ceil(share * len(ordered))) - 1, 0)]) for share in (PEERS_LOW, PEERS_HIGH))
    return low, high
