"""Snapshots as relations of DuckDB: `raw_<table>` with the contract's columns, and what of them was not handed in.

Columns and numbers of rows are read off the ends of the files, all at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from povkit.register.schema import SQL_TYPE, Table, load_tables
from povkit.register.store import SOURCE_COLUMNS, Register
from povkit.views.needs import SECTOR, Need, Relation
from povkit.views.placing import FILE_ROW
from povkit.vocab import Fault, InputError


class Footer(NamedTuple):
    """The end of a snapshot's file: names of its columns, and its number of rows."""

    columns: frozenset[str]
    rows: int


@dataclass(frozen=True)
class Snapshot:
    """One table of one county as it was handed in for `year` (None: the table has no years).

    footer: None where no file is there; lists: names of the sector lists that came, with rows or without.
    """

    table: Table
    year: int | None
    last: bool
    path: Path
    footer: Footer | None
    lists: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Name of the relation."""
        return f"raw_{self.table.name}" + ("_last" if self.last else "")

    def relation(self) -> Relation:
        """Every column of the contract needs itself; where a row came from needs nothing."""
        relation = Relation(
            self.name, {c: frozenset({Need(self.table.name, c, self.last)}) for c in self.table.columns}
        )
        relation.needs |= {c: frozenset() for c in SOURCE_COLUMNS}
        return relation

    def select(self) -> str:
        """SQL of the relation: what was not handed in stands as typed blanks; last, the row's place in the file."""
        have = self.footer.columns if self.footer else frozenset()
        columns = [
            (f'"{c.name}"' if c.name in have else "NULL") + f'::{SQL_TYPE[c.type]} AS "{c.name}"'
            for c in self.table.columns.values()
        ]
        if self.footer:
            return f"SELECT {', '.join((*columns, *SOURCE_COLUMNS, FILE_ROW.sql))} FROM {self._file}"
        columns += [f"NULL::{'BIGINT' if c == 'source_row' else 'VARCHAR'} AS {c}" for c in SOURCE_COLUMNS]
        columns.append(f"NULL::BIGINT AS {FILE_ROW.sql}")
        return f"SELECT {', '.join(columns)} WHERE false"

    def lacking(self, con: duckdb.DuckDBPyConnection) -> set[Need]:
        """Inputs that were not handed in."""
        name, codes = self.table.name, self.table.columns["list"].codes if self.table.name == SECTOR else ()
        if self.footer is None:
            return {Need(name, c, self.last) for c in ("*", *self.table.columns, *codes)}
        have = self.footer.columns | self.lists
        if codes:
            have |= {row[0] for row in con.execute(f"SELECT DISTINCT list FROM {self._file}").fetchall()}
        return {Need(name, c, self.last) for c in (*self.table.columns, *codes) if c not in have}

    @property
    def _file(self) -> str:
        return "read_parquet('{}', file_row_number = TRUE)".format(str(self.path).replace("'", "''"))


def snapshots(con: duckdb.DuckDBPyConnection, register: Register, county: str, data_year: int) -> list[Snapshot]:
    """The county's snapshots of `data_year` and the year before, those that do not exist too, in the contract's order.

    Raises InputError that names every damaged file.
    """
    asked = [
        (table, year, last, register.path(county, table.name, year))
        for table in load_tables().values()
        for year, last in ((data_year, False), (data_year - 1, True))
        if table.snapshot or not last
    ]
    footers = read_footers(con, (path for *_, path in asked))
    made = []
    for table, year, last, path in asked:
        footer = footers.get(path)
        lists = frozenset(register.lists(county)) if footer and table.name == SECTOR else frozenset()
        made.append(Snapshot(table, year if table.snapshot else None, last, path, footer, lists))
    return made


def read_footers(con: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> dict[Path, Footer]:
    """Footers of the files that exist, read all at once. Raises InputError that names every damaged one."""
    there = [path for path in paths if path.exists()]
    if not there:
        return {}
    try:
        return _read(con, there)
    except duckdb.Error:
        faults = [fault for path in there for fault in _faults(con, path)]
        if not faults:
            raise
        raise InputError(faults) from None


def _read(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> dict[Path, Footer]:
    files = [str(path) for path in paths]
    columns: dict[str, set[str]] = {file: set() for file in files}
    leaves = "SELECT file_name, name FROM parquet_schema($1) WHERE num_children IS NULL"
    for file, name in con.execute(leaves, [files]).fetchall():
        columns[file].add(name)
    rows = dict(con.execute("SELECT file_name, num_rows FROM parquet_file_metadata($1)", [files]).fetchall())
    return {path: Footer(frozenset(columns[file]), rows[file]) for path, file in zip(paths, files, strict=True)}


def _faults(con: duckdb.DuckDBPyConnection, path: Path) -> Iterable[Fault]:
    try:
        _read(con, [path])
    except duckdb.Error as error:
        yield Fault((str(path),), f"is damaged; import the county's exports again ({error})")
