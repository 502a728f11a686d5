"""Channel b, which cell is wrong: each amount of a household against all its other fields."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from povkit.anomalies.calibration import TailCalibration
from povkit.anomalies.encode import FieldEncoder, places_of
from povkit.anomalies.fields import Field, Kind, Part
from povkit.anomalies.folds import Labels, assign, fit_folds, folds_of, own_order, predict_folds
from povkit.anomalies.regress import RobustRidge, robust_scale

Floats = npt.NDArray[np.float64]

ORDINARY = 0.10
"""A cell whose p is above this says nothing against its household."""

MATERIAL = 0.15
"""A cell's p is at least exp(-|log of the factor it is off by| / MATERIAL): .01 for twice, .07 for half as much again.
Fields that nearly always keep last year's value leave residuals next to none; a house that grew by a third would else
be as strange as one that grew tenfold."""


@dataclass(frozen=True)
class CellModel:
    """How one field's cells are judged: its models, the columns of the design it may not see, its residuals' spread."""

    field: Field
    models: list[Any]
    hidden: tuple[int, ...]
    centre: float
    scale: float
    calibration: TailCalibration


@dataclass(frozen=True)
class _Lines:
    """Linear regressions side by side: slopes (columns, fields), levels (fields)."""

    slopes: Floats
    levels: Floats

    def predict(self, X: Floats) -> Floats:
        """Prediction for each row and field."""
        lines: Floats = X @ self.slopes + self.levels
        return lines


class CellResiduals(BaseEstimator):  # type: ignore[misc]
    """Each amount (log scale, where it is not zero) regressed on all other fields; robust residuals by cell.

    After DetectDeviatingCells (Rousseeuw & Van den Bossche 2018, Technometrics 60:135), with one cross-fitted
    regression a field in place of its pairwise slopes. A cell's surprise is log10(ORDINARY / p), never below 0, with p
    from the field's own residuals; a household's strangeness is the sum of its cells' surprises.
    fields: judged are those with `judged` that are positive in `least` households or more. Others as for
    IncomePlausibility. Learned: `encoder_`, `cells_` (CellModel by column), `fold_of_`.

    >>> from povkit.anomalies.fields import Field, Kind, Part
    >>> rng = np.random.default_rng(0)
    >>> land = rng.uniform(1, 20, 400)
    >>> frame = pd.DataFrame({"land": land, "crop": 500 * land * rng.lognormal(0, 0.2, 400)})
    >>> frame.loc[7, "crop"] *= 10
    >>> fields = (Field("crop", Kind.AMOUNT, Part.INCOME, "", ""), Field("land", Kind.AMOUNT, Part.HAS, "", ""))
    >>> detector = CellResiduals(fields).fit(frame)
    >>> int(detector.score_samples(frame).argmin()), bool(detector.surprises(frame).loc[7, "crop"] > 1)
    (7, True)
    """

    def __init__(
        self,
        fields: tuple[Field, ...] = (),
        folds: int = 6,
        rows_max: int = 2500,
        least: int = 60,
        seed: int = 0,
    ) -> None:
        self.fields = fields
        self.folds = folds
        self.rows_max = rows_max
        self.least = least
        self.seed = seed

    @property
    def used(self) -> tuple[Field, ...]:
        """The fields, the target last."""
        return tuple(sorted(self.fields, key=lambda field: field.part is Part.TARGET))

    def fit(self, X: pd.DataFrame, y: Any = None, groups: Labels | None = None) -> Self:
        """X: one row a household with the fields' columns; groups: official of each row (default: each row its own)."""
        self.encoder_ = FieldEncoder(self.used).fit(X)
        self.words_ = {f.column: _common(X[f.column]) for f in self.used if f.kind is Kind.CODE}
        design, owners = self._design(X)
        labels = groups
        if labels is None:
            order = np.lexsort(design.T)
            labels = np.empty(len(X), dtype=np.int64)
            labels[order] = np.arange(len(X))
        self.fold_of_ = assign(labels, self.folds, self.seed)
        folds = folds_of(self.fold_of_, labels, len(X))
        order = own_order(design, folds)
        self.cells_: dict[str, CellModel] = {}
        for field in self.used:
            if field.judged:
                self._fit_field(field, X, design, owners, folds, order)
        return self

    def _fit_field(
        self,
        field: Field,
        X: pd.DataFrame,
        design: Floats,
        owners: list[str],
        folds: npt.NDArray[np.int64],
        order: npt.NDArray[np.int64],
    ) -> None:
        log = _log_positive(X[field.column])
        if np.isfinite(log).sum() < self.least or np.nanstd(log) < 1e-9:
            return
        incomes = {each.column for each in self.fields if each.part in (Part.INCOME, Part.TARGET)}
        targets = {each.column for each in self.fields if each.part is Part.TARGET}
        unseen = incomes if field.part is Part.TARGET else {field.column, *targets}
        hidden = tuple(place for place, owner in enumerate(owners) if owner in unseen)
        seen = np.delete(design, hidden, axis=1)
        models = fit_folds(RobustRidge, seen, log, folds, order, self.rows_max, self.seed)
        residual = log - predict_folds(models, seen, folds)
        centre, scale = float(np.nanmedian(residual)), max(robust_scale(residual), 1e-3)
        calibration = TailCalibration().fit(np.abs(residual - centre) / scale)
        self.cells_[field.column] = CellModel(field, models, hidden, centre, scale, calibration)

    def _design(self, X: pd.DataFrame) -> tuple[Floats, list[str]]:
        """The predictors and which field each belongs to: encoded columns, whether an amount is there, words.

        The log of an amount that is not there is blank (the regression then takes the median), so that the step from
        nothing to something is a number of its own and not the end of the line through the amounts. Words have columns
        of their own too: a line through how common they are would run far beyond for a word that is new.
        """
        encoded, owners = self.encoder_.transform(X), [field.column for field in self.used]
        columns = [encoded]
        for place, field in enumerate(self.used):
            values = X[field.column]
            if field.kind is Kind.AMOUNT:
                there = values.to_numpy(np.float64, na_value=np.nan) > 0
                encoded[~there, place] = np.nan
                columns.append(there.astype(np.float64)[:, None])
                owners.append(field.column)
            elif field.kind is Kind.CODE:
                encoded[:, place] = np.nan
                words = self.words_[field.column]
                columns.append(np.equal.outer(places_of(values, list(words)), np.arange(len(words))).astype(np.float64))
                owners += [field.column] * len(words)
        return np.hstack(columns), owners

    def deviations(self, X: pd.DataFrame, groups: Labels | None = None) -> pd.DataFrame:
        """Signed residuals in robust deviations, one column a judged field; NaN where the cell is blank or zero."""
        design, _ = self._design(X)
        n, width = design.shape
        halves = np.empty((n, 2 * width))
        halves[:, width:] = np.isfinite(design)
        halves[:, :width] = np.where(halves[:, width:] > 0, design, 0.0)
        lines = predict_folds(self._lines(width), halves, folds_of(self.fold_of_, groups, len(X)))
        found = {}
        for place, (column, cell) in enumerate(self.cells_.items()):
            found[column] = (_log_positive(X[column]) - lines[:, place] - cell.centre) / cell.scale
        return pd.DataFrame(found, index=X.index)

    def _lines(self, width: int) -> list["_Lines"]:
        """The regressions of all fields by fold, so that all cells of a household are predicted at once."""
        lines = []
        for fold in range(max(self.fold_of_.values()) + 1):  # fewer than `folds` where there are fewer officials
            slopes, levels = np.zeros((2 * width, len(self.cells_))), np.zeros(len(self.cells_))
            for place, cell in enumerate(self.cells_.values()):
                seen = np.delete(np.arange(width), cell.hidden)
                model = cell.models[fold]
                slope, off = model.weights()
                slopes[seen, place], slopes[width + seen, place] = slope, -off
                levels[place] = model.intercept_
            lines.append(_Lines(slopes, levels))
        return lines

    def surprises(self, X: pd.DataFrame, groups: Labels | None = None) -> pd.DataFrame:
        """log10(ORDINARY / p) of every cell, at least 0, one column a judged field; blank and zero cells have 0."""
        return self.surprises_of(self.deviations(X, groups))

    def surprises_of(self, deviations: pd.DataFrame) -> pd.DataFrame:
        """The surprises of deviations that are known already."""
        found = {}
        for column, cell in self.cells_.items():
            away = np.abs(deviations[column].to_numpy())
            p = np.maximum(cell.calibration.p_values(away), np.exp(-away * cell.scale / MATERIAL))
            found[column] = np.nan_to_num(np.maximum(0.0, np.log10(ORDINARY / np.maximum(p, 1e-12))), nan=0.0)
        return pd.DataFrame(found, index=deviations.index)

    def expected(self, X: pd.DataFrame, deviations: pd.DataFrame) -> pd.DataFrame:
        """The amounts that the other fields suggest, in the field's unit; NaN where the cell is blank or zero."""
        return pd.DataFrame(
            {
                column: np.exp(_log_positive(X[column]) - deviations[column].to_numpy() * cell.scale)
                for column, cell in self.cells_.items()
            },
            index=X.index,
        )

    def score_samples(self, X: pd.DataFrame, groups: Labels | None = None) -> Floats:
        """Minus the sum of the surprises: the lower, the stranger (scikit-learn's sign)."""
        scores: Floats = -self.surprises(X, groups).to_numpy().sum(axis=1)
        return scores


def _log_positive(values: "pd.Series[Any]") -> Floats:
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    logs: Floats = np.log(np.where(numbers > 0, numbers, np.nan))
    return logs


def _common(words: "pd.Series[Any]", most: int = 20, least: int = 15) -> tuple[Any, ...]:
    """The commonest words, each in `least` rows or more, in order of spelling."""
    counts = words.value_counts()
    counts = counts[counts >= least]
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:most]
    return tuple(sorted(word for word, _ in ordered))
