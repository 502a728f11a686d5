"""What was done with each household: measures, changes of the year, steps of procedure, departments' certificates."""

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array, Columns, filled, known, pick, select, typed
from povkit.simulate.assumptions import THIS
from povkit.simulate.standing import on_register
from povkit.simulate.villages import STANDARDS

STEPS = ("民主评议", "村两委和工作队核实", "帮扶责任人认可", "贫困户认可", "公示", "公告", "系统标注")
DEPARTMENTS = ("水务", "教育", "卫计", "住建")
_DAY = "timedelta64[D]"


def measure_frame(rng: np.random.Generator, homes: Columns, villages: Columns) -> pd.DataFrame:
    """Household measures that fit the cause and the people, and ten village measures for each exiting village."""
    here = on_register(homes, THIS)
    parts = []
    for kind, content, where, low, high in _measures(rng, homes):
        places = np.nonzero(where & here)[0]
        parts.append(_measure_rows(rng, homes, places, kind, content, low, high))
    parts.append(_village_rows(rng, villages))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    household = np.array([item or "~" for item in columns["household_id"]])
    order = np.lexsort((columns["kind"].astype(str), columns["village_code"].astype(str), household))
    return typed("measure", select(columns, order))


def _measures(rng: np.random.Generator, homes: Columns) -> list[tuple[str, str, Array, int, int]]:
    n = len(homes["kind"])
    cause = homes["cause"].astype(str)
    business = homes[f"business_income{THIS}"] > 0
    industry = business & (homes["cooperative"] | (rng.random(n) < 0.7))
    work = (homes["workers"] > 0) & (rng.random(n) < 0.6)
    listed = [
        ("产业帮扶", "养殖种植补助", industry, 800, 6000),
        ("就业帮扶", "转移就业", work, 300, 1500),
        ("教育帮扶", "雨露计划", homes["vocational"] > 0, 1500, 3000),
        ("教育帮扶", "教育资助", (homes["students"] > 0) & (homes["vocational"] == 0), 500, 4000),
        ("健康帮扶", "家庭医生签约与医疗救助", (homes["ill"] > 0) | (cause == "因病"), 200, 5000),
        ("综合保障", "残疾人两项补贴", homes["disabled"] > 0, 600, 600),
        ("综合保障", "低保金", homes["dibao"], 1200, 4800),
        ("综合保障", "特困供养金", homes["tekun"], 2400, 7800),
        ("易地搬迁", "易地扶贫搬迁", homes["relocated"], 20000, 60000),
        (
            "危房改造",
            "农村危房改造",
            (homes["rebuilt"] & ~homes["relocated"]) | homes[f"unsafe_house{THIS}"],
            8000,
            22000,
        ),
        ("基础设施", "饮水安全工程", ~homes["water_safe"], 1000, 4000),
        ("生态补偿", "退耕还林补助", homes["reforested"] > 0, 200, 1500),
    ]
    covered = np.any([where for _, _, where, _, _ in listed], axis=0)
    return [*listed, ("基础设施", "入户路与饮水管网", ~covered, 1000, 5000)]


def _measure_rows(
    rng: np.random.Generator, homes: Columns, places: Array, kind: str, content: str, low: int, high: int
) -> Columns:
    n = len(places)
    left = homes["exit_year"][places]
    year = np.where((left > 0) & (left < THIS), left, THIS)
    first = np.where(homes["new"][places], 250, 20)
    return {
        "household_id": homes["household_id"][places],
        "village_code": homes["village_code"][places],
        "kind": np.full(n, kind, dtype=object),
        "content": np.full(n, content, dtype=object),
        "amount": rng.integers(low, high + 1, n).astype(float),
        "starts": _day(
            year, first + rng.integers(0, 50, n) + np.where(homes["new"][places], 0, rng.integers(0, 150, n))
        ),
    }


