"""Columns as numpy arrays, and contract-typed data frames made of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.register.schema import Kind, load_tables

Array = npt.NDArray[Any]
Frame = Any
"""A pandas DataFrame whose cells are read and written one by one: a cell has no static type."""
Columns = dict[str, Array]
"""Arrays of one length by name: one entry a person, a household, a village."""


def texts(n: int, value: str | None = None) -> Array:
    """`n` texts, all equal; None is a blank."""
    return np.full(n, value, dtype=object)


def filled(where: Array, values: Any) -> Array:
    """The values where a mask is true, blanks elsewhere."""
    result = texts(len(where))
    result[where] = np.broadcast_to(np.asarray(values, dtype=object), where.shape)[where]
    return result


def known(values: Array) -> Array:
    """True where a value is not None."""
    there: Array = pd.notna(values)
    return there


def pick(rng: np.random.Generator, choices: Mapping[str, float], n: int) -> Array:
    """`n` independent draws from texts with the given weights."""
    weights = np.array(list(choices.values()), dtype=float)
    return np.array(list(choices), dtype=object)[rng.choice(len(weights), n, p=weights / weights.sum())]


def count_by(index: Array, n: int, where: Array | None = None) -> Array:
    """How many entries of `index` (and, with `where`, only the true ones) point at each of 0 to n-1."""
    return np.bincount(index if where is None else index[where], minlength=n)


def select(columns: Columns, where: Array) -> Columns:
    """The entries of every column at a mask or at positions."""
    return {name: values[where] for name, values in columns.items()}


def typed(table: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame in the contract's order and types; names that the contract does not know are left out.

    Texts are objects with None for blanks, numbers Int64 or float64, yes/no is the nullable boolean, dates are
    datetime64.
    """
    known = load_tables()[table].columns
    data = {name: _series(columns[name], column.type) for name, column in known.items() if name in columns}
    return pd.DataFrame(data)


def _series(values: Any, kind: Kind) -> Any:
    if kind is Kind.INT:
        return pd.array(_plain(values), dtype="Int64")
    if kind is Kind.BOOL:
        return pd.array(_plain(values), dtype="boolean")
    if kind is Kind.FLOAT:
        return np.asarray(values, dtype=float)
    if kind is Kind.DATE:
        return np.asarray(values, dtype="datetime64[s]")
    return pd.Series(values, dtype=object)


def _plain(values: Any) -> Any:
    """Float arrays with NaN and object arrays with None as something that the nullable types take."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return pd.array(array, dtype="Float64")
    return values
