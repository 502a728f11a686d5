"""What was planted: the code of the rule that should find it, and the object that the finding should carry."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

TRUTH_COLUMNS = ("code", "object", "level", "households", "what", "list")


@dataclass(frozen=True, order=True)
class Mark:
    """One planted object. level: person, household, village, helper, problem or county. The rest is for patterns:
    the households of a group, which kind of change, which list a person stands on."""

    code: str
    object: str
    level: str
    households: str = ""
    what: str = ""
    list: str = ""


@dataclass(frozen=True)
class Truth:
    """All that was planted in a county. `table` has the columns TRUTH_COLUMNS, all text, ordered by code and object."""

    county: str
    table: pd.DataFrame
    path: Path | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes with at least one planted object, in order."""
        return tuple(sorted(set(self.table["code"])))

    def objects(self, code: str) -> set[str]:
        """Ids that findings of a code should carry."""
        return set(self.table.loc[self.table["code"] == code, "object"])


def truth_table(marks: Iterable[Mark]) -> pd.DataFrame:
    """Marks as a table, each once, in order."""
    rows = [asdict(mark) for mark in sorted(set(marks))]
    return pd.DataFrame(rows, columns=list(TRUTH_COLUMNS), dtype=object)


def write_truth(path: Path, table: pd.DataFrame) -> None:
    """Write the truth as CSV in UTF-8 with a line feed at each line's end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())
