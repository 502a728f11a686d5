"""N and T: faults in the village tables, the village standards, and the county's papers."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from povkit.simulate.arrays import Frame
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.planting import Phase, fault
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark


def _spoil(plot: Plot, where: Any, n: int) -> Iterator[tuple[str, Frame, int]]:
    """At most one village in twenty (at least one) of the mask over this year's table: code, table, row."""
    table = plot.world.tables["village", THIS]
    codes = plot.take_objects(table.loc[where, "village_code"], min(n, max(1, len(table) // 20)))
    for code in codes:
        yield code, table, int(table.index[table["village_code"] == code][0])


_PARTS = {
    "households": ("dibao_households", "unsafe_water_households", "unsafe_house_households"),
    "population": (
        "dibao_population", "tekun_population", "disabled_population", "labour_population", "migrant_population",
        "medical_insured_population", "pension_insured_population",
    ),
}  # fmt: skip


def _keep_within(table: Frame, row: int) -> None:
    """Cut the counts of a village to what its households and population allow."""
    for whole, parts in _PARTS.items():
        for part in parts:
            most = int(table.at[row, whole]) // (3 if whole == "households" else 1)
            table.at[row, part] = min(int(table.at[row, part]), most)


def _table(plot: Plot) -> Frame:
    return plot.world.tables["village", THIS]


@fault("N01", phase=Phase.VILLAGES)
def village_total_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """A village without its number of households."""
    for code, table, row in _spoil(plot, ~_table(plot)["exited"], n):
        table.at[row, "households"] = pd.NA
        yield Mark("N01", code, "village")


@fault("N02", phase=Phase.VILLAGES, rank=1)
def more_poor_than_all(plot: Plot, n: int) -> Iterator[Mark]:
    """More poor households than households."""
    for code, table, row in _spoil(plot, ~_table(plot)["exited"] & (_table(plot)["poor_households"] >= 2), n):
        table.at[row, "households"] = int(table.at[row, "poor_households"]) - 1
        _keep_within(table, row)
        yield Mark("N02", code, "village")


@fault("N03", phase=Phase.VILLAGES)
def sums_differ(plot: Plot, n: int) -> Iterator[Mark]:
    """Poor households that the household table does not know."""
    for code, table, row in _spoil(plot, ~_table(plot)["exited"], n):
        table.at[row, "poor_households"] = int(table.at[row, "poor_households"]) + 2
        yield Mark("N03", code, "village")


@fault("N12", phase=Phase.VILLAGES, rank=0)
def exited_too_poor(plot: Plot, n: int) -> Iterator[Mark]:
    """A village out with more than three in a hundred still poor."""
    leaving = (_table(plot)["exit_year"] == THIS).fillna(False)
    for code, table, row in _spoil(plot, leaving & (_table(plot)["poor_population"] > 0), n):
        population = int(int(table.at[row, "poor_population"]) / 0.036)
        table.at[row, "population"] = population
        table.at[row, "households"] = max(population // 4, int(table.at[row, "poor_households"]) + 1)
        _keep_within(table, row)
        yield Mark("N12", code, "village")


@fault("N13", phase=Phase.VILLAGES, rank=2)
def exit_without_year(plot: Plot, n: int) -> Iterator[Mark]:
    """A village out, nobody says when."""
    for code, table, row in _spoil(plot, _table(plot)["exited"], n):
        table.at[row, "exit_year"] = pd.NA
        yield Mark("N13", code, "village")


@fault("N18", phase=Phase.VILLAGES, rank=0)
def village_row_missing(plot: Plot, n: int) -> Iterator[Mark]:
    """A village that is not poor but has registered households, and no row on the village table."""
    fit = ~_table(plot)["poor_village"] & (_table(plot)["poor_households"] > 0)
    codes = [code for code, _, _ in _spoil(plot, fit, n)]
    for year in (LAST, THIS):
        table = plot.world.tables["village", year]
        plot.world.tables["village", year] = table[~table["village_code"].isin(codes)].reset_index(drop=True)
    yield from (Mark("N18", code, "village") for code in codes)


@fault("N19", phase=Phase.VILLAGES, rank=1)
def standard_not_met(plot: Plot, n: int) -> Iterator[Mark]:
    """A village out with a standard not met, not listed, or not certified."""
    standards = plot.world.tables["village_standard", None]
    gone: list[int] = []
    for place, (code, _, _) in enumerate(_spoil(plot, _table(plot)["exited"], n)):
        row = int(plot.rng.choice(standards.index[standards["village_code"] == code]))
        if place % 3 == 0:
            standards.at[row, "met"] = False
        elif place % 3 == 1:
            gone.append(row)
        else:
            standards.at[row, "certified_on"] = pd.NaT
        yield Mark("N19", code, "village")
    plot.world.tables["village_standard", None] = standards.drop(index=gone).reset_index(drop=True)


@fault("T01", phase=Phase.VILLAGES)
def papers_late(plot: Plot, _: int) -> Iterator[Mark]:
    """The county's papers reach the city too late (counties that leave this year only)."""
    if not plot.world.county.exits_this_year:
        return
    table = plot.world.tables["milestone", None]
    table.loc[table["step"] == "县报市", "on"] = pd.Timestamp(f"{THIS}-12-23")
    yield Mark("T01", plot.world.county.code, "county")


def _written(code: str, where: str, **values: Any) -> None:
    """Register a fault that writes cells into the row of a village; where: all, or those of a yes/no column."""

    @fault(code, phase=Phase.VILLAGES, rank=4)
    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        """Cells of a village's row."""
        mask = _table(plot)["village_code"].notna() if where == "all" else _table(plot)[where].fillna(False)
        for village, table, row in _spoil(plot, mask.astype(bool), n):
            for name, value in values.items():
                table.at[row, name] = value
            yield Mark(code, village, "village")


_written("N05", "all", disabled_population=pd.NA)
_written("N06", "exited", collective_income=0.0)
_written("N07", "exited", unpaved_road_km=2.5)
_written("N08", "all", doctors=pd.NA)
_written("N10", "all", farmland=0.5)
_written("N11", "exited", unpowered_households=3)
_written("N14", "all", groups=0)
_written("N16", "poor_village", first_secretary=None)


def _over(code: str, part: str, whole: str) -> None:
    """Register a fault that makes a part of a village larger than the whole."""

    @fault(code, phase=Phase.VILLAGES, rank=4)
    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        """A part above the whole."""
        for village, table, row in _spoil(plot, ~_table(plot)["exited"] & _table(plot)["population"].notna(), n):
            if pd.notna(table.at[row, whole]):
                table.at[row, part] = int(table.at[row, whole]) + 40
                yield Mark(code, village, "village")


_over("N04", "disabled_population", "population")
_over("N15", "pension_insured_population", "population")
_over("N09", "unsafe_water_households", "households")


@fault("M10", phase=Phase.VILLAGES, rank=1)
def exit_without_measures(plot: Plot, n: int) -> Iterator[Mark]:
    """A village that exits this year without a measure of its own."""
    for code, _, _ in _spoil(plot, (_table(plot)["exit_year"] == THIS).fillna(False), n):
        table = plot.world.tables["measure", None]
        of_village = (table["village_code"] == code) & table["household_id"].isna()
        plot.world.tables["measure", None] = table[~of_village].reset_index(drop=True)
        yield Mark("M10", code, "village")


@fault("N17", phase=Phase.VILLAGES, rank=9)
def code_too_short(plot: Plot, n: int) -> Iterator[Mark]:
    """A village code that lost its last digit: the village has no row under its own code then."""
    fit = ~_table(plot)["exited"] & (_table(plot)["poor_households"] > 0) & _table(plot)["households"].notna()
    for code, table, row in _spoil(plot, fit, min(n, 1)):
        table.at[row, "village_code"] = code[:11]
        yield from (Mark(each, code[:11], "village") for each in ("N03", "N17"))
        yield Mark("N18", code, "village")
