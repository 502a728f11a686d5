"""The command line: parse, call, print; faults without traceback; exit status tells."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import povkit
from povkit.cli import app
from povkit.simulate import simulate
from povkit.telling import FAILED, FAULTY

COUNTY, AS_OF = "530113", "2018-12-31"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "register"
    simulate(root, COUNTY, 60, seed=2)
    return root


def call(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_check_prints_where_the_results_lie(register: Path, tmp_path: Path) -> None:
    status, said, _ = call("check", COUNTY, "--register", register, "--as-of", AS_OF, "--out", tmp_path)
    assert status == 0
    assert str(tmp_path / COUNTY / AS_OF / "summary.json") in said
    assert "完成 1 个县" in said


def test_a_standard_of_another_year_is_said_plainly(register: Path, tmp_path: Path) -> None:
    older = tmp_path / "register"
    shutil.copytree(register, older)
    shutil.copytree(older / COUNTY / "2017", older / COUNTY / "2016")
    asked = ("check", COUNTY, "--register", older, "--out", tmp_path)
    status, _, told = call(*asked, "--as-of", "2016-12-31", "--language", "en")
    assert status == 0
    assert "no income_line (贫困户退出人均纯收入标准) for 2016; the value of 2018, 3500" in told
    summary = json.loads((tmp_path / COUNTY / "2016-12-31" / "summary.json").read_text(encoding="utf-8"))
    assert [each["limit"] for each in summary["policy"]["borrowed"]] == ["income_line"]
    status, _, told = call(*asked, "--as-of", "2017-12-31", "--language", "en")
    assert (status, told) == (0, "")


def test_all_counties_in_english(register: Path, tmp_path: Path) -> None:
    status, said, _ = call(
        "check", "--all", "--register", register, "--as-of", AS_OF, "--out", tmp_path, "--language", "en"
    )
    assert status == 0
    assert "Counties done: 1, failed: 0." in said


def test_the_table_tells_what_became_of_every_rule(register: Path, tmp_path: Path) -> None:
    poorer = tmp_path / "register"
    shutil.copytree(register, poorer)
    (poorer / COUNTY / "lists" / "visit.parquet").unlink()
    asked = ("check", COUNTY, "--register", poorer, "--as-of", AS_OF, "--out", tmp_path, "--table", "--threads", 1)
    status, said, _ = call(*asked, "--memory", "2GB", "--spill", tmp_path)
    assert status == 0
    folder = tmp_path / COUNTY / AS_OF
    rules = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["rules"]
    rows = {words[0]: words[1:4] for line in said.splitlines() if (words := line.split()) and words[0] in rules}
    assert rows == {
        code: ["—"] * 3 if rule["not_run"] else [f"{rule[key]:,}" for key in ("evaluated", "flagged", "unknown")]
        for code, rule in rules.items()
    }
    idle = [rule for rule in rules.values() if rule["not_run"]]
    assert idle
    assert all(rule["not_run"]["zh"] in said and rule["ask"][0]["zh"] in said for rule in idle)
    ran = [rule for rule in rules.values() if not rule["not_run"]]
    flagged = sum(rule["flagged"] for rule in ran)
    assert f"合计 {len(rules)} 项：运行 {len(ran)} 项" in said
    assert f"线索 {flagged:,}，" in said
    given = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["given"]
    assert [given[key] for key in ("engine", "master", "memory", "threads", "spill")] == [
        "duckdb", None, "2GB", 1, str(tmp_path),
    ]  # fmt: skip
    assert f"{len(rules)} codes: {len(ran)} ran" in call(*asked, "--language", "en")[1]


def test_faults_come_together_without_a_traceback(register: Path, tmp_path: Path) -> None:
    status, said, faults = call(
        "inspect", COUNTY, "999999", "--register", register, "--as-of", "soon", "--set", "x=1", "--set", "y",
        "--memory", "much", "--engine", "abacus", "--out", tmp_path / "o",
    )  # fmt: skip
    assert status == FAULTY
    assert said == ""
    for part in ("soon", "999999", "x", "--set y", "memory much", "engine abacus"):
        assert part in faults
    assert "Traceback" not in faults
    assert not (tmp_path / "o").exists()


def test_a_county_that_fails_sets_the_exit_status(register: Path, tmp_path: Path) -> None:
    broken = tmp_path / "register"
    simulate(broken, COUNTY, 60, seed=2)
    (broken / COUNTY / "2018" / "person.parquet").write_bytes(b"cut off")
    status, said, faults = call("check", COUNTY, "--register", broken, "--as-of", AS_OF, "--out", tmp_path / "o")
    assert status == FAILED
    assert said == ""
    assert "person.parquet" in faults
    assert "失败 1 个" in faults


def test_no_county_and_no_register_are_faults(tmp_path: Path) -> None:
    assert call("check", "--as-of", AS_OF, "--register", tmp_path)[0] == FAULTY
    assert call("check", "--all", "--as-of", AS_OF, "--register", tmp_path)[0] == FAULTY
    status, _, faults = call("check", COUNTY, "--as-of", AS_OF, "--register", tmp_path / "none")
    assert status == FAULTY
    assert str(tmp_path / "none") in faults


def test_simulate_then_import(tmp_path: Path) -> None:
    status, said, _ = call("simulate", tmp_path / "raw", "--county", COUNTY, "--households", 60, "--raw", "--clean")
    assert status == 0
    assert str(tmp_path / "raw" / COUNTY) in said
    status, said, _ = call("import", tmp_path / "raw" / COUNTY, "--into", tmp_path / "register")
    assert status == 0
    assert "贫困户信息2018.xlsx" in said
    assert (tmp_path / "register" / COUNTY / "2018" / "household.parquet").exists()


def test_an_empty_folder_is_a_fault_in_the_language_asked_for(tmp_path: Path) -> None:
    status, _, faults = call("import", tmp_path, "--into", tmp_path / "register", "--language", "en")
    assert status == FAULTY
    assert "holds no XLSX" in faults
    assert not (tmp_path / "register").exists()


def test_rules_are_listed_and_explained() -> None:
    status, said, _ = call("rules")
    assert status == 0
    assert "I02  错误  S4.1  有效灌溉面积大于耕地面积" in said.splitlines()
    status, said, _ = call("rules", "i02", "--language", "en")
    assert said.splitlines()[0] == "I02  error  S4.1  More irrigated land than farmland"
    for part in ("Why:", "Basis:", "Flags:"):
        assert part in said


def test_an_unknown_rule_names_near_ones() -> None:
    status, _, faults = call("rules", "I99", "--language", "en")
    assert status == FAULTY
    assert "Near: I" in faults


def test_the_version_is_told_before_any_command() -> None:
    assert call("--version") == (0, f"povkit {povkit.__version__}\n", "")
    assert call("--version", "check") == (0, f"povkit {povkit.__version__}\n", "")


def test_the_program_leaves_without_noise(register: Path, tmp_path: Path) -> None:
    """DuckDB's own notes at the end of Python must not reach people."""
    command = [
        sys.executable,
        "-m",
        "povkit",
        "check",
        COUNTY,
        "--register",
        register,
        "--as-of",
        AS_OF,
        "--out",
        tmp_path,
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "summary.json" in done.stdout
