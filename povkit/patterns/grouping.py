"""Places as patterns group them: the county and its townships, and who lives where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from povkit.patterns.pattern import Source
from povkit.vocab import Level


@dataclass(frozen=True)
class Place:
    """A county or township: `villages` are its rows of a frame of villages."""

    level: Level
    object_id: str
    villages: pd.DataFrame

    @property
    def township(self) -> str | None:
        """Name of the township; None for the county."""
        return self.object_id if self.level is Level.TOWNSHIP else None


def places(villages: pd.DataFrame, county: str) -> Iterator[Place]:
    """The county, then its townships by name. villages: a frame with `township`."""
    yield Place(Level.COUNTY, county, villages)
    for name, inside in villages.groupby("township", sort=True):
        yield Place(Level.TOWNSHIP, str(name), inside)


def households_in(households: pd.DataFrame, villages: Iterable[object], chosen: "pd.Series[bool]") -> tuple[str, ...]:
    """Sorted numbers of the chosen households that live in these villages (codes). Blank choices do not count."""
    here = households["village_code"].isin(list(villages)) & chosen.fillna(False).astype(bool)
    return tuple(sorted(str(each) for each in households.loc[here, "household_id"].dropna().unique()))


def tally(frame: pd.DataFrame, villages: pd.DataFrame) -> "pd.Series[float]":
    """Rows of `frame` by village code, in the order of `villages`; 0 where there is none."""
    counts = frame["village_code"].value_counts()
    return villages["village_code"].map(counts).fillna(0.0).astype("float64")


def changes_of_year(source: Source, columns: Iterable[str], data_year: int) -> pd.DataFrame:
    """Records of change with these columns, of the data year where dates were handed in (a blank date counts)."""
    if not source.has("change", ("changed_on",)):
        return source.frame("change", columns)
    changes = source.frame("change", (*columns, "changed_on"))
    year = changes["changed_on"].dt.year
    now: pd.DataFrame = changes[year.isna() | (year == data_year)]
    return now
