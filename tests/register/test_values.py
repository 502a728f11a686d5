"""Cells: numbers, dates, yes and no, codes, identity numbers."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from povkit.register import values
from povkit.register.clean import clean_column
from povkit.register.messages import WHY
from povkit.register.schema import Column, load_tables

TABLES = load_tables()
HOUSEHOLD, PERSON = TABLES["household"].columns, TABLES["person"].columns
BLANKS = st.sampled_from(["", " ", "\u3000", "\u00a0", "\t", "\ufeff"])
DAYS = st.dates(date(1880, 1, 1), date(2120, 12, 31))


def cleaned(column: Column, *cells: str | None) -> list[object]:
    found: list[object] = clean_column(pa.array(cells, pa.string()), column)[0].to_pylist()
    return found


def wide(text: str) -> str:
    """The text with full-width digits."""
    return text.translate({ord("0") + i: ord("０") + i for i in range(10)})


@given(DAYS, BLANKS, BLANKS, st.booleans())
def test_every_spelling_of_a_date_is_the_same_day(day: date, before: str, after: str, full_width: bool) -> None:
    y, m, d = day.year, day.month, day.day
    spellings = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{y}年{m}月{d}日",
        f"{y}年{m:02d}月{d:02d}日",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{day.isoformat()} 00:00:00",
        f"{y}/{m}/{d} 8:30",
    ]
    cells = [before + (wide(text) if full_width else text) + after for text in spellings]
    assert cleaned(PERSON["birth_date"], *cells) == [day] * len(spellings)


@given(st.dates(date(1927, 5, 18), date(2119, 1, 9)))
def test_excel_serial_dates(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert cleaned(PERSON["birth_date"], str(serial), f"{serial}.5") == [day, day]


@pytest.mark.parametrize(
    ("text", "why"),
    [("2018-02-30", "not_a_date"), ("2018年6月", "no_day"), ("6/1/2018", "not_a_date"), ("不详", "not_a_date")],
)
def test_what_is_no_date_is_told(text: str, why: str) -> None:
    column, bad = clean_column(pa.array(["20180601", text, None]), PERSON["birth_date"])
    assert column.to_pylist() == [date(2018, 6, 1), None, None]
    assert [(cell.place, cell.value, cell.why) for cell in bad] == [(1, text, why)]
    assert why in WHY


@given(st.decimals(-(10**9), 10**9, places=2), BLANKS, st.booleans())
def test_numbers_in_every_dress(number: object, before: str, full_width: bool) -> None:
    plain = f"{number:.2f}"
    cells = [before + plain, f"{number:,.2f}", plain + "元", plain + "元/年"]
    cells = [wide(text) for text in cells] if full_width else cells
    assert cleaned(HOUSEHOLD["net_income"], *cells) == [float(plain)] * 4


def test_units_blanks_and_what_is_no_number() -> None:
    money = cleaned(HOUSEHOLD["net_income"], "0.35万元", "—", "", "1e3", "约三千", "3,5", "inf", "12亩")
    assert money == [3500.0, None, None, 1000.0, None, None, None, None]
    assert cleaned(HOUSEHOLD["road_distance"], "500米", "2公里", "0.5") == [0.5, 2.0, 0.5]
    assert cleaned(HOUSEHOLD["size"], "3", "3人", "3.0", "３", "3.5", "9" * 30) == [3, 3, 3, 3, None, None]
    assert cleaned(HOUSEHOLD["exit_year"], "2014", "201412", "2014年", "2014-12-31", "14") == [2014] * 4 + [None]


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    columns = [*HOUSEHOLD.values(), *PERSON.values()]
    for column in columns:
        typed, bad = clean_column(pa.array([text, None]), column)
        assert len(typed) == 2
        assert typed[1].as_py() is None
        assert all(cell.why in WHY and cell.value == text and typed[0].as_py() is None for cell in bad)


@given(st.from_regex(r"[0-9]{14}|[0-9]{17}[0-9X]|[0-9]{20}|[0-9]{20}[A-Z][0-9]", fullmatch=True), BLANKS, BLANKS)
def test_identity_numbers_keep_every_character(number: str, before: str, after: str) -> None:
    parted = number[:6] + " " + number[6:]
    dressed = [number, before + number + after, wide(number), f'="{number}"', "'" + number, parted, number.lower()]
    assert cleaned(PERSON["id_number"], *dressed) == [number] * 7


@pytest.mark.parametrize("text", ["5.30113E+17", "5.30113e17", "5301E+17", "530199196304150000.0", "5E17"])
def test_identity_numbers_turned_into_numbers_are_blank_and_told(text: str) -> None:
    column, bad = clean_column(pa.array([text, "530199196304150090"]), PERSON["id_number"])
    assert column.to_pylist() == [None, "530199196304150090"]
    assert [(cell.value, cell.why) for cell in bad] == [(text, "turned_to_number")]


def test_short_numbers_with_decimals_are_whole_again() -> None:
    assert cleaned(HOUSEHOLD["village_code"], "530113001002.0") == ["530113001002"]


def test_yes_and_no() -> None:
    yes, no = ["是", "有", "1", "Y", "true", "√", " 是 "], ["否", "无", "0", "N", "FALSE", "×"]
    assert cleaned(HOUSEHOLD["toilet"], *yes, *no, "—", "不清楚") == [True] * 7 + [False] * 6 + [None, None]


def test_codes_aliases_and_what_is_in_no_list() -> None:
    assert cleaned(PERSON["sex"], "1", "女 ", "不详") == ["男", "女", "不详"]
    assert cleaned(PERSON["work_place"], "乡(镇)内", "乡（镇）外县内") == ["乡（镇）内", "乡（镇）外县内"]
    assert cleaned(PERSON["school"], "非在校生", "小学") == [None, "小学"]
    assert cleaned(PERSON["health"], "残疾，患有大病", "健康", "良好") == ["残疾,患有大病", "健康", "良好"]
    assert cleaned(HOUSEHOLD["other_causes"], "因病、 因残", "因病") == ["因病,因残", "因病"]


def test_text_keeps_what_is_inside_and_loses_what_is_around() -> None:
    assert cleaned(PERSON["name"], " 张 三\u3000", '="李四"', "—", "null") == ["张 三", "李四", None, None]


def test_every_reason_has_words() -> None:
    with pytest.raises(values.UnreadableError) as caught:
        values.yes_no("也许")
    assert caught.value.why in WHY
