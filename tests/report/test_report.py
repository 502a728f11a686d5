"""The PDF: complete, masked, literal, the same each time, quick."""

import re
import time
from functools import cache

import pyarrow as pa
import pytest
from pypdf import PdfReader

from povkit.report import ReportOptions, as_frame, build_content, find_fonts, gather, write_report
from povkit.report.sections.by_clause import by_clause, rules_table
from povkit.report.sections.lists import lists, share_rows
from povkit.report.sections.overview import overview
from povkit.report.sections.unjudged import unjudged
from povkit.vocab import FINDING_SCHEMA

HOSTILE = (
    "#panic(1)",
    "=cmd|'/C calc'!A0",
    "@SUM(A1)",
    "+1",
    "-1",
    "*x* _y_ $z$ @ref <lab>",
    '\\u{0} #import "x"',
    "//c /*d*/",
)


@cache
def text_of(path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def texts_of(node) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for key, inner in node.items() if key != "svg" for text in texts_of(inner)]
    return [text for inner in node for text in texts_of(inner)] if isinstance(node, list) else []


def inspect(made_up, found, summary=None, **options):
    return gather(found, summary or made_up.summary(found), made_up.provenance(), ReportOptions(**options))


def test_every_section_is_there_in_order(written):
    text = squeezed(text_of(written[0]))
    zh = [
        "总体情况",
        "数据图示",
        "按条款列示的核查结果",
        "线索清单",
        "未能判定的事项",
        "提交的数据表",
        "方法与限度",
        "来源与校验",
    ]
    en = [
        "Summary",
        "Figures",
        "Resultsbyclause",
        "Listsoffindings",
        "Whatcouldnotbejudged",
        "Tableshandedin",
        "Methodandlimits",
    ]
    expected = zh if "东川区核查报告" in text else en
    places = [text.rindex(title) for title in expected]
    assert places == sorted(places)
    assert ("线索，非结论" in text) == (expected is zh)


def test_names_and_numbers_are_masked(written, findings):
    text = squeezed(text_of(written[0]))
    rows = [row for row in findings.to_pylist() if row["level"] in {"person", "household", "helper"}]
    assert not any(row["subject"] in text for row in rows)
    assert not re.search(r"530199\d{11}", text)
    assert "13888134464" not in text
    assert "欧阳**" in text
    assert rows[0]["household_id"] is None or any((row["household_id"] or "-") in text for row in rows)


def test_identities_stand_in_the_report_only_when_asked_for(made_up, tmp_path):
    found = made_up.table([made_up.finding("A03", 7)])
    path = write_report(tmp_path, found, made_up.summary(found), {}, ReportOptions(show_identities=True))[0]
    text = squeezed(text_of(path))
    assert found["subject"][0].as_py() in text
    assert made_up.identity(7) in text
    assert "本件含未遮盖的个人信息" in text


def test_the_same_arguments_give_the_same_bytes_whatever_the_order(made_up, findings, tmp_path):
    summary = made_up.summary(findings)
    mixed = findings.take(list(reversed(range(findings.num_rows))))
    made = []
    for number, table in enumerate((findings, findings, mixed)):
        folder = tmp_path / str(number)
        folder.mkdir()
        made.append([path.read_bytes() for path in write_report(folder, table, summary, made_up.provenance())])
        assert sorted(path.name for path in folder.iterdir()) == ["rectification.xlsx", "report.pdf"]
    assert made[0] == made[1] == made[2]


def test_hostile_data_come_out_literally(made_up, tmp_path):
    rows = [made_up.finding("I02", n, township=text, subject=text, village=text) for n, text in enumerate(HOSTILE)]
    found = made_up.table(rows)
    path = write_report(tmp_path, found, made_up.summary(found), {}, ReportOptions(show_identities=True))[0]
    text = squeezed(text_of(path))
    assert [hostile for hostile in HOSTILE if squeezed(hostile) not in text] == []


def test_no_findings_give_a_report_that_says_what_that_means(made_up, tmp_path):
    found = pa.Table.from_pylist([], schema=FINDING_SCHEMA)
    path = write_report(tmp_path, found, made_up.summary(found), {})[0]
    assert "不说明数据与实际相符" in squeezed(text_of(path))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_silently(made_up, language):
    found = made_up.table([made_up.finding("I02", n) for n in range(50)] + [made_up.finding("J01", 1)])
    blocks = lists(inspect(made_up, found, language=language, rows_per_rule=30))
    tables = [block for block in blocks if block["type"] == "table"]
    feet = {len(block["rows"]): block["foot"] for block in tables}
    assert set(feet) == {30, 1}
    assert feet[1] == ""
    assert all(part in feet[30] for part in ("50", "30", "20", "rectification.xlsx"))


