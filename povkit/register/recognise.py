"""Which table a sheet is, told by its headers; where its header row is; which rows below are not data."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, zip_longest

import pyarrow as pa
import pyarrow.compute as pc

from povkit.register.schema import Kind, Table, load_tables

HEADER_SEARCH_ROWS = 30
"""How many rows from the top are looked at for the header."""

SECTOR = "sector"
LIST_COLUMN = "list"
YEAR_HEADERS = ("数据年度", "年度")

_FOOTER = (
    r"^(?:合计|总计|小计|共计|累计|本页合计|本页小计)(?:[:：].*)?$"
    r"|^(?:注|备注|说明|填表人|制表人|填报人|填报单位|制表单位|审核人|负责人|单位负责人|制表日期|填表日期|打印日期|导出时间)[:：].*$"
)
_FOOTER_COLUMNS = 5
_IGNORED = re.compile(r"[\s*\u200b-\u200f\u2060\ufeff]+|[:：]$")


@dataclass
class Layout:
    """How a sheet is to be read: its table, the header's row (0 = first), contract and further columns by place.

    `list_name` is the sector list told by the name of the file or sheet; a column 名单类别 goes before it.
    """

    table: Table
    header_row: int
    columns: dict[str, int]
    headers: list[str]
    extra: dict[str, int] = field(default_factory=dict)
    year_place: int | None = None
    list_name: str | None = None

    @property
    def missing(self) -> list[str]:
        """Columns of the contract that the sheet lacks, in the contract's order."""
        return [name for name in self.table.columns if name not in self.columns and not self._told(name)]

    @property
    def missing_key(self) -> list[str]:
        """Key columns that the sheet lacks."""
        return [name for name in self.table.key if name not in self.columns]

    def _told(self, name: str) -> bool:
        return name == LIST_COLUMN and self.list_name is not None


