"""The table of all households: values, findings by grade, anomaly scores, marks; filters over it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from povkit.run.explore.case import Case
from povkit.run.marks import CLEARED, CONFIRMED
from povkit.run.sheets import Sheet

VALUES = (
    "size", "status", "category", "cause", "net_income_pc", "wage_income", "business_income", "property_income",
    "transfer_income", "business_cost", "farmland", "able_members", "work_months_total",
)  # fmt: skip
PLACES = ("household_id", "township", "village", "head_name")
GRADES = ("grade1", "grade2", "grade3")
SCORES = ("p", "q", "plausibility_p", "cells_p", "rarity_p")
LEADS = ("all", "flagged", "open", "findings", CONFIRMED, CLEARED)
_WHOLE = ("size", "able_members", "rank", "new_rank", *GRADES)
_DIGITS = {"farmland": 2, "chance": 2, "p": 4, "q": 4, "plausibility_p": 4, "cells_p": 4, "rarity_p": 4}


@dataclass(frozen=True)
class Filter:
    """Which rows to keep. township, village: names, blank for all. lead: one of LEADS, or the code of a channel."""

    township: str = ""
    village: str = ""
    lead: str = "all"


def all_rows(case: Case, more: Iterable[str] = ()) -> pd.DataFrame:
    """One row a household, strangest first; columns by their inner names, personal data masked.

    Columns: PLACES, GRADES (findings of each), rank and flagged (blank where not judged), new_rank
    and chance of being confirmed (once they are learned from marks), codes (channels that flag
    it), mark ("", confirmed, cleared), VALUES, `more` (further columns of the household view), SCORES.
    """
    homes = case.households.loc[case.ranked]
    columns: dict[str, Any] = {name: _shown(case, homes, name) for name in PLACES if name in homes.columns}
    for grade, name in enumerate(GRADES[:2], 1):
        counts = {number: sum(row.grade == grade for row in found) for number, found in case.by_household.items()}
        columns[name] = [counts.get(number, 0) for number in homes.index]
    columns[GRADES[2]] = [case.pattern_counts.get(number, 0) for number in homes.index]
    scores, marks = case.scores.reindex(homes.index), case.standing
    columns["rank"] = scores["rank"]
    if case.learned:
        learned = case.order.set_index("household_id").reindex(homes.index)
        columns |= {"new_rank": learned["new_rank"], "chance": learned["chance"]}
    columns["flagged"] = scores["flagged"].eq(True)
    columns["codes"] = [" ".join(case.flagged_codes.get(number, ())) for number in homes.index]
    columns["mark"] = [marks[number].verdict if number in marks else "" for number in homes.index]
    for name in dict.fromkeys((*VALUES, *more)):
        if name in homes.columns and name not in columns:
            columns[name] = _shown(case, homes, name)
    return pd.DataFrame(columns | {name: scores[name] for name in SCORES}, index=homes.index)


def _shown(case: Case, homes: pd.DataFrame, name: str) -> pd.Series:
    """A column as it may be shown."""
    if pd.api.types.is_numeric_dtype(homes[name]):
        return homes[name]
    return pd.Series([case.shown(name, value) for value in homes[name]], index=homes.index, dtype="object")


def kept(rows: pd.DataFrame, chosen: Filter) -> pd.DataFrame:
    """The rows that a filter keeps, in their order."""
    keep = pd.Series(True, index=rows.index)
    for name, value in (("township", chosen.township), ("village", chosen.village)):
        if value:
            keep &= rows[name].eq(value)
    return rows[keep & _is_lead(rows, chosen.lead)]


def _is_lead(rows: pd.DataFrame, lead: str) -> pd.Series:
    everything = pd.Series(True, index=rows.index)
    answers = {
        "all": everything,
        "flagged": rows["flagged"],
        "open": rows["flagged"] & rows["mark"].eq(""),
        "findings": rows[list(GRADES)].sum(axis=1) > 0,
        CONFIRMED: rows["mark"].eq(CONFIRMED),
        CLEARED: rows["mark"].eq(CLEARED),
    }
    return answers[lead] if lead in answers else rows["codes"].str.contains(lead, regex=False)


def titles(case: Case, rows: pd.DataFrame) -> dict[str, str]:
    """Inner name -> title, each title once."""
    words = case.inspection.words
    named: dict[str, str] = {}
    for name in rows.columns:
        title = words(f"explore.col.{name}") if f"explore.col.{name}" in words else case.label(name)
        named[name] = title if title not in named.values() else f"{title} ({name})"
    return named


def labelled(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with titles and words instead of inner names; whole numbers whole, the others rounded."""
    words = case.inspection.words
    shown: dict[str, Any] = {name: rows[name] for name in rows.columns}
    shown["flagged"] = [words("mark.true") if each else "" for each in rows["flagged"]]
    shown["mark"] = [words(f"explore.verdict.{each}") if each else "" for each in rows["mark"]]
    for name in (each for each in rows.columns if each not in ("flagged", "mark")):
        if name in _WHOLE:
            shown[name] = pd.to_numeric(rows[name]).round().astype("Int64")
        elif pd.api.types.is_float_dtype(rows[name]):
            shown[name] = rows[name].round(_DIGITS.get(name, 0 if name in VALUES else 2))
        elif pd.api.types.is_bool_dtype(rows[name]):
            shown[name] = rows[name].map({True: words("mark.true"), False: words("mark.false")}).fillna("")
        elif not pd.api.types.is_numeric_dtype(rows[name]):
            shown[name] = ["" if pd.isna(value) else str(value) for value in shown[name]]
    return pd.DataFrame(shown, index=rows.index).rename(columns=titles(case, rows)).reset_index(drop=True)


def rows_sheet(case: Case, rows: pd.DataFrame, shown: int) -> Sheet:
    """The rows as a plain table that shows the first ones and says how many there are."""
    words = case.inspection.words
    made = Sheet(labelled(case, rows))
    made.index = pd.RangeIndex(1, len(made) + 1)
    caption, note = words("caption.all_rows"), "explore.all_rows_note"
    made.attrs.update(language=words.language, caption=caption, shown=shown, note=note)
    return made
