"""The departments' lists, the applicants, and those once deleted by mistake; and the villagers outside the register."""

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array, Columns, known, pick, select, typed
from povkit.simulate.assumptions import LINE, OUTSIDE_HOUSEHOLDS, THIS
from povkit.simulate.families import HEAD
from povkit.simulate.names import full_names, surnames
from povkit.simulate.numbers import Numbers, household_keys
from povkit.simulate.people import present
from povkit.simulate.standing import chosen, on_register, poor

LISTS = (
    "危房", "大病", "残疾", "特困供养", "独居老人", "低保", "学籍", "死亡",
    "机动车", "商品房", "财政供养", "工商登记", "村干部", "农业户籍",
)  # fmt: skip
PROPERTY = ("机动车", "商品房", "财政供养", "工商登记", "村干部")
"""Lists that speak against being poor."""


def make_outsiders(rng: np.random.Generator, homes: Columns, villages: Columns, numbers: Numbers) -> Columns:
    """Villagers of unregistered households: name, number, birth, village, police household key, whether first."""
    count = max(40, round(len(homes["kind"]) * OUTSIDE_HOUSEHOLDS))
    size = rng.choice((1, 2, 3, 4, 5), count, p=(0.15, 0.2, 0.25, 0.25, 0.15))
    home = np.repeat(np.arange(count), size)
    first = np.concatenate([[True], home[1:] != home[:-1]])
    n = len(home)
    age = np.where(
        first, np.where(size[home] == 1, rng.integers(64, 84, n), rng.integers(32, 60, n)), rng.integers(20, 60, n)
    )
    birth = np.datetime64(f"{THIS}-07-01") - (age * 365.25).astype(int).astype("timedelta64[D]")
    birth = birth + rng.integers(-170, 170, n).astype("timedelta64[D]")
    male = rng.random(n) < 0.5
    keys = household_keys(rng, count + len(homes["kind"]))
    homes["household_key"] = keys[count:]
    village = rng.choice(len(villages["village_code"]), count, p=villages["weight"])
    return {
        "name": full_names(rng, surnames(rng, count)[home], male),
        "id18": numbers.draw(rng, birth, male),
        "age": age,
        "home": home,
        "size": size[home],
        "first": first,
        "village_code": villages["village_code"][village][home],
        "household_key": keys[:count][home],
    }


def sector_frame(
    rng: np.random.Generator, homes: Columns, people: Columns, outsiders: Columns, helpers: Columns
) -> pd.DataFrame:
    """All lists, one under the other, in the order of LISTS."""
    here = on_register(homes, THIS)[people["home"]] & present(people, THIS)
    alone = here & (people["role"] == HEAD) & (homes[f"size{THIS}"][people["home"]] == 1) & (people["age"] >= 66)
    parts = {
        "危房": _listed(homes, people, here & (people["role"] == HEAD) & homes[f"unsafe_house{THIS}"][people["home"]]),
        "大病": _listed(homes, people, here & people["serious"]),
        "残疾": _listed(homes, people, here & people["disabled"]),
        "特困供养": _listed(homes, people, here & people["tekun"]),
        "独居老人": _listed(homes, people, alone),
        "低保": _listed(homes, people, here & people["dibao"]),
        "学籍": _listed(homes, people, here & _enrolled(people)),
        "死亡": _died(people, homes),
        "农业户籍": _roll(homes, people, outsiders),
    }
    parts["危房"]["grade"] = homes[f"house_grade{THIS}"][parts["危房"].pop("home")]
    parts["独居老人"]["able_children"] = ~parts["独居老人"]["tekun"].astype(bool)
    parts |= {name: _owners(rng, homes, people, outsiders) for name in PROPERTY}
    parts["财政供养"] = _join(
        parts["财政供养"], {"name": helpers["helper_name"], "id_number": helpers["helper_id_number"]}
    )
    return typed("sector", _stack(rng, parts))


def _enrolled(people: Columns) -> Array:
    school = people[f"school{THIS}"]
    return known(school) & ~np.isin(school.astype(str), ("学龄前儿童", "学前教育"))


def _listed(homes: Columns, people: Columns, where: Array) -> Columns:
    rows = select(people, np.nonzero(where)[0])
    home = rows["home"]
    grade = np.where(_enrolled(rows), rows[f"school{THIS}"], rows["grade"])
    return {
        "name": rows["name"],
        "id_number": rows["id_number"],
        "village_code": homes["village_code"][home],
        "household_key": homes["household_key"][home],
        "grade": grade,
        "tekun": rows["tekun"],
        "home": home,
    }