def plain_header(text: str) -> str:
    """A header for comparing: half-width, without blanks, marks of required fields and a closing colon.

    >>> plain_header(" 耕地面积（亩） *") == plain_header("耕地面积(亩)")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).lower()


@cache
def _header_index() -> dict[str, dict[str, tuple[str, int]]]:
    """Plain header -> table -> (column, place among the column's names)."""
    index: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    for table in load_tables().values():
        for column in table.columns.values():
            for place, header in enumerate(column.zh):
                index[plain_header(header)].setdefault(table.name, (column.name, place))
    return dict(index)


def recognise(head: list[list[str]], names: tuple[str, ...]) -> Layout | None:
    """The layout of a sheet from its first rows, None if no row looks like a header of the contract.

    names: what the sheet, the file and its folders are called, nearest first; they only tell which sector list it is.
    The layout may lack key columns; `Layout.missing_key` tells.
    """
    best: tuple[float, int, list[str], str] | None = None
    for row, cells in _candidates(head[:HEADER_SEARCH_ROWS]):
        for table, score in _scores([plain_header(cell) for cell in cells], names).items():
            if best is None or score > best[0]:
                best = (score, row, cells, table)
    if best is None:
        return None
    _, row, cells, name = best
    layout = _layout(load_tables()[name], row, cells)
    if name == SECTOR:
        layout.list_name = list_told_by(names)
    return layout


def _candidates(head: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that may be the header, and pairs of rows where groups of columns stand above their headers.

    Of a pair the lower cell counts, or where it is blank the upper one, which then reaches down over both rows.
    """
    yield from enumerate(head)
    for row, (upper, lower) in enumerate(pairwise(head), 1):
        yield row, [under.strip() or over for over, under in zip_longest(upper, lower, fillvalue="")]


def _scores(headers: list[str], names: tuple[str, ...]) -> dict[str, float]:
    """Tables that a header row may belong to. A header counts the more, the fewer tables know it."""
    index = _header_index()
    columns: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    score: dict[str, float] = defaultdict(float)
    for header in set(filter(None, headers)):
        tables = index.get(header, {})
        for table, (column, _) in tables.items():
            columns[table].add(column)
            score[table] += 1 / len(tables)
            if len(tables) == 1:
                own[table].add(column)
    filled = sum(map(bool, headers))
    found = {
        table: score[table] + _own_key_bonus(table, own[table])
        for table in columns
        if own[table] and _is_sure(load_tables()[table], columns[table], len(own[table]), filled)
    }
    if not found and columns[SECTOR] & {"id_number"} and list_told_by(names):
        found[SECTOR] = score[SECTOR]
    return found


def _own_key_bonus(table: str, own: set[str]) -> float:
    """A table whose one key column is known to no other table is meant wherever that column stands."""
    key = load_tables()[table].key
    return 1000.0 if len(key) == 1 and key[0] in own else 0.0


def _is_sure(table: Table, columns: set[str], own: int, filled: int) -> bool:
    """Sure enough to call a sheet this table, and to refuse it aloud if its key is missing."""
    if not table.key and not columns & _anchors(table):
        return False
    whole = all(name in columns for name in table.key)
    return len(columns) >= 2 and (whole or own >= 3 or 2 * len(columns) >= filled)


def _anchors(table: Table) -> set[str]:
    """Columns of a table without key, one of which must be there: what kind of row it is, or whom a list is about."""
    first_code = next(name for name, column in table.columns.items() if column.type is Kind.CODE)
    return {first_code, "id_number"} if table.name == SECTOR else {first_code}


def _layout(table: Table, row: int, cells: list[str]) -> Layout:
    layout = Layout(table, row, {}, [cell.strip() for cell in cells])
    index = _header_index()
    rank: dict[str, int] = {}
    taken: dict[int, str] = {}
    for place, cell in enumerate(cells):
        known = index.get(plain_header(cell), {}).get(table.name)
        if known and known[1] < rank.get(known[0], 99):
            rank[known[0]], layout.columns[known[0]] = known[1], place
    taken = {place: name for name, place in layout.columns.items()}
    for place, cell in enumerate(layout.headers):
        if place not in taken:
            layout.extra[_extra_name(cell, place, layout.extra)] = place
        if plain_header(cell) in YEAR_HEADERS and layout.year_place is None:
            layout.year_place = place
    layout.columns = {name: layout.columns[name] for name in table.columns if name in layout.columns}
    return layout


def _extra_name(header: str, place: int, used: dict[str, int]) -> str:
    name = "".join(header.split()) or f"第{place + 1}列"
    return name if name not in used else f"{name}（第{place + 1}列）"


def list_told_by(names: tuple[str, ...]) -> str | None:
    """The sector list named in a sheet, file or folder name, nearest first; None if none or more than one is.

    >>> list_told_by(("Sheet1", "东川区低保名单"))
    '低保'
    """
    column = load_tables()[SECTOR].columns[LIST_COLUMN]
    for name in names:
        found = {code for code in column.codes if code in name}
        found = found or {code for called, code in column.aka.items() if called in name}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def data_rows(columns: list[pa.Array], layout: Layout) -> pa.BooleanArray:
    """Which rows are data: below the header, not a total, not a note at the foot, not the header again.

    columns: the sheet's columns, all rows.
    """
    first = _first_filled(columns[:_FOOTER_COLUMNS]).dictionary_encode()
    words = pc.replace_substring_regex(first.dictionary, r"[\s\x{3000}]", "")
    again = next((header for header in layout.headers if header), "")
    outside = pc.or_(pc.match_substring_regex(words, _FOOTER), pc.equal(words, "".join(again.split())))
    below = pc.greater(pa.arange(0, len(first)), layout.header_row)
    return pc.and_(below, pc.invert(pc.fill_null(outside.take(first.indices), False)))


def _first_filled(columns: list[pa.Array]) -> pa.Array:
    blank = pa.scalar(None, pa.string())
    return pc.coalesce(*(pc.if_else(pc.equal(column, ""), blank, column) for column in columns))
