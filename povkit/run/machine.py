"""What a check may use of the machine: memory, threads, a folder to spill to, and which engine evaluates the rules."""

import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from povkit.rules import FrameOf
from povkit.run.machine_faults import machine_faults, mebibytes
from povkit.run.spark import spark_frames
from povkit.run.words import words_of
from povkit.views import Cut, Views
from povkit.vocab import RunError

PEOPLE_A_MEBIBYTE = 1_500
"""So many people of a register take about a mebibyte while the person view is made and judged."""

_NUMBER = count()


@dataclass(frozen=True)
class Machine:
    """Limits of one run.

    memory: how much DuckDB may hold, "3GB"; what is more goes to a temporary folder and is removed with the
    connection (Python and the findings come on top); a local Spark may hold as much again. threads: of DuckDB and of a
    local Spark, all cores by default. spill: folder in which that temporary folder is made, the register's by default;
    on a cluster one that driver and workers both see. engine: "duckdb" or "spark", for the rules. master: of Spark,
    this machine by default. whole_views: build every column of every view, for people who want to look; without it
    those that the chosen rules and patterns and the counts need.

    Raises RunError with every fault of these settings.
    """

    memory: str | None = None
    threads: int | None = None
    spill: Path | None = None
    engine: str = "duckdb"
    master: str | None = None
    whole_views: bool = True

    def __post_init__(self) -> None:
        faults = machine_faults(self.engine, self.master, self.memory, self.threads, self.spill, words_of("en"))
        if faults:
            raise RunError(faults)

    def connect(self, beside: Path) -> "Connection":
        """A DuckDB connection within these limits. beside: where to spill, unless `spill` says so."""
        folder = (self.spill or beside) / f".povkit-spill-{os.getpid()}-{next(_NUMBER)}"
        settings: dict[str, Any] = {
            "temp_directory": str(folder.resolve()),
            "preserve_insertion_order": False,
        }
        if self.memory is not None:
            settings["memory_limit"] = self.memory
        if self.threads is not None:
            settings["threads"] = self.threads
        connection = Connection(duckdb.connect(config=settings), folder)
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
        return connection

    @contextmanager
    def frames(self, views: Views) -> Iterator[FrameOf | None]:
        """The views as the chosen engine reads them, for as long as the block runs; None: DuckDB's own."""
        if self.engine == "duckdb":
            yield None
            return
        master = self.master or f"local[{self.threads or '*'}]"
        with spark_frames(views, master, self.spill, mebibytes(self.memory or "")) as frame_of:
            yield frame_of


@dataclass(eq=False)
class Connection:
    """A DuckDB connection, and the folder that it makes when it has to spill. Nothing is left of it at exit."""

    con: duckdb.DuckDBPyConnection
    folder: Path

    @contextmanager
    def kept_if_sound(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection for a block of work: left open for who looks at the views, closed if the work fails."""
        try:
            yield self.con
        except BaseException:
            self.close()
            raise

    def cut(self) -> Cut:
        """How to cut the register of a county that is too large for the memory of the connection."""
        memory = str(self.con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])
        return Cut(self.folder / "slices", PEOPLE_A_MEBIBYTE * mebibytes(memory))

    def close(self) -> None:
        """Close it and remove the folder."""
        self.con.close()
        shutil.rmtree(self.folder, ignore_errors=True)
