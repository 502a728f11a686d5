"""One table in several files: by township, or by kind of help."""

from itertools import permutations

import pytest

from povkit.vocab import InputError

MEASURE = ("户编号", "措施类别", "措施内容", "金额（元）", "实施日期")
FIRST, SECOND = "85301130000001", "85301130000002"


def test_a_table_split_by_township_is_one_table(exports) -> None:
    exports.county()
    (exports.inbox / "2018/户.xlsx").unlink()
    for place, row in zip(("红土地镇", "铜都街道"), exports.households, strict=True):
        exports.book(f"2018/{place}/贫困户信息2018.xlsx", (f"{place}贫困户",), exports.household, row)
        exports.text(f"530113/{place}/低保名单.csv", f"姓名,证件号码,行政村代码\r\n{place},{row[2]}0101,{row[1]}\r\n")
    receipt = exports.run()
    assert exports.column("household_id", "530113", "2018", "household.parquet") == [FIRST, SECOND]
    assert exports.column("list", "530113", "lists", "sector.parquet") == ["低保", "低保"]
    assert [one.rows for one in receipt.files["530113"] if one.table == "household"] == [1, 1]


def test_lists_without_a_key_lie_side_by_side_if_their_rows_differ(exports) -> None:
    exports.county()
    exports.book("530113/产业.xlsx", MEASURE, (FIRST, "产业帮扶", "养猪", 3000, "2018-03-01"))
    exports.book("530113/教育.xlsx", MEASURE, (FIRST, "教育帮扶", "助学金", 3000, "2018-03-01"))
    exports.run()
    assert sorted(exports.column("kind", "530113", "lists", "measure.parquet")) == ["产业帮扶", "教育帮扶"]


def test_a_household_in_two_files_stays_in_both_for_the_rules_to_tell(exports) -> None:
    exports.county()
    (exports.inbox / "2018/户.xlsx").unlink()
    more = [(*exports.households[0][:2], f"8530113000001{n}", *exports.households[0][3:]) for n in range(3)]
    exports.book("2018/甲/户.xlsx", exports.household, *exports.households, more[0])
    exports.book("2018/乙/户.xlsx", exports.household, exports.households[0], *more[1:])
    exports.run()
    assert exports.column("household_id", "530113", "2018", "household.parquet").count(FIRST) == 2


def test_half_of_the_rows_again_is_one_table_twice(exports) -> None:
    for names in permutations(("全县.xlsx", "红土地镇.xlsx")):
        exports.county()
        (exports.inbox / "2018/户.xlsx").unlink()
        exports.book(f"2018/{names[0]}", exports.household, *exports.households)
        exports.book(f"2018/{names[1]}", exports.household, exports.households[0])
        with pytest.raises(InputError, match="重复（530113）"):
            exports.run()
