"""What is wrong with the settings of a machine: engine, master, memory, threads, spill; told before work starts."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from povkit.run.words import StoryWords
from povkit.vocab import Fault

ENGINES = ("duckdb", "spark")
JAVA_MIN = 17
"""Least Java of PySpark 4."""
_SIZE = re.compile(r"(?P<number>[0-9]+(\.[0-9]+)?) ?(?P<unit>[KMGT]i?)B")
_MASTER = re.compile(r"local(\[(\*|[1-9][0-9]*)(,[1-9][0-9]*)?\])?|yarn|(spark|k8s)://\S+")
_VERSION = re.compile(r'version "(?:1\.)?([0-9]+)')


def machine_faults(
    engine: str, master: str | None, memory: str | None, threads: int | None, spill: Path | None, words: StoryWords
) -> list[Fault]:
    """Every fault of the settings (see `Machine`), in the language of `words`."""
    return list(_faults(engine, master, memory, threads, spill, words))


def _faults(
    engine: str, master: str | None, memory: str | None, threads: int | None, spill: Path | None, words: StoryWords
) -> Iterator[Fault]:
    if engine not in ENGINES:
        yield Fault((f"engine {engine}",), words("run.bad_engine", known=", ".join(ENGINES)))
    if master is not None:
        yield from _master_faults(master, engine, words)
    if memory is not None and not mebibytes(memory):
        yield Fault((f"memory {memory}",), words("run.bad_memory"))
    if threads is not None and threads < 1:
        yield Fault((f"threads {threads}",), words("run.bad_threads"))
    if spill is not None and not spill.is_dir():
        yield Fault((f"spill {spill}",), words("run.no_spill"))
    if engine == "spark":
        yield from _spark_faults(words)


def mebibytes(memory: str) -> int:
    """A size such as 3GB, 800 MB or 2GiB in whole mebibytes; 0 for what is no size, or less than one.

    >>> mebibytes("3GB"), mebibytes("2GiB"), mebibytes("lots")
    (2861, 2048, 0)
    """
    found = _SIZE.fullmatch(memory)
    if not found:
        return 0
    base = 1024 if found["unit"].endswith("i") else 1000
    return int(float(found["number"]) * base ** (1 + "KMGT".index(found["unit"][0])) // 2**20)


def _master_faults(master: str, engine: str, words: StoryWords) -> Iterator[Fault]:
    if not _MASTER.fullmatch(master):
        yield Fault((f"master {master}",), words("run.bad_master"))
    if engine == "duckdb":
        yield Fault((f"master {master}",), words("run.master_of_spark"))


def _spark_faults(words: StoryWords) -> Iterator[Fault]:
    if find_spec("pyspark") is None:
        yield Fault(("engine spark",), words("run.no_pyspark"))
    if java_version() < JAVA_MIN:
        yield Fault(("engine spark",), words("run.no_java", least=JAVA_MIN))


@cache
def java_version() -> int:
    """Major version of the Java that Spark would start (JAVA_HOME, else the path); 0 if there is none."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if program is None:
        return 0
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = _VERSION.search(said.stderr + said.stdout)
    return int(found[1]) if found else 0
