"""From folders of exports to snapshots."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from povkit.register.places import load_places
from povkit.register.store import Register

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SAMPLE = SHARED / "data" / "sample" / "raw"


def test_tables_typed_by_the_contract_with_the_source_of_every_row(exports) -> None:
    exports.county()
    receipt = exports.run()
    assert receipt.counties == ["530113"]
    household = exports.rows("530113", "2018", "household.parquet")
    assert household[1] == {
        "county": "东川区",
        "village_code": "530113001009",
        "household_id": "85301130000002",
        "head_name": "吴才燕",
        "size": 2,
        "net_income_pc": 4200.0,
        "toilet": False,
        "source_file": "2018/户.xlsx",
        "source_sheet": "Sheet1",
        "source_row": 5,
    }
    person = exports.rows("530113", "2018", "person.parquet")
    assert [row["id_number"] for row in person] == ["530199196304150090", "530199194612255557"]
    assert person[0]["birth_date"] == date(1963, 4, 15)
    assert person[0]["health"] == "残疾,患有大病"


def test_the_receipt_tells_what_became_of_every_file(exports) -> None:
    exports.county()
    exports.book("2018/说明.xlsx", ("请按时上报",), ("联系人", "电话"))
    exports.book("2018/~$户.xlsx", ("锁",))
    exports.text("读我.txt", "说明")
    receipt = exports.run()
    stored = Register(exports.register).receipt("530113")
    entry = stored["files"][1]
    assert (entry["file"], entry["sheet"], entry["table"], entry["year"]) == (
        "2018/户.xlsx",
        "Sheet1",
        "household",
        2018,
    )
    assert (entry["rows"], entry["header_row"], entry["unreadable"], len(entry["sha256"])) == (2, 3, 0, 64)
    assert "phone" in entry["missing_columns"]
    assert stored["unrecognised"] == [
        {"file": "2018/说明.xlsx", "sheet": "Sheet1", "why": "no_table"},
        {"file": "读我.txt", "sheet": "", "why": "not_a_table_file"},
    ]
    chinese, english = "\n".join(receipt.lines()), "\n".join(receipt.lines("en"))
    assert "2018/户.xlsx [Sheet1] → 贫困户信息 2018，2 行" in chinese
    assert "缺少的列：省(自治区、直辖市)" in chinese
    assert "说明.xlsx [Sheet1]：没有认得的表头" in chinese
    assert "2018/户.xlsx [Sheet1] → household 2018, 2 rows" in english


def test_a_file_that_is_no_table_is_told_with_the_county_whose_folder_holds_it(exports) -> None:
    exports.book("530113/2018/户.xlsx", exports.household, exports.households[0])
    exports.book("530126/2018/户.xlsx", exports.household, ["石林县", "", *exports.households[1][2:]])
    exports.text("530113/读我.txt", "说明")
    exports.run()
    told = {county: Register(exports.register).receipt(county)["unrecognised"] for county in ("530113", "530126")}
    assert [entry["file"] for entry in told["530113"]] == ["530113/读我.txt"]
    assert told["530126"] == []


def test_unreadable_cells_are_blank_and_listed(exports) -> None:
    rows = [["东川区", "530113001002", f"8530113000{i:04d}", "甲", "三口", "1", "是"] for i in range(25)]
    exports.book("2018/户.xlsx", exports.household, *rows)
    receipt = exports.run()
    assert set(exports.column("size", "530113", "2018", "household.parquet")) == {None}
    listed = exports.rows("530113", "unreadable.parquet")
    assert listed[0] == {
        "table": "household",
        "year": 2018,
        "file": "2018/户.xlsx",
        "sheet": "Sheet1",
        "row": 2,
        "column": "size",
        "header": "家庭人口数",
        "value": "三口",
        "why": "not_a_number",
    }
    lines = receipt.lines()
    assert "无法理解的单元格：25 个（已置空并记录）" in lines
    assert "  2018/户.xlsx [Sheet1] 第 2 行 家庭人口数：三口 —— 不是数字" in lines
    assert lines[-1] == "  ……另有 5 个"


def test_rows_without_a_key_are_left_out_and_listed(exports) -> None:
    keys: list[str | None] = ["85301130000001", None, "5.30113E+13", "85301130000004", "85301130000005"]
    rows = [["东川区", "530113001002", key, "甲", "1", "1", "是"] for key in keys]
    exports.book("2018/户.xlsx", exports.household, *rows)
    exports.run()
    kept = exports.column("source_row", "530113", "2018", "household.parquet")
    assert kept == [2, 5, 6]
    cells = [(r["row"], r["column"], r["why"]) for r in exports.rows("530113", "unreadable.parquet")]
    assert cells == [(3, "household_id", "blank_key"), (4, "household_id", "damaged_key")]


def test_identity_numbers_stored_as_numbers_are_noticed(exports) -> None:
    people = [list(row) for row in exports.people]
    people[0][3] = 530199196304150090.0
    exports.book("2018/户.xlsx", exports.household, *exports.households)
    exports.book("2018/人.xlsx", exports.person, *people)
    exports.run()
    assert exports.column("id_number", "530113", "2018", "person.parquet") == [None, "530199194612255557"]
    assert [r["why"] for r in exports.rows("530113", "unreadable.parquet")] == ["turned_to_number"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_every_encoding_with_a_title_and_short_rows(exports, encoding: str) -> None:
    lines = [
        '"低保,名单"',
        "姓名,身份证号,行政村代码,等级,备注",
        '张喆,="530199196304150090",530113001002,一级',
        "",
        "合计,1",
    ]
    exports.text("行业部门/低保名单.csv", "\r\n".join(lines), encoding)
    exports.run()
    row = exports.rows("530113", "lists", "sector.parquet")[0]
    assert (row["list"], row["name"], row["id_number"], row["source_row"]) == ("低保", "张喆", "530199196304150090", 3)
    assert row["extra.备注"] is None
    assert len(exports.rows("530113", "lists", "sector.parquet")) == 1


def test_unknown_columns_are_kept_aside(exports) -> None:
    exports.book(
        "2018/户.xlsx", (*exports.household, "备 注", ""), *((*row, " 搬走 ", "x") for row in exports.households)
    )
    exports.run()
    row = exports.rows("530113", "2018", "household.parquet")[0]
    assert (row["extra.备注"], row["extra.第9列"]) == ("搬走", "x")


@pytest.mark.parametrize(
    ("name", "options", "year"),
    [
        ("2017/a/户2018.xlsx", {}, 2018),
        ("2017/户.xlsx", {}, 2017),
        ("2017/201808导出/户.xlsx", {}, 2018),
        ("户.xlsx", {"year": 2016}, 2016),
        ("2017/户.xlsx", {"year": 2016}, 2017),
    ],
)
def test_the_data_year_is_in_the_nearest_name(exports, name: str, options: dict[str, int], year: int) -> None:
    exports.book(name, exports.household, *exports.households)
    exports.run(**options)
    assert Register(exports.register).years("530113") == [year]


def test_a_column_tells_the_data_year_row_by_row(exports) -> None:
    rows = [(*row, text) for row, text in zip(exports.households, ["2017", "201812"], strict=True)]
    exports.book("2016/户.xlsx", (*exports.household, "数据年度"), *rows)
    exports.run()
    assert exports.column("household_id", "530113", "2017", "household.parquet") == ["85301130000001"]
    assert exports.column("household_id", "530113", "2018", "household.parquet") == ["85301130000002"]


def test_one_file_of_several_counties_and_tables_that_follow_the_household(exports) -> None:
    rows = [list(row) for row in exports.households]
    rows[1][:2] = ["石林县", None]
    exports.book("2018/户.xlsx", exports.household, *rows)
    exports.book("2018/人.xlsx", exports.person, *exports.people)
    exports.book("认定.xlsx", ("户编号", "部门", "是否达标"), ("85301130000002", "水务", "达标"), ("999", "水务", "否"))
    receipt = exports.run()
    assert receipt.counties == ["530113", "530126"]
    assert exports.column("person_id", "530126", "2018", "person.parquet") == ["30113000000201"]
    assert exports.column("met", "530126", "lists", "certification.parquet") == [True, False]
    assert not (exports.register / "530113" / "lists").exists()


def test_rows_that_no_county_can_be_told_for_are_listed(exports) -> None:
    rows = [("甲", "1", "530113001002"), ("乙", "2", "530113001002"), ("丙", "3", "530126001001"), ("丁", "4", None)]
    village = next(code for code in _villages() if code.startswith("530126"))
    rows[2] = ("丙", "3", village)
    exports.book("低保.xlsx", ("姓名", "身份证号", "行政村代码"), *rows)
    exports.run()
    assert exports.column("name", "530113", "lists", "sector.parquet") == ["甲", "乙"]
    assert [(r["row"], r["why"]) for r in exports.rows("530113", "unreadable.parquet")] == [(5, "county_unknown")]
    exports.run(county="530126")
    assert exports.column("name", "530126", "lists", "sector.parquet") == ["丙", "丁"]


def _villages() -> list[str]:
    return sorted(load_places().villages)


def test_a_mistyped_village_code_stays_in_its_county(exports) -> None:
    rows = [list(row) for row in exports.households]
    rows[1][1] = "530112999999"
    exports.book("2018/户.xlsx", exports.household, *rows)
    assert exports.run().counties == ["530113"]
    assert exports.column("village_code", "530113", "2018", "household.parquet")[1] == "530112999999"


def test_a_county_that_the_place_list_does_not_know(exports) -> None:
    rows = [("", f"61011210020{i}", f"1{i}", "甲", "1", "1", "是") for i in range(3)]
    exports.book("2018/户.xlsx", exports.household, *rows)
    assert exports.run().counties == ["610112"]


def test_importing_again_replaces_a_table_and_leaves_the_others(exports) -> None:
    exports.county()
    exports.book("2017/户.xlsx", exports.household, *exports.households)
    exports.run()
    before = exports.contents()
    shutil.rmtree(exports.inbox)
    bad = ["东川区", "530113001002", "85301130000009", "丁", "x", "1", "是"]
    exports.book("2018/户.xlsx", exports.household, bad)
    exports.run()
    after = exports.contents()
    assert exports.column("household_id", "530113", "2018", "household.parquet") == ["85301130000009"]
    for kept in ("530113/2018/person.parquet", "530113/2017/household.parquet"):
        assert after[kept] == before[kept]
    entries = [
        (e["file"], e["table"], e["year"], e["rows"]) for e in Register(exports.register).receipt("530113")["files"]
    ]
    assert entries == [
        ("2017/户.xlsx", "household", 2017, 2),
        ("2018/人.xlsx", "person", 2018, 2),
        ("2018/户.xlsx", "household", 2018, 1),
    ]
    assert len(exports.rows("530113", "unreadable.parquet")) == 1
    exports.book("2018/户.xlsx", exports.household, *exports.households)
    exports.run()
    assert exports.rows("530113", "unreadable.parquet") == []
    assert sorted(path.name for path in exports.register.iterdir()) == ["530113"]


def test_a_list_imported_later_joins_the_lists_that_are_there(exports) -> None:
    header = ("姓名", "身份证号", "行政村代码")
    exports.book("低保名单.xlsx", header, ("甲", "1", "530113001002"))
    exports.book("残疾名单.xlsx", header, ("乙", "2", "530113001002"))
    exports.run()
    (exports.inbox / "残疾名单.xlsx").unlink()
    exports.book("低保名单.xlsx", header, ("丙", "3", "530113001002"))
    exports.book("死亡名单.xlsx", header, ("丁", "4", "530113001002"))
    exports.run()
    rows = exports.rows("530113", "lists", "sector.parquet")
    assert sorted((row["list"], row["name"]) for row in rows) == [("低保", "丙"), ("死亡", "丁"), ("残疾", "乙")]
    portions = [entry["portion"] for entry in Register(exports.register).receipt("530113")["files"]]
    assert sorted(portions) == ["低保", "死亡", "残疾"]


def test_tables_without_year_may_come_once_a_year(exports) -> None:
    header = ("户编号", "行政村代码", "措施类别", "金额（元）")
    for year in (2017, 2018):
        exports.book(f"{year}/措施.xlsx", header, ("1", "530113001002", "产业帮扶", str(year)))
    exports.run()
    assert exports.column("amount", "530113", "lists", "measure.parquet") == [2017.0, 2018.0]


def test_the_same_exports_give_the_same_bytes_in_any_order(exports, tmp_path: Path) -> None:
    exports.county()
    exports.book("低保名单.xlsx", ("姓名", "身份证号", "行政村代码"), ("甲", "1", "530113001002"))
    other = tmp_path / "copy"
    for path in sorted(exports.inbox.rglob("*.xlsx"), reverse=True):
        target = other / path.relative_to(exports.inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    exports.run()
    first = exports.contents()
    exports.run()
    assert exports.contents() == first
    shutil.rmtree(exports.register)
    exports.run(other)
    assert exports.contents() == first


def test_progress_is_told_before_each_file(exports) -> None:
    exports.county()
    told: list[tuple[str, int, int]] = []
    exports.run(progress=lambda name, place, total: told.append((name, place, total)))
    assert told == [("2018/人.xlsx", 0, 2), ("2018/户.xlsx", 1, 2)]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample exports are not here")
def test_the_sample_is_read_whole(exports) -> None:
    receipt = exports.run(SAMPLE / "530113", SAMPLE / "530129")
    assert receipt.counties == ["530113", "530129"]
    assert not receipt.unrecognised
    assert [receipt.unreadable[county].num_rows for county in receipt.counties] == [0, 0]
    rows = {(f.table, f.year, f.portion): f.rows for f in receipt.files["530113"]}
    assert (rows["household", 2018, None], rows["person", 2017, None], rows["sector", None, "残疾"]) == (685, 2131, 77)
    ids = exports.column("id_number", "530113", "2018", "person.parquet")
    assert all(number is None or number.isalnum() for number in ids)
    assert {len(number) for number in ids if number} >= {18}


def test_the_result_of_a_formula_that_failed_is_told_and_not_taken_for_a_blank(exports) -> None:
    exports.county()
    path = exports.inbox / "2018" / "户.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate((exports.household, *exports.households)):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, 3, "=A0", value="#REF!")
        sheet.write_formula(1, 5, "=1/0", value="#DIV/0!")
        sheet.write_formula(2, 5, "=NA()", value="#N/A")
    exports.run()
    told = [(r["row"], r["column"], r["value"], r["why"]) for r in exports.rows("530113", "unreadable.parquet")]
    assert told == [(2, "head_name", "#REF!", "formula_error"), (2, "net_income_pc", "#DIV/0!", "formula_error")]
    assert exports.column("net_income_pc", "530113", "2018", "household.parquet") == [None, None]
    assert exports.column("head_name", "530113", "2018", "household.parquet") == [None, "吴才燕"]
