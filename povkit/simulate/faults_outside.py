"""K, L, P: people who are not on the register or should not be, helpers, problem records."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from povkit.simulate.assumptions import LAST, LINE, THIS
from povkit.simulate.lists import PROPERTY
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark


def _outsiders(plot: Plot, n: int, *, alone: bool = False) -> list[dict[str, Any]]:
    """The first of households outside the register that stand on no list yet: name, number, village, police key."""
    people = plot.world.outsiders
    listed = set(plot.sector.loc[plot.sector["list"] != "农业户籍", "id_number"])
    listed |= set(plot.world.tables["applicant", None]["id_number"])
    fit = people["first"] & ((people["size"] == 1) == alone) & ~np.isin(people["id18"].astype(str), sorted(listed))
    chosen = set(plot.take_objects(people["id18"][fit], n))
    rows = [place for place in np.nonzero(fit)[0] if people["id18"][place] in chosen]
    names = {"name": "name", "id_number": "id18", "village_code": "village_code", "household_key": "household_key"}
    return [{name: people[source][row] for name, source in names.items()} for row in rows]


@fault("K05", rank=1)
def key_group_outside(plot: Plot, n: int) -> Iterator[Mark]:
    """People of the five key groups whose household is not on the register, by group; of the old nothing is known."""
    for group in ("危房", "大病", "残疾", "特困供养", "独居老人"):
        alone = group == "独居老人"
        for person in _outsiders(plot, n, alone=alone):
            object_id = str(person["id_number"])
            if group == "残疾":
                person |= {"id_number": object_id + "43", "grade": "三级"}
            if group == "危房":
                person |= {"grade": "D级"}
            plot.enlist(group, **person, able_children=pd.NA)
            yield Mark("K05", object_id, "person", list=group)


@fault("K06", rank=1)
def needy_outside(plot: Plot, n: int) -> Iterator[Mark]:
    """People on low-income guarantee, and old people alone without children to support them, outside the register.

    The latter are a key group as well.
    """
    for group in ("低保", "独居老人"):
        alone = group == "独居老人"
        for person in _outsiders(plot, n, alone=alone):
            plot.enlist(group, **person, able_children=False if alone else pd.NA)
            for code in ("K05", "K06") if alone else ("K06",):
                yield Mark(code, str(person["id_number"]), "person", list=group)


@fault("K14", rank=1)
def applicant_turned_down(plot: Plot, n: int) -> Iterator[Mark]:
    """Applicants who meet the standard and were not taken in."""
    rows = []
    for person in _outsiders(plot, n):
        income = round(float(plot.rng.uniform(0.4, 0.9)) * LINE[THIS], 2)
        more = {"people": 3, "net_income_pc": income, "meets_standard": True, "outcome": "未纳入"}
        rows.append({name: person[name] for name in ("name", "id_number", "village_code")} | more)
        rows[-1]["on"] = pd.Timestamp(f"{THIS}-07-03")
        yield Mark("K14", str(person["id_number"]), "person")
    plot.extend("applicant", rows)


@fault("K16", rank=1)
def mistake_not_mended(plot: Plot, n: int) -> Iterator[Mark]:
    """People deleted by mistake, or never entered, who are still not on the register."""
    rows = []
    for place, person in enumerate(_outsiders(plot, n)):
        kind = "未录入" if place % 2 else "误删除"
        rows.append({name: person[name] for name in ("name", "id_number", "village_code")} | {"kind": kind})
        yield Mark("K16", str(person["id_number"]), "person")
    plot.extend("mistaken", rows)


def _listed(plot: Plot, person: str, to_list: str) -> None:
    row = plot.people.loc[person]
    village = plot.homes.at[str(row["household_id"]), "village_code"]
    number = str(row["id_number"])[:18]
    plot.enlist(to_list, name=row["name"], id_number=number, village_code=village)


@fault("K15")
def dead_on_register(plot: Plot, n: int) -> Iterator[Mark]:
    """Someone on the list of deaths who still stands on the register."""
    for person in plot.take_people(plot.steady & plot.healthy & (plot.age >= 61), n):
        _listed(plot, person, "死亡")
        yield Mark("K15", person, "person")


@fault("K19", rank=2)
def owner_still_poor(plot: Plot, n: int) -> Iterator[Mark]:
    """A household still poor whose head owns a car, a bought flat or a shop, is paid by the state, or is a cadre."""
    for place, person in enumerate(plot.take_people(plot.poor[plot.home_of] & (plot.relation == "户主"), n)):
        owned = PROPERTY[place % len(PROPERTY)]
        _listed(plot, person, owned)
        yield Mark("K19", str(plot.people.at[person, "household_id"]), "household", list=owned)


@fault("L01")
def no_helper(plot: Plot, n: int) -> Iterator[Mark]:
    """A household without a helper, this year and last."""
    homes = plot.take_homes(plot.quiet, n)
    for year in (LAST, THIS):
        table = plot.world.tables["helper", year]
        plot.world.tables["helper", year] = table[~table["household_id"].isin(homes)].reset_index(drop=True)
    yield from (Mark("L01", home, "household") for home in homes)


def _helpers(plot: Plot, n: int) -> list[str]:
    """Helpers of several households; at most one in five is spoiled."""
    table = plot.world.tables["helper", THIS]
    counts = table["helper_id_number"].value_counts()
    return plot.take_objects(counts.index[counts >= 3], min(n, max(1, len(counts) // 5)))


@fault("L02")
def helper_incomplete(plot: Plot, n: int) -> Iterator[Mark]:
    """A helper without a unit, a name or a telephone."""
    table = plot.world.tables["helper", THIS]
    for place, helper in enumerate(_helpers(plot, n)):
        blank = ("unit", "helper_name", "helper_phone")[place % 3]
        table.loc[table["helper_id_number"] == helper, blank] = None
        yield Mark("L02", helper, "helper")


@fault("L03")
def helpers_share_phone(plot: Plot, n: int) -> Iterator[Mark]:
    """Two helpers with one telephone."""
    table = plot.world.tables["helper", THIS]
    helpers = _helpers(plot, 2 * n)
    for first, second in zip(helpers[0::2], helpers[1::2], strict=False):
        phone = table.loc[table["helper_id_number"] == first, "helper_phone"].iloc[0]
        table.loc[table["helper_id_number"] == second, "helper_phone"] = phone
        yield from (Mark("L03", helper, "helper") for helper in (first, second))


@fault("P01")
def problem_open(plot: Plot, n: int) -> Iterator[Mark]:
    """A problem record that nobody has touched."""
    table = plot.world.tables["problem", None]
    blank = {"state": "未处理", "handled_on": pd.NaT, "handled_by": None, "evidence": None}
    for problem in plot.take_objects(table["problem_id"], n):
        row = table.index[table["problem_id"] == problem][0]
        for name, value in blank.items():
            table.at[row, name] = value
        yield Mark("P01", problem, "problem")


@fault("P02", rank=4)
def problem_without_evidence(plot: Plot, n: int) -> Iterator[Mark]:
    """A suspicion closed as verified, without evidence or without a name."""
    table = plot.world.tables["problem", None]
    closed = table.loc[table["state"] == "已核实无误", "problem_id"]
    for place, problem in enumerate(plot.take_objects(closed, n)):
        row = table.index[table["problem_id"] == problem][0]
        table.at[row, "handled_by" if place % 2 else "evidence"] = None
        yield Mark("P02", problem, "problem")
