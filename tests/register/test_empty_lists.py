"""Lists of a header alone: handed in and empty, which is not the same as not handed in."""

from povkit.register.store import Register

LIST = "姓名,证件号码,行政村代码\r\n"
MEASURE = ("户编号", "措施类别", "措施内容", "金额（元）", "实施日期")


def test_an_empty_list_is_handed_in(exports) -> None:
    exports.county()
    exports.text("530113/死亡名单.csv", LIST)
    exports.text("530113/机动车名单.csv", LIST + "陈桂富,530199196304150090,530113001002\r\n")
    exports.book("530113/帮扶措施.xlsx", MEASURE)
    receipt = exports.run()
    taken = {(one.table, one.portion): one.rows for one in receipt.files["530113"] if one.year is None}
    assert taken == {("sector", "死亡"): 0, ("sector", "机动车"): 1, ("measure", None): 0}
    assert Register(exports.register).lists("530113") == {"死亡", "机动车"}
    assert exports.rows("530113", "lists", "measure.parquet") == []
    assert receipt.unrecognised == []


def test_the_only_county_of_an_import_is_meant(exports) -> None:
    exports.county()
    exports.text("死亡名单.csv", LIST)
    assert [one.portion for one in exports.run().files["530113"] if one.table == "sector"] == ["死亡"]


def test_a_list_may_be_empty_next_time(exports) -> None:
    exports.county()
    row = "陈桂富,530199196304150090,530113001002\r\n"
    exports.text("530113/死亡名单.csv", LIST + row)
    exports.text("530113/机动车名单.csv", LIST + row)
    exports.run()
    exports.text("530113/死亡名单.csv", LIST)
    exports.run()
    assert exports.column("list", "530113", "lists", "sector.parquet") == ["机动车"]
    assert Register(exports.register).lists("530113") == {"死亡", "机动车"}


def test_a_blank_form_beside_the_filled_one_is_passed_over(exports) -> None:
    exports.county()
    row = ("85301130000001", "产业帮扶", "养猪", 3000, "2018-03-01")
    exports.book("530113/帮扶措施.xlsx", 填报=(MEASURE, row), 空表=(MEASURE,))
    receipt = exports.run()
    assert [(one.sheet, one.why) for one in receipt.unrecognised] == [("空表", "no_rows")]
    assert exports.column("content", "530113", "lists", "measure.parquet") == ["养猪"]


def test_a_snapshot_without_rows_and_a_list_of_no_county_are_not_taken(exports) -> None:
    exports.county()
    exports.book("别县/2018/户.xlsx", ("导出",), exports.household)
    exports.book("530126/2018/户.xlsx", exports.household, ("石林县", "530126001001", "9" * 14, "甲乙", "1", "1", "是"))
    exports.text("死亡名单.csv", LIST)
    assert {one.file: one.why for one in exports.run().unrecognised} == {
        "别县/2018/户.xlsx": "no_rows",
        "死亡名单.csv": "no_rows",
    }
