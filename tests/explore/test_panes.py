"""What the widgets do: filters, clicks, marks, export, another county; and the same parts without a front end."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipywidgets as w
import openpyxl
import pandas as pd
import pytest

from povkit.run.explore import drawings, heading
from povkit.run.explore.case import Case
from povkit.run.explore.exploration import Exploration
from povkit.run.explore.export import selection_xlsx
from povkit.run.explore.picture_panes import drawn_fields
from povkit.run.marks import marks_file, read_marks
from povkit.vocab import RunError

Open = Callable[..., Exploration]
PARTS = ("county", "channels", "table", "household", "mark", "villages", "scatter", "export")
VIEW = "application/vnd.jupyter.widget-view+json"


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def one(pane: Any, kind: type, **traits: Any) -> Any:
    found = [each for each in inside(pane.widget) if isinstance(each, kind)]
    return next(each for each in found if all(getattr(each, name) == value for name, value in traits.items()))


def grid(pane: Any) -> Any:
    return next(each for each in inside(pane.widget) if type(each).__name__ == "ITable")


def said(pane: Any) -> str:
    return "".join(each.value for each in inside(pane.widget) if isinstance(each, w.HTML))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_a_widget_and_the_same_without_a_front_end(explore: Open, part: str) -> None:
    shown = getattr(explore(), part)()._repr_mimebundle_()
    plain = getattr(explore(interactive=False), part)()._repr_mimebundle_()
    assert VIEW in shown
    assert VIEW not in plain
    assert len(plain["text/html"]) > 20
    assert shown["text/html"]


def test_the_plain_parts_are_the_same_bytes_each_time(explore: Open) -> None:
    parts = [[getattr(explore(interactive=False), part)()._repr_mimebundle_() for part in PARTS] for _ in range(2)]
    assert parts[0] == parts[1]


def test_the_grid_holds_every_household_not_a_sample(explore: Open) -> None:
    e = explore()
    table = grid(e.table())
    assert len(table.df) == len(e.case.households)
    assert "downsampling_warning" not in table._dt_args or not table._dt_args["downsampling_warning"]


def test_filters_reach_the_grid_and_the_selection(explore: Open) -> None:
    e = explore()
    pane = e.table()
    one(pane, w.Dropdown, description="线索").value = "flagged"
    assert len(grid(pane).df) == 3
    assert e.state.chosen == e.case.ranked[:3]
    one(pane, w.Dropdown, description="线索").value = "all"
    township = e.case.households["township"].iloc[-1]
    one(pane, w.Dropdown, description="乡镇").value = township
    assert len(grid(pane).df) == (e.case.households["township"] == township).sum()
    assert set(one(pane, w.Dropdown, description="村").options[1:][0]) <= set(e.case.households["village"])


def test_further_columns_come_and_go(explore: Open) -> None:
    pane = explore().table()
    more, table = one(pane, w.SelectMultiple), grid(pane)
    before = list(table.df.columns)
    more.value = ("orchard",)
    assert [name for name in table.df.columns if name not in before] == ["林果面积（亩）"]
    more.value = ()
    assert list(table.df.columns) == before


def test_a_click_on_a_row_opens_that_household(explore: Open) -> None:
    e = explore()
    table, household = e.table(), e.household()
    grid(table).selected_rows = [4]
    assert e.state.household == e.case.ranked[4]
    assert e.case.ranked[4] in said(household)
    grid(table).selected_rows = [4, 7]
    assert e.state.household == e.case.ranked[7]
    assert e.state.chosen == [e.case.ranked[4], e.case.ranked[7]]


def test_households_are_also_found_by_number_and_one_after_the_other(explore: Open) -> None:
    e = explore()
    pane = e.household()
    one(pane, w.Button, description="下一户").click()
    assert e.state.household == e.case.ranked[1]
    one(pane, w.Button, description="上一户").click()
    one(pane, w.Button, description="上一户").click()
    assert e.state.household == e.case.ranked[-1]
    box = one(pane, w.Combobox)
    box.value = e.case.ranked[3]
    assert e.state.household == e.case.ranked[3]
    box.value = "no such"
    assert "没有户编号为“no such”的户" in said(pane)
    assert e.state.household == e.case.ranked[3]


def test_a_mark_is_written_shown_and_heeded(explore: Open, tmp_path: Path) -> None:
    e = explore(analyst="李")
    table, marking = e.table(), e.mark()
    grid(table).selected_rows = [1]
    one(marking, w.ToggleButtons).value = "cleared"
    one(marking, w.Textarea).value = "看过，两个账户"
    one(marking, w.Button, description="记下").click()
    (mark,) = read_marks(marks_file(tmp_path / "outputs", "530113"), e.case.inspection.words)
    assert (mark.household, mark.verdict, mark.note, mark.by) == (e.case.ranked[1], "cleared", "看过，两个账户", "李")
    assert mark.when == "2019-01-02T08:00:00+00:00"
    assert mark.fingerprint == e.case.fingerprints[mark.household]
    assert grid(table).df["记录"].tolist()[:3] == ["", "排除", ""]
    assert grid(table).selected_rows == [1]
    assert "已记下" in said(marking)
    again = explore()
    assert again.case.standing[mark.household].verdict == "cleared"
    one(again.mark(), w.ToggleButtons)
    assert "排除" in grid(again.table()).df["记录"].tolist()


def test_a_slip_can_be_withdrawn(explore: Open) -> None:
    e = explore()
    marking = e.mark()
    for verdict in ("confirmed", "withdrawn"):
        one(marking, w.ToggleButtons).value = verdict
        one(marking, w.Button, description="记下").click()
    assert e.case.standing == {}
    assert len(e.case.marks) == 2


def test_a_mark_that_cannot_be_written_is_said_so(explore: Open, tmp_path: Path) -> None:
    e = explore()
    marking = e.mark()
    path = marks_file(tmp_path / "outputs", "530113")
    path.parent.mkdir(parents=True)
    path.write_text("broken\n", encoding="utf-8")
    one(marking, w.Button, description="记下").click()
    assert "没有记下" in said(marking)
    assert "第 1 行" in said(marking)
    assert e.case.marks == []


def test_the_rows_chosen_are_exported_masked(explore: Open, tmp_path: Path) -> None:
    e = explore()
    table, pane = e.table(), e.export()
    grid(table).selected_rows = [0, 2]
    one(pane, w.Button).click()
    path = tmp_path / "outputs" / "530113" / "selection.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["农户", "各级线索", "原因", "说明"]
    numbers = [row[0].value for row in book["农户"].iter_rows(min_row=2)]
    assert numbers == [e.case.ranked[0], e.case.ranked[2]]
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    people = pd.read_parquet(e.case.inspection.settings.register.root / "530113" / "2018" / "person.parquet")
    assert not cells & (set(people["name"].dropna()) | set(people["id_number"].dropna()))
    one(pane, w.Text).value = "../elsewhere.xlsx"
    one(pane, w.Button).click()
    assert "没有导出" in said(pane)
    assert not (tmp_path / "outputs" / "elsewhere.xlsx").exists()


def test_an_export_is_the_same_bytes_and_names_people_when_asked(explore: Open) -> None:
    case = explore(show_identities=True).case
    chosen = case.ranked[:4]
    assert selection_xlsx(case, chosen) == selection_xlsx(case, chosen)
    book = openpyxl.load_workbook(BytesIO(selection_xlsx(case, chosen)))
    heads = [row[3].value for row in book["农户"].iter_rows(min_row=2)]
    assert heads == case.households.loc[chosen, "head_name"].tolist()


def test_another_county_renews_every_part(explore: Open) -> None:
    e = explore()
    picker, table, household, villages = e.county(), e.table(), e.household(), e.villages()
    before = said(villages)
    one(picker, w.Dropdown).value = "530129"
    assert e.case.inspection.county == "530129"
    assert grid(table).df["户编号"].tolist() == e.case.ranked
    assert e.case.ranked[0] in said(household)
    assert said(villages) != before


def test_pictures_follow_the_fields_chosen(explore: Open) -> None:
    e = explore()
    for pane, name in ((e.villages(), "项目"), (e.scatter(), "横轴")):
        before = said(pane)
        one(pane, w.Dropdown, description=name).value = "farmland"
        assert said(pane) != before


def test_unknown_fields_and_households_are_refused(explore: Open) -> None:
    with pytest.raises(RunError) as caught:
        explore(x="no_such", field="head_name")
    assert [fault.where for fault in caught.value.faults] == [("x", "no_such"), ("field", "head_name")]
    with pytest.raises(RunError, match="没有户编号为“1”的户"):
        explore(household="1")


def test_the_english_pane_speaks_english(explore: Open) -> None:
    e = explore(language="en")
    pane = e.household()
    assert "Rules, patterns, anomalies" in said(pane)
    assert [each.description for each in inside(pane.widget) if isinstance(each, w.Button)] == ["Previous", "Next"]
    for part in ("title", "channels", "table", "household", "mark", "villages", "scatter", "export"):
        assert e.heading(part).data.startswith("#")


def test_a_field_that_the_county_left_blank_gives_way_to_one_that_can_be_drawn(explore: Open) -> None:
    case, blank, equal = (explore().case for _ in range(3))
    blank.households = case.households.assign(work_months_total=None)
    equal.households = case.households.assign(work_months_total=3)
    wanted = {"x": "work_months_total", "y": "wage_income"}
    assert drawn_fields(case, wanted) == wanted
    assert drawn_fields(equal, wanted) == drawn_fields(blank, wanted)
    assert drawn_fields(blank, wanted) == {"x": next(iter(drawings.fields(blank).values())), "y": "wage_income"}


def test_a_county_with_nothing_to_draw_opens_and_says_so(explore: Open) -> None:
    whole = explore(county="530129").case
    thin = Case(whole.inspection, [])
    thin.households, thin.scores = whole.households.head(1), whole.scores.head(0)
    assert drawn_fields(thin, {"x": "work_months_total"}) == {"x": ""}
    e = explore()
    panes = [getattr(e, part)() for part in PARTS]
    for case, drawn in ((thin, False), (whole, True)):
        e.state.open(case)
        for part, pane in zip(PARTS, panes, strict=True):
            if part in ("villages", "scatter"):
                assert ("<img" in said(pane)) == drawn
                assert ("没有可画的项目：全县 1 户，没有一项数值取到 3 个不同的数。" in said(pane)) != drawn
    plain = explore(interactive=False)
    plain.state.case, plain._fields = thin, ("", "", "")
    assert "没有可画的项目" in plain.villages()._repr_mimebundle_()["text/html"]
    assert "没有可画的项目" in plain.scatter()._repr_mimebundle_()["text/html"]


def test_a_county_without_households_is_refused_and_the_one_open_stays(explore: Open) -> None:
    other = explore(county="530129").case.inspection
    kept = other.checked.frames.query
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            other.checked.frames, "query", lambda sql: kept(sql.replace("household", "household WHERE false"))
        )
        with pytest.raises(RunError, match="2018 年的贫困户信息没有一户可用（共 0 行"):
            explore(county="530129")
        e = explore()
        pane, household = e.county(), e.household()
        picker = one(pane, w.Dropdown)
        picker.value = "530129"
    assert picker.value == "530113"
    assert "没有一户可用" in said(pane)
    assert e.case.inspection.county == "530113"
    assert e.case.ranked[0] in said(household)


def test_the_grid_stays_whole_and_its_numbers_plain_whatever_is_filtered(explore: Open) -> None:
    e = explore()
    wide = pd.concat([e.case.households.assign(household_id=lambda homes, n=n: homes["household_id"] + f"-{n}")
                      for n in range(12)])  # fmt: skip
    case = Case(e.case.inspection, [])
    case.households = wide.set_index("household_id", drop=False).rename_axis(None)
    case.scores = e.case.scores.head(0)
    table = grid(pane := e.table())
    e.state.open(case)
    one(pane, w.Dropdown, description="线索").value = "flagged"
    one(pane, w.Dropdown, description="线索").value = "all"
    rows = json.loads(table._dt_args["data_json"])
    assert len(rows) == len(case.households) > 500
    assert len(table._dt_args["data_json"]) > 2**16, "above itables' own bound"
    assert not any(isinstance(cell, list) for row in rows for cell in row)
    assert not table._dt_args.get("downsampling_warning")


def test_headings_follow_the_county_and_the_marks(explore: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    e, other, shown = explore(), explore(county="530129"), []
    handle = SimpleNamespace(update=lambda told: shown.append(told.data))
    monkeypatch.setattr(heading, "display", lambda told, display_id: shown.append(told.data) or handle)
    mark = e.mark()
    for part in ("title", "channels", "table"):
        e.heading(part)._ipython_display_()
    assert [text.split("\n")[0] for text in shown] == ["# 东川区：异常线索探查", "## 一、三个渠道", "## 二、全部农户"]
    one(mark, w.Button, description="记下").click()
    assert "已确认 1 户" in shown[3]
    assert len(shown) == 4
    e.state.open(other.case)
    assert len(shown) > 4
    assert "# 寻甸" in "".join(shown[4:])
    plain = explore(county="530129", interactive=False)
    assert plain.heading("title").data == other.heading("title").data
