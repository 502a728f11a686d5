"""What forms ask beyond the 2018 export: marks of households, employers and pay, further entries of villages."""

import numpy as np

from povkit.simulate.arrays import Array, Columns, Frame, count_by, filled, pick, texts
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.families import BABY, CHILD1, CHILD2, CHILD3, HEAD, SON
from povkit.simulate.names import full_names, surnames
from povkit.simulate.people import present
from povkit.simulate.standing import poor

LAND = ("farmland", "irrigated", "forest", "reforested", "orchard", "grassland", "water_area")
_OWN_CHILDREN = (CHILD1, CHILD2, CHILD3, SON, BABY)
_GRANT_AGE = 57
"""Heads from this age on are due the family-planning grant soon; the marks go to younger families."""
_EMPLOYERS = {
    "昆明建筑劳务公司": 0.3,
    "县工业园区食品厂": 0.25,
    "蔬菜种植合作社": 0.2,
    "佛山电子厂": 0.15,
    "物流公司": 0.1,
}
_INSURED, _PENSIONED, _AWAY, _HANDS = 0.97, 0.5, 0.18, 0.45
"""Shares of a village's population."""


def draw_marks(rng: np.random.Generator, homes: Columns, people: Columns) -> None:
    """One-child and two-daughter families, kin of martyrs, another fuel, the year of rebuilding, both years' hamlet."""
    n = len(homes["kind"])
    child = np.isin(people["role"], _OWN_CHILDREN)
    children, sons = count_by(people["home"], n, child), count_by(people["home"], n, child & people["male"])
    young = np.zeros(n, dtype=bool)
    heads = people["role"] == HEAD
    young[people["home"][heads]] = people["age"][heads] < _GRANT_AGE
    homes["only_child"] = young & (children == 1) & (rng.random(n) < 0.3)
    homes["two_daughters"] = young & (children == 2) & (sons == 0) & (rng.random(n) < 0.5)
    homes["martyr_family"] = rng.random(n) < 0.01
    other = rng.random(n) < 0.02
    homes["fuel"] = np.where(other, "其他", homes["fuel"])
    homes["fuel_other"] = filled(other, "秸秆压块")
    for year in (LAST, THIS):
        finished = homes["rebuilt"] & ~homes["relocated"] & (year == THIS)
        homes[f"rebuilt_year{year}"] = np.where(finished, THIS, np.nan)
        moved = homes["relocated"] & (year == THIS)
        homes[f"hamlet{year}"] = np.where(moved, "集中安置点", homes["hamlet"])
        homes[f"not_exited_reason{year}"] = _reasons(homes, year)
    homes["disaster_note"] = filled(homes["returned"] & (homes["return_cause"] == "因灾"), "雹灾，作物绝收")


def _reasons(homes: Columns, year: int) -> Array:
    """Why a household has not left poverty: what its record bears out."""
    reason = np.where(homes["disabled"] > 0, "因残无固定收入", "收入不稳定").astype(object)
    reason[homes["students"] > 0] = "因病因学支出大"
    reason[homes["dibao"]], reason[homes["tekun"]] = "一类低保", "五保"
    reason[homes["new"]] = "回头看新纳入"
    return filled(poor(homes, year), reason)


def draw_work(rng: np.random.Generator, homes: Columns, people: Columns) -> None:
    """Employer and monthly pay of those who work away; medical aid of the ill."""
    n = len(people["home"])
    employer = pick(rng, _EMPLOYERS, n)
    for year in (LAST, THIS):
        months = people[f"months{year}"]
        total = np.bincount(people["home"], weights=months * present(people, year), minlength=len(homes["kind"]))
        monthly = np.round(homes[f"wage_income{year}"] / np.maximum(total, 1), -1)
        people[f"employer{year}"] = filled(months > 0, employer)
        people[f"monthly_pay{year}"] = np.where(months > 0, monthly[people["home"]], np.nan)
    people["medical_aid"] = (people["serious"] | people["chronic"]) & (rng.random(n) < 0.4)


def draw_village_form(rng: np.random.Generator, villages: Columns) -> None:
    """What the village form asks further: roads, services, groups, team, and how much land is not of the poor."""
    n = len(villages["village_code"])
    out = villages["exit_year"] > 0
    villages["unpaved_road_km"] = np.where(out | (rng.random(n) < 0.7), 0, np.round(rng.uniform(0.5, 6, n), 1))
    villages["bus"] = out | (rng.random(n) < 0.6)
    for name, low, high in (
        ("clinics", 1, 2),
        ("doctors", 1, 3),
        ("public_toilets", 1, 4),
        ("waste_points", 2, 8),
        ("culture_rooms", 1, 2),
        ("primary_schools", 0, 2),
        ("hamlets", 12, 20),
        ("groups", 13, 18),
    ):
        villages[name] = rng.integers(low, high + 1, n)
    villages["resident_team"] = filled(villages["poor_village"], full_names(rng, surnames(rng, n), rng.random(n) < 0.8))
    villages["land_factor"] = rng.uniform(2.5, 6, n)


def village_form(villages: Columns, households: Frame, people: Frame, helpers: Frame | None, index: Columns) -> Columns:
    """The further columns of the village table, for villages in order.

    index: `home`, the village of each household row; `person`, that of each person row (-1 where it has none).
    """
    n = len(villages["village_code"])
    population, here = villages["population"], index["person"] >= 0
    member = index["person"][here]
    labour = people["labour"].isin(("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")).to_numpy()[here]
    away = people["work_months"].notna().to_numpy()[here]
    dibao = people["dibao"].fillna(False).to_numpy(dtype=bool)[here]
    rest = population - count_by(member, n)
    columns: Columns = {
        "dibao_population": count_by(member, n, dibao),
        "labour_population": count_by(member, n, labour) + (rest * _HANDS).astype(int),
        "migrant_population": count_by(member, n, away) + (rest * _AWAY).astype(int),
        "medical_insured_population": (population * _INSURED).astype(int),
        "pension_insured_population": (population * _PENSIONED).astype(int),
        "unpowered_households": np.zeros(n, dtype=int),
        **{
            name: villages[name]
            for name in (
                "unpaved_road_km", "bus", "clinics", "doctors", "public_toilets", "waste_points", "culture_rooms",
                "primary_schools", "hamlets", "groups", "resident_team",
            )
        },
        "support_units": _units(villages, households, helpers, index["home"]),
    }  # fmt: skip
    for name in LAND:
        total = np.bincount(index["home"], weights=households[name].fillna(0).clip(lower=0), minlength=n)
        columns[name] = np.round(total * villages["land_factor"] + 20, 1)
    return columns


def _units(villages: Columns, households: Frame, helpers: Frame | None, home: Array) -> Array:
    """Units of the helpers of a village's households, separated by an enumeration comma."""
    if helpers is None:
        return texts(len(villages["village_code"]))
    place = dict(zip(households["household_id"], home, strict=True))
    units: list[set[str]] = [set() for _ in villages["village_code"]]
    for household, unit in zip(helpers["household_id"], helpers["unit"], strict=True):
        if household in place and unit is not None:
            units[int(place[household])].add(str(unit))
    return np.array(["、".join(sorted(found)) or None for found in units], dtype=object)
