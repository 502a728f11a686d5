"""Write a world as a county hands it in: workbooks with title rows and a total, GB18030 lists, some untidiness."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from povkit.register.schema import Kind, load_tables
from povkit.simulate.arrays import Array, filled
from povkit.simulate.assumptions import THIS
from povkit.simulate.snapshots import SHEET, list_name, workbook_name
from povkit.simulate.world import World

_EXPORTED_ON = datetime.datetime(THIS, 11, 30, tzinfo=datetime.UTC)
_STRAY_BLANK, _WIDE_DIGITS = 0.004, 0.0008
"""Share of text cells with a blank at the end, and of digit cells typed in full width."""
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_OWN_WORDS = {"able_children": ("有", "无")}
"""Columns whose yes and no have words of their own."""


def write_export(world: World, folder: Path) -> None:
    """Write every table under `folder` (one county). Byte for byte the same each time."""
    for (name, year), frame in world.tables.items():
        rng = world.stream(f"export {name} {year}")
        if name == "sector":
            _write_lists(rng, frame, folder)
            continue
        table = load_tables()[name]
        path = folder / workbook_name(table, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_workbook(path, f"{world.county.name}{table.zh}表", _headers(name, frame), _cells(rng, name, frame))


def _headers(name: str, frame: pd.DataFrame) -> list[str]:
    columns = load_tables()[name].columns
    return [columns[column].zh[0] for column in frame.columns]


def _cells(rng: np.random.Generator, name: str, frame: pd.DataFrame) -> list[list[Any]]:
    """The cells of each column: text as people type it, numbers as numbers, None for blanks."""
    columns = load_tables()[name].columns
    return [_typed_in(rng, column, columns[column].type, frame[column]) for column in frame.columns]


def _typed_in(rng: np.random.Generator, name: str, kind: Kind, column: Any) -> list[Any]:
    known = column.notna().to_numpy()
    if kind is Kind.BOOL:
        yes, no = _OWN_WORDS.get(name, ("是", "否"))
        said = np.where(column.fillna(False).to_numpy(dtype=bool), yes, no).astype(object)
    elif kind is Kind.DATE:
        said = _dates(rng, column)
    elif kind in (Kind.INT, Kind.FLOAT):
        return [int(v) if k and v == int(v) else v if k else None for v, k in zip(column.tolist(), known, strict=True)]
    else:
        said = _untidy(rng, column.to_numpy(dtype=object).copy(), known)
    cells: list[Any] = filled(known, said).tolist()
    return cells


def _dates(rng: np.random.Generator, column: Any) -> Array:
    """Dates in the three spellings that exports mix."""
    day = column.to_numpy().astype("datetime64[D]")
    dashed = day.astype(str).astype(object)
    plain = np.char.replace(day.astype(str), "-", "").astype(object)
    months = day.astype("datetime64[M]")
    year, month = (months.astype(int) // 12 + 1970).astype(str), (months.astype(int) % 12 + 1).astype(str)
    of_month = ((day - months).astype(int) + 1).astype(str)
    chinese = year.astype(object) + "年" + month.astype(object) + "月" + of_month.astype(object) + "日"
    spelling = rng.integers(0, 3, len(day))
    return np.where(spelling == 0, dashed, np.where(spelling == 1, plain, chinese))


def _untidy(rng: np.random.Generator, values: Array, known: Array) -> Array:
    """A blank at the end here and there, and now and then digits in full width."""
    chance = rng.random(len(values))
    for place in np.nonzero(known & (chance < _STRAY_BLANK))[0]:
        values[place] = f"{values[place]} "
    for place in np.nonzero(known & (chance > 1 - _WIDE_DIGITS))[0]:
        if values[place].isdigit():
            values[place] = values[place].translate(_WIDE)
    return values


def _write_workbook(path: Path, title: str, headers: list[str], columns: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"title": title, "created": _EXPORTED_ON})
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, title)
    sheet.write_string(1, 0, f"导出时间：{_EXPORTED_ON:%Y-%m-%d}")
    sheet.write_row(2, 0, headers)
    text, number = sheet.write_string, sheet.write_number
    count = len(columns[0])
    for row, cells in enumerate(zip(*columns, strict=True), start=3):
        for column, value in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, str):
                text(row, column, value)
            else:
                number(row, column, value)
    sheet.write_string(count + 3, 0, "合计")
    sheet.write_number(count + 3, 1, count)
    book.close()


def _write_lists(rng: np.random.Generator, frame: pd.DataFrame, folder: Path) -> None:
    headers = _headers("sector", frame)
    for name, part in frame.groupby("list", sort=False):
        rows = zip(*_cells(rng, "sector", part), strict=True)
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([headers, *rows])
        path = folder / list_name(str(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.getvalue().encode("gb18030"))
