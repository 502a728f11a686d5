"""`povkit explore`: the same notebook through papermill, beside the other results; leads.csv outlives every run."""

import json
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from povkit.cli import app
from povkit.run.counties import check_counties, explore_counties
from povkit.run.marks import CLEARED, Mark, add_mark, marks_file, read_marks
from povkit.run.words import StoryWords
from povkit.telling import FAULTY
from povkit.vocab import RunError

COUNTY, AS_OF = "530113", "2018-12-31"
NOTEBOOK, WORKBOOK = "explore_anomalies.ipynb", "explore_anomalies.xlsx"


@pytest.fixture(scope="module")
def out(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county checked, marked, then explored."""
    out = tmp_path_factory.mktemp("explored")
    check_counties([COUNTY], register, AS_OF, out=out)
    number = pd.read_parquet(register / COUNTY / "2018" / "household.parquet")["household_id"].iloc[0]
    mark = Mark("2019-01-02T08:00:00+00:00", COUNTY, number, "f", CLEARED, "", "Li")
    add_mark(marks_file(out, COUNTY), mark, StoryWords())
    (outcome,) = explore_counties([COUNTY], register, AS_OF, out=out)
    assert outcome.faults == ()
    assert outcome.first == out / COUNTY / AS_OF / NOTEBOOK
    return out


def test_notebook_and_workbook_stand_beside_the_other_results(out: Path, register: Path) -> None:
    names = {path.name for path in (out / COUNTY / AS_OF).iterdir()}
    assert names == {NOTEBOOK, WORKBOOK, "findings.parquet", "summary.json", "manifest.json"}
    book = openpyxl.load_workbook(out / COUNTY / AS_OF / WORKBOOK)
    households = pd.read_parquet(register / COUNTY / "2018" / "household.parquet")
    assert book.worksheets[0].max_row == len(households) + 1


def test_the_executed_notebook_shows_every_part_plainly_and_masked(out: Path, register: Path) -> None:
    notebook = nbformat.read(out / COUNTY / AS_OF / NOTEBOOK, as_version=4)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "error"]
    html = [output.data["text/html"] for output in shown if "text/html" in output.get("data", {})]
    assert len(html) == 8
    assert not [output for output in shown if "widget-view" in json.dumps(list(output.get("data", {})))]
    people = pd.read_parquet(register / COUNTY / "2018" / "person.parquet")
    whole = "".join(html)
    assert not [number for number in people["id_number"].dropna() if number in whole]
    assert "排除" in whole


def test_marks_outlive_and_enter_every_later_run(out: Path, register: Path) -> None:
    marks = read_marks(marks_file(out, COUNTY), StoryWords())
    check_counties([COUNTY], register, AS_OF, out=out)
    assert read_marks(marks_file(out, COUNTY), StoryWords()) == marks != []
    manifest = json.loads((out / COUNTY / AS_OF / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["leads"]["sha256"]) == 64


def test_a_damaged_file_of_marks_stops_a_run_before_it_starts(register: Path, tmp_path: Path) -> None:
    path = marks_file(tmp_path, COUNTY)
    path.parent.mkdir(parents=True)
    path.write_text("when\n", encoding="utf-8")
    with pytest.raises(RunError, match="第 1 行"):
        check_counties([COUNTY], register, AS_OF, out=tmp_path)
    done = CliRunner().invoke(
        app, ["explore", COUNTY, "--register", str(register), "--as-of", AS_OF, "--out", str(tmp_path)]
    )
    assert done.exit_code == FAULTY
    assert "第 1 行" in done.stderr


def test_an_unknown_parameter_is_named(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no_such"):
        explore_counties([COUNTY], register, AS_OF, out=tmp_path, more={"no_such": 1})
