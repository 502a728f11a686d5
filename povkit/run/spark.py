"""Rules on Spark: the same expressions, for registers that outgrow one machine.

DuckDB still builds the views (one county at a time, spilling to disk); Spark reads them as Parquet, evaluates every
rule of a view in one pass over its partitions, and brings back flagged rows only.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from warnings import catch_warnings, filterwarnings

from povkit.rules import FrameOf
from povkit.views import Views
from povkit.vocab import Fault, RunError

_FOLDER = "povkit-views-"
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}
"""A Spark of this machine alone listens on loopback only."""
_ALWAYS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


_PANDAS = "PySpark does not yet fully support pandas"
"""A warning of PySpark 4 that does not concern povkit, which takes Arrow tables from it."""


@contextmanager
def spark_frames(views: Views, master: str, scratch: Path | None = None, memory: int = 0) -> Iterator[FrameOf]:
    """Give each view as a Spark DataFrame for as long as the block runs.

    scratch: a folder that driver and workers both see (needed on a cluster; a temporary one by default). The rest: see
    `spark_session`.
    """
    with spark_session(master, scratch, memory) as session, TemporaryDirectory(dir=scratch, prefix=_FOLDER) as folder:
        yield lambda name: session.read.parquet(_written(views, name, Path(folder)))


def _written(views: Views, name: str, folder: Path) -> str:
    path = folder / f"{name}.parquet"
    if not path.exists():
        views.con.table(name).write_parquet(str(path))
    return str(path)


@contextmanager
def spark_session(
    master: str, scratch: Path | None = None, memory: int = 0, settings: Mapping[str, str] | None = None
) -> Iterator[Any]:
    """A Spark session for as long as the block runs; one that runs already is used as it is, and left running.

    master: `local[2]`, or the address of a cluster. scratch: folder that a local Spark spills to. memory: of a local
    Spark, in MiB (0: Spark's own default). settings: further ones of Spark, by name.

    Raises RunError if PySpark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra: not installed with povkit)
    except ImportError as error:
        what = "PySpark is not installed: pip install 'povkit[spark]' (Java 17 is needed too), or use --engine duckdb"
        raise RunError(Fault(("--engine spark",), what)) from error
    with catch_warnings():
        filterwarnings("ignore", _PANDAS)
        running = SparkSession.getActiveSession()
        if running is not None:
            yield running
            return
        session = _start(SparkSession, master, {**_settings(master, scratch, memory), **(settings or {})})
        try:
            yield session
        finally:
            session.stop()


def _start(kind: Any, master: str, settings: Mapping[str, str]) -> Any:
    builder = kind.builder.master(master).appName("povkit")
    for key, value in settings.items():
        builder = builder.config(key, value)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        return builder.getOrCreate()
    except Exception as error:
        what = f"Spark does not start ({type(error).__name__}); Java 17 must be installed and JAVA_HOME point to it"
        raise RunError(Fault(("--engine spark", master), what)) from error


def _settings(master: str, scratch: Path | None, memory: int) -> dict[str, str]:
    settings = dict(_ALWAYS)
    if master.startswith("local"):
        settings |= _LOCAL
        settings |= {"spark.driver.memory": f"{memory}m"} if memory else {}
        settings |= {"spark.local.dir": str(scratch.resolve())} if scratch else {}
    return settings
