"""The workbook: one row a finding, to be filled in, harmless."""

import zipfile

import openpyxl
import pytest

from povkit.report import ReportOptions, gather, write_report
from povkit.report.workbook import write_workbook

HOSTILE = ("=cmd|'/C calc'!A0", "@SUM(A1)", "+1", "-1", "=1+1", "http://example.org", " =2")


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written[1])


def test_one_row_a_finding_sorted(book, findings):
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == findings.num_rows
    villages = {row["village"]: row["village_code"] for row in findings.to_pylist() if row["village"]}
    keys = [(row[10], villages.get(row[2], ""), row[3] or "", row[6]) for row in rows]
    assert keys == sorted(keys)


def test_headers_and_blank_columns(book):
    header = [cell.value for cell in book.worksheets[0][1]]
    zh = [
        "县",
        "乡镇",
        "村",
        "户编号",
        "对象",
        "对象编号",
        "规则",
        "问题",
        "条款",
        "依据文件",
        "证据级别",
        "严重程度",
        "数值",
        "限值",
        "核实结果",
        "佐证",
        "核实人",
        "日期",
    ]
    assert len(header) == len(zh)
    assert header == zh or header[-4:] == ["Result", "Evidence", "Verified by", "Date"]
    assert all(cell.value is None for cell in book.worksheets[0][2][-4:])


def test_drop_down_filter_frozen_header_and_print_setup(book, findings):
    sheet = book.worksheets[0]
    last = findings.num_rows + 1
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    choices = rules[f"O2:O{last}"]
    assert choices.type == "list"
    assert choices.formula1 in {'"属实,不属实,需进一步核实"', '"confirmed,not so,needs more checking"'}
    assert rules[f"R2:R{last}"].type == "date"
    assert sheet.auto_filter.ref == f"A1:R{last}"
    assert sheet.freeze_panes == "E2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["M2"].alignment.wrap_text


def test_the_last_sheet_explains(book):
    text = "\n".join(str(value) for row in book.worksheets[-1].iter_rows(values_only=True) for value in row if value)
    assert "不是结论" in text or "not a conclusion" in text
    titles = [cell.value for cell in book.worksheets[0][1]]
    assert all(title in text for title in titles)


def test_people_are_masked(book, findings):
    text = "\n".join(str(value) for row in book.worksheets[0].iter_rows(values_only=True) for value in row if value)
    people = {row["subject"] for row in findings.to_pylist() if row["level"] in {"person", "household", "helper"}}
    assert not [name for name in people if name in text]
    assert "欧阳**" in text


def test_texts_never_become_formulas_or_links(made_up, tmp_path):
    rows = [made_up.finding("I02", n, township=text, village=text, subject=text) for n, text in enumerate(HOSTILE)]
    found = made_up.table(rows)
    path = write_report(tmp_path, found, made_up.summary(found), {}, ReportOptions(show_identities=True))[1]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [sheet.cell(line, column) for line in range(2, 2 + len(rows)) for column in (2, 3, 5)]
    assert {cell.value for cell in cells} == set(HOSTILE)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells if cell.value.strip()[0] in "=+-@")
    with zipfile.ZipFile(path) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml.replace(b"hyperlinkBase", b"")


def test_no_findings_leave_the_header_and_one_line_to_fill(made_up):
    found = made_up.table([])
    data = write_workbook(gather(found, made_up.summary(found), {}, ReportOptions()))
    assert data == write_workbook(gather(found, made_up.summary(found), {}, ReportOptions()))
    assert data.startswith(b"PK")


def test_the_analyst_s_grade_stays_out_and_is_counted(made_up, tmp_path):
    found = made_up.table([made_up.finding("I02", 1), made_up.finding("J12", 2, grade=4)])
    path = write_report(tmp_path, found, made_up.summary(found), {})[1]
    book = openpyxl.load_workbook(path)
    assert [row[6] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["I02"]
    notes = "\n".join(str(row[1]) for row in book.worksheets[-1].iter_rows(values_only=True))
    assert "另有四级线索 1 条" in notes


def test_very_long_values_are_cut_with_a_mark(made_up, tmp_path):
    found = made_up.table([made_up.finding("I02", 1, evidence='{"what": "' + "长" * 40000 + '"}')])
    data = write_workbook(gather(found, made_up.summary(found), {}, ReportOptions()))
    path = tmp_path / "long.xlsx"
    path.write_bytes(data)
    value = openpyxl.load_workbook(path).worksheets[0]["M2"].value
    assert value.endswith("…")
    assert len(value) < 32_767
