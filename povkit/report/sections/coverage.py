"""How many of the key groups' people are on the register, by list, and the villages that lack most."""

from typing import Any

from povkit.report.blocks import Block, column, table
from povkit.report.figures import short_village
from povkit.report.inspection import Inspection
from povkit.report.labels import clean

CODES = frozenset({"K05", "K06"})
"""Rules whose denominators these are."""


def coverage(inspection: Inspection) -> list[Block]:
    """A table of the lists, and one of the villages with most people outside; nothing if no list was handed in."""
    rows = inspection.summary.get("coverage") or []
    lists = [row for row in rows if row["village_code"] is None]
    if not lists:
        return []
    places = [row for row in rows if row["village_code"] is not None and row["outside"]]
    places = sorted(places, key=lambda row: (-row["outside"], row["village_code"]))[: inspection.options.worst_villages]
    blocks = [_table(inspection, lists, village=False)]
    return [*blocks, _table(inspection, places, village=True)] if places else blocks


def _table(inspection: Inspection, rows: list[dict[str, Any]], village: bool) -> Block:
    words = inspection.words
    columns = [column(words("coverage.list"), "5em")]
    columns += [column(words("coverage.village"), "1fr")] if village else []
    columns += [column(words(f"coverage.{key}"), "4.6em" if village else "1fr", "right") for key in _NUMBERS]
    said = [[row["list"], *([_place(row)] if village else []), *_numbers(inspection, row)] for row in rows]
    return table(columns, said, words("coverage.note") if not village else "")


_NUMBERS = ("owed", "on_register", "outside", "unknown", "rate")


def _numbers(inspection: Inspection, row: dict[str, Any]) -> list[str]:
    counts = [inspection.words.number(row[key]) for key in _NUMBERS[:-1]]
    rate = row["rate"]
    return [*counts, inspection.words("mark.none") if rate is None else f"{100 * rate:.1f}%"]


def _place(row: dict[str, Any]) -> str:
    township, village = (clean(str(row[key] or "")) for key in ("township", "village"))
    return f"{short_village(village or str(row['village_code']))} {township}".strip()
