"""What a check may use of the machine: memory that is kept to, a spill folder that nobody has to clear up."""

from datetime import date
from pathlib import Path

import pytest

from povkit.policy import load_policy
from povkit.register.store import Register
from povkit.run import check
from povkit.run import machine as machine_room
from povkit.run.check import check_county, write_check
from povkit.run.machine import Machine
from povkit.simulate import simulate
from povkit.views.slices import Slices

AS_OF = date(2018, 12, 31)
CODES = ("A01", "B04", "B12", "E08", "H15", "I02", "K20", "P05")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("register")
    simulate(folder, "530128", households=300, seed=5)
    return folder


def spilt(folder: Path) -> list[Path]:
    return list(folder.glob(".povkit-spill-*"))


def test_what_does_not_fit_spills_beside_and_goes_with_the_connection(tmp_path: Path) -> None:
    connection = Machine(memory="60MB", threads=1).connect(tmp_path)
    connection.con.execute("CREATE TABLE wide AS SELECT i AS a, hash(i)::VARCHAR || i AS b FROM range(4000000) t(i)")
    assert spilt(tmp_path)
    assert connection.con.execute("SELECT count(DISTINCT b) FROM wide").fetchall() == [(4_000_000,)]
    connection.close()
    assert not spilt(tmp_path)


def test_a_connection_that_is_forgotten_leaves_nothing(tmp_path: Path) -> None:
    connection = Machine(memory="60MB", threads=1).connect(tmp_path)
    connection.con.execute("CREATE TABLE wide AS SELECT i AS a, hash(i)::VARCHAR || i AS b FROM range(4000000) t(i)")
    del connection
    assert not spilt(tmp_path)


def test_a_check_that_fails_closes_its_connection(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    connect = Machine.connect

    def fails(*_: object) -> None:
        opened[0].folder.mkdir()
        raise RuntimeError("no")

    monkeypatch.setattr(Machine, "connect", lambda self, beside: opened.append(connect(self, beside)) or opened[-1])
    monkeypatch.setattr(check, "run_rules", fails)
    with pytest.raises(RuntimeError, match="no"):
        check_county(
            Register(register), "530128", AS_OF, 2018, load_policy(), rules=CODES, machine=Machine(spill=tmp_path)
        )
    assert not spilt(tmp_path)
    with pytest.raises(Exception, match=r"[Cc]losed"):
        opened[0].con.execute("SELECT 1")


def test_results_depend_neither_on_memory_nor_on_threads_nor_on_what_is_built(register: Path, tmp_path: Path) -> None:
    machines = {
        "small": Machine(memory="200MB", threads=1, spill=tmp_path, whole_views=False),
        "large": Machine(memory="2GB", threads=2, spill=tmp_path),
    }
    for name, machine in machines.items():
        checked = check_county(Register(register), "530128", AS_OF, 2018, load_policy(), rules=CODES, machine=machine)
        write_check(checked, tmp_path / name)
        checked.frames.close()
    for file in ("findings.parquet", "summary.json"):
        assert (tmp_path / "small" / file).read_bytes() == (tmp_path / "large" / file).read_bytes()
    assert not spilt(tmp_path)


def test_a_register_too_large_for_the_memory_is_cut_and_gives_the_same_bytes(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, slices = Slices.cut, []
    monkeypatch.setattr(Slices, "cut", lambda self, *given: slices.append(self.number) or cut(self, *given))
    small = Machine(memory="200MB", spill=tmp_path, whole_views=False)
    for name, people in (("whole", machine_room.PEOPLE_A_MEBIBYTE), ("cut", 1)):
        monkeypatch.setattr(machine_room, "PEOPLE_A_MEBIBYTE", people)
        checked = check_county(Register(register), "530128", AS_OF, 2018, load_policy(), rules=CODES, machine=small)
        write_check(checked, tmp_path / name)
        checked.frames.close()
    assert len(slices) == 1
    assert slices[0] > 2
    for file in ("findings.parquet", "summary.json"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "cut" / file).read_bytes()
    assert not spilt(tmp_path)
