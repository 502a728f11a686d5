"""JupyterLab with the analyst's notebook: this Python's kernel, this machine only, a token, a copy to work in.

The copy lies in the folder of outputs, so that the stored notebook stays without outputs and nothing personal gets near
a repository. One that was changed by hand is kept beside the new one.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from povkit.register.store import Register
from povkit.run.manifest import EXPLORATION
from povkit.run.words import words_of
from povkit.vocab import Fault, RunError, resource

FOLDER = "lab"
_QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
"""JupyterLab's settings: no question about news, no look for updates; the network is asked for nothing."""
EARLIER = ".earlier.ipynb"


def open_lab(
    register: Path, out: Path, language: str = "zh", county: str | None = None, as_of: str | None = None,
    port: int = 8888, browser: bool = True,
) -> int:  # fmt: skip
    """Start JupyterLab on the notebook and wait until it is left. Gives its exit status.

    county, as_of: default the register's first county, and the notebook's own date.
    Raises RunError if the register holds no county, or not this one.
    """
    words, known = words_of(language), Register(register).counties()
    if not known:
        raise RunError(Fault((str(register),), words("run.empty_register")))
    if county and county not in known:
        raise RunError(Fault((str(register), county), words("lab.no_county", known=words("mark.list").join(known))))
    given = {
        "county": county or known[0],
        "register": str(register.resolve()),
        "out": str(out.resolve()),
        "language": language,
    }
    notebook = working_copy(out / FOLDER, given | ({"as_of": as_of} if as_of else {}))
    return subprocess.run(
        lab_command(notebook, port, browser), env=lab_environment(notebook.parent), check=False
    ).returncode


def working_copy(folder: Path, given: dict[str, str]) -> Path:
    """The notebook in `folder` with these values in its cell of parameters."""
    notebook = nbformat.read(resource(*EXPLORATION), as_version=4)  # type: ignore[no-untyped-call]
    cell = next(each for each in notebook.cells if "parameters" in each.metadata.get("tags", ()))
    lines = cell.source.splitlines()
    for place, line in enumerate(lines):
        name, equals, rest = line.partition(" = ")
        if equals and name in given:
            lines[place] = f"{name} = {given[name]!r}  #{rest.partition('#')[2]}"
    cell.source = "\n".join(lines)
    target = folder / EXPLORATION[-1]
    folder.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.replace(target.with_name(target.stem + EARLIER))
    nbformat.write(notebook, target)  # type: ignore[no-untyped-call]
    return target


def lab_command(notebook: Path, port: int, browser: bool) -> list[str]:
    """The command: loopback only; the server makes a token of its own. Its root is the notebook's folder."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        str(notebook),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
    ]
    command += [f"--ServerApp.root_dir={notebook.parent}", f"--ServerApp.open_browser={browser}"]
    command.append(f"--LabApp.default_url=/lab/tree/{notebook.name}")  # so that the address it prints is the notebook's
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--ServerApp.allow_root=True")
    return command


def lab_environment(folder: Path) -> dict[str, str]:
    """Kernels and extensions of this Python come before those that the user has set up; settings lie in `folder`."""
    settings = folder / ".jupyter"
    file = settings / "labconfig" / "default_setting_overrides.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(_QUIET), encoding="utf-8")
    given = [str(settings.resolve()), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    path = os.pathsep.join(filter(None, given))
    return {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_CONFIG_PATH": path}
