"""The rules of the house: layers, lint, sizes, lists that must agree. A breach turns the tests red."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
MODULE_LINES_MAX = 300
FILE_BYTES_MAX = 400_000
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, check=False)


def test_rooms_import_only_downwards() -> None:
    done = _run("-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_lint_is_clean() -> None:
    done = _run("-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_modules_can_be_read_at_one_sitting() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in sorted((ROOT / "povkit").rglob("*.py"))}
    assert len(lengths) > 30
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > MODULE_LINES_MAX} == {}


def test_conda_environment_has_the_same_direct_dependencies() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(each["pip"] for each in environment["dependencies"] if isinstance(each, dict))
    assert sorted(pip) == sorted(PROJECT["project"]["dependencies"])
    assert f"python{PROJECT['project']['requires-python']}" in environment["dependencies"]


def test_lock_holds_every_direct_dependency() -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M))
    direct = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    names = {re.match(r"[A-Za-z0-9_.-]+", each)[0].lower().replace("_", "-") for each in direct}  # type: ignore[index]
    assert names <= locked


def test_readme_gives_the_two_commands_and_make_has_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert re.search(rf"^{command}:", recipes, re.M)


def test_every_room_is_described() -> None:
    described = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [p.name for p in (ROOT / "povkit").iterdir() if (p / "__init__.py").exists()]
    assert {room for room in rooms if f"`povkit/{room}/`" not in described} == set()


def test_wheel_carries_notebooks_parameters_templates(tmp_path: Path) -> None:
    built = _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path[:] = [p for p in sys.path if 'povkit' not in p];"
        f"sys.path.insert(0, {str(tmp_path / 'site')!r});"
        "import povkit; from povkit.vocab import resource; from povkit.policy import load_policy, counties;"
        "assert 'site' in povkit.__file__, povkit.__file__;"
        "print(resource('notebooks', 'county_inspection.ipynb'));"
        "print(load_policy('yunnan-2018').name, len(counties()))"
    )
    done = _run("-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "_data" in done.stdout
    assert "yunnan-2018 14" in done.stdout


def test_no_generated_data_is_tracked() -> None:
    """What a script can make again stays out of the repository; nothing but the lock file is large."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    tracked = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert len(tracked) > 100
    sizes = {p.relative_to(ROOT).as_posix(): p.stat().st_size for p in tracked if p.exists()}
    assert {name: size for name, size in sizes.items() if size > FILE_BYTES_MAX} == {}
