"""Where results come from: hashes of inputs, policy, code and environment, for the report and for manifest.json.

The manifest is written last, so that a folder with one is whole. Times stand nowhere else.
"""

import hashlib
import json
import platform
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from povkit.register.messages import NOT_RECOGNISED, say
from povkit.register.store import Register
from povkit.vocab import resource
from povkit.vocab.version import __version__

MANIFEST = "manifest.json"
NOTEBOOK = ("notebooks", "county_inspection.ipynb")
EXPLORATION = ("notebooks", "explore_anomalies.ipynb")
_CODE = ("*.py", "*.yaml", "*.typ")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def provenance(
    register: Register,
    county: str,
    data_year: int,
    policy: Path,
    place: Path,
    parameters: Mapping[str, Any],
    leads: Path | None = None,
) -> dict[str, Any]:
    """What a county's results rest on. Equal inputs give equal provenance, wherever they lie.

    policy, place: files of the policy and of the county. parameters: of the run, without paths. leads: the file of
    marks on earlier leads; the key `leads` is there where the file is.
    The keys `files` and `unrecognised` are the receipt's: raw files with their hashes.
    """
    receipt = register.receipt(county) if county in register.counties() else {}
    return {
        "files": receipt.get("files", []),
        "unrecognised": receipt.get("unrecognised", []),
        "register": snapshots(register, county, data_year),
        "policy": {"name": parameters.get("policy"), "sha256": sha256(policy)},
        "county": {"name": county, "sha256": sha256(place)},
        "code": {"version": __version__, "sha256": code_hash()},
        "environment": environment(),
        "parameters": dict(parameters),
        **({"leads": {"sha256": sha256(leads)}} if leads and leads.exists() else {}),
    }


def for_report(whole: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The same, fit to print: one hash over all snapshots, reasons in words."""
    passed = [{**item, "why": say(NOT_RECOGNISED, item["why"], language)} for item in whole["unrecognised"]]
    register = _digest(f"{item['file']} {item['sha256']}" for item in whole["register"])
    return {**whole, "unrecognised": passed, "register": {"sha256": register}}


def snapshots(register: Register, county: str, data_year: int) -> list[dict[str, str]]:
    """The county's snapshot files that a check of `data_year` reads, and its receipt, with their hashes."""
    folders = [register.root / county / name for name in (str(data_year - 1), str(data_year), "lists")]
    files = [file for folder in folders for file in sorted(folder.glob("*.parquet"))]
    files.append(register.root / county / "receipt.json")
    return [
        {"file": file.relative_to(register.root).as_posix(), "sha256": sha256(file)} for file in files if file.exists()
    ]


def sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_hash() -> str:
    """One hash over povkit's code, words and templates, the notebook and the input contract."""
    package = Path(__file__).resolve().parents[1]
    files = {f"povkit/{file.relative_to(package).as_posix()}": file for each in _CODE for file in package.rglob(each)}
    files = {name: file for name, file in files.items() if not name.startswith("povkit/_data/")}
    files["/".join(NOTEBOOK)] = resource(*NOTEBOOK)
    folder = resource("parameters", "layouts")
    files |= {f"parameters/layouts/{file.name}": file for file in folder.glob("*.yaml")}
    return _digest(f"{name} {sha256(file)}" for name, file in sorted(files.items()))


def environment() -> dict[str, Any]:
    """Python and the versions of povkit's direct dependencies, with one hash over them; the lock file's, if there."""
    packages = {name: _version(name) for name in _direct()}
    python = platform.python_version()
    lines = [f"python {python}", *(f"{name} {version}" for name, version in packages.items())]
    return {"python": python, "packages": packages, "sha256": _digest(lines)}


def lock_hash() -> str | None:
    """Hash of the lock file where povkit runs from a checkout."""
    try:
        return sha256(resource("requirements.lock"))
    except FileNotFoundError:
        return None


def write_manifest(
    folder: Path,
    whole: Mapping[str, Any],
    given: Mapping[str, Any],
    names: Iterable[str],
    started: datetime | None = None,
    ended: datetime | None = None,
) -> Path:
    """Write manifest.json for the files `names` of a folder.

    whole: see `provenance`. given: every parameter of the run as it was given, paths included.
    started, ended: from the caller's clock; None where a notebook was run by hand.
    """
    outputs = [
        {"file": name, "bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)}
        for name in sorted(names)
    ]
    content = {
        "povkit": __version__,
        "started": started.isoformat() if started else None,
        "ended": ended.isoformat() if ended else None,
        "given": dict(given),
        "show_identities": bool(given.get("show_identities", False)),
        **whole,
        "lock": lock_hash(),
        "outputs": outputs,
    }
    path = folder / MANIFEST
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def finish_manifest(folder: Path, given: Mapping[str, Any], started: datetime | None, ended: datetime | None) -> Path:
    """Write the manifest of a folder over all its files: what the notebook noted, this run's parameters, times."""
    path = folder / MANIFEST
    noted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    keys = ["files", "unrecognised", "register", "policy", "county", "code", "environment", "parameters"]
    keys += ["leads"] if "leads" in noted else []
    names = [file.name for file in folder.iterdir() if file.name != MANIFEST]
    return write_manifest(folder, {key: noted.get(key) for key in keys}, given, names, started, ended)


def _direct() -> list[str]:
    """Names of the packages that povkit itself asks for, from the installed package or the checkout."""
    try:
        asked = [each for each in metadata.requires("povkit") or [] if "extra ==" not in each]
    except metadata.PackageNotFoundError:
        with resource("pyproject.toml").open("rb") as file:
            asked = tomllib.load(file)["project"]["dependencies"]
    found = (_REQUIREMENT.match(each) for each in asked)
    return sorted(each[0].lower() for each in found if each)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
