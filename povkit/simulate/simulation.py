"""Make a county's register and write it: as exports, or as the snapshots that importing them would give."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from povkit.simulate.assumptions import FEWEST_HOUSEHOLDS
from povkit.simulate.export import write_export
from povkit.simulate.faults import doubts, plant
from povkit.simulate.places import read_county
from povkit.simulate.shapes import plant_shapes, shape_doubts
from povkit.simulate.snapshots import write_snapshots
from povkit.simulate.truth import Truth, truth_table, write_truth
from povkit.simulate.world import World, draw_world, write_tables
from povkit.vocab import Fault, InputError


def simulate(
    out: Path,
    county: str,
    households: int,
    seed: int,
    raw: bool = False,
    faults: float | Mapping[str, int] = 1.0,
    shapes: float | Mapping[str, float] = 0.0,
) -> Truth:
    """Write a made-up register of a county and the truth about it.

    out: folder; the county goes to `out/<county>`, the truth to `out/truth/<county>.csv`.
    county: code of one of Kunming's counties; households: registered households this year, at least 60.
    raw: exports (workbooks and CSV) instead of typed snapshots.
    faults: strength for every code (1 usual, 0 none), or a number of objects by code.
    shapes: strength (0 to 1) of what patterns should find, for every code or by code.

    The same arguments give the same bytes. A county made earlier is replaced; one that was not made here is left alone.
    Raises InputError with everything that is wrong with the arguments.
    """
    out = Path(out)
    truth_path = out / "truth" / f"{county}.csv"
    _refuse(out, truth_path, county, households, [*doubts(faults), *shape_doubts(shapes)])
    world, table = make_world(county, households, seed, faults, shapes)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=f".{county}-") as workshop:
        fresh = Path(workshop) / county
        fresh.mkdir()
        (write_export if raw else write_snapshots)(world, fresh)
        if (out / county).exists():
            (out / county).replace(Path(workshop) / "earlier")
        fresh.replace(out / county)
    write_truth(truth_path, table.table)
    return Truth(county, table.table, truth_path)


def make_world(
    county: str,
    households: int,
    seed: int,
    faults: float | Mapping[str, int] = 1.0,
    shapes: float | Mapping[str, float] = 0.0,
) -> tuple[World, Truth]:
    """The register in memory, and what was planted in it. Arguments as for `simulate`."""
    world = draw_world(read_county(county), households, seed)
    marks = plant_shapes(world, shapes)
    write_tables(world)
    return world, Truth(county, truth_table([*marks, *plant(world, faults)]))


def _refuse(out: Path, truth_path: Path, county: str, households: int, found: list[Fault]) -> None:
    if households < FEWEST_HOUSEHOLDS:
        found.append(
            Fault(("households",), f"{households} are too few for a county; write at least {FEWEST_HOUSEHOLDS}")
        )
    try:
        read_county(county)
    except InputError as error:
        found += error.faults
    if (out / county).exists() and not truth_path.exists():
        what = "this folder was not made by povkit simulate and is left alone; choose another folder"
        found.append(Fault((str(out / county),), what))
    if found:
        raise InputError(found)
