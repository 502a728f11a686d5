"""The generated pages are those that the code and the policy would write today; they say what they must."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main

from povkit.cli import app
from povkit.policy import Policy, load_policy
from povkit.run.pages import FOLDER, make_pages, stale_pages, write_pages
from povkit.run.pages.entries import Entry, entries_of
from povkit.run.pages.text import paragraph

ROOT = Path(__file__).resolve().parents[2]
SIZE_MAX = 400_000


@pytest.fixture(scope="module")
def program() -> Any:
    return typer.main.get_command(app)


@pytest.fixture(scope="module")
def pages(program: Any) -> dict[str, str]:
    return make_pages(ROOT, program)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def entries(policy: Policy) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries_of(policy)}


def test_no_page_is_stale(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        path = ROOT / name
        assert path.exists() and path.read_bytes() == text.encode("utf-8"), f"{name} is stale: run make docs, commit it"
        assert path.stat().st_size < SIZE_MAX, f"{name} is too long to commit; split it by family"


def test_a_stale_or_missing_page_is_named_and_written_anew(program: Any, tmp_path: Path) -> None:
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER, ignore=shutil.ignore_patterns("images"))
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / FOLDER / "commands.md").unlink()
    with (tmp_path / FOLDER / "handbook.md").open("a", encoding="utf-8") as file:
        file.write("by hand\n")
    assert {"docs/handbook.md", "docs/commands.md"} <= set(stale_pages(tmp_path, program))
    write_pages(tmp_path, program)
    assert stale_pages(tmp_path, program) == []


def test_the_handbook_tells_all_of_every_code(pages: dict[str, str], entries: dict[str, Entry], policy: Policy) -> None:
    text = pages["docs/handbook.md"]
    parts = dict(re.findall(r"^### ([A-Z]\d\d) (.*?)(?=^##|^<a|\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(parts) == set(policy.rules) == set(entries)
    for code, entry in entries.items():
        part = parts[code]
        wanted = [
            paragraph(entry.zh),
            paragraph(entry.en),
            str(entry.line.severity),
            policy.clause(entry.line.clause).document,
        ]
        wanted += [f"grade {entry.line.effective_grade}", entry.faces[0].view]
        wanted += ["为何 Why:", "依据 Basis:", "判定 Flags:", "所需数据 Inputs:"]
        wanted += [f"`{name}`" for face in entry.faces for name in face.limits]
        assert [each for each in wanted if each not in part] == [], code
    for name, limit in policy.limits.items():
        assert re.search(rf"^\| `{name}` \| .*\| {limit.clause} \|", text, re.MULTILINE), name


def test_limits_and_inputs_are_those_that_the_check_reads(entries: dict[str, Entry]) -> None:
    rule = entries["E11"].faces[0]
    assert "income_line" in rule.limits
    assert ("household", "net_income_pc") in {(need.table, need.column) for need in rule.needs}
    pattern = entries["J16"].faces[0]
    assert {"backstop_households_min", "backstop_places_min"} <= set(pattern.limits)
    assert "income_line" not in pattern.limits
    assert {"backstop", "leaves_this_year"} <= set(pattern.columns)


def test_schema_made_rules_and_faces_are_there(pages: dict[str, str], entries: dict[str, Entry]) -> None:
    assert len(entries["K05"].faces) == 5
    for face in entries["K05"].faces:
        assert f"*{face.name}*" in pages["docs/handbook.md"]
    assert "code list: health in 健康" in pages["docs/handbook.md"]


def test_every_clause_has_a_row_and_gaps_are_said(
    pages: dict[str, str], entries: dict[str, Entry], policy: Policy
) -> None:
    text = pages["docs/coverage.md"]
    rows = {cells[0]: cells for line in text.splitlines() if len(cells := line.strip("| ").split(" | ")) >= 3}
    served = {entry.line.clause for entry in entries.values()}
    for clause in policy.clauses:
        assert (clause in served) <= ("gap" not in rows[clause][2]), clause
    assert "gap" in rows["S4.4"][2], "nothing checks the bulletins"
    assert "S4.4" in text.partition("A clause without a check")[2].partition("\n\n")[0]
    assert "`patterns/test_lax_exits.py`" in rows["S5.5"][4]
    for clause, row in rows.items():
        if clause in policy.clauses and "gap" not in row[2]:
            assert row[3] and row[4], f"{clause} is served, but shown or tested nowhere"
            named = [name.strip("`") for name in row[4].strip().split("<br>")]
            assert all((ROOT / "tests" / name).is_file() for name in named)


def test_the_command_line_is_told_whole(pages: dict[str, str], program: Any) -> None:
    text = pages["docs/commands.md"]
    for name, command in program.commands.items():
        assert (f"## povkit {name}\n" in text) is not command.hidden
        for each in () if command.hidden else command.params:
            assert (each.name.upper() if each.param_type_name == "argument" else each.opts[0]) in text
    assert "`povkit check --as-of AS_OF [COUNTIES …] [options]`" in text
    assert "`--language zh\\|en` | `zh`" in text
