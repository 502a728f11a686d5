"""K: the year's changes recorded against the facts."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array, Frame
from povkit.simulate.assumptions import LAST, LINE, THIS
from povkit.simulate.lists import PROPERTY
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark

_EXPLAINED = ("因病", "因学", "因残")


def _changes(plot: Plot) -> Frame:
    return plot.world.tables["change", None]


def _new(plot: Plot) -> Array:
    fresh: Array = plot.homes["identified_year"].to_numpy(dtype=float) == THIS
    return np.asarray(fresh & plot.homes["exit_year"].isna().to_numpy())


def _of_kind(plot: Plot, n: int, *kinds: str) -> Iterator[tuple[str, int]]:
    """Households with a record of a kind, and the record's row."""
    table = _changes(plot)
    known = table["household_id"].isin(plot.homes_last.index)
    rows = table[table["kind"].isin(kinds) & known]
    for home in plot.take_objects(rows["household_id"], n):
        yield home, int(rows.index[rows["household_id"] == home][0])


@fault("K01", rank=0)
def owner_taken_in(plot: Plot, n: int) -> Iterator[Mark]:
    """Taken in although the head is on a list that speaks against it; it is still poor as well."""
    for place, home in enumerate(plot.take_homes(_new(plot), n)):
        row = plot.homes.loc[home]
        owned = PROPERTY[place % len(PROPERTY)]
        number = str(row["head_id_number"])[:18]
        plot.enlist(owned, name=row["head_name"], id_number=number, village_code=row["village_code"])
        yield from home_marks(["K01", "K19"], home)


@fault("K02", rank=0)
def taken_in_without_need(plot: Plot, n: int) -> Iterator[Mark]:
    """Taken in above the line with nothing lacking."""
    secure = ~plot.homes["unsafe_house"].fillna(True).to_numpy(dtype=bool)
    secure &= plot.homes["water_safe"].to_numpy(dtype=bool)
    for home in plot.take_homes(_new(plot) & secure, n):
        row = plot.homes.loc[home]
        more = (LINE[THIS] + 120) * int(row["size"]) - float(row["net_income"])
        plot.set_home(home, business_income=float(round(row["business_income"] + more)))
        plot.settle(home)
        plain = row["category"] == "一般贫困户" and row["cause"] not in _EXPLAINED
        yield from home_marks(["K02", "E12"] if plain else ["K02"], home)


@fault("K03", rank=9)
def whole_households_taken_in(plot: Plot, _: int) -> Iterator[Mark]:
    """Nothing is spoiled: every household taken in as a whole is to be visited, so all of them are named."""
    table = _changes(plot)
    yield from home_marks(["K03"], *table.loc[table["kind"].isin(("新识别", "误删恢复")), "household_id"])


@fault("K04", rank=0)
def return_recorded_otherwise(plot: Plot, n: int) -> Iterator[Mark]:
    """The record of a return names another cause than the form does."""
    table = _changes(plot)
    for home in plot.take_homes(plot.returned, n):
        table.loc[(table["household_id"] == home) & (table["kind"] == "返贫"), "reason"] = "缺资金"
        yield Mark("K04", home, "household")


@fault("K07")
def removed_in_need(plot: Plot, n: int) -> Iterator[Mark]:
    """Removed although last year's form has a dangerous house."""
    for home, _ in _of_kind(plot, n, "剔除"):
        plot.set_home(home, years=(LAST,), unsafe_house=True, house_grade="D级", moved_in=pd.NA)
        yield Mark("K07", home, "household")


@fault("K17")
def removed_unchecked(plot: Plot, n: int) -> Iterator[Mark]:
    """Removed without a re-check."""
    for home, row in _of_kind(plot, n, "剔除"):
        _changes(plot).at[row, "rechecked"] = False
        yield Mark("K17", home, "household")


@fault("K18", rank=1)
def taken_in_unchecked(plot: Plot, n: int) -> Iterator[Mark]:
    """Taken in as a whole without being checked."""
    table = _changes(plot)
    for home in plot.take_homes(_new(plot), n):
        table.loc[(table["household_id"] == home) & (table["kind"] == "新识别"), "rechecked"] = False
        yield Mark("K18", home, "household")


@fault("K08", rank=1)
def removed_and_back(plot: Plot, n: int) -> Iterator[Mark]:
    """Removed in summer and taken in again."""
    rows = []
    for home in plot.take_homes(_new(plot), n):
        table = _changes(plot)
        record = table[(table["household_id"] == home) & (table["kind"] == "新识别")].iloc[0].to_dict()
        rows.append(record | {"kind": "剔除", "reason": "家庭有消费型车辆", "on": pd.Timestamp(f"{THIS}-06-04")})
        yield Mark("K08", home, "household")
    plot.extend("change", rows)


def _moving(plot: Plot, kind: str) -> Array:
    """Homes that grew or shrank by a natural change and stand on both years' tables; none with both."""
    table = _changes(plot)
    natural = table[table["kind"].isin(("自然增加", "自然减少"))]
    single = natural["household_id"].value_counts()
    once = natural[natural["kind"].eq(kind) & natural["household_id"].isin(single.index[single == 1])]
    moving: Array = plot.homes.index.isin(once["household_id"]) & plot.homes.index.isin(plot.homes_last.index)
    return moving


@fault("K10", rank=1)
def dead_on_roll(plot: Plot, n: int) -> Iterator[Mark]:
    """Left by natural decrease, and still on the police's register."""
    gone = plot.people_last[~plot.people_last.index.isin(plot.people.index)]
    for home in plot.take_homes(_moving(plot, "自然减少"), n):
        row = gone[gone["household_id"] == home].iloc[0]
        village = plot.homes.at[home, "village_code"]
        number = str(row["id_number"])[:18]
        plot.enlist("农业户籍", name=row["name"], id_number=number, village_code=village)
        yield Mark("K10", str(row["person_id"]), "person")


@fault("K11")
def works_after_death(plot: Plot, n: int) -> Iterator[Mark]:
    """On the list of deaths since February, and still working for more months than that."""
    months = plot.people["work_months"].fillna(0).to_numpy()
    for person in plot.take_people(plot.plain & (months >= 4), n):
        row = plot.people.loc[person]
        village = plot.homes.at[str(row["household_id"]), "village_code"]
        died = {"name": row["name"], "id_number": str(row["id_number"])[:18], "village_code": village}
        plot.enlist("死亡", **died, on=pd.Timestamp(f"{THIS}-02-06"))
        yield Mark("K11", person, "person")
        yield Mark("K15", person, "person")


@fault("K12", rank=1)
def changed_out_of_window(plot: Plot, n: int) -> Iterator[Mark]:
    """A birth or death recorded before the system was open."""
    table = _changes(plot)
    mask = _moving(plot, "自然增加") | _moving(plot, "自然减少")
    for home in plot.take_homes(mask, n):
        natural = table["kind"].isin(("自然增加", "自然减少"))
        table.loc[(table["household_id"] == home) & natural, "on"] = pd.Timestamp(f"{THIS}-03-05")
        yield Mark("K12", home, "household")


@fault("K20")
def other_name_on_list(plot: Plot, n: int) -> Iterator[Mark]:
    """The police's register has another name for the same number."""
    for person in plot.take_people(plot.plain, n):
        number = str(plot.people.at[person, "id_number"])[:18]
        rows = np.nonzero((plot.sector["list"] == "农业户籍") & (plot.sector["id_number"] == number))[0]
        plot.sector.loc[plot.sector.index[rows], "name"] = "阿木"
        yield Mark("K20", person, "person")