@pytest.mark.parametrize(
    "counts, per_rule, total, shared",
    [
        ({"A": 50, "B": 2}, 30, 1500, {"A": 30, "B": 2}),
        ({"A": 50, "B": 2, "C": 9}, 30, 20, {"A": 9, "B": 2, "C": 9}),
        ({"A": 5, "B": 5}, 30, 1, {"A": 0, "B": 0}),
        ({}, 30, 10, {}),
    ],
)
def test_rows_are_shared_out_fairly(counts, per_rule, total, shared):
    assert share_rows(counts, per_rule, total) == shared


def test_each_grade_is_worded_as_far_as_it_carries(made_up):
    found = made_up.table(
        [made_up.finding(*of) for of in (("I02", 1), ("J12", 2))] + [made_up.finding("E11", 3, grade=3)]
    )
    texts = texts_of(lists(inspect(made_up, found)))
    assert any(
        text.startswith("记录显示：有效灌溉面积大于耕地面积。条款 S4.1；应由") and "核实整改" in text for text in texts
    )
    assert any(text.startswith("当年识别当年脱贫。") and text.endswith("需入户核实并存证。") for text in texts)
    assert any("统计上异常，请优先核实" in text and "条款 S1.1a（云开组〔2018〕51号）" in text for text in texts)


def test_analyst_s_leads_are_counted_but_not_listed(made_up):
    found = made_up.table([made_up.finding("I02", 1), made_up.finding("J12", 2, grade=4)])
    texts = texts_of(lists(inspect(made_up, found)))
    assert any("另有四级线索 1 条" in text for text in texts)
    assert not any("当年识别当年脱贫" in text for text in texts)


def test_every_rule_stands_under_its_clause_with_its_counts(made_up, findings):
    inspection = gather(findings, made_up.summary(findings), {}, ReportOptions())
    blocks = by_clause(inspection)
    codes = [row[0] for block in blocks if block["type"] == "table" for row in block["rows"]]
    assert sorted(codes) == sorted(made_up.shelf().index)
    headings = [block["heading"] for block in blocks if block["type"] == "heading"]
    assert headings[0] == "S1.1a　家庭人均纯收入稳定超过标准"
    frame = as_frame(rules_table(inspection, ["E11", "K14"]))
    assert frame.loc[0, "已判定"] == "2,000"
    assert frame.loc[1, ["已判定", "线索", "不能判定"]].tolist() == ["—"] * 3
    assert "未提供申请名单" in frame.loc[1, "核查事项"]


def test_a_clause_given_by_the_summary_goes_before_our_own_words(made_up, findings):
    summary = made_up.summary(findings, clauses={"S4.1": {"zh": "清洗至零", "en": "Down to zero"}})
    texts = texts_of(by_clause(inspect(made_up, findings, summary, language="en")))
    assert any("S4.1" in text and "Down to zero" in text for text in texts)


def test_a_crashed_rule_makes_the_report_say_that_it_is_incomplete(made_up, findings):
    summary = made_up.summary(findings, complete=False)
    summary["rules"]["J01"]["crashed"] = True
    warning = [block["text"] for block in overview(inspect(made_up, findings, summary)) if block.get("kind") == "warn"]
    assert len(warning) == 1
    assert "J01" in warning[0]


def test_phenomena_carry_their_figures_and_denominators(made_up, findings):
    (block,) = [block for block in overview(inspect(made_up, findings)) if block["type"] == "phenomena"]
    assert [item["id"] for item in block["items"]] == [f"S5.{number}" for number in range(1, 7)]
    judged = [item for item in block["items"] if item["verdict"] != "不能判定"]
    assert all(len(item["figures"]) == 3 for item in judged)
    assert all("/ 1,312（" in item["figures"][0][1] for item in judged)
    (unjudged,) = [item for item in block["items"] if item["verdict"] == "不能判定"]
    assert "未提供" in unjudged["reasons"]


def test_what_is_missing_is_asked_for(made_up, findings):
    texts = texts_of(unjudged(inspect(made_up, findings)))
    assert "请提供2018年行政村信息（含是否出列、出列年度）" in texts
    assert "贫困户信息 · 经度、贫困户信息 · 纬度" in texts


