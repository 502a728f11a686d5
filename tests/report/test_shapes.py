"""Pictures of patterns: they say what was found, draw in both languages, twice the same, and name nobody."""

import importlib.util
import json
import warnings
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from matplotlib.figure import Figure

from povkit.patterns import PATTERNS
from povkit.policy import Certified, Rate
from povkit.policy.calibration import POOLED, Stale
from povkit.report import ReportOptions, build_content, gather
from povkit.report.figures import figure_svg
from povkit.report.fonts import find_fonts
from povkit.report.labels import Labels
from povkit.report.pdf import render_pdf
from povkit.report.sections.tests import chosen, statistical_tests
from povkit.report.shapes import Shapes, Style, copies, draw_pictures
from povkit.report.shapes.album import KINDS
from povkit.report.shapes.canvas import folded
from povkit.report.shapes.equal import planned
from povkit.report.words import Words

RULES = {code: {"not_run": None} for kind in KINDS.values() for code in kind.codes}
RULE = {
    "title_zh": "规律", "title_en": "pattern", "severity": "suspect", "clause": "S5.1", "evaluated": 3, "flagged": 1,
    "unknown": 2, "not_run": None, "crashed": False,
}  # fmt: skip
STATES = {"found": {}, "none": {"found": False}, "small": {"small": True, "found": False}, "undated": {"dated": False}}


@pytest.fixture(scope="session")
def made_shapes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_shapes", Path(__file__).with_name("shapes.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DRAWN: dict[tuple, dict] = {}


def pictures(made_shapes: ModuleType, state: str = "found", language: str = "zh", **style) -> dict:
    """Pictures of a state, drawn once."""
    key = (state, language, *style)
    if key not in DRAWN:
        DRAWN[key] = drawn(made_shapes.made(**STATES[state]), language, **style)
    return DRAWN[key]


def drawn(shapes: Shapes, language: str = "zh", **style) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = draw_pictures(shapes, Style(Words(language), **style), find_fonts(None), RULES)
    return {each.key: each for each in found}


@pytest.mark.parametrize(("state", "language"), [*((state, "zh") for state in STATES), ("found", "en")])
def test_every_picture_draws_without_a_missing_character(made_shapes, state: str, language: str):
    made = pictures(made_shapes, state, language)
    assert list(made) == list(KINDS)
    for each in made.values():
        assert each.svg.startswith("<?xml")
        assert "<text" not in each.svg
        assert each.title
        assert each.note in each.alt


def test_the_same_results_give_the_same_bytes(made_shapes):
    assert drawn(made_shapes.made()) == pictures(made_shapes)


def test_titles_say_what_was_found_and_where(made_shapes):
    made = pictures(made_shapes)
    assert made["line"].title == "第1镇：收入在 3,500 元线上方堆积"
    assert "n=9 户" in made["line"].line
    assert made["plan"].title == "9 个村中 8 个的脱贫户数恰等于年度计划"
    assert made["balance"].title == "9 个村中 8 个的纳入户数恰等于剔除户数"
    assert made["backstop"].title.startswith("第1镇第1村")
    assert "3% 线下" in made["incidence"].title
    assert "10%" in made["years"].title
    assert "剔除 8 户" in made["calendar"].line


def test_titles_say_when_nothing_was_found_or_nothing_could_be_tested(made_shapes):
    none = pictures(made_shapes, "none")
    small = pictures(made_shapes, "small")
    assert all(each.title.startswith(("未见", "各")) for each in none.values())
    assert all("未能检验" in each.title for each in small.values())


def test_officials_are_named_only_when_asked_for(made_shapes):
    assert "张**" in pictures(made_shapes)["copies"].title
    assert "张桂富" in pictures(made_shapes, show_identities=True)["copies"].title
    for each in pictures(made_shapes).values():
        assert "张桂富" not in each.svg + each.alt
        assert made_shapes.HELPER not in each.svg + each.alt


def test_a_picture_that_cannot_be_drawn_says_why(made_shapes):
    shapes = made_shapes.made()
    frames = {code: frame for code, frame in shapes.frames.items() if code != "K13"}
    still = frames["K09"].assign(count=0)
    lacking = replace(shapes, frames={**frames, "E15": frames["E15"].head(0), "K09": still})
    rules = {**RULES, "K13": {"not_run": {"zh": "缺少：《年度计划》", "en": "missing: table plan"}}}
    made = {each.key: each for each in draw_pictures(lacking, Style(Words("zh")), find_fonts(None), rules)}
    assert made["plan"].svg == ""
    assert made["plan"].absent == "未画图。缺少：《年度计划》"
    assert made["calendar"].absent == "未画图。没有变动记录。"
    assert made["copies"].absent.startswith("未画图。没有责任人")


def test_many_households_are_drawn_as_a_map_of_a_bounded_size(made_shapes):
    shapes = made_shapes.made(found=False)
    years = pd.concat([shapes.frames["F06"]] * 200, ignore_index=True)
    many = replace(shapes, frames={**shapes.frames, "F06": years})
    svg = figure_svg(KINDS["years"].draw(many, Style(Words("zh")), find_fonts(None)))
    assert len(svg) < 2_000_000


