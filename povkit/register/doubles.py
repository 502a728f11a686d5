"""The same table handed in twice, told from a table that came in several files (one a township, say)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from povkit.register.placing import Piece
from povkit.register.recognise import SECTOR
from povkit.register.schema import load_tables


def doubles(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Pieces that are another piece once more: (piece, the earlier one).

    Files of one county, table and year lie side by side if their rows are different ones: by the table's key, or where
    it has none by all columns that they have in common. Where half or more of the fewer rows are the same, it is one
    table twice. Fewer are rows that stand in two files, which rules on repeated numbers tell of.
    """
    groups: dict[tuple[str, str, int | None], list[Piece]] = defaultdict(list)
    for piece in pieces:
        groups[piece.county, piece.part.table.name, piece.year].append(piece)
    for group in groups.values():
        yield from _of_one_table(group)


def beside(one: Piece, other: Piece) -> bool:
    """Whether two pieces of one table are different portions of it by name: other lists, or other years."""
    return one.portion != other.portion and (one.part.table.name == SECTOR or bool(one.portion and other.portion))


def _of_one_table(group: list[Piece]) -> Iterator[tuple[Piece, Piece]]:
    if len(group) == 1:
        return
    columns = _compared(group)
    known: list[tuple[Piece, pa.Array]] = []
    for piece in group:
        keys = _keys(piece, columns)
        for other, seen in known:
            if other.part is not piece.part and not beside(piece, other) and _mostly_same(keys, seen):
                yield piece, other
                break
        known.append((piece, keys))


def _compared(group: list[Piece]) -> list[str]:
    """The key's columns, or those that all pieces have."""
    table = group[0].part.table
    common = set.intersection(*(set(piece.part.columns) for piece in group))
    return list(table.key) or [name for name in load_tables()[table.name].columns if name in common]


def _keys(piece: Piece, columns: list[str]) -> pa.Array:
    table = pq.read_table(piece.part.path, columns=columns)
    if piece.mask is not None:
        table = table.filter(piece.mask)
    texts = [column.cast(pa.string()).combine_chunks() for column in table.columns]
    return pc.unique(pc.binary_join_element_wise(*texts, "\n", null_handling="replace"))


def _mostly_same(one: pa.Array, other: pa.Array) -> bool:
    same = pc.sum(pc.is_in(one, other)).as_py() or 0
    return bool(2 * same >= min(len(one), len(other)))