def test_a_standard_of_another_year_is_told_first(made_up, findings):
    summary = made_up.summary(findings)
    assert not [block for block in unjudged(inspect(made_up, findings, summary)) if block.get("kind") == "warn"]
    borrowed = {"limit": "income_line", "value": 3500, "unit": "元/人/年", "zh": "人均纯收入标准", "year": 2018}
    summary["policy"]["borrowed"] = [borrowed]
    summary["data_year"] = 2016
    blocks = unjudged(inspect(made_up, findings, summary))
    (warning,) = [block["text"] for block in blocks if block.get("kind") == "warn"]
    assert "没有2016年度的“人均纯收入标准”" in warning and "2018年度的 3500 元/人/年" in warning


def test_a_rule_that_ran_in_part_says_which_part_did_not(made_up, findings):
    summary = made_up.summary(findings)
    summary["rules"]["K05"]["partly_not_run"] = [
        {"face": "独居老人", "zh": "缺少：独居老人名单", "en": "missing: list"}
    ]
    summary["rules"]["K05"]["crashed"] = True
    inspection = inspect(made_up, findings, summary)
    frame = as_frame(rules_table(inspection, ["K05"]))
    assert "部分未运行：独居老人（缺少：独居老人名单）" in frame.loc[0, "核查事项"]
    assert frame.loc[0, "已判定"] == "7,214"
    assert any(row[0] == "K05" for block in unjudged(inspection) for row in block.get("rows", []))


def test_the_share_of_unknown_is_of_all_that_were_looked_at(made_up, findings):
    summary = made_up.summary(findings)
    summary["rules"]["E01"].update(evaluated=100, unknown=300)
    rows = [row for block in unjudged(inspect(made_up, findings, summary)) for row in block.get("rows", [])]
    assert [row[-3:] for row in rows if row[0] == "E01"] == [["100", "300", "75.0%"]]


def test_limits_are_said_once_where_all_rows_share_them(made_up):
    found = made_up.table([made_up.finding("E11", n) for n in range(3)])
    (block,) = [block for block in lists(inspect(made_up, found)) if block["type"] == "table"]
    assert block["foot"] == "限值：income line：3500。"
    assert "限值" not in as_frame(block)
    other = made_up.finding("E11", 4, evidence='{"net_income_pc": 1, "limits": {"income_line": 3200}}')
    found = made_up.table([made_up.finding("E11", 1), other])
    (block,) = [block for block in lists(inspect(made_up, found, labels=made_up.LABELS)) if block["type"] == "table"]
    assert sorted(as_frame(block)["限值"]) == ["收入线：3200", "收入线：3500"]
    assert block["foot"] == ""


def test_hashes_of_inputs_policy_and_code_are_printed(made_up, findings, written):
    text = squeezed(text_of(written[0]))
    for value in ("1" * 64, "ab" * 32, "cd" * 32, "ef" * 32):
        assert value in text


def test_english_words_only_around_the_data(made_up, findings):
    content = build_content(inspect(made_up, findings, language="en", labels=made_up.LABELS), find_fonts())
    blocks = [block for section in content["sections"] for block in section["blocks"] if block["type"] == "table"]
    said = [section["heading"] for section in content["sections"]]
    said += [column["title"] for block in blocks for column in block["columns"]]
    assert not [text for text in said if re.search(r"[\u4e00-\u9fff]", text)]


def test_two_thousand_findings_are_quick(made_up, tmp_path):
    found = made_up.findings(2600, seed=3)
    assert found.num_rows > 2000
    started = time.perf_counter()
    write_report(tmp_path, found, made_up.summary(found), made_up.provenance())
    assert time.perf_counter() - started < 20


def test_coverage_of_the_key_groups_stands_under_its_clause(made_up, findings):
    place = {"township": "汤丹镇", "village_code": "530113102201", "village": "小龙潭村村民委员会"}
    counts = {"owed": 30, "on_register": 26, "outside": 3, "unknown": 1, "rate": 0.8966}
    rows = [
        {"list": "残疾", **dict.fromkeys(place), **counts},
        {"list": "残疾", **place, **counts},
        {"list": "残疾", **place, **counts, "village_code": "530113102202", "outside": 0},
    ]
    found = texts_of(by_clause(inspect(made_up, findings, made_up.summary(findings) | {"coverage": rows})))
    first = found.index("残疾")
    assert found[first : first + 6] == ["残疾", "30", "26", "3", "1", "89.7%"]
    assert [text for text in found if "小龙潭" in text and "汤丹镇" in text] == ["小龙潭村 汤丹镇"]
    assert not [text for text in texts_of(by_clause(inspect(made_up, findings))) if "覆盖率" in text]
