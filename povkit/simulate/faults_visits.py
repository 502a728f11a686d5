"""P and V: problem records closed against the facts, and visits that contradict the register."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from povkit.simulate.assumptions import LINE, THIS
from povkit.simulate.planting import Phase, fault
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark


def _visits(plot: Plot, n: int, where: Any) -> Iterator[tuple[str, int]]:
    """Visits of a mask that no fault has had yet: number and row."""
    for visit in plot.take_objects(plot.visits.loc[where, "visit_id"], n):
        yield visit, int(plot.visits.index[plot.visits["visit_id"] == visit][0])


def _status(plot: Plot, status: str) -> Any:
    return plot.visits["household_id"].map(plot.homes["status"]).eq(status).to_numpy()


@fault("V01", rank=1)
def income_found_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """Far more income at the door than on the register."""
    for visit, row in _visits(plot, n, plot.visits["household_id"].notna()):
        plot.visits.at[row, "net_income_pc"] = round(float(plot.visits.at[row, "net_income_pc"]) * 1.6, 2)
        yield Mark("V01", visit, "visit")


@fault("V02", rank=0)
def guarantee_not_found(plot: Plot, n: int) -> Iterator[Mark]:
    """Schooling or medical care that the register has and the visit does not find, with the poor."""
    for place, (visit, row) in enumerate(_visits(plot, n, _status(plot, "未脱贫"))):
        plot.visits.at[row, ("education_ok", "medical_ok")[place % 2]] = False
        plot.visits.at[row, "verdict"] = "其他问题"
        yield Mark("V02", visit, "visit")


@fault("V03", rank=1)
def wrong_exit(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty, and an income below the line at the door."""
    left = _status(plot, "已脱贫") & (plot.visits["net_income_pc"].to_numpy() > 1.4 * LINE[THIS])
    for visit, row in _visits(plot, n, left):
        plot.visits.at[row, "net_income_pc"] = float(LINE[THIS] - 300)
        plot.visits.at[row, "verdict"] = "错退"
        yield Mark("V01", visit, "visit")
        yield Mark("V03", visit, "visit")


@fault("V04", rank=1)
def left_out(plot: Plot, n: int) -> Iterator[Mark]:
    """In need, and not on the register."""
    for visit, row in _visits(plot, n, plot.visits["household_id"].isna()):
        plot.visits.at[row, "net_income_pc"], plot.visits.at[row, "verdict"] = 2400.0, "漏评"
        yield Mark("V04", visit, "visit")


def _problems(plot: Plot, n: int, where: Any) -> Iterator[tuple[str, int]]:
    table = plot.world.tables["problem", None]
    for problem in plot.take_objects(table.loc[where, "problem_id"], n):
        yield problem, int(table.index[table["problem_id"] == problem][0])


@fault("P03", rank=3, phase=Phase.VILLAGES)
def corrected_in_name(plot: Plot, n: int) -> Iterator[Mark]:
    """Marked as corrected, and the old value still stands."""
    table = plot.world.tables["problem", None]
    value = plot.homes["net_income_pc"]
    fit = (table["state"] == "已修改") & (table["kind"] == "错误") & (table["object"] == "贫困户")
    for problem, row in _problems(plot, n, fit & table["object_id"].isin(value.index)):
        table.at[row, "value"] = str(value[table.at[row, "object_id"]])
        yield Mark("P03", problem, "problem")


@fault("P06", rank=4, phase=Phase.VILLAGES)
def handled_too_early(plot: Plot, n: int) -> Iterator[Mark]:
    """Handled a week before it was reported."""
    table = plot.world.tables["problem", None]
    for problem, row in _problems(plot, n, table["handled_on"].notna()):
        table.at[row, "handled_on"] = table.at[row, "reported_on"] - pd.Timedelta(days=7)
        yield Mark("P06", problem, "problem")


@fault("P04", rank=4, phase=Phase.VILLAGES)
def reported_again(plot: Plot, n: int) -> Iterator[Mark]:
    """Closed, and the same field of the same object reported again in December; that is closed as well."""
    table = plot.world.tables["problem", None]
    more = []
    for problem, row in _problems(plot, n, table["handled_on"].notna()):
        again = table.loc[row].to_dict() | {"problem_id": f"{problem}B", "reported_on": pd.Timestamp(f"{THIS}-12-03")}
        more.append(again | {"handled_on": pd.Timestamp(f"{THIS}-12-10")})
        yield Mark("P04", problem, "problem")
    plot.extend("problem", more)


@fault("O05", rank=5, phase=Phase.VILLAGES)
def village_far_off(plot: Plot, n: int) -> Iterator[Mark]:
    """A village's point thirty kilometres from its households, still inside the county."""
    table = plot.world.tables["village", THIS]
    west, _, east, _ = plot.world.county.box
    lived = table["village_code"].isin(plot.homes.loc[plot.homes["longitude"].notna(), "village_code"])
    for code in plot.take_objects(table.loc[lived, "village_code"], min(n, 1)):
        row = int(table.index[table["village_code"] == code][0])
        here = float(table.at[row, "longitude"])
        table.at[row, "longitude"] = round(east - 0.005 if here < (west + east) / 2 else west + 0.005, 6)
        if np.abs(table.at[row, "longitude"] - here) * 100 > 20:
            yield Mark("O05", code, "village")
