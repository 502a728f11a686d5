"""Made-up results of patterns: frames of every picture, with something found or with nothing. Nobody is real."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.report import Shapes

COUNTY = "530113"
LIMITS = {
    "income_line": 3500, "bunch_above_yuan": 200, "bunch_below_yuan": 500, "parked_lines_pct": (3.0, 2.0),
    "parked_band_pct": 0.3, "backstop_exits_min": 5, "effect_min_k09": 10, "data_year": 2018, "pattern_q_max": 0.05,
}  # fmt: skip
PLACES = pd.DataFrame(
    {
        "village_code": [f"53011300{i}201" for i in range(8)],
        "village": [f"第{i}村民委员会" for i in range(8)],
        "township": [f"第{i % 2}镇" for i in range(8)],
    }
)
DETAILS: dict[str, dict[str, Any]] = {
    "S01": {"stratum": "未出列村", "incidence_pct": 6.2, "usual_share": 0.1},
    "S02": {"line_pct": 3.0, "usual_share": 0.2},
    "S03": {"balance": "all taken in = removed", "usual_share": 0.2},
    "K13": {"usual_share": 0.2},
    "K09": {"movement": {"zh": "剔除", "en": "removed"}, "usual_count": 1.2, "busiest_day_share": 0.9},
    "J16": {"backstop_left": 20, "usual_share": 0.2},
    "E13": {"test": "bunching"},
    "E15": {"copied_households": 4, "groups": 1, "largest_share_of_equal_fields": 0.9},
    "F06": {"rate_pct": 10.0, "comparable": 9, "usual_share": 0.1},
}
LEVELS = {"K09": "village", "J16": "village", "E13": "township", "E15": "helper", "F06": "helper"}
HELPER = "530199197001011234"


def _test(code: str, level: str, found: bool, p: float = 0.001) -> dict[str, Any]:
    name = {"county": COUNTY, "township": "第1镇", "village": PLACES["village_code"][1], "helper": HELPER}[level]
    unit: dict[str, Any] = {"code": code, "level": level, "object_id": name, "n": 9, "p": p, "q": p, "statistic": 8.0}
    unit |= {"effect": 0.5, "low": 0.4, "high": 0.6, "effect_unit": {"zh": "比例", "en": "share"}, "least": 0.1}
    unit |= {"township": "第1镇", "village_code": PLACES["village_code"][1], "village": PLACES["village"][1]}
    unit |= {"subject": "张桂富" if level == "helper" else None, "households": ("85301130000001", "85301130000002")}
    return unit | {"detail": DETAILS[code], "flagged": found}


def made(found: bool = True, small: bool = False, dated: bool = True) -> Shapes:
    """Every pattern with one unit flagged (found), not flagged, or too small to be tested."""
    p = np.nan if small else 0.001 if found else 0.6
    rows = [_test(code, "county", found and code not in LEVELS, p if code not in LEVELS else 0.7) for code in DETAILS]
    rows = [row | ({"p": np.nan, "q": np.nan} if small else {}) for row in rows]
    rows += [_test(code, level, found, p) for code, level in LEVELS.items()]
    return Shapes(pd.DataFrame(rows), frames(dated), LIMITS)


def frames(dated: bool = True) -> dict[str, pd.DataFrame]:
    """Data of every picture."""
    rng = np.random.default_rng(1)
    people = np.array([200, 400, 800, 900, 1000, 1500, 2000, 2500])
    strata = np.array(["exits_this_year", "not_exited", "exited_before", "not_exited"] * 2)
    incidence = PLACES.assign(stratum=strata, population=people, incidence_pct=2.8, pooled_pct=2.8)
    incidence = incidence.assign(low_pct=1.0, high_pct=2.8 + 40 / np.sqrt(people))
    plan = PLACES.assign(planned_exits=[*range(7), 1], exits_this_year=[*range(7), 5], could_exit=9.0, need=1.0)
    counts = PLACES.assign(identified=1, removed=[1, 1, 2, 0, 40, 1, 1, 0], taken_in=1, gone=3)
    days = pd.to_datetime(["2018-03-05"] * 4 + ["2018-11-20"] * 4) if dated else pd.NaT
    moved = [PLACES.assign(movement=name, changed_on=days, count=range(8)) for name in ("removed", "taken_in")]
    copies = pd.DataFrame(
        [
            ("copies", "helper", HELPER, 0, f"8530113000000{home}", field, value, home != 1 or field != "farmland")
            for home in range(1, 5)
            for field, value in (("wage_income", 0.0), ("business_income", 3653.77), ("farmland", 5.6 + (home == 1)))
        ],
        columns=["kind", "level", "block", "group", "household_id", "field", "value", "same"],
    )
    last = np.rint(np.exp(rng.normal(8.4, 0.3, 300)))
    years = pd.DataFrame({"household_id": [f"8530113{i:07}" for i in range(300)], "last": last, "now": last * 1.1})
    income = np.arange(2000, 6000, 10.0)
    line = pd.DataFrame({"income": income, "left": rng.poisson(1, 400), "not_left": rng.poisson(1, 400)})
    line = line.assign(expected=2.0, window=(income >= 3000) & (income < 3700), width=10.0)
    lines = pd.concat([line.assign(level="county", place=COUNTY), line.assign(level="township", place="第1镇")])
    backstop = PLACES.assign(backstop=range(2, 10), left=[1, 8, *[1] * 6], others=20, others_left=4)
    return {
        "S01": incidence, "K13": plan, "S03": counts, "K09": pd.concat(moved, ignore_index=True), "E15": copies,
        "F06": years, "E13": lines, "J16": backstop.assign(usual=0.2, spread=0.05),
    }  # fmt: skip
