"""Problem records fed back from above, all handled: the errors corrected, the suspicions verified with evidence."""

import numpy as np

from povkit.simulate.arrays import Array, Columns, Frame, filled, pick, typed
from povkit.simulate.assumptions import THIS
from povkit.simulate.names import full_names, surnames

_REPORTED = np.datetime64(f"{THIS}-09-27")
_SHARE = 0.03


def problem_frame(rng: np.random.Generator, county: str, tables: dict[str, Frame]) -> Frame:
    """Records on people, households, villages and helpers. tables: this year's household, person, village, helper."""
    total = max(24, round(len(tables["household"]) * _SHARE))
    parts = [
        _households(rng, tables["household"], total // 2),
        _people(rng, tables["person"], tables["household"], total // 4),
        _villages(rng, tables["village"], max(2, total // 12)),
        _helpers(rng, tables["helper"], tables["household"], max(2, total // 8)),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    n = len(columns["object"])
    wrong = rng.random(n) < 0.6
    male = rng.random(n) < 0.6
    columns |= {
        "problem_id": np.array([f"WT{county}{number:06d}" for number in range(n)], dtype=object),
        "kind": np.where(wrong, "错误", "疑似").astype(object),
        "reported_on": np.full(n, _REPORTED),
        "state": np.where(wrong, "已修改", "已核实无误").astype(object),
        "handled_on": _REPORTED + rng.integers(6, 60, n).astype("timedelta64[D]"),
        "handled_by": full_names(rng, surnames(rng, n), male),
        "evidence": filled(~wrong, pick(rng, {"入户照片.jpg": 0.6, "核实表.pdf": 0.4}, n)),
    }
    return typed("problem", columns)


def _part(kind: str, ids: Array, village: Array, field: str, what: str, value: Array) -> Columns:
    n = len(ids)
    return {
        "object": np.full(n, kind, dtype=object),
        "object_id": ids,
        "village_code": village,
        "field": np.full(n, field, dtype=object),
        "description": np.full(n, what, dtype=object),
        "value": value,
    }


def _rows(rng: np.random.Generator, frame: Frame, n: int) -> Frame:
    return frame.iloc[np.sort(rng.choice(len(frame), min(n, len(frame)), replace=False))]


def _households(rng: np.random.Generator, households: Frame, n: int) -> Columns:
    rows = _rows(rng, households, n)
    old = np.round(rows["net_income_pc"].to_numpy() * rng.choice((0.1, 10), len(rows)), 2)
    value = old.astype(str).astype(object)
    return _part(
        "贫困户", _texts(rows["household_id"]), _texts(rows["village_code"]), "人均纯收入", "人均纯收入异常", value
    )


def _people(rng: np.random.Generator, people: Frame, households: Frame, n: int) -> Columns:
    rows = _rows(rng, people, n)
    village = households.set_index("household_id")["village_code"].reindex(rows["household_id"])
    value = np.full(len(rows), "18", dtype=object)
    return _part("贫困人口", _texts(rows["person_id"]), _texts(village), "务工时间（月）", "务工时间超过12个月", value)


def _villages(rng: np.random.Generator, villages: Frame, n: int) -> Columns:
    rows = _rows(rng, villages, n)
    codes = _texts(rows["village_code"])
    return _part("贫困村", codes, codes, "总户数", "总户数为0", np.full(len(rows), "0", dtype=object))


def _helpers(rng: np.random.Generator, helpers: Frame, households: Frame, n: int) -> Columns:
    rows = _rows(rng, helpers.drop_duplicates("helper_id_number"), n)
    village = households.set_index("household_id")["village_code"].reindex(rows["household_id"])
    value = np.full(len(rows), "13800000000", dtype=object)
    return _part(
        "帮扶责任人", _texts(rows["helper_id_number"]), _texts(village), "责任人联系电话", "责任人电话重复", value
    )


def _texts(values: Frame) -> Array:
    array: Array = values.to_numpy(dtype=object)
    return array
