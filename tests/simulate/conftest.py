"""Made-up worlds that several tests look at."""

import pandas as pd
import pytest

from povkit.simulate.simulation import make_world
from povkit.simulate.truth import Truth
from povkit.simulate.world import World


@pytest.fixture(scope="session")
def clean() -> World:
    world, _ = make_world("530113", 900, seed=3, faults=0)
    return world


@pytest.fixture(scope="session")
def faulty() -> tuple[World, Truth]:
    return make_world("530113", 1500, seed=4, faults=1)


@pytest.fixture(scope="session")
def households(clean: World) -> pd.DataFrame:
    """This year's households with last year's columns as `<name>_last` and what their members come to."""
    now, last = (clean.tables["household", year].set_index("household_id") for year in (2018, 2017))
    people = clean.tables["person", 2018].assign(
        able=lambda p: p["labour"].isin(["普通劳动力", "技能劳动力"]),
        hands=lambda p: ~p["labour"].isin(["无劳动力", "丧失劳动力"]),
        old=lambda p: p["birth_date"].dt.year <= 2018 - 60,
        ill=lambda p: p["health"].isin(["长期慢性病", "患有大病"]),
        disabled=lambda p: p["health"] == "残疾",
        senior=lambda p: p["school"].fillna("").str.contains("高中|中职|高职|本科"),
        working=lambda p: p["work_months"].notna(),
        posted=lambda p: p["public_job"].notna(),
        rows=1,
    )
    names = ["able", "hands", "old", "ill", "disabled", "senior", "working", "posted", "rows"]
    sums = people.groupby("household_id")[[*names, "work_months", "dibao", "tekun"]].sum()
    return now.join(last.add_suffix("_last")).join(sums)


@pytest.fixture(scope="session")
def people(clean: World) -> pd.DataFrame:
    """This year's people with age, the head's age, last year's school, and their household's standing."""
    now = clean.tables["person", 2018].assign(age=lambda p: 2018 - p["birth_date"].dt.year)
    heads = now[now["relation"] == "户主"].set_index("household_id")["age"].rename("head_age")
    last = clean.tables["person", 2017].set_index("person_id")["school"].rename("school_last")
    homes = clean.tables["household", 2018].set_index("household_id")[["status", "category", "business_income"]]
    return now.join(heads, on="household_id").join(last, on="person_id").join(homes, on="household_id")
