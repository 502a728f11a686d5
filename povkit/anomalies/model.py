"""All detectors of one county together: fitted, calibrated, and joined into one p a household."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.anomalies.calibration import TailCalibration, join, q_values
from povkit.anomalies.cells import CellResiduals
from povkit.anomalies.fields import Field, Part
from povkit.anomalies.folds import Labels
from povkit.anomalies.plausibility import IncomePlausibility
from povkit.anomalies.rarity import RareForest, RareNeighbours
from povkit.anomalies.records import FIELDS_MIN
from povkit.anomalies.regress import LEAF

Floats = npt.NDArray[np.float64]

CHANNELS = ("plausibility", "cells", "rarity")
FITTED_MAX, BLOCK = 40_000, 50_000
"""Households that a model is fitted on at most, and that are scored at once: memory stays bounded."""
SHAPES = {"plausibility": 0.15, "cells": 0.10, "forest": 0.05, "neighbours": 0.15}
"""Usual shapes of the scores' tails: depths fall off nearly exponentially, sums of log p and residuals more slowly."""
DETECTORS = ("plausibility", "cells", "forest", "neighbours")


@dataclass
class CountyModel:
    """Detectors of the three channels, fitted on one county (or, as a wider model, on several).

    fields: those whose columns the frame has. channels: those to work out.
    After `fit`: the detectors (None where the channel is off, or has no fields or hardly an income) and, by name, their
    calibrations.
    """

    fields: tuple[Field, ...]
    seed: int
    channels: Collection[str] = CHANNELS
    plausibility: IncomePlausibility | None = None
    cells: CellResiduals | None = None
    forest: RareForest | None = None
    neighbours: RareNeighbours | None = None
    calibrations: dict[str, TailCalibration] = field(default_factory=dict)
    _known: tuple[pd.DataFrame, Labels, pd.DataFrame] | None = field(default=None, repr=False)

    def fit(self, frame: pd.DataFrame, groups: Labels) -> "CountyModel":
        """frame: one row a household; groups: its official. Of more than FITTED_MAX households so many are drawn."""
        if len(frame) > FITTED_MAX:
            drawn = np.sort(
                np.random.default_rng([self.seed, len(frame)]).choice(len(frame), FITTED_MAX, replace=False)
            )
            frame, groups = frame.iloc[drawn].reset_index(drop=True), groups[drawn]
        explaining = [each for each in self.fields if each.part is Part.HAS]
        told = [frame[each.column].notna().sum() for each in self.fields if each.part is Part.TARGET]
        others = [each for each in self.fields if each.part is not Part.TARGET]
        if "plausibility" in self.channels and explaining and sum(told) >= 2 * LEAF:
            self.plausibility = IncomePlausibility(self.fields, seed=self.seed).fit(frame, groups=groups)
        if "cells" in self.channels and len(others) >= FIELDS_MIN:
            self.cells = CellResiduals(self.fields, seed=self.seed).fit(frame, groups=groups)
        if "rarity" in self.channels and len(others) >= FIELDS_MIN:
            self.forest = RareForest(self.fields, seed=self.seed).fit(frame)
            self.neighbours = RareNeighbours(self.fields, seed=self.seed).fit(frame)
        strange = self.strangeness(frame, groups)
        self.calibrations = {name: TailCalibration(shape=SHAPES[name]).fit(strange[name]) for name in self.detectors}
        self._known = frame, groups, strange
        return self

    def offsets(self, frame: pd.DataFrame, groups: Labels | None) -> dict[str, Any]:
        """How a county lies apart from the wider model: its median deviation of income and of each field."""
        found: dict[str, Any] = {}
        if self.plausibility is not None:
            found["plausibility"] = float(np.nan_to_num(np.nanmedian(self.plausibility.deviations(frame, groups))))
        if self.cells is not None:
            found["cells"] = self.cells.deviations(frame, groups).median().fillna(0.0)
        return found

    @property
    def detectors(self) -> dict[str, Any]:
        """The fitted detectors by name."""
        named = {name: getattr(self, name) for name in DETECTORS}
        return {name: each for name, each in named.items() if each is not None}

    def strangeness(
        self, frame: pd.DataFrame, groups: Labels | None, offsets: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Each detector's score, higher is stranger, NaN where a household cannot be judged. Block by block."""
        if len(frame) > BLOCK:
            parts = [slice(start, start + BLOCK) for start in range(0, len(frame), BLOCK)]
            blocks = [
                self.strangeness(frame[part], None if groups is None else groups[part], offsets) for part in parts
            ]
            return pd.concat(blocks)
        found = {name: self.strangeness_by(name, frame, groups, offsets) for name in self.detectors}
        return pd.DataFrame(found, index=frame.index)

    def strangeness_by(
        self, name: str, frame: pd.DataFrame, groups: Labels | None, offsets: dict[str, Any] | None = None
    ) -> Floats:
        """The score by one detector."""
        apart, detector = offsets or {}, self.detectors[name]
        if name == "plausibility":
            return np.asarray(np.abs(detector.deviations(frame, groups) - apart.get(name, 0.0)))
        if name != "cells":
            return np.asarray(-detector.score_samples(frame))
        deviations = detector.deviations(frame, groups) - apart.get(name, 0.0)
        total: Floats = detector.surprises_of(deviations).to_numpy().sum(axis=1)
        total[deviations.isna().all(axis=1).to_numpy()] = np.nan
        return total

    def _scores_of(self, frame: pd.DataFrame, groups: Labels | None, offsets: dict[str, Any] | None) -> pd.DataFrame:
        """The scores, those of the households that it was fitted on as they are known from then; once."""
        known, self._known = self._known, None
        if known is not None and known[0] is frame and known[1] is groups and not offsets:
            return known[2].copy()
        return self.strangeness(frame, groups, offsets)

    def judge(self, frame: pd.DataFrame, groups: Labels | None, offsets: dict[str, Any] | None = None) -> pd.DataFrame:
        """Scores and p values: `<channel>`, `<channel>_p`, forest, neighbours, `forest_p`, `neighbours_p`, p, q.

        rarity is log10(1 / rarity_p), since its two detectors have no common unit.
        """
        scores = self._scores_of(frame, groups, offsets)
        for name in self.detectors:
            scores[f"{name}_p"] = self.calibrations[name].p_values(scores[name].to_numpy())
        for name in DETECTORS:
            if name not in scores:
                scores[name], scores[f"{name}_p"] = np.nan, np.nan
        scores["rarity_p"] = join(scores[["forest_p", "neighbours_p"]].to_numpy())
        scores["rarity"] = -np.log10(np.maximum(scores["rarity_p"], 1e-300))
        scores["p"] = join(scores[[f"{name}_p" for name in CHANNELS]].to_numpy())
        scores["q"] = q_values(scores["p"].to_numpy())
        return scores
