"""E to J: households whose incomes, causes, land, house or attributes contradict each other."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LINE, THIS
from povkit.simulate.cells import Cell, Cells, home_cells
from povkit.simulate.plot import Plot

_EXPLAINED = ("因病", "因学", "因残")


def _exited(plot: Plot) -> Array:
    calm: Array = plot.exited & plot.ordinary
    return calm


def _poor(plot: Plot) -> Array:
    needy: Array = plot.poor & plot.ordinary
    return needy


def _number(plot: Plot, name: str) -> Array:
    column: Array = plot.homes[name].to_numpy(dtype=float)
    return column


def _without_business(plot: Plot) -> Array:
    """Homes that stay above the line, and near last year's income, without what their business brings."""
    lost = _number(plot, "business_income") - _number(plot, "business_cost") + 200
    rest = plot.per_head - lost / plot.size
    last = plot.homes_last["net_income_pc"].reindex(plot.homes.index).to_numpy()
    return np.asarray(_exited(plot) & (rest > LINE[THIS] + 100) & (rest > 0.55 * last))


def _transfers(share: float) -> Any:
    """The same total, of which transfers make a share: the business shrinks, other transfers grow."""

    def cells(row: Any) -> Cells:
        own = float(row["business_income"] + row["property_income"])
        total = own + float(row["transfer_income"])
        factor = max((1 - share) * total / own, 0.02)
        fresh = {name: float(round(row[name] * factor)) for name in ("business_income", "business_cost")}
        fresh["property_income"] = 0.0
        moved = own - fresh["business_income"]
        return {**fresh, "other_transfer": float(row["other_transfer"]) + moved}

    return cells


def _all_to_wages(row: Any) -> Cells:
    wage = float(row["wage_income"] + row["business_income"] - row["business_cost"])
    return {"wage_income": wage, "business_income": 0.0, "business_cost": 0.0}


def _moved(source: str, left: float = 0.0) -> Any:
    """All but `left` of a kind of transfer is booked as another kind."""
    other = "other_transfer" if source != "other_transfer" else "pension"
    return lambda row: {source: left, other: float(row[other] + row[source] - left)}


def _to_business(row: Any) -> Cells:
    return {"other_transfer": 0.0, "business_income": float(row["business_income"] + row["other_transfer"])}


def _raised(per_head: float) -> Any:
    """More property income, so that a head has about so much."""
    return lambda row: {
        "property_income": float(round(row["property_income"] + per_head * int(row["size"]) - row["net_income"]))
    }


def _with_old(plot: Plot) -> Array:
    some: Array = plot.count(plot.age >= 61) > 0
    return some


def _old_free(plot: Plot) -> Array:
    return np.asarray(_exited(plot) & (plot.old == 0))


def _with_workers(plot: Plot) -> Array:
    return _exited(plot) & (plot.workers > 0)


def _landed_workers(plot: Plot) -> Array:
    no_rent = _number(plot, "property_income") == 0
    return np.asarray(_with_workers(plot) & no_rent & ~plot.has_business_measure & (plot.old == 0))


def _idle_with_able(plot: Plot) -> Array:
    return np.asarray(
        _exited(plot) & (plot.able > 0) & (_number(plot, "wage_income") == 0) & (plot.unwell == 0) & plot.level
    )


def _backstop_idle(plot: Plot) -> Array:
    return np.asarray(plot.exited & plot.dibao & plot.level & (_number(plot, "wage_income") == 0))


def _just_over(plot: Plot) -> Array:
    last = plot.homes_last["net_income_pc"].reindex(plot.homes.index).to_numpy()
    return np.asarray(_poor(plot) & (last > 2100) & ~plot.homes["cause"].isin(_EXPLAINED).to_numpy())


def _explained_and_secure(plot: Plot) -> Array:
    homes = plot.homes
    bad = homes["unsafe_house"].fillna(True).to_numpy(dtype=bool) | ~homes["water_safe"].to_numpy(dtype=bool)
    return np.asarray(plot.poor & homes["cause"].isin(_EXPLAINED).to_numpy() & ~bad)


home_cells(
    Cell("E02", lambda p: _exited(p) & (_number(p, "property_income") == 0), {"property_income": 40.0}),
    Cell("E08", _without_business, lambda row: {"business_cost": float(row["business_income"]) + 200}, rank=3),
    Cell("E12", _just_over, _raised(LINE[THIS] + 350), rank=2),
    Cell("E16", _idle_with_able, _transfers(0.77), rank=1),
    Cell("J17", _backstop_idle, _transfers(0.96), rank=0),
    Cell("E22", lambda p: _with_old(p) & _exited(p), _moved("pension"), rank=3),
    Cell("E24", lambda p: _with_old(p) & _exited(p), _moved("pension", 50.0), rank=3),
    Cell("E23", _old_free, {"pension": 1236.0}),
    Cell("E25", _landed_workers, _all_to_wages, rank=1),
    Cell("E26", lambda p: _exited(p) & (_number(p, "reforested") > 0), _moved("ecology_grant")),
    Cell("E28", lambda p: _exited(p) & (p.count(p.disabled) > 0), _to_business, rank=1),
    settle=True,
)


def _wageless(row: Any) -> Cells:
    return {"wage_income": 0.0, "business_income": float(row["business_income"] + row["wage_income"])}


