"""What the notebook shows of one county, without a kernel."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from povkit import Inspection
from povkit.report.masking import mask_name
from povkit.run.manifest import sha256
from povkit.vocab import RunError

COUNTY = "530113"
PHENOMENA = [f"S5.{number}" for number in range(1, 7)]
SHEETS = (
    "handed_in", "missing_inputs", "unreadable_cells", "glance", "townships", "verdicts", "exits_by_standard",
    "inclusion_return_removal", "collection_and_two_years", "problem_records", "problem_rules", "to_ask_for",
    "not_judged", "held_up_by_blanks", "next_steps", "first_households",
)  # fmt: skip
CHINESE = re.compile("[一-鿿]")


@pytest.fixture(scope="module")
def case(register: Path) -> Inspection:
    return Inspection(county=COUNTY, as_of="2018-12-31", register=register)


@pytest.fixture(scope="module")
def english(register: Path) -> Inspection:
    return Inspection(county=COUNTY, as_of="2018-12-31", register=register, language="en", show_identities=True)


@pytest.mark.parametrize("name", SHEETS)
def test_every_table_has_headings_of_the_language(case: Inspection, english: Inspection, name: str) -> None:
    chinese, other = getattr(case, name)(), getattr(english, name)()
    assert isinstance(chinese, pd.DataFrame)
    assert chinese.shape == other.shape
    assert all(CHINESE.search(column) for column in chinese.columns if column != "SHA-256")
    assert not any(CHINESE.search(column) for column in other.columns)


@pytest.mark.parametrize("name", PHENOMENA)
def test_each_phenomenon_lists_exactly_its_findings(case: Inspection, name: str) -> None:
    codes = next(item["codes"] for item in case.checked.summary["phenomena"] if item["id"] == name)
    wanted = [code for code in case.checked.findings["code"].to_pylist() if code in codes]
    listed = case.phenomenon(name)
    assert len(listed) == len(wanted)
    if wanted:
        assert sorted(listed["规则"]) == sorted(wanted)
    assert f"{name} " in case.heading(name).data


def test_an_unknown_phenomenon_or_part_is_named(case: Inspection) -> None:
    with pytest.raises(KeyError, match=r"S9\.9"):
        case.phenomenon("S9.9")
    with pytest.raises(KeyError, match="no_such_part"):
        case.heading("no_such_part")


@pytest.mark.parametrize(
    "name", ["glance_figure", "verdicts_figure", "changes_figure", "next_steps_figure", *PHENOMENA]
)
@pytest.mark.filterwarnings("error:Glyph")
def test_every_chart_draws_and_no_character_is_missing(case: Inspection, name: str) -> None:
    figure = case.phenomenon_figure(name) if name in PHENOMENA else getattr(case, name)()
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert any(text.get_text() for text in figure.findobj(lambda each: hasattr(each, "get_text")))


def test_the_glance_counts_the_households_of_the_register(case: Inspection, register: Path) -> None:
    households = pd.read_parquet(register / COUNTY / "2018" / "household.parquet")
    assert int(case.townships()["登记户"].sum()) == len(households)
    figures = case.glance().set_index("项目")["内容"]
    assert figures["登记户数"] == len(households)
    assert f"{len(households):,} 户" in case.heading("glance").data


def test_exit_rules_show_the_counts_of_the_summary(case: Inspection) -> None:
    shown, words = case.exits_by_standard().set_index("规则"), case.words
    columns = [words(f"col.{key}") for key in ("evaluated", "flagged", "unknown")]
    for code in ("E11", "J01", "J15"):
        counts = case.checked.summary["rules"][code]
        assert shown.loc[code, columns].tolist() == [counts[key] for key in ("evaluated", "flagged", "unknown")]


def test_names_and_numbers_are_masked_unless_asked_for(case: Inspection, english: Inspection) -> None:
    people = pd.read_parquet(case.settings.register.root / COUNTY / "2018" / "person.parquet")
    numbers = set(people["id_number"].dropna())
    masked = "".join(case.phenomenon(name).to_csv() for name in PHENOMENA) + case.first_households().to_csv()
    assert not [number for number in numbers if number in masked]
    heads = english.first_households()["Head"]
    assert case.first_households()["户主"].tolist() == [mask_name(name) for name in heads]
    assert not any("*" in name for name in heads)


def test_households_come_by_grade_then_number_of_findings(case: Inspection) -> None:
    table = case.first_households()
    ranks = list(zip(-table["一级"], -table["二级"], strict=True))
    assert ranks == sorted(ranks)
    assert table["户编号"].is_unique


def test_villages_come_by_share_of_registered_households(case: Inspection) -> None:
    shares = [share for share in case.next_steps()["占登记户（%）"] if share == share]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 100 for share in shares)


def test_writing_by_hand_leaves_other_files_and_tells_hashes(register: Path, tmp_path: Path) -> None:
    case = Inspection(county=COUNTY, as_of="2018-12-31", register=register, out=tmp_path)
    folder = tmp_path / COUNTY / "2018-12-31"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    written = case.write()
    assert sorted(written["文件"]) == ["findings.parquet", "rectification.xlsx", "report.pdf", "summary.json"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {item["file"]: item["sha256"] for item in manifest["outputs"]} == {
        name: sha256(folder / name) for name in written["文件"]
    }
    assert manifest["started"] is None
    assert (folder / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["2018-12-31"]


def test_a_county_that_was_not_imported_is_refused(register: Path) -> None:
    with pytest.raises(RunError, match="530126"):
        Inspection(county="530126", as_of="2018-12-31", register=register)
