"""From mixed columns to numbers: amounts on the log scale, counts as they are, words by how common they are."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.base import BaseEstimator, TransformerMixin

from povkit.anomalies.fields import Field, Kind

Floats = npt.NDArray[np.float64]


def log_amount(values: npt.ArrayLike) -> Floats:
    """log(1 + x) of amounts, mirrored for negative ones; blank stays NaN.

    >>> log_amount([0.0, np.e - 1, 1 - np.e]).round(6).tolist()
    [0.0, 1.0, -1.0]
    """
    x = np.asarray(values, dtype=np.float64)
    scaled: Floats = np.sign(x) * np.log1p(np.abs(x))
    return scaled


class FieldEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Encode fields as one column of floats each; blanks stay NaN.

    fields: what to encode, each of its kind. A word is encoded as the log of the share of rows that have it, so that
    rare words lie far out; words that are equally common are told apart by a trifle. A word that `fit` did not see is
    as rare as half a row. Learned: `levels_`, by column the code of each word; `n_rows_`.

    >>> from povkit.anomalies.fields import Field, Kind, Part
    >>> fields = (Field("land", Kind.AMOUNT, Part.HAS, "", ""), Field("fuel", Kind.CODE, Part.HAS, "", ""))
    >>> frame = pd.DataFrame({"land": [0.0, 1.7, None], "fuel": ["wood", "wood", "coal"]})
    >>> FieldEncoder(fields).fit(frame).transform(frame).round(2).tolist()
    [[0.0, -0.41], [0.99, -0.41], [nan, -1.1]]
    """

    def __init__(self, fields: tuple[Field, ...] = ()) -> None:
        self.fields = fields

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn how common each word is."""
        self.n_rows_ = len(X)
        self.levels_ = {f.column: _levels(X[f.column]) for f in self.fields if f.kind is Kind.CODE}
        return self

    def transform(self, X: pd.DataFrame) -> Floats:
        """The rows as floats, shape (rows, fields)."""
        if not self.fields:
            return np.zeros((len(X), 0))
        return np.column_stack([self._column(field, X[field.column]) for field in self.fields])

    def _column(self, field: Field, values: "pd.Series[Any]") -> Floats:
        if field.kind is Kind.CODE:
            levels = self.levels_[field.column]
            rarest = float(np.log(0.5 / max(self.n_rows_, 1)))
            codes = np.array([*levels.values(), np.nan, rarest])  # at places -2 and -1: blank, and another word
            return codes[places_of(values, list(levels))]
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return log_amount(numbers) if field.kind is Kind.AMOUNT else numbers


def places_of(values: "pd.Series[Any]", words: list[Any]) -> npt.NDArray[np.int64]:
    """Place of each value among `words`; -1 for another word, -2 for a blank.

    >>> places_of(pd.Series(["coal", None, "gas"]), ["wood", "coal"]).tolist()
    [1, -2, -1]
    """
    if isinstance(values.dtype, pd.StringDtype):  # many times faster than by way of Python's strings
        cells = pa.array(values, from_pandas=True)
        known = pc.index_in(cells, value_set=pa.array(words, type=cells.type)).fill_null(-1)
        places = np.array(known, dtype=np.int64)
    else:
        places = np.array(pd.Index(words, dtype=object).get_indexer(values.astype(object)), dtype=np.int64)
    places[values.isna().to_numpy()] = -2
    return places


def _levels(words: "pd.Series[Any]") -> dict[Any, float]:
    """log share of each word, commonest first; equally common ones are moved apart by 1e-6 in order of spelling."""
    counts = words.value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    total = max(int(counts.sum()), 1)
    return {word: float(np.log(count / total)) - 1e-6 * place for place, (word, count) in enumerate(ordered)}
