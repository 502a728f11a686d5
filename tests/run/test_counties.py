"""The notebook through papermill: outputs, manifest, failures, equal bytes."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from povkit import Inspection
from povkit.run.counties import Outcome, check_counties, inspect_counties
from povkit.run.manifest import code_hash, sha256
from povkit.vocab import resource

COUNTY, OTHER = "530113", "530129"
AS_OF = "2018-12-31"
START = datetime(2018, 12, 31, 8, tzinfo=UTC)
FILES = {
    "county_inspection.ipynb",
    "findings.parquet",
    "manifest.json",
    "rectification.xlsx",
    "report.pdf",
    "summary.json",
}


def ticking() -> "Clock":
    return Clock()


class Clock:
    """A clock that goes on a minute each time it is read."""

    def __init__(self) -> None:
        self.at = START - timedelta(minutes=1)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture(scope="module")
def damaged(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register with one county's table of people cut off."""
    copy = tmp_path_factory.mktemp("damaged") / "register"
    shutil.copytree(register, copy)
    people = copy / OTHER / "2018" / "person.parquet"
    people.write_bytes(people.read_bytes()[:200])
    return copy


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs that already hold an earlier result of the county that will fail."""
    folder = tmp_path_factory.mktemp("outputs")
    earlier = folder / OTHER / AS_OF
    earlier.mkdir(parents=True)
    (earlier / "report.pdf").write_text("earlier")
    return folder


@pytest.fixture(scope="module")
def run(damaged: Path, out: Path) -> list[Outcome]:
    return inspect_counties([OTHER, COUNTY], damaged, AS_OF, out=out, clock=ticking())


def cells(notebook: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(notebook, as_version=4).cells


def test_a_failed_county_names_its_cell_and_does_not_stop_the_others(run: list[Outcome], out: Path) -> None:
    failed, done = run
    assert not failed.ok
    assert failed.county == OTHER
    assert "open" in failed.faults[0].what
    assert "person.parquet" in failed.faults[0].what
    assert done.ok
    assert done.first == out / COUNTY / AS_OF / "report.pdf"


def test_a_failed_county_keeps_its_notebook_and_earlier_outputs(run: list[Outcome], out: Path) -> None:
    kept = run[0].notebook
    assert kept == out / OTHER / f"{AS_OF}.failed" / "county_inspection.ipynb"
    errors = [each for cell in cells(kept) for each in cell.get("outputs", ()) if each.output_type == "error"]
    assert len(errors) == 1
    assert {file.name: file.read_text() for file in (out / OTHER / AS_OF).iterdir()} == {"report.pdf": "earlier"}


def test_nothing_else_lies_in_the_outputs(run: list[Outcome], out: Path) -> None:
    assert {path.name for path in out.iterdir()} == {COUNTY, OTHER}
    assert {file.name for file in (out / COUNTY / AS_OF).iterdir()} == FILES


def test_the_executed_notebook_shows_what_was_given_and_no_times(run: list[Outcome], out: Path, damaged: Path) -> None:
    notebook = out / COUNTY / AS_OF / "county_inspection.ipynb"
    injected = next(cell for cell in cells(notebook) if cell.id == "injected-parameters")
    assert f'county = "{COUNTY}"' in injected.source
    assert f'out = "{out}"' in injected.source
    assert [cell.execution_count for cell in cells(notebook) if cell.cell_type == "code"] == list(range(1, 64))
    text = notebook.read_text(encoding="utf-8")
    for trace in ("start_time", "iopub.", ".povkit-", '"papermill"'):
        assert trace not in text
    pictures = [
        each for cell in cells(notebook) for each in cell.get("outputs", ()) if "image/png" in each.get("data", {})
    ]
    assert len(pictures) == 10
    assert "stderr" not in [each.get("name") for cell in cells(notebook) for each in cell.get("outputs", ())]


def test_the_manifest_is_true(run: list[Outcome], out: Path, damaged: Path) -> None:
    folder = out / COUNTY / AS_OF
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {item["file"]: item["sha256"] for item in manifest["outputs"]} == {
        name: sha256(folder / name) for name in FILES - {"manifest.json"}
    }
    for item in manifest["register"]:
        assert sha256(damaged / item["file"]) == item["sha256"]
    assert {f"{COUNTY}/2018/person.parquet", f"{COUNTY}/2017/household.parquet", f"{COUNTY}/receipt.json"} <= {
        item["file"] for item in manifest["register"]
    }
    assert manifest["policy"]["sha256"] == sha256(resource("parameters", "policy", "yunnan-2018.yaml"))
    assert manifest["code"]["sha256"] == code_hash()
    assert "duckdb" in manifest["environment"]["packages"]
    assert manifest["show_identities"] is False
    assert manifest["given"]["register"] == str(damaged)
    assert (manifest["started"], manifest["ended"]) == ("2018-12-31T08:01:00+00:00", "2018-12-31T08:02:00+00:00")


def test_papermill_and_a_run_by_hand_write_the_same_bytes(
    run: list[Outcome], out: Path, register: Path, tmp_path: Path
) -> None:
    Inspection(county=COUNTY, as_of=AS_OF, register=register, out=tmp_path).write()
    for name in ("findings.parquet", "summary.json", "report.pdf", "rectification.xlsx"):
        assert (tmp_path / COUNTY / AS_OF / name).read_bytes() == (out / COUNTY / AS_OF / name).read_bytes(), name


def test_a_check_gives_the_same_findings_and_leaves_other_files(
    run: list[Outcome], register: Path, out: Path, tmp_path: Path
) -> None:
    folder = tmp_path / COUNTY / AS_OF
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_text("earlier")
    (outcome,) = check_counties([COUNTY], register, AS_OF, out=tmp_path, clock=ticking())
    assert outcome.ok
    assert {file.name for file in folder.iterdir()} == {
        "findings.parquet",
        "summary.json",
        "manifest.json",
        "report.pdf",
    }
    for name in ("findings.parquet", "summary.json"):
        assert (folder / name).read_bytes() == (out / COUNTY / AS_OF / name).read_bytes()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {item["file"] for item in manifest["outputs"]} == {"findings.parquet", "summary.json"}


def test_a_check_that_fails_stops_no_other(damaged: Path, tmp_path: Path) -> None:
    failed, done = check_counties([OTHER, COUNTY], damaged, AS_OF, out=tmp_path)
    assert not failed.ok
    assert "person.parquet" in failed.faults[0].where[0]
    assert not failed.folder.exists()
    assert done.ok


def test_a_success_in_english_replaces_all_and_removes_the_failed_one(
    run: list[Outcome], register: Path, out: Path
) -> None:
    (outcome,) = inspect_counties([OTHER], register, AS_OF, out=out, language="en", show_identities=True)
    assert outcome.ok
    assert [path.name for path in (out / OTHER).iterdir()] == [AS_OF]
    assert {file.name for file in (out / OTHER / AS_OF).iterdir()} == FILES
    told = [
        each["data"]["text/markdown"]
        for cell in cells(out / OTHER / AS_OF / "county_inspection.ipynb")
        for each in cell.get("outputs", ())
        if "text/markdown" in each.get("data", {})
    ]
    headings = [line for text in told for line in text.splitlines() if line.startswith("#")]
    assert headings[1] == "## 1. What was handed in, and what is missing"
    assert not [line for line in headings if any("一" <= char <= "鿿" for char in line)]
    manifest = json.loads((out / OTHER / AS_OF / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["show_identities"] is True
    assert manifest["started"] is None


def test_a_full_disk_leaves_everything_as_it_was(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("povkit.run.counties.run_notebook", full)
    (outcome,) = inspect_counties([COUNTY], register, AS_OF, out=tmp_path)
    assert not outcome.ok
    assert "No space left" in outcome.faults[0].what
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run", [check_counties, inspect_counties])
def test_too_little_memory_is_said_with_what_to_do(
    register: Path, tmp_path: Path, run: Callable[..., list[Outcome]]
) -> None:
    (outcome,) = run([COUNTY], register, AS_OF, out=tmp_path, memory="2MB", threads=1)
    assert not outcome.ok
    assert "内存不够" in outcome.faults[0].what
    assert "--memory" in outcome.faults[0].what