def _died(people: Columns, homes: Columns) -> Columns:
    rows = select(people, np.nonzero(people["died"])[0])
    return {"name": rows["name"], "id_number": rows["id_number"], "village_code": homes["village_code"][rows["home"]]}


def _roll(homes: Columns, people: Columns, outsiders: Columns) -> Columns:
    """The agricultural household register: everyone alive, on the poverty register or not, by identity number."""
    rows = select(people, np.nonzero(present(people, THIS))[0])
    inside = {
        "name": rows["name"],
        "id_number": rows["id18"],
        "village_code": homes["village_code"][rows["home"]],
        "household_key": homes["household_key"][rows["home"]],
    }
    return _join(inside, {name: outsiders["id18" if name == "id_number" else name] for name in inside})


def _owners(rng: np.random.Generator, homes: Columns, people: Columns, outsiders: Columns) -> Columns:
    """Mostly villagers outside the register, and a few whose household left poverty in earlier years."""
    outside = np.nonzero(
        chosen(rng, outsiders["first"] & (outsiders["size"] > 1), max(5, len(outsiders["age"]) // 40))
    )[0]
    well = on_register(homes, THIS) & ~poor(homes, THIS) & (homes["exit_year"] < THIS) & (homes["frail"] == 0)
    head = (people["role"] == HEAD) & well[people["home"]]
    inside = np.nonzero(chosen(rng, head, max(1, len(homes["kind"]) // 200)))[0]
    villages = homes["village_code"][people["home"]]
    return _join(_named(outsiders, outside, outsiders["village_code"]), _named(people, inside, villages))


def _named(people: Columns, places: Array, villages: Array) -> Columns:
    return {
        "name": people["name"][places],
        "id_number": people["id18"][places],
        "village_code": villages[places],
    }


def _join(first: Columns, second: Columns) -> Columns:
    """One list under the other; what one lacks is blank."""
    return {name: np.concatenate([_column(first, name), _column(second, name)]) for name in first | second}


def _column(part: Columns, name: str) -> Array:
    return part[name] if name in part else np.full(len(part["name"]), None, dtype=object)


def _stack(rng: np.random.Generator, parts: dict[str, Columns]) -> Columns:
    names = ("name", "id_number", "village_code", "household_key", "grade", "able_children")
    stacked = {name: np.concatenate([_column(parts[item], name).astype(object) for item in LISTS]) for name in names}
    stacked["list"] = np.concatenate([np.full(len(parts[item]["name"]), item, dtype=object) for item in LISTS])
    days = rng.integers(0, 280, len(stacked["list"])).astype("timedelta64[D]")
    stacked["on"] = np.datetime64(f"{THIS}-01-05") + days
    return stacked


def applicant_frame(rng: np.random.Generator, homes: Columns, people: Columns, outsiders: Columns) -> pd.DataFrame:
    """Those who came in this year, and villagers above the line who were turned down."""
    heads = np.nonzero((people["role"] == HEAD) & homes["new"][people["home"]])[0]
    home = people["home"][heads]
    down = np.nonzero(chosen(rng, outsiders["first"], max(4, len(homes["kind"]) // 150)))[0]
    n, turned = len(heads), len(down)
    columns = {
        "name": np.concatenate([people["name"][heads], outsiders["name"][down]]),
        "id_number": np.concatenate([people["id18"][heads], outsiders["id18"][down]]),
        "village_code": np.concatenate([homes["village_code"][home], outsiders["village_code"][down]]),
        "people": np.concatenate([homes[f"size{THIS}"][home], outsiders["size"][down]]),
        "net_income_pc": np.concatenate(
            [homes[f"net_income_pc{THIS}"][home], np.round(rng.uniform(1.3, 3, turned) * LINE[THIS], 2)]
        ),
        "meets_standard": np.arange(n + turned) < n,
        "on": np.datetime64(f"{THIS}-05-02") + rng.integers(0, 20, n + turned).astype("timedelta64[D]"),
        "outcome": np.where(np.arange(n + turned) < n, "纳入", "未纳入").astype(object),
    }
    return typed("applicant", columns)


def mistaken_frame(rng: np.random.Generator, homes: Columns, people: Columns) -> pd.DataFrame:
    """Half of those who came in this year had been left out or deleted by mistake before."""
    heads = np.nonzero((people["role"] == HEAD) & homes["new"][people["home"]])[0]
    heads = heads[: max(1, len(heads) // 2)]
    return typed(
        "mistaken",
        {
            "name": people["name"][heads],
            "id_number": people["id18"][heads],
            "village_code": homes["village_code"][people["home"][heads]],
            "kind": pick(rng, {"误删除": 0.5, "未录入": 0.5}, len(heads)),
        },
    )
