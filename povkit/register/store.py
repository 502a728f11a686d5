"""Snapshots on disk: typed Parquet by county, year and table, and the receipt of what was handed in.

    register/530113/2018/household.parquet      tables that come once per data year
    register/530113/lists/sector.parquet        tables that have no year
    register/530113/receipt.json                which file became what
    register/530113/unreadable.parquet          cells that could not be understood

Every table holds the contract's columns that the exports had (absent columns are left out), further columns of the
export as `extra.<header>`, and where each row came from: `source_file`, `source_sheet`, `source_row`.
"""

import json
from pathlib import Path
from typing import Any

from povkit.register.schema import load_tables

SOURCE_COLUMNS = ("source_file", "source_sheet", "source_row")
EXTRA = "extra."


class Register:
    """The snapshots under one folder. Reading only; `povkit.register.importer` writes them."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def counties(self) -> list[str]:
        """Codes of the counties that have a receipt."""
        return sorted(path.parent.name for path in self.root.glob("*/receipt.json"))

    def years(self, county: str) -> list[int]:
        """Data years for which the county has any snapshot."""
        return sorted(int(p.name) for p in (self.root / county).glob("[12][0-9][0-9][0-9]") if p.is_dir())

    def path(self, county: str, table: str, year: int) -> Path:
        """Where a table lies: under its year if it is a snapshot table, else under `lists`."""
        folder = str(year) if load_tables()[table].snapshot else "lists"
        return self.root / county / folder / f"{table}.parquet"

    def lists(self, county: str) -> set[str]:
        """Names of the sector lists that were handed in, those without rows among them; none without a receipt."""
        if not (self.root / county / "receipt.json").exists():
            return set()
        return {entry["portion"] for entry in self.receipt(county)["files"] if entry["table"] == "sector"}

    def receipt(self, county: str) -> dict[str, Any]:
        """What was imported for a county (see `importer.Receipt`)."""
        loaded: dict[str, Any] = json.loads((self.root / county / "receipt.json").read_text(encoding="utf-8"))
        return loaded
