"""Folders of a run: finding relative paths, and putting results in place so that nothing is ever half-written."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

FAILED = ".failed"


def nearest(path: str | Path, start: Path | None = None) -> Path:
    """A path as people mean it in a notebook: relative ones are looked for in `start`, then in each folder above it.

    So `register` is found from the checkout, from `notebooks/` and from `outputs/530113/2018-12-31/` alike. What is
    nowhere is taken below `start` (default: the current folder). Absolute paths stay.
    """
    path = Path(path).expanduser()
    start = (start or Path.cwd()).resolve()
    places = [place / path for place in (start, *start.parents)]
    return next((place for place in places if place.exists()), places[0])


def county_folder(out: Path, county: str, as_of: date) -> Path:
    """Where the results of a county lie: `out/<county>/<as_of>`."""
    return out / county / as_of.isoformat()


@contextmanager
def staging(beside: Path) -> Iterator[Path]:
    """An empty folder on the same disk as the results, gone afterwards whatever happens.

    beside: folder (made if needed) in which it is made.
    """
    beside.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".povkit-", dir=beside))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def put_files(made: Path, folder: Path) -> list[Path]:
    """Move the files of `made` into `folder`, each at once; other files there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    moved = []
    for file in sorted(made.iterdir()):
        file.replace(folder / file.name)
        moved.append(folder / file.name)
    return moved


def swap_folder(made: Path, folder: Path) -> None:
    """Put the folder `made` where `folder` is. The earlier one goes only after the new one stands in its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    earlier = made.with_name(made.name + ".earlier")
    if folder.exists():
        folder.rename(earlier)
    try:
        made.rename(folder)
    except OSError:
        if earlier.exists():
            earlier.rename(folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
