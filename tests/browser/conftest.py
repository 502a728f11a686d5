"""JupyterLab on loopback with the analyst's notebook, and a browser to look at it; skipped where there is none."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from povkit.run.explore.lab import FOLDER, lab_command, lab_environment, working_copy
from povkit.simulate import simulate

COUNTY, AS_OF, HOUSEHOLDS = "530113", "2018-12-31", 220
TOKEN = "a-token-for-the-test"
PATIENCE = 300
"""Seconds that anything may take on a loaded machine."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it is, and the folders behind it."""

    url: str
    register: Path
    out: Path
    county: str = COUNTY
    patience: int = PATIENCE


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no Chromium is installed here (apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Started with the command of `povkit lab`, in a home of its own; stopped by its process number."""
    home = tmp_path_factory.mktemp("lab")
    register, out = home / "register", home / "outputs"
    simulate(register, COUNTY, HOUSEHOLDS, seed=3)
    given = {"county": COUNTY, "as_of": AS_OF, "register": str(register), "out": str(out)}
    notebook = working_copy(out / FOLDER, given)
    port = _free_port()
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"JUPYTER_TOKEN": TOKEN, "IPYTHONDIR": str(home / "ipython"), "PYTHONPATH": os.pathsep.join(sys.path)}
    log = home / "lab.log"
    with log.open("wb") as said:
        command = [*lab_command(notebook, port, browser=False), "--LabApp.expose_app_in_browser=True"]
        environment = lab_environment(notebook.parent) | own
        server = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=home)
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", server, log)
            yield Lab(f"http://127.0.0.1:{port}/lab/tree/{notebook.name}?token={TOKEN}", register, out)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text(errors="replace")
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not come up:\n{log.read_text(errors='replace')}")
