"""From the views of a county to one frame a household: values, official, place, and a fingerprint of the values."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from povkit.anomalies.fields import FIELDS, TARGET, Field, Kind, Part, usable
from povkit.anomalies.folds import Labels
from povkit.views import Need, Views

VIEW = "household"
PLACE = ("household_id", "village_code", "village", "township", "subject")
OFFICIAL = "helper_id_number"
FIELDS_MIN = 3
"""Fewer fields, beside the target, make no combination and nothing to hold a cell against."""
ESSENTIAL = ("wage_income", "business_income", "farmland", "housing_area")
"""What to ask for where nearly everything is missing."""
COLUMNS = tuple(dict.fromkeys((*PLACE, OFFICIAL, "transfer_income", *(field.column for field in FIELDS))))
"""Columns of the household view that may be read; for whoever builds the views."""


@dataclass(frozen=True)
class Records:
    """A county's households: `frame` has the columns of `fields`, PLACE and `fingerprint`, sorted by number.

    groups: the official of each row (its own number where no helper is known). dropped: rows without a number, and
    further rows of a number that stands twice.
    """

    frame: pd.DataFrame
    fields: tuple[Field, ...]
    groups: Labels
    dropped: int


def lacking(views: Views, columns: Iterable[str]) -> tuple[Need, ...]:
    """Inputs behind these columns of the household view that were not handed in."""
    return views.missing(VIEW, columns)


def read(views: Views) -> Records:
    """The households of a county. A field whose input was not handed in is left out; blanks stay blank."""
    types = views.views[VIEW].types
    there = [field.column for field in FIELDS if field.column in types and not lacking(views, (field.column,))]
    if "transfer_income" in types and not lacking(views, ("transfer_income",)):
        there.append("transfer_income")
    fields = usable(FIELDS, there)
    official = OFFICIAL if OFFICIAL in types and not lacking(views, (OFFICIAL,)) else "household_id"
    wanted = dict.fromkeys((*PLACE, *(field.column for field in fields)))
    quoted = ", ".join(f'"{name}"' for name in wanted)
    sql = (
        f"SELECT {quoted}, coalesce({official}, household_id) AS official FROM {VIEW} "
        "WHERE household_id IS NOT NULL ORDER BY household_id"
    )
    frame: pd.DataFrame = views.con.sql(sql).df()
    for field in fields:
        if field.kind is not Kind.CODE:
            frame[field.column] = frame[field.column].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    frame["fingerprint"] = _fingerprints(frame, fields)
    if frame["household_id"].duplicated().any():  # which of them is kept must not hang on the order they came in
        frame = frame.sort_values([*PLACE, "official", "fingerprint"]).drop_duplicates(
            "household_id", ignore_index=True
        )
    whole = views.con.sql(f"SELECT count(*) FROM {VIEW}").fetchall()[0][0]
    return Records(frame, fields, frame.pop("official").to_numpy(object), whole - len(frame))


def _fingerprints(frame: pd.DataFrame, fields: tuple[Field, ...]) -> list[str]:
    """A hash of each household's values, which stays while they stay. Place and last year are no part of it.

    A sum over the fields, in which blanks count for nothing: a field that the county never fills makes no difference.
    """
    total = np.zeros(len(frame), dtype=np.uint64)
    for field in fields:
        if field.part is not Part.BEFORE and field.column != "township":
            column = frame[field.column]
            key = np.uint64(int.from_bytes(hashlib.sha256(field.column.encode()).digest()[:8]) | 1)
            coded = column if field.kind is Kind.CODE else column + 0.0
            values = pd.util.hash_pandas_object(coded, index=False).to_numpy()
            total += np.where(column.isna(), np.uint64(0), values * key)
    digits = total.astype(">u8").tobytes().hex()
    return [digits[start : start + 16] for start in range(0, len(digits), 16)]


def without_target(views: Views) -> tuple[Need, ...]:
    """What the income model lacks."""
    return lacking(views, (TARGET.column,))
