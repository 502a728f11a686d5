"""The sheets beside the findings: whom to visit first, village by village, and what could not be judged."""

import importlib.util
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from povkit.report import ReportOptions, gather
from povkit.report.openpoints import open_points
from povkit.report.visits import Visit, visit_cells, visits
from povkit.report.workbook import write_workbook


@pytest.fixture(scope="module")
def shapes():
    spec = importlib.util.spec_from_file_location("made_shapes", Path(__file__).with_name("shapes.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made()


def gathered(made_up, found, shapes=None, **options):
    return gather(found, made_up.summary(found), {}, ReportOptions(**options), shapes)


def finding(made_up, code, n, home, village, grade):
    place = {
        "household_id": home,
        "village_code": village,
        "village": f"村{village[-1]}",
        "township": f"镇{village[-1]}",
    }
    return made_up.finding(code, n, grade=grade, **place)


def test_villages_come_together_and_the_most_urgent_household_first(made_up):
    rows = [
        finding(made_up, "J01", 1, "h1", "v1", 2),
        finding(made_up, "J01", 2, "h2", "v2", 1),
        finding(made_up, "J02", 3, "h3", "v1", 2),
        finding(made_up, "J01", 4, "h3", "v1", 2),
        finding(made_up, "E11", 5, "h4", "v2", 2),
        finding(made_up, "E11", 6, "h5", "v1", 1),
        finding(made_up, "J01", 7, "h5", "v1", 1),
    ]
    found = visits(gathered(made_up, made_up.table(rows)))
    assert [(each.village_code, each.household) for each in found] == [
        ("v1", "h5"), ("v1", "h3"), ("v1", "h1"), ("v2", "h2"), ("v2", "h4"),
    ]  # fmt: skip
    assert [each.rank for each in found] == [1, 3, 4, 2, 5]


def test_what_a_visit_cannot_decide_comes_after_what_it_can(made_up):
    rows = [finding(made_up, "A01", 1, "h1", "v1", 1), finding(made_up, "J01", 2, "h2", "v1", 1)]
    desk, door = visits(gathered(made_up, made_up.table(rows)))[::-1]
    assert (desk.household, desk.decides) == ("h1", [])
    assert (door.household, len(door.decides)) == ("h2", 1)


def test_reasons_of_rules_and_patterns_stand_side_by_side(made_up, shapes):
    rows = [finding(made_up, "J01", 1, "85301130000001", "v1", 1)]
    homes = pd.DataFrame(
        {
            "household_id": ["85301130000001", "85301130000002"],
            "head_name": ["李玉英", "张桂富"],
            "township": ["镇1", "镇2"],
            "village_code": ["v1", "v2"],
            "village": ["村1", "村2"],
        }
    )
    case = gathered(made_up, made_up.table(rows), replace(shapes, homes=homes))
    both, only = visits(case)
    assert (both.count(1), both.grade, only.count(1), only.grade) == (1, 1, 0, 3)
    flagged = int(shapes.tests["flagged"].sum())
    assert both.count(3) == only.count(3) == flagged
    assert (only.township, only.village, only.head) == ("镇2", "村2", "张**")
    cells = visit_cells(case, both)
    assert "J01" in cells[9]
    assert "E13" in cells[10]
    assert not any("李玉英" in cell for cell in cells)
    unmasked = gathered(made_up, made_up.table(rows), replace(shapes, homes=homes), show_identities=True)
    assert "李玉英" in visit_cells(unmasked, visits(unmasked)[0])


def test_the_analyst_s_grade_sends_nobody_to_the_door(made_up):
    assert visits(gathered(made_up, made_up.table([finding(made_up, "J01", 1, "h1", "v1", 4)]))) == []


def test_open_points_say_why_and_what_to_ask_for(made_up):
    case = gathered(made_up, made_up.table([]))
    rows = open_points(case)
    by_code = {row[1]: row for row in rows}
    assert by_code["S5.5"][0] == "现象不能判定"
    assert by_code["K14"][5] == "未提供申请名单"
    held = [row for row in rows if row[0] == "字段空白"]
    assert {row[1] for row in held} == {
        code for code, rule in case.rules.items() if rule["unknown"] and not case.not_run(code)
    }
    assert all(int(row[4].replace(",", "")) > 0 for row in held)


def test_a_missing_input_named_in_the_reason_becomes_a_request(made_up):
    found = made_up.table([])
    summary = made_up.summary(found)
    summary["rules"]["K14"]["not_run"] = {"zh": "缺少：《申请名单》", "en": "missing: table applicant"}
    for language, asked in (("zh", "请提供：《申请名单》"), ("en", "please hand in: table applicant")):
        case = gather(found, summary, {}, ReportOptions(language=language))
        assert next(row for row in open_points(case) if row[1] == "K14")[6] == asked


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheets_are_in_the_workbook_with_columns_to_fill_in(made_up, shapes, findings, language):
    case = gathered(made_up, findings, shapes, language=language)
    book = openpyxl.load_workbook(BytesIO(write_workbook(case)))
    to_visit, open_sheet = book.worksheets[1:3]
    assert to_visit.title == case.words("visits.sheet")
    assert to_visit.max_row == len(visits(case)) + 1
    assert open_sheet.max_row == len(open_points(case)) + 1
    assert [cell.value for cell in to_visit[2]][-3:] == [None] * 3
    assert isinstance(to_visit["C2"].value, int)
    assert isinstance(to_visit["D2"].value, str)
    assert write_workbook(case) == write_workbook(case)


def test_without_findings_the_sheets_have_their_headers(made_up):
    book = openpyxl.load_workbook(BytesIO(write_workbook(gathered(made_up, made_up.table([])))))
    assert book.worksheets[1]["A1"].value == "乡镇"
    assert Visit("h").grade == 3
