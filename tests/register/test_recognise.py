"""Tables told by their headers, header rows found, rows that are no data left out."""

import pyarrow as pa
import pytest

from povkit.register.places import load_places
from povkit.register.recognise import data_rows, plain_header, recognise
from povkit.register.schema import load_tables

H_2018 = """县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 与户主关系 民族 文化程度 在校生状况
健康状况 劳动技能 务工状况 务工时间（月） 参加大病医疗 脱贫属性 贫困户属性 主要致贫原因 危房户 饮水安全 饮水困难
人均纯收入 联系电话"""
H_2021 = """省 市 县 乡 村 户编号 人口编号 姓名 性别 出生日期 证件类型 证件号码 民族 户联系电话 成员联系电话 年度
与户主关系 文化程度 在校生状况 劳动技能 务工时间（月） 健康状况 政治面貌 是否享受低保 公益性岗位(月数)
务工所在地 户主姓名 户主证件号码 识别标准"""


@pytest.mark.parametrize("name", list(load_tables()))
def test_every_table_is_told_by_its_own_headers_in_any_order(name: str) -> None:
    table = load_tables()[name]
    for place in (0, -1):
        headers = [column.zh[place] for column in table.columns.values()]
        layout = recognise([["题目"], [], list(reversed(headers))], ("Sheet1", "x"))
        assert layout is not None
        assert (layout.table.name, layout.header_row) == (name, 2)
        assert not layout.missing
        assert not layout.missing_key


@pytest.mark.parametrize("headers", [H_2018, H_2021])
def test_person_lists_of_other_years_with_household_columns(headers: str) -> None:
    layout = recognise([headers.split()], ("Sheet1", "x"))
    assert layout is not None
    assert layout.table.name == "person"
    assert {"person_id", "household_id", "name", "id_number", "school"} <= set(layout.columns)
    assert "户主姓名" in layout.extra or "人均纯收入" in layout.extra


def test_headers_are_compared_without_brackets_and_blanks() -> None:
    assert plain_header(" 耕地面积(亩)\n*") == plain_header("耕 地面积（亩）：")


def test_a_leading_serial_number_does_not_make_a_problem_list() -> None:
    headers = ["序号", *(column.zh[0] for column in load_tables()["household"].columns.values())]
    layout = recognise([headers], ("Sheet1", "x"))
    assert layout is not None
    assert layout.table.name == "household"
    assert list(layout.extra) == ["序号"]


@pytest.mark.parametrize(
    "rows",
    [
        [["请各乡镇按时上报"], ["联系人", "电话", "日期"]],
        [["姓名", "等级"], ["张三", "优"]],
        [["户编号", "金额"], ["1", "2"]],
        [["部门", "联系人", "电话"]],
        [],
    ],
)
def test_sheets_of_notes_are_nothing(rows: list[list[str]]) -> None:
    assert recognise(rows, ("Sheet1", "说明")) is None


def test_a_sector_list_without_its_column_is_told_by_a_name() -> None:
    head = [["姓名", "身份证号", "行政村代码"]]
    for names in (("低保", "名单"), ("Sheet1", "东川区低保名单2018")):
        layout = recognise(head, names)
        assert layout is not None
        assert (layout.table.name, layout.list_name, layout.missing[0]) == ("sector", "低保", "household_key")
    assert recognise(head, ("Sheet1", "名单")) is None


def test_a_table_without_its_key_is_still_recognised_so_that_it_can_be_refused() -> None:
    headers = [column.zh[0] for name, column in load_tables()["person"].columns.items() if name != "person_id"]
    layout = recognise([headers], ("Sheet1", "x"))
    assert layout is not None
    assert layout.missing_key == ["person_id"]


def test_rows_above_the_header_totals_notes_and_repeated_headers_are_no_data() -> None:
    first = pa.array(["题", "户编号", "1", "合 计", None, "户编号", "2", "小计：", "总计", "填表人：张三", "合计村"])
    second = pa.array([None, "部门", "水务", "1", "合计", "部门", "教育", "", "", "", "住建"])
    layout = recognise([["题", ""], ["户编号", "部门"]], ("Sheet1", "x"))
    assert layout is not None
    kept = data_rows([first, second], layout).to_pylist()
    assert [i for i, keep in enumerate(kept) if keep] == [2, 6, 10]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("东川区", "530113"),
        ("东川", "530113"),
        ("昆明市东川区", "530113"),
        ("石林县", "530126"),
        ("石林彝族自治县", "530126"),
        ("路南彝族自治县", "530126"),
        ("晋宁县", "530115"),
        ("昆明市", None),
        ("某县", None),
    ],
)
def test_counties_by_name(name: str, code: str | None) -> None:
    assert load_places().county_of_name(name) == code


def test_counties_by_code() -> None:
    places = load_places()
    assert places.county_of_village("530113001002") == "530113"
    assert places.county_of_village("530113999999") is None
    assert places.county_of_prefix("530122100200") == "530115"
    assert places.county_of_prefix("53011310020") is None
    assert places.county_in("530113东川区") == "530113"
    assert places.county_in("201808") is None


def test_a_header_of_two_rows_with_groups_above() -> None:
    head = [
        ["东川区贫困户信息表", "", "", "", "", ""],
        ["户编号", "户主姓名", "收入（元）", "", "", "人数"],
        ["", "", "工资性收入", "人均纯收入", "备注", ""],
        ["85301130000001", "陈桂富", "8000", "3500", "", "3"],
        ["85301130000002", "", "", "", "", "2"],
    ]
    layout = recognise(head, ("Sheet1",))
    assert layout is not None
    assert (layout.table.name, layout.header_row) == ("household", 2)
    assert layout.columns == {"household_id": 0, "head_name": 1, "size": 5, "wage_income": 2, "net_income_pc": 3}
    assert list(layout.extra) == ["备注"]


def test_a_sparse_first_row_is_no_part_of_the_header() -> None:
    head = [["户编号", "户主姓名", "人数", "人均纯收入"], ["85301130000001", "", "", ""]]
    layout = recognise(head, ("Sheet1",))
    assert layout is not None
    assert layout.header_row == 0
