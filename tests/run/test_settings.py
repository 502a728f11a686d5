"""Parameters are understood, and everything wrong with them is said at once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from povkit.policy import load_policy
from povkit.run.counties import check_counties, inspect_counties
from povkit.run.machine import Machine
from povkit.run.machine_faults import java_version, machine_faults
from povkit.run.request import understand
from povkit.run.settings import MACHINE, PARAMETERS, report_labels, settle
from povkit.run.words import StoryWords
from povkit.vocab import RunError


def given(register: Path, **changes: Any) -> dict[str, Any]:
    usual = {
        "as_of": "2018-12-31", "data_year": None, "register": register, "out": None, "language": "zh",
        "policy": "yunnan-2018", "parameters": None, "fonts": None, "show_identities": False,
    }  # fmt: skip
    return {**usual, **changes}


def wheres(error: pytest.ExceptionInfo[RunError]) -> list[str]:
    return [" · ".join(fault.where) for fault in error.value.faults]


def test_defaults_are_filled_in(register: Path) -> None:
    settings = settle(**given(register))
    assert settings.as_of == date(2018, 12, 31)
    assert settings.data_year == 2018
    assert settings.out == register.parent / "outputs"
    assert settings.policy_file().name == "yunnan-2018.yaml"
    assert settings.county_file("530113").is_file()


def test_a_notebook_finds_its_register_above(register: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    below = register.parent / "notebooks"
    below.mkdir(exist_ok=True)
    monkeypatch.chdir(below)
    settings = settle(**given(Path("register"), search=True))
    assert settings.register.root == register.resolve()
    assert settings.out == register.resolve().parent / "outputs"


def test_every_fault_of_the_parameters_is_said_at_once(register: Path, tmp_path: Path) -> None:
    faulty = given(
        tmp_path / "none", as_of="2018-13-01", language="fr", policy="mine.yaml", fonts=tmp_path / "no fonts"
    )
    with pytest.raises(RunError) as error:
        settle(**faulty)
    assert wheres(error) == [
        "language fr",
        "as_of 2018-13-01",
        str(tmp_path / "none"),
        str(tmp_path / "no fonts"),
        "mine.yaml",
    ]


def test_unknown_county_and_missing_snapshot_and_parameter_come_together(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        inspect_counties(
            ["530113", "999999", "530126"], register, "2018-12-31", out=tmp_path / "out", more={"lmits": 3, "county": 1}
        )
    told = "\n".join(wheres(error))
    assert "lmits" in told
    assert "county" in told
    assert "999999" in told
    assert told.count("530126") == 2
    assert not (tmp_path / "out").exists()


def test_a_bad_date_does_not_hide_an_unknown_county(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        check_counties(["999999"], register, "yesterday", out=tmp_path / "out")
    assert wheres(error) == ["as_of yesterday", "999999"]


def test_a_bad_font_folder_and_a_bad_policy_come_together(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        inspect_counties(["530113"], register, "2018-12-31", out=tmp_path / "out", policy="nobody-1999", fonts=tmp_path)
    assert wheres(error) == [str(tmp_path), "nobody-1999"]


def test_an_own_notebook_must_take_the_parameters(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        inspect_counties(["530113"], register, "2018-12-31", out=tmp_path / "out", notebook=tmp_path / "none.ipynb")
    assert wheres(error) == [str(tmp_path / "none.ipynb")]


def test_counties_are_named_or_all(register: Path, tmp_path: Path) -> None:
    assert understand(["530113"], False, register).counties == ["530113"]
    assert understand(None, True, register).counties == ["530113", "530129"]
    for everything, place, where in ((False, register, "povkit"), (True, tmp_path, str(tmp_path))):
        asked = understand(None, everything, place)
        assert [" · ".join(fault.where) for fault in asked.faults] == [where]


def test_settings_that_are_none_are_said_together(tmp_path: Path) -> None:
    asked = understand(["530113"], False, tmp_path, ["top=5", "name=东川", "on=2018-01-02"])
    assert (asked.more, asked.faults) == ({"top": 5, "name": "东川", "on": date(2018, 1, 2)}, [])
    asked = understand([], False, tmp_path, ["top", "a b=1", "c=[1"])
    assert [fault.where[0] for fault in asked.faults] == ["povkit", "--set top", "--set a b=1", "--set c=[1"]
    assert asked.more == {}


def test_faults_of_the_machine_come_with_the_others(register: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        check_counties(
            ["999999"], register, "yesterday", out=tmp_path / "out", engine="duckdb", master="locl", memory="much",
            threads=0, spill=tmp_path / "none",
        )  # fmt: skip
    wanted = ["as_of yesterday", "master locl", "master locl", "memory much", "threads 0", f"spill {tmp_path / 'none'}"]
    assert wheres(error) == [*wanted, "999999"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("master", ["local", "local[2]", "local[*]", "local[2,3]", "spark://host:7077", "yarn"])
def test_masters_and_sizes_that_are_right(master: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("povkit.run.machine_faults.find_spec", lambda name: name)
    monkeypatch.setattr("povkit.run.machine_faults.java_version", lambda: 17)
    assert machine_faults("spark", master, "1.5 GB", 1, tmp_path, StoryWords()) == []
    assert machine_faults("duckdb", None, "512MiB", None, None, StoryWords()) == []


def test_spark_without_pyspark_and_java_says_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("povkit.run.machine_faults.find_spec", lambda name: None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    java_version.cache_clear()
    try:
        told = [fault.what for fault in machine_faults("spark", None, None, None, None, StoryWords("en"))]
    finally:
        java_version.cache_clear()
    assert len(told) == 2
    assert "make spark" in told[0]
    assert "Java 17" in told[1]
    assert machine_faults("pandas", None, None, None, None, StoryWords())[0].where == ("engine pandas",)


def test_what_the_machine_does_reaches_manifest_and_notebook_only_where_set(register: Path, tmp_path: Path) -> None:
    plain, bounded = settle(**given(register)), settle(**given(register, memory="1GB", threads=1, spill=tmp_path))
    assert bounded.machine == Machine(memory="1GB", threads=1, spill=tmp_path)
    assert set(plain.for_notebook("530113")) == set(PARAMETERS) - set(MACHINE)
    told = bounded.for_notebook("530113")
    assert [name for name in MACHINE if name in told] == ["memory", "threads", "spill"]
    assert bounded.given("530113")["engine"] == "duckdb"
    assert not set(MACHINE) & set(bounded.without_paths("530113"))


def test_labels_name_columns_limits_and_facts() -> None:
    labels = report_labels(load_policy("yunnan-2018"))
    assert labels["farmland"] == ("耕地面积（亩）", "farmland")
    assert labels["income_line"][1] == "income line"
    assert labels["as_of"] == ("核查基准日", "as of")