home_cells(Cell("D19", _with_workers, _wageless, also=("E27",), rank=3), settle=True)
home_cells(
    Cell("E09", _exited, _raised(31000)),
    Cell("E10", _explained_and_secure, _raised(20500), also=("J18",), rank=2),
    Cell("J18", _explained_and_secure, _raised(LINE[THIS] * 1.7), rank=2),
    settle=True,
    both=True,
)


def _cause(name: str) -> Cells:
    return {"cause": name, "other_causes": None}


def _median_land(plot: Plot) -> Array:
    """Homes with more farmland a head than half of their village."""
    per_head = pd.Series(_number(plot, "farmland") / plot.size)
    middle = per_head.groupby(plot.homes["village_code"].to_numpy()).transform("median")
    above: Array = (per_head > middle * 1.2).to_numpy()
    return above


home_cells(
    Cell("E06", _exited, lambda row: _more_transfer(row, 500.0)),
    Cell("F12", _poor, last={"status": "已脱贫", "category": "一般脱贫户"}),
    Cell("G04", lambda p: _poor(p) & (p.unwell == 0), _cause("因病"), rank=2),
    Cell("G05", lambda p: _poor(p) & (p.count(p.disabled) == 0), _cause("因残"), rank=2),
    Cell("G06", lambda p: _poor(p) & (p.pupils == 0), _cause("因学"), rank=1),
    Cell("G07", lambda p: _poor(p) & (p.able * 2 >= p.size) & (p.able < p.size), _cause("缺劳动力"), rank=2),
    Cell("G08", lambda p: _poor(p) & (p.able == p.size), _cause("缺劳动力"), also=("G07",), rank=1),
    Cell("G09", lambda p: _poor(p) & _median_land(p), _cause("缺土地"), rank=2),
    Cell("G10", lambda p: _poor(p) & _number(p, "irrigated").astype(bool) & _wet(p), _cause("缺水"), rank=2),
    Cell(
        "G11",
        _poor,
        {"cause": "交通条件落后", "other_causes": None, "road_type": "水泥路", "road_distance": 0.05},
        rank=3,
    ),
    Cell("G13", lambda p: p.poor, _cause("因灾"), rank=3),
    Cell("H02", _poor, {"category": "一般脱贫户"}, rank=3),
    Cell("H13", lambda p: p.quiet, {"martyr_family": pd.NA}),
    Cell("H14", lambda p: p.quiet & (p.children >= 2) & (p.head_age < 57), {"only_child": True}),
    Cell("H17", lambda p: p.quiet, {"bank": None}),
    Cell("I01", lambda p: p.quiet, {"grassland": np.nan}),
    Cell("I10", lambda p: p.quiet, {"housing_area": np.nan}),
    Cell(
        "I15", lambda p: p.poor & p.homes["unsafe_house"].fillna(False).to_numpy(dtype=bool), {"moved_in": True}, rank=0
    ),
    Cell("I16", lambda p: p.quiet, {"fuel": None}),
    Cell("I18", lambda p: p.exited, {"road_distance": 3.2}),
    Cell("I19", lambda p: p.exited, {"road_type": "泥土路", "road_distance": 0.0}),
    Cell("I21", lambda p: p.quiet, {"fuel": "其他", "fuel_other": None}),
    Cell("J19", lambda p: p.poor, {"not_exited_reason": None}),
)


def _wet(plot: Plot) -> Array:
    safe: Array = plot.homes["water_safe"].to_numpy(dtype=bool) & ~plot.homes["water_difficult"].to_numpy(dtype=bool)
    return safe


def _more_transfer(row: Any, more: float) -> Cells:
    net = float(row["net_income"]) + more
    sums = {name: float(row[name]) + more for name in ("transfer_income", "net_income", "total_income_reported")}
    return {**sums, "net_income_pc": round(net / int(row["size"]), 2)}


_TINY = 5.0

home_cells(
    Cell("I03", _exited, {"farmland": 12.0}),
    Cell("I04", _exited, {"forest": 62.0}),
    Cell("I05", lambda p: _exited(p) & (_number(p, "farmland") > 6), {"forest": 49.5, "orchard": 54.0}, rank=3),
    Cell("I06", _exited, {"grassland": 65.0}),
    Cell(
        "I07",
        lambda p: _exited(p) & (_number(p, "reforested") > 0),
        lambda row: {"reforested": float(row["forest"]) + 2},
        rank=3,
    ),
    Cell("I08", lambda p: _exited(p) & _owning(p), {"farmland": 0.0, "irrigated": 0.0}),
    Cell("I11", lambda p: p.exited, {"housing_area": _TINY}, also=("I12",)),
    Cell("I12", lambda p: p.exited & (p.size >= 2), lambda row: {"housing_area": 8.0 * int(row["size"])}),
    Cell("I13", lambda p: p.poor & _graded(p), {"housing_area": 0.0}, also=("I12",), rank=3),
    both=True,
)


def _owning(plot: Plot) -> Array:
    named = plot.homes["cause"].fillna("").str.cat(plot.homes["other_causes"].fillna(""))
    return np.asarray(~named.str.contains("缺土地").to_numpy() & plot.homes["moved_in"].isna().to_numpy())


def _graded(plot: Plot) -> Array:
    safe: Array = plot.homes["house_grade"].isin(("A级", "B级")).to_numpy()
    return safe
