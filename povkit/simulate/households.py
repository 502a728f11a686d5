"""The household and person tables of a year, from what is known of the homes and their people."""

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Columns, filled, known, select, texts, typed
from povkit.simulate.assumptions import THIS
from povkit.simulate.families import HEAD
from povkit.simulate.numbers import bank_cards, phones
from povkit.simulate.people import able, present
from povkit.simulate.places import County
from povkit.simulate.standing import on_register, status_labels

_YEARLY = (
    "wage_income", "business_income", "property_income", "transfer_income", "family_planning_grant", "dibao_grant",
    "tekun_grant", "pension", "ecology_grant", "other_transfer", "business_cost", "net_income", "net_income_pc",
    "total_income_reported", "size", "unsafe_house", "house_grade", "moved_in", "rebuilt_year", "hamlet",
    "not_exited_reason",
)  # fmt: skip
_KEPT = (
    "village_code", "village_name", "township", "household_id", "cause", "other_causes", "identified_year", "farmland",
    "irrigated", "forest", "reforested", "orchard", "grassland", "water_area", "road_distance", "road_type",
    "housing_area", "water_difficult", "water_safe", "toilet", "fuel", "cooperative", "phone", "bank", "bank_account",
    "standard", "only_child", "two_daughters", "martyr_family", "fuel_other", "disaster_note",
)  # fmt: skip


_YEARLY_OF_PEOPLE = ("school", "education", "labour", "work_place", "employer", "monthly_pay")


def number_homes(rng: np.random.Generator, county: County, homes: Columns, people: Columns, villages: Columns) -> None:
    """Household and person numbers of 14 digits, and what identifies a household: village, phone, bank card."""
    n = len(homes["kind"])
    serial = np.char.zfill((np.arange(n) + 1).astype(str), 7).astype(object)
    homes["household_id"] = texts(n, f"8{county.code}") + serial
    slot = np.char.zfill(people["slot"].astype(str), 2).astype(object)
    people["person_id"] = (texts(n, county.code[1:]) + serial)[people["home"]] + slot
    for name, source in (("village_code", "village_code"), ("village_name", "village"), ("township", "township")):
        homes[name] = villages[source][homes["village"]]
    homes["hamlet"] = rng.integers(1, 13, n).astype(str).astype(object) + texts(n, "组")
    homes["phone"], homes["bank_account"] = phones(rng, n), bank_cards(rng, n)
    homes["bank"], homes["standard"] = texts(n, "农村信用社"), texts(n, "国家标准")


def household_frame(
    rng: np.random.Generator, county: County, homes: Columns, people: Columns, year: int
) -> pd.DataFrame:
    """The household table of a year."""
    n = len(homes["kind"])
    heads = people["role"] == HEAD
    home = people["home"][heads]
    yes, labels = np.ones(n, dtype=bool), status_labels(homes, year)
    columns: Columns = {
        "province": texts(n, "云南省"),
        "city": texts(n, "昆明市"),
        "county": texts(n, county.name),
        **{name: homes[f"{name}{year}"] for name in _YEARLY},
        **{name: homes[name] for name in _KEPT},
        **labels,
        **_location(rng, county, homes, year),
    }
    columns["village"] = columns.pop("village_name")
    columns["head_name"], columns["head_id_number"] = texts(n), texts(n)
    columns["head_name"][home], columns["head_id_number"][home] = people["name"][heads], people["id_number"][heads]
    for name in ("food_secure", "clothing_secure", "production_power", "household_power", "broadcast"):
        columns[name] = yes
    columns["followup_plan"] = filled(labels["status"] == "已脱贫", True)
    return typed("household", select(columns, np.nonzero(on_register(homes, year))[0]))


def _location(rng: np.random.Generator, county: County, homes: Columns, year: int) -> Columns:
    """Coordinates and the day they were taken: in time for the county's deadline, blank before."""
    n = len(homes["kind"])
    last = np.datetime64(min(county.location_deadline, f"{THIS}-11-20"))
    day = last - rng.integers(5, 160, n).astype("timedelta64[D]")
    known = day <= np.datetime64(f"{year}-12-31")
    return {
        "longitude": np.where(known, homes["longitude"], np.nan),
        "latitude": np.where(known, homes["latitude"], np.nan),
        "located_on": np.where(known, day, np.datetime64("NaT")),
    }


def person_frame(county: County, homes: Columns, people: Columns, year: int) -> pd.DataFrame:
    """The person table of a year."""
    n, home = len(people["home"]), people["home"]
    age = people["age"] - (THIS - year)
    months = people[f"months{year}"]
    job = (months > 0) & (age >= 18) & (age < 60) & able(people, year) & people["job"]
    yes, student = np.ones(n, dtype=bool), known(people[f"school{year}"])
    columns: Columns = {
        "county": texts(n, county.name),
        "township": homes["township"][home],
        "village": homes["village_name"][home],
        "household_id": homes["household_id"][home],
        **{name: people[name] for name in ("person_id", "name", "id_number", "relation", "ethnicity", "health")},
        **{name: people[name] for name in ("dibao", "tekun", "political", "medical_aid")},
        **{name: people[f"{name}{year}"] for name in _YEARLY_OF_PEOPLE},
        "sex": np.where(people["male"], "男", "女").astype(object),
        "id_type": np.where(people["disabled"], "残疾人证", "居民身份证").astype(object),
        "birth_date": people["birth"],
        "work_months": np.where(months > 0, months, np.nan),
        "dropout_reason": texts(n),
        "medical_insurance": yes,
        "serious_illness_insurance": yes,
        "pension_insurance": (age >= 16) & ~student,
        "public_job": filled(job, "护林员"),
        "public_job_months": np.where(job, 12.0, np.nan),
        "soldier": ~yes,
        "phone": texts(n),
        "hamlet": homes[f"hamlet{year}"][home],
        "employee_medical_insurance": ~yes,
    }
    where = present(people, year) & on_register(homes, year)[home]
    return typed("person", select(columns, np.nonzero(where)[0]))


def draw_jobs(rng: np.random.Generator, people: Columns) -> None:
    """A few of those who work have a public-welfare post."""
    people["job"] = rng.random(len(people["home"])) < 0.05
