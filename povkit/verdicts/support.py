"""Whether a pattern is supported by what was found in single records of the same places."""

import json
from typing import Any

from povkit.policy import Phenomenon
from povkit.verdicts.evidence import Evidence
from povkit.vocab import Level

_COLUMNS = ("code", "level", "object_id", "township", "village_code", "household_id", "evidence")
_LEVELS = {str(level) for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.HELPER)}

Row = dict[str, Any]


def supported(line: Phenomenon, evidence: Evidence, objects: dict[str, set[str]]) -> bool:
    """Whether a pattern stands beside enough findings of grade 1 or 2 in the same villages.

    A pattern that names its villages is held against those; else its own village or township counts; a pattern of the
    whole county is held against the county. Where a phenomenon has the same code as row and as pattern, the households
    that the pattern lists are its rows, provided that the phenomenon's condition on county and village is met.
    objects: flagged objects by code that count for the phenomenon.
    """
    names = [evidence.findings[column].to_pylist() for column in _COLUMNS]
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in zip(*names, strict=True)]
    lower = [r for r in rows if r["code"] in (*line.grade1, *line.grade2) and r["object_id"] in objects[r["code"]]]
    shapes = [r for r in rows if r["code"] in line.grade3 and r["level"] in _LEVELS]
    return any(_rows_beside(shape, lower, line) >= line.minimum_count for shape in shapes)


def _rows_beside(shape: Row, lower: list[Row], line: Phenomenon) -> int:
    told = json.loads(shape["evidence"] or "{}")
    near = {row["object_id"] for row in lower if row is not shape and _same_place(shape, told, row)}
    own = _own_rows(told) if shape["code"] in line.grade2 else set()
    return len((near | own) - {shape["object_id"]})


def _same_place(shape: Row, told: Row, row: Row) -> bool:
    if told.get("villages"):
        return row["village_code"] in told["villages"]
    place = {key: shape[key] for key in ("village_code", "township") if shape[key]}
    return all(row[key] == value for key, value in place.items())


def _own_rows(told: Row) -> set[str]:
    """Households of the pattern that are rows by themselves: in a county that does not leave, or a village that does.

    S5.5 speaks of counties that do not leave this year and of villages that exit; elsewhere, exits are expected.
    """
    if told.get("county_leaves_this_year", False) and not told.get("village_exited", False):
        return set()
    return set(told.get("households") or ())
