"""Visits: what inspectors found at the door of a sample of households. An honest register says the same."""

import numpy as np

from povkit.simulate.arrays import Columns, Frame, filled, typed
from povkit.simulate.assumptions import LINE, THIS
from povkit.simulate.names import full_names, surnames
from povkit.simulate.standing import chosen

_SHARE, _FEWEST = 0.05, 10
_DAY = "timedelta64[D]"


def visit_frame(rng: np.random.Generator, households: Frame, outsiders: Columns) -> Frame:
    """One row a visit, of registered households and of a few that are not on the register (their number is blank)."""
    count = max(_FEWEST, round(len(households) * _SHARE))
    rows = households.iloc[np.sort(rng.choice(len(households), count, replace=False))]
    outside = np.nonzero(chosen(rng, outsiders["first"], max(4, count // 5)))[0]
    n, total = len(rows), len(rows) + len(outside)
    left = (rows["status"] == "已脱贫").to_numpy()
    income = rows["net_income_pc"].to_numpy() * rng.uniform(0.92, 1.1, n)
    income = np.round(np.where(left, np.maximum(income, LINE[THIS] + 20), income), 2)
    safe = ~rows["unsafe_house"].fillna(False).to_numpy(dtype=bool)
    water = rows["water_safe"].fillna(True).to_numpy(dtype=bool)
    sound, known = np.ones(len(outside), dtype=bool), np.arange(total) < n
    columns: Columns = {
        "visit_id": np.array([f"RH{number:05d}" for number in range(1, total + 1)], dtype=object),
        "household_id": np.concatenate([rows["household_id"].to_numpy(), [None] * len(outside)]),
        "village_code": np.concatenate([rows["village_code"].to_numpy(), outsiders["village_code"][outside]]),
        "stratum": np.where(known, np.concatenate([np.where(left, "脱贫户", "未脱贫户"), sound]), "非建档立卡户"),
        "weight": np.where(known, np.round(len(households) / n, 3), np.nan),
        "people": np.concatenate([rows["size"].to_numpy(dtype=int), outsiders["size"][outside]]),
        "net_income_pc": np.concatenate([income, np.round(rng.uniform(1.3, 4, len(outside)) * LINE[THIS], 2)]),
        "house_safe": np.concatenate([safe, sound]),
        "moved_in": filled(known, np.concatenate([rows["moved_in"].to_numpy(dtype=object), sound])),
        "water_safe": np.concatenate([water, sound]),
        "verdict": np.full(total, "属实", dtype=object),
        "visitor": full_names(rng, surnames(rng, total), rng.random(total) < 0.7),
        "on": np.datetime64(f"{THIS}-10-25") + rng.integers(0, 40, total).astype(_DAY),
    }
    columns |= {name: np.ones(total, dtype=bool) for name in ("education_ok", "medical_ok", "food_clothing_ok")}
    columns["satisfied"] = rng.random(total) < 0.97
    return typed("visit", columns)