def _village_rows(rng: np.random.Generator, villages: Columns) -> Columns:
    rows = np.repeat(np.nonzero(villages["exit_year"] > 0)[0], len(STANDARDS))
    n = len(rows)
    return {
        "household_id": np.full(n, None, dtype=object),
        "village_code": villages["village_code"][rows],
        "kind": np.full(n, "基础设施", dtype=object),
        "content": np.tile(np.array(STANDARDS, dtype=object), n // len(STANDARDS)),
        "amount": rng.integers(2, 60, n) * 10000.0,
        "starts": _day(villages["exit_year"][rows], rng.integers(30, 200, n)),
    }


def _day(year: Array, day_of_year: Array) -> Array:
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    days: Array = start + day_of_year.astype(_DAY)
    return days


def draw_dates(rng: np.random.Generator, homes: Columns) -> None:
    """Day of each step of each household's process this year: `step0` to `step6`, `notice_end`, `announced_end`."""
    n = len(homes["kind"])
    early = homes["new"] | homes["returned"]
    day = _day(np.full(n, THIS), np.where(early, 152, 243) + rng.integers(0, 22, n))
    for step in range(5):
        homes[f"step{step}"] = day
        day = day + rng.integers(1, 4, n).astype(_DAY)
    homes["notice_end"] = homes["step4"] + rng.integers(7, 11, n).astype(_DAY)
    homes["step5"] = homes["notice_end"] + rng.integers(1, 3, n).astype(_DAY)
    homes["announced_end"] = homes["step5"] + rng.integers(7, 10, n).astype(_DAY)
    homes["step6"] = homes["announced_end"] + rng.integers(1, 12, n).astype(_DAY)


def _process(homes: Columns) -> Array:
    """Which process each home goes through this year; None for most."""
    leaving = (homes["exit_year"] == THIS) & ~homes["removed"]
    process = filled(leaving, "脱贫")
    for name, label in (("new", "新识别"), ("returned", "返贫"), ("removed", "剔除")):
        process = np.where(homes[name], label, process)
    return process


def procedure_frame(homes: Columns) -> pd.DataFrame:
    """Seven steps, in order, for every household that leaves, comes in, comes back or is removed."""
    process = _process(homes)
    places = np.repeat(np.nonzero(known(process))[0], len(STEPS))
    step = np.tile(np.arange(len(STEPS)), len(places) // len(STEPS))
    starts = np.stack([homes[f"step{number}"] for number in range(len(STEPS))])
    ends = starts.copy()
    ends[4], ends[5] = homes["notice_end"], homes["announced_end"]
    return typed(
        "procedure",
        {
            "household_id": homes["household_id"][places],
            "village_code": homes["village_code"][places],
            "process": process[places],
            "step": np.array(STEPS, dtype=object)[step],
            "starts": starts[step, places],
            "ends": ends[step, places],
            "outcome": np.full(len(places), "通过", dtype=object),
        },
    )


def certification_frame(homes: Columns) -> pd.DataFrame:
    """The four departments' certificates of every household that leaves this year."""
    places = np.repeat(np.nonzero(_process(homes) == "脱贫")[0], len(DEPARTMENTS))
    return typed(
        "certification",
        {
            "household_id": homes["household_id"][places],
            "department": np.tile(np.array(DEPARTMENTS, dtype=object), len(places) // len(DEPARTMENTS)),
            "met": np.ones(len(places), dtype=bool),
            "on": homes["step3"][places],
        },
    )


def change_frame(rng: np.random.Generator, homes: Columns, people: Columns) -> pd.DataFrame:
    """This year's changes: every exit, inclusion, return and removal as a whole household, every birth and death."""
    process = _process(homes)
    places = np.nonzero(known(process))[0]
    kind = process[places]
    reason = np.where(kind == "脱贫", "达标退出", np.where(kind == "新识别", "查缺补漏", homes["return_cause"][places]))
    removal = pick(
        rng,
        {"家庭有消费型车辆": 0.4, "家庭有商品房": 0.2, "家庭成员有财政供养人员": 0.2, "家庭经营商铺": 0.2},
        len(places),
    )
    n = len(places)
    whole = {
        "household_id": homes["household_id"][places],
        "village_code": homes["village_code"][places],
        "kind": kind,
        "reason": np.where(kind == "剔除", removal, reason),
        "people": homes[f"size{THIS}"][places],
        "whole_household": np.ones(n, dtype=bool),
        "on": homes["step6"][places],
    }
    single = _births_and_deaths(rng, homes, people)
    columns = {name: np.concatenate([whole[name], single[name]]) for name in whole}
    columns["rechecked"] = columns["paper_file"] = np.ones(len(columns["kind"]), dtype=bool)
    return typed("change", columns)


def _births_and_deaths(rng: np.random.Generator, homes: Columns, people: Columns) -> Columns:
    rows = np.nonzero(people["born"] | people["died"])[0]
    born, places = people["born"][rows], people["home"][rows]
    n = len(rows)
    return {
        "household_id": homes["household_id"][places],
        "village_code": homes["village_code"][places],
        "kind": np.where(born, "自然增加", "自然减少").astype(object),
        "reason": np.where(born, "新生儿", "死亡").astype(object),
        "people": np.ones(n, dtype=int),
        "whole_household": np.zeros(n, dtype=bool),
        "on": np.full(n, np.datetime64(f"{THIS}-06-15")) + rng.integers(0, 40, n).astype(_DAY),
    }
