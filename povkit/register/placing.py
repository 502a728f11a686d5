"""Which county, data year and list every row of a part belongs to."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from povkit.register import values
from povkit.register.intake import Part, Unreadable, repeat
from povkit.register.places import Places, year_in
from povkit.register.recognise import LIST_COLUMN, SECTOR
from povkit.register.store import EXTRA

HOUSEHOLD = "household"
_BLANK = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Piece:
    """Rows of a part that go to one county, year and, for tables without year, one portion of the table.

    year: None for tables that have none. portion: the sector list, or the year in the names of a table without year;
    pieces of one county, table and year may lie beside one another only if their portions differ.
    mask: which rows of the part; None means all.
    """

    part: Part
    county: str
    year: int | None
    portion: str | None
    mask: pa.BooleanArray | None
    rows: int
    unreadable: tuple[Unreadable, ...]


@dataclass
class Households:
    """Household numbers seen so far and the county each is in; the first one seen counts."""

    ids: list[pa.Array] = field(default_factory=list)
    counties: list[pa.Array] = field(default_factory=list)

    def add(self, ids: pa.Array, counties: pa.Array) -> None:
        """Add households; both arrays of text, of one length."""
        self.ids.append(ids)
        self.counties.append(counties)

    def county_of(self, ids: pa.Array) -> pa.Array:
        """The counties of household numbers, blank if not known."""
        if not self.ids:
            return pa.nulls(len(ids), pa.string())
        found = pc.index_in(ids, pa.concat_arrays(self.ids), skip_nulls=True)
        return pa.concat_arrays(self.counties).take(found)


class Placer:
    """Places parts one after another; household tables should come first, so that others can follow them.

    `stored` gives the households of registers that exist already; it is asked only if it is needed.

    Order of belief for a county: a village code of the place list; the county's name; the household's county; the
    first six digits of the village code, if the sheet has rows of that county or most of its codes begin so; a folder
    named with the county's code; `county`. A mistyped village code so stays in its county, where a rule tells of it.
    """

    def __init__(self, places: Places, stored: Callable[[], Households], county: str | None, year: int | None) -> None:
        self._places, self._county, self._year = places, county, year
        self._stored, self._households = cache(stored), Households()

    def place(self, part: Part) -> list[Piece]:
        """The pieces of a part. Empty, with `part.refused` set, if county or year are not known for any row."""
        columns = _columns(part)
        counties = self._counties(part, columns)
        years = self._years(part, columns)
        for key, array in (("county_unknown", counties), ("year_unknown", years)):
            if array is not None and array.null_count == len(array):
                part.refused = (key, {})
                return []
        if part.table.name == HOUSEHOLD:
            self._households.add(columns["household_id"], counties)
        lists = columns.get(LIST_COLUMN) if part.table.name == SECTOR else None
        return _split(part, counties, years, lists, columns["source_row"])

    def _counties(self, part: Part, columns: dict[str, pa.Array]) -> pa.Array:
        rows = len(columns["source_row"])
        found = pa.nulls(rows, pa.string())
        codes = columns.get("village_code", columns.get("code"))
        if codes is not None:
            found = pc.coalesce(found, _mapped(codes, self._places.county_of_village))
        if "county" in columns:
            found = pc.coalesce(found, _mapped(columns["county"], self._places.county_of_name))
        if "household_id" in columns and part.table.name != HOUSEHOLD and found.null_count:
            found = pc.coalesce(found, self._households.county_of(columns["household_id"]))
        if "household_id" in columns and part.table.name != HOUSEHOLD and found.null_count:
            found = pc.coalesce(found, self._stored().county_of(columns["household_id"]))
        if codes is not None and found.null_count:
            found = self._by_prefix(found, codes)
        last = next(filter(None, map(self._places.county_in, part.names)), None) or self._county
        only = pc.unique(found.drop_null()).to_pylist()
        last = last or (only[0] if len(only) == 1 else None)
        return pc.coalesce(found, pa.scalar(last, pa.string()))

    def _by_prefix(self, found: pa.Array, codes: pa.Array) -> pa.Array:
        prefixes = _mapped(codes, self._places.county_of_prefix)
        established = set(pc.unique(found.drop_null()).to_pylist())
        if not established:
            counts = Counter(prefixes.drop_null().to_pylist())
            established = {min(counts, key=lambda code: (-counts[code], code))} if counts else set()
        sure = pc.is_in(prefixes, pa.array(sorted(established), pa.string()))
        return pc.coalesce(found, pc.if_else(sure, prefixes, _BLANK))

    def _years(self, part: Part, columns: dict[str, pa.Array]) -> pa.Array | None:
        if not part.table.snapshot:
            return None
        hint = next(filter(None, map(year_in, part.names)), None) or self._year
        rows = len(columns["source_row"])
        if part.layout.year_place is None:
            return pa.repeat(pa.scalar(hint, pa.int64()), rows)
        own = _mapped(columns[_year_column(part)], _year_or_none, pa.int64())
        only = pc.unique(own.drop_null()).to_pylist()
        return pc.coalesce(own, pa.scalar(hint or (only[0] if len(only) == 1 else None), pa.int64()))


def empty_piece(part: Part, places: Places, county: str | None, others: set[str]) -> Piece | None:
    """A list that has a header and no rows, as handed in and empty; None where nothing tells whose it is.

    county: as for `Placer`; others: counties of the parts that have rows, of which an only one is meant. A snapshot
    without rows, and a sector list that only its rows could name, are no lists.
    """
    told = next(filter(None, map(places.county_in, part.names)), None) or county
    told = told or (next(iter(others)) if len(others) == 1 else None)
    portion = part.layout.list_name if part.table.name == SECTOR else _portion(part, None) or None
    if told is None or part.table.snapshot or (part.table.name == SECTOR and portion is None):
        return None
    return Piece(part, told, None, portion, None, 0, tuple(part.unreadable))


def _columns(part: Part) -> dict[str, pa.Array]:
    wanted = {"village_code", "code", "county", "household_id", LIST_COLUMN, _year_column(part), "source_row"}
    names = [name for name in pq.read_schema(part.path).names if name in wanted]
    table = pq.read_table(part.path, columns=names)
    return {name: table.column(name).combine_chunks() for name in names}


def _year_column(part: Part) -> str:
    place = part.layout.year_place
    return next((EXTRA + name for name, at in part.layout.extra.items() if at == place), "")


def _year_or_none(text: str) -> int | None:
    try:
        return values.year(text)
    except values.UnreadableError:
        return None


def _mapped(texts: pa.Array, meaning: Callable[[str], str | int | None], kind: pa.DataType | None = None) -> pa.Array:
    encoded = texts.dictionary_encode()
    means = [meaning(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(means, kind or pa.string()).take(encoded.indices)


def _split(
    part: Part, counties: pa.Array, years: pa.Array | None, lists: pa.Array | None, source_rows: pa.Array
) -> list[Piece]:
    """One piece for every county, year and list among the rows; rows that have no home are told as unreadable."""
    portion = _portion(part, lists)
    keys = pa.table(
        {
            "county": counties,
            "year": years if years is not None else pa.nulls(len(counties), pa.int64()),
            "portion": pc.fill_null(lists, "") if lists is not None else repeat(portion, len(counties)),
        }
    )
    groups = sorted(keys.group_by(["county", "year", "portion"]).aggregate([([], "count_all")]).to_pylist(), key=str)
    homes = [g for g in groups if g["county"] and (g["year"] or years is None)]
    main = max(homes, key=lambda group: group["count_all"])
    pieces = []
    for group in homes:
        mask = None if len(groups) == 1 else _where(keys, group)
        cells = _cells_of(part, source_rows, mask, main is group)
        cells += _homeless(keys, source_rows, years is not None) if main is group else ()
        args = (group["county"], group["year"], group["portion"] or None, mask, group["count_all"], tuple(cells))
        pieces.append(Piece(part, *args))
    return pieces


def _portion(part: Part, lists: pa.Array | None) -> str:
    if part.table.snapshot or lists is not None:
        return ""
    return str(next(filter(None, map(year_in, part.names)), ""))


def _where(keys: pa.Table, group: dict[str, str | int | None]) -> pa.BooleanArray:
    mask = pa.repeat(True, keys.num_rows)
    for name in ("county", "year", "portion"):
        if group[name] is not None:
            mask = pc.and_(mask, pc.equal(keys.column(name).combine_chunks(), group[name]))
    return pc.fill_null(mask, False)


def _cells_of(part: Part, source_rows: pa.Array, mask: pa.BooleanArray | None, main: bool) -> list[Unreadable]:
    """The part's unreadable cells in the rows of a piece; those of rows that were left out go to the main piece."""
    if mask is None or not part.unreadable:
        return list(part.unreadable)
    here, kept = set(source_rows.filter(mask).to_pylist()), set(source_rows.to_pylist())
    return [cell for cell in part.unreadable if cell.row in here or (main and cell.row not in kept)]


def _homeless(keys: pa.Table, source_rows: pa.Array, with_year: bool) -> list[Unreadable]:
    without_county = keys.column("county").is_null().combine_chunks()
    lost = [Unreadable(row, "", "", "", "county_unknown") for row in source_rows.filter(without_county).to_pylist()]
    if with_year:
        without_year = pc.and_(keys.column("year").is_null().combine_chunks(), pc.invert(without_county))
        lost += [Unreadable(row, "", "", "", "year_unknown") for row in source_rows.filter(without_year).to_pylist()]
    return lost


def known_households(files: Iterable[tuple[str, Path]]) -> Households:
    """Households of registers that exist already: (county, Parquet file with household_id)."""
    known = Households()
    for county, path in files:
        ids = pq.read_table(path, columns=["household_id"]).column(0).combine_chunks()
        known.add(ids, pa.repeat(county, len(ids)))
    return known
