"""The analyst's notebook in a real browser: run, filter, open a household, mark a lead, export; seen = data.

Screenshots of every part are kept under build/browser.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from povkit.run.marks import read_marks
from povkit.run.words import StoryWords

playwright = pytest.importorskip("playwright.sync_api")

SHOTS = Path(__file__).resolve().parents[2] / "build" / "browser"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PARTS = ("county", "channels", "table", "household", "mark", "villages", "scatter", "export")
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
GRID = ".povkit-table .dt-container"
NOTE = "看过，农闲时在外打工"


@pytest.fixture(scope="module")
def page(lab: Any, chromium: str) -> Iterator[Any]:
    """The notebook, opened and run to its end."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=list(QUIET))
        tab = browser.new_page(viewport={"width": 1500, "height": 1100})
        tab.set_default_timeout(1000 * lab.patience)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto(lab.url)
        tab.wait_for_selector(".jp-Notebook .jp-Cell")
        tab.wait_for_selector(".jp-StatusBar-Widget :text('| Idle')")
        tab.evaluate(RUN_ALL)
        tab.wait_for_selector(f"{GRID} tbody tr td")
        tab.wait_for_selector(".povkit-export button", state="attached")
        yield tab
        browser.close()


@pytest.fixture(scope="module")
def homes(lab: Any) -> pd.DataFrame:
    return pd.read_parquet(lab.register / lab.county / "2018" / "household.parquet").set_index("household_id")


def first_cells(page: Any, column: int = 1) -> list[str]:
    return [text.strip() for text in page.locator(f"{GRID} tbody tr td:nth-child({column})").all_text_contents()]


def search(page: Any, text: str, wanted: str) -> None:
    """Type into the table's search box and wait until its foot says `wanted`."""
    page.locator(f"{GRID} input[type=search]").fill(text)
    page.locator(f"{GRID} .dt-info", has_text=wanted).wait_for()


def test_no_cell_failed(page: Any) -> None:
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").all_text_contents() == []
    assert page.locator(".jp-OutputArea-output:has-text('Traceback')").count() == 0


def test_the_table_holds_every_household_and_finds_a_village(page: Any, homes: pd.DataFrame) -> None:
    page.locator(f"{GRID} .dt-info", has_text=f"共 {len(homes)} 户").wait_for()
    village = homes["village"].value_counts().index[0]
    search(page, village, f"共 {(homes['village'] == village).sum()} 户")
    assert set(first_cells(page, 3)) == {village}
    search(page, "", f"第 1 至 10 户，共 {len(homes)} 户")
    cells = page.locator(f"{GRID} tbody td").all_text_contents()
    assert "" in cells and "NaN" not in cells and "<NA>" not in cells, "a blank is an empty cell"


def test_a_click_opens_the_household_with_its_own_data(page: Any, lab: Any, homes: pd.DataFrame) -> None:
    people = pd.read_parquet(lab.register / lab.county / "2018" / "person.parquet")
    number = first_cells(page)[2]
    page.locator(f"{GRID} tbody tr").nth(2).locator("td").first.click()
    card = page.locator(".povkit-household")
    card.locator("b", has_text=number).first.wait_for()
    seen = card.inner_text()
    home = homes.loc[number]
    for shown in (home["status"], f"{home['net_income_pc']:,.0f}", f"{home['size']} 人"):
        assert shown in seen
    own = people[people["household_id"] == number]
    members = card.locator("table", has_text="与户主关系").first.locator("tbody tr")
    assert members.count() == len(own)
    assert not [name for name in own["name"].dropna() if name in seen]
    assert page.locator(".povkit-mark").inner_text().count(number) >= 1


def test_a_mark_is_seen_in_the_table_and_lies_in_the_file(page: Any, lab: Any) -> None:
    number = page.locator(".povkit-household b").first.inner_text().split()[0]
    marking = page.locator(".povkit-mark")
    marking.locator("button", has_text="排除").click()
    marking.locator("textarea").fill(NOTE)
    marking.locator("button", has_text="记下").click()
    marking.locator("p", has_text="已记下").wait_for()
    (mark,) = read_marks(lab.out / lab.county / "leads.csv", StoryWords())
    assert (mark.household, mark.verdict, mark.note) == (number, "cleared", NOTE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", mark.when)
    row = page.locator(f"{GRID} tbody tr", has_text=number)
    row.locator("td", has_text="排除").wait_for()
    marking.locator("table td", has_text=NOTE).wait_for()


def test_the_selected_row_is_exported(page: Any, lab: Any) -> None:
    number = page.locator(".povkit-household b").first.inner_text().split()[0]
    export = page.locator(".povkit-export")
    export.locator("button").click()
    export.locator("p", has_text="已导出 1 户").wait_for()
    book = openpyxl.load_workbook(lab.out / lab.county / "selection.xlsx")
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == [number]


def test_a_filter_above_the_table_reaches_it(page: Any, homes: pd.DataFrame) -> None:
    township = homes["township"].value_counts().index[-1]
    page.locator(".povkit-table select").first.select_option(label=township)
    page.locator(f"{GRID} .dt-info", has_text=f"共 {(homes['township'] == township).sum()} 户").wait_for()
    assert set(first_cells(page, 2)) == {township}


def test_every_part_is_there_and_is_kept_as_a_picture(page: Any) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        place = page.locator(f".povkit-{part}").first
        place.scroll_into_view_if_needed()
        for image in place.locator("img").all():
            assert image.evaluate("each => each.complete && each.naturalWidth > 100")
        page.screenshot(path=SHOTS / f"{part}.png")
        assert (SHOTS / f"{part}.png").stat().st_size > 10_000


def test_nothing_was_asked_of_the_network(page: Any) -> None:
    assert page.asked
    assert [url for url in page.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
