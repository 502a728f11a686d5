"""What an import was given and what became of it: the receipt kept with each county, and its lines for people."""

from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from povkit.register.messages import LINES, NOT_RECOGNISED, WHY, say
from povkit.register.schema import load_tables

UNREADABLE_SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("year", pa.int64()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("header", pa.string()),
        ("value", pa.string()),
        ("why", pa.string()),
    ]
)
"""Columns of unreadable.parquet; `why` is a key of `messages.WHY`."""

SHOWN_CELLS = 20
"""How many unreadable cells the summary prints before it only counts."""


@dataclass(frozen=True)
class TakenFile:
    """A sheet (or the rows of it that belong to one county, year and list) that became rows of a table.

    portion: the sector list, or the year in the names of a table that has no year; None otherwise.
    """

    file: str
    sheet: str
    table: str
    year: int | None
    portion: str | None
    rows: int
    sha256: str
    missing_columns: tuple[str, ...]
    extra_columns: tuple[str, ...]
    unreadable: int
    header_row: int

    def as_json(self) -> dict[str, Any]:
        """The entry of receipt.json."""
        return asdict(self)


@dataclass(frozen=True, order=True)
class PassedOver:
    """A file or sheet that is no table of the contract; `why` is a key of `messages.NOT_RECOGNISED`."""

    file: str
    sheet: str
    why: str


@dataclass
class Receipt:
    """What one import took in. `files` by county; `unreadable` by county, with columns UNREADABLE_SCHEMA."""

    files: dict[str, list[TakenFile]] = field(default_factory=dict)
    unreadable: dict[str, pa.Table] = field(default_factory=dict)
    unrecognised: list[PassedOver] = field(default_factory=list)

    @property
    def counties(self) -> list[str]:
        """Codes of the counties that were written."""
        return sorted(self.files)

    def lines(self, language: str = "zh") -> list[str]:
        """The summary for people: files and tables, columns missing, unreadable cells, files not recognised."""
        lines: list[str] = []
        for county in self.counties:
            lines += _county_lines(county, self.files[county], language)
        lines += _cell_lines([cell for c in self.counties for cell in self.unreadable[c].to_pylist()], language)
        if self.unrecognised:
            lines.append(say(LINES, "unrecognised", language, count=len(self.unrecognised)))
            for one in self.unrecognised:
                sheet, why = f" [{one.sheet}]" if one.sheet else "", say(NOT_RECOGNISED, one.why, language)
                lines.append(say(LINES, "unrecognised_file", language, file=one.file, sheet=sheet, why=why))
        return lines


def _county_lines(county: str, files: list[TakenFile], language: str) -> list[str]:
    rows = sum(one.rows for one in files)
    lines = [say(LINES, "county", language, county=county, files=len(files), rows=rows)]
    for one in files:
        part = "".join(f" {text}" for text in (one.year, one.portion) if text)
        words = {"file": one.file, "sheet": one.sheet or "-", "part": part, "rows": one.rows}
        lines.append(say(LINES, "file", language, table=table_title(one.table, language), **words))
        missing = [column_title(one.table, name, language) for name in one.missing_columns]
        for key, names in (("missing", missing), ("extra", list(one.extra_columns))):
            if names:
                joined = ("、" if language == "zh" else ", ").join(names)
                lines.append(say(LINES, key, language, columns=joined))
    return lines


def _cell_lines(cells: list[dict[str, Any]], language: str) -> list[str]:
    if not cells:
        return [say(LINES, "nothing_unreadable", language)]
    lines = [say(LINES, "bad_cells", language, count=len(cells))]
    for cell in cells[:SHOWN_CELLS]:
        words = cell | {
            "sheet": cell["sheet"] or "-",
            "value": cell["value"] or say(LINES, "blank", language),
            "why": say(WHY, cell["why"], language),
        }
        lines.append(say(LINES, "bad_cell", language, **words))
    if len(cells) > SHOWN_CELLS:
        lines.append(say(LINES, "more", language, count=len(cells) - SHOWN_CELLS))
    return lines


def table_title(table: str, language: str) -> str:
    """A table's name for people."""
    return load_tables()[table].zh if language == "zh" else table


def column_title(table: str, column: str, language: str) -> str:
    """A column's name for people: its header of this year, or its plain name in English."""
    return load_tables()[table].columns[column].zh[0] if language == "zh" else column.replace("_", " ")
