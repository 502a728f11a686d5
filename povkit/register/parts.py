"""Parquet written in pieces: bounded memory, the same bytes for the same rows, on disk before it counts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP_ROWS = 65_536


@dataclass(frozen=True)
class Chunk:
    """Rows of a table in memory or of a Parquet file, all or those where `mask` is true."""

    source: pa.Table | Path
    mask: pa.BooleanArray | None = None

    def schema(self) -> pa.Schema:
        """Names and types of the columns, text as plain text."""
        schema = self.source.schema if isinstance(self.source, pa.Table) else pq.read_schema(self.source)
        return pa.schema([pa.field(f.name, _plain(f.type)) for f in schema])

    def batches(self) -> Iterator[pa.Table]:
        """The rows in order, at most a row group at a time."""
        start = 0
        for table in self._raw_batches():
            rows = table.num_rows
            if self.mask is not None:
                table = table.filter(self.mask.slice(start, rows))
            start += rows
            yield table

    def _raw_batches(self) -> Iterator[pa.Table]:
        if isinstance(self.source, pa.Table):
            for start in range(0, self.source.num_rows, ROW_GROUP_ROWS):
                yield self.source.slice(start, ROW_GROUP_ROWS)
            return
        with pq.ParquetFile(self.source) as file:
            for batch in file.iter_batches(ROW_GROUP_ROWS):
                yield pa.Table.from_batches([batch])


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def write_table(path: Path, chunks: Sequence[Chunk], order: Iterable[str] = ()) -> int:
    """Write the chunks one after another as one Parquet file; gives the number of rows.

    Columns that a chunk lacks are blank in its rows. `order` names columns that come first; the others follow in
    the order in which they appear. The same chunks give the same bytes.
    """
    schema = _union([chunk.schema() for chunk in chunks], order)
    rows = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for chunk in chunks:
            for table in chunk.batches():
                if table.num_rows:
                    writer.write_table(_conform(table, schema), row_group_size=ROW_GROUP_ROWS)
                    rows += table.num_rows
    return rows


def _union(schemas: Sequence[pa.Schema], order: Iterable[str]) -> pa.Schema:
    fields = {field.name: field for schema in schemas for field in schema}
    first = [name for name in order if name in fields]
    names = [*first, *(name for name in fields if name not in set(first))]
    return pa.schema([fields[name] for name in names])


def _conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    have = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in have else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def settle(path: Path) -> None:
    """Wait until a file or folder is on the disk (folders only where the system can)."""
    flags = os.O_RDONLY
    try:
        handle = os.open(path, flags)
    except PermissionError:
        if path.is_dir():  # Windows opens no folders
            return
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
