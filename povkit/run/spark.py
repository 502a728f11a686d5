"""Rules on Spark: the same expressions, for registers that outgrow one machine.

DuckDB still builds the views (one county at a time, spilling to disk); Spark reads them as Parquet, evaluates every
rule of a view in one pass over its partitions, and brings back flagged rows only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from povkit.rules import FrameOf
from povkit.views import Views
from povkit.vocab import Fault, RunError

_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}
_ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


@contextmanager
def spark_frames(views: Views, master: str, scratch: Path | None = None) -> Iterator[FrameOf]:
    """Give each view as a Spark DataFrame for as long as the block runs.

    master: `local[2]`, or the address of a cluster; scratch: a folder that driver and workers both see (needed on a
    cluster; a temporary one by default).

    Raises RunError if PySpark or Java is not installed.
    """
    session = _session(master)
    try:
        with TemporaryDirectory(dir=scratch, prefix="povkit-views-") as folder:
            yield lambda name: session.read.parquet(_written(views, name, Path(folder)))
    finally:
        session.stop()


def _written(views: Views, name: str, folder: Path) -> str:
    path = folder / f"{name}.parquet"
    if not path.exists():
        views.con.table(name).write_parquet(str(path))
    return str(path)


def _session(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra: not installed with povkit)
    except ImportError as error:
        what = "PySpark is not installed: pip install 'povkit[spark]' (Java 17 is needed too), or use --engine duckdb"
        raise RunError(Fault(("--engine spark",), what)) from error
    builder = SparkSession.builder.master(master).appName("povkit")
    for key, value in {**_ALWAYS, **(_LOCAL if master.startswith("local") else {})}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        what = f"Spark does not start ({type(error).__name__}); Java 17 must be installed and JAVA_HOME point to it"
        raise RunError(Fault(("--engine spark", master), what)) from error