def test_latin_words_stay_whole_and_no_line_begins_with_a_mark():
    lines = folded("甲乡乙村 within 200 yuan（n=67 户，q<0.001）。", 12)
    assert not any(line[0] in "，。）" for line in lines)
    assert "within" in " ".join(lines).split()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_a_section_of_patterns_with_tables_pictures_and_households(made_shapes, made_up, language: str):
    found = made_up.table([])
    summary = made_up.summary(found)
    for item in summary["phenomena"]:
        item["codes"] = {"S5.1": ["K09", "S01"], "S5.3": ["E13"]}.get(item["id"], [])
    summary["rules"] |= {code: {**RULE, "grade": 3} for code in ("K09", "S01", "E13")}
    case = gather(found, summary, {}, ReportOptions(language=language), made_shapes.made())
    content = build_content(case, find_fonts(None))
    section = next(each for each in content["sections"] if each["heading"] == case.words("section.patterns"))
    figures = [block for block in section["blocks"] if block["type"] == "figure"]
    assert len(figures) == 5
    assert all(figure["alt"] and figure["note"] for figure in figures)
    told = "".join(block.get("text", "") for block in section["blocks"])
    assert "85301130000001" in told
    assert render_pdf(content, find_fonts(None), "2018-12-31").startswith(b"%PDF")
    assert made_shapes.HELPER not in str(content)
    again = build_content(
        case, find_fonts(None), drawn=draw_pictures(case.shapes, case.style, find_fonts(None), case.rules)
    )
    assert again == content
    without = next(
        each
        for each in build_content(case, find_fonts(None), drawn=[])["sections"]
        if each["heading"] == section["heading"]
    )
    assert [block for block in section["blocks"] if block not in figures] == without["blocks"]


def test_without_patterns_the_report_leaves_the_section_out(made_up):
    found = made_up.table([])
    case = gather(found, made_up.summary(found), {}, ReportOptions())
    assert all(each["heading"] != "统计规律" for each in build_content(case, find_fonts(None))["sections"])


def rate(value: float, case: str, level: str = "county", aim: bool = False, measure: str = "power") -> Rate:
    return Rate(measure, case, f"中{case}", level, value, 0.02, 100, (0.4, 1.0) if aim else None)


def with_record(shapes: Shapes, effort: float) -> Shapes:
    rates = (
        rate(0.03, POOLED[0], measure="size"),
        rate(0.02, "plain", measure="size"),
        rate(0.06, "heaps", measure="size"),
        rate(0.9, "a third moved"),
    )
    return replace(shapes, calibration={"E13": Certified("E13", "v", effort, 1, "0", rates)})


def method(made_up, shapes: Shapes | None, language: str = "zh") -> str:
    found = made_up.table([])
    summary = made_up.summary(found)
    summary["rules"] |= {"E13": {**RULE, "grade": 3}, "S01": {**RULE, "not_run": {"zh": "缺少", "en": "missing"}}}
    case = gather(found, summary, {}, ReportOptions(language=language), shapes)
    return json.dumps(statistical_tests(case), ensure_ascii=False)


def test_the_method_page_tells_each_test_that_ran_and_what_the_self_test_measured(made_shapes, made_up):
    told = method(made_up, with_record(made_shapes.made(), 1.0))
    assert "E13" in told
    assert "S01" not in told
    assert "0.03±0.02；最差 0.06±0.02（中heaps）" in told
    assert "中a third moved：0.90±0.02" in told
    assert "仅供参考" not in told
    assert "形状不寻常" in told
    assert "3,500 元取自" in told
    assert "a third moved: 0.90±0.02" in method(made_up, with_record(made_shapes.made(), 1.0), "en")


def test_a_short_self_test_and_none_at_all_are_said(made_shapes, made_up):
    assert "仅供参考" in method(made_up, with_record(made_shapes.made(), 0.01))
    assert "未经测定" in method(made_up, made_shapes.made())
    assert method(made_up, None) == "[]"


def test_a_record_of_another_version_is_said_to_be_out_of_date(made_shapes, made_up):
    shapes = with_record(made_shapes.made(), 1.0)
    assert "过期" not in method(made_up, shapes)
    changed = replace(shapes, stale={"E13": Stale("text"), "S01": Stale("unmeasured")})
    told = method(made_up, changed)
    assert "自检记录与本次运行的检验不符：E13。" in told
    assert "检验程序已改动" in told
    assert "0.03±0.02" in told
    limits = method(made_up, replace(shapes, stale={"E13": Stale("limits", ("margin_over_line",))}), "en")
    assert "out of date for E13" in limits
    assert "other limits: margin_over_line" in limits


def test_powers_with_an_aim_come_first_and_few_are_printed():
    several = [rate(0.1 * n, f"c{n}", aim=n in {2, 4}) for n in range(8)] + [rate(1.0, "v", "village")]
    assert [each.case for each in chosen(tuple(several))] == ["c2", "c4", "c7", "v"]


def test_every_pattern_is_explained():
    assert [code for code in PATTERNS if f"test.{code}" not in Words("zh")] == []


def test_the_plan_shows_the_villages_that_its_test_counts(made_shapes):
    frame = (
        made_shapes.made()
        .frames["K13"]
        .assign(planned_exits=[0, 9, 3, 3, 4, 4, 5, None], exits_this_year=[0, 9, 3, 2, 4, None, 5, 5], could_exit=9.0)
    )
    assert planned(frame).tolist() == [False, False, True, True, True, False, True, False]


def test_the_year_of_changes_is_told_as_it_is_drawn(made_shapes):
    shapes = made_shapes.made()
    frame = shapes.frames["K09"]
    whole = replace(shapes, frames={**shapes.frames, "K09": frame.assign(changed_on=pd.NaT)})
    assert drawn(shapes)["calendar"].note.startswith("每根竖线")
    assert drawn(whole)["calendar"].note.startswith("每条横柱")


def test_forms_without_a_field_in_common_are_drawn_without_a_warning():
    axis, empty = Figure().subplots(), pd.DataFrame(columns=["85301130000001", "85301130000002"])
    copies._draw(axis, "甲", empty, empty, Labels(Words("zh")))
    assert axis.get_ylim() == (1, 0)
