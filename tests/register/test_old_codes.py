"""Code lists of 2014 to 2017 (numbers), later labels, and other names of lists, as the 2018 labels."""

import pyarrow as pa
import pytest

from povkit.register.clean import clean_column
from povkit.register.recognise import list_told_by
from povkit.register.schema import load_tables

OLD = {
    ("household", "category"): {
        "01": "一般贫困户",
        "2": "低保脱贫户",
        "03": "特困供养脱贫户",
        "04": "低保贫困户",
        "05": "一般脱贫户",
        "6": "特困供养贫困户",
    },
    ("household", "status"): {"0": "未脱贫", "1": "已脱贫", "2": "预脱贫", "3": "返贫", "4": "已脱贫"},
    ("household", "cause"): {"01": "因病", "9": "缺资金", "11": "自身发展动力不足"},
    ("household", "other_causes"): {"02,05": "因残,缺土地", "因病、 因残": "因病,因残", "3": "因学"},
    ("household", "return_cause"): {"01": "因病", "外出务工不便": "外出务工不便"},
    ("household", "house_grade"): {"危房C类": "C级", "D级危房": "D级", "c级": "c级", "无": None},
    ("household", "road_type"): {"01": "泥土路", "4": "沥青路"},
    ("household", "fuel"): {"04": "清洁能源"},
    ("person", "relation"): {"01": "户主", "12": "之母", "99": "其他", "之侄女": "之侄女", "本人或户主": "户主"},
    ("person", "education"): {"01": "文盲或半文盲", "5": "大专", "大专及以上": "大专", "06": "学龄前儿童"},
    ("person", "school"): {
        "01": None,
        "非在校生": None,
        "2": "学前教育",
        "06": "九年级",
        "10": "中职一年级",
        "16": "大专及以上",
        "小学四年级": "小学四年级",
        "高中二年级": "普通高中二年级",
        "技师学院一年级": "技师学院一年级",
    },
    ("person", "health"): {"01": "健康", "02,04": "长期慢性病,残疾", "残疾 大病": "残疾,患有大病"},
    ("person", "labour"): {"2": "技能劳动力", "03": "丧失劳动力", "04": "无劳动力"},
    ("person", "sex"): {"1": "男", "02": "女", "男性": "男"},
    ("person", "work_place"): {"01": "乡（镇）内", "4": "省外"},
    ("measure", "kind"): {"产业扶贫": "产业帮扶", "易地扶贫搬迁": "易地搬迁"},
    ("change", "kind"): {"清退": "剔除"},
}


@pytest.mark.parametrize(("table", "column"), OLD)
def test_codes_of_other_years_become_the_labels_of_2018(table: str, column: str) -> None:
    expected = OLD[table, column]
    cleaned, bad = clean_column(pa.array(list(expected)), load_tables()[table].columns[column])
    assert (cleaned.to_pylist(), bad) == (list(expected.values()), [])


def test_every_label_that_a_number_stands_for_is_in_the_list() -> None:
    for table in load_tables().values():
        for column in table.columns.values():
            assert set(column.aka.values()) - {"", "其他"} <= set(column.codes), (table.name, column.name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("五保人员名单", "特困供养"),
        ("车辆信息", "机动车"),
        ("农业户籍人口", "农业户籍"),
        ("低保和五保", "低保"),
        ("住户", None),
    ],
)
def test_lists_under_other_names(name: str, told: str | None) -> None:
    assert list_told_by((name,)) == told
