"""Which limits a pattern used when it was measured."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from povkit.selftest import homes, places
from povkit.selftest.settings import CERTIFY
from povkit.selftest.source import judge

NOT_MEASURED = ("pattern_draws", "county_code", "data_year", "leaves_this_year", "income_line", "pattern_q_max")
"""Limits that the worlds set themselves, or that are facts of a run."""


def used_limits(codes: Iterable[str], limits: Any) -> dict[str, dict[str, Any]]:
    """The limits that each pattern reads on an honest county, with their values."""
    rng = np.random.default_rng(0)
    frames = {"household": homes.register(rng, CERTIFY)}
    needy, moving = places.exiting(rng, CERTIFY), places.moving(rng, CERTIFY)
    by_place = {"village": needy, "household": places.households(rng, needy)}
    by_code: dict[str, Mapping[str, Any]] = {
        "K13": places.planned(rng, CERTIFY), "K09": moving, "S03": moving, "S05": places.unmet(rng, CERTIFY),
        "S01": by_place, "S02": by_place, "S04": by_place,
    }  # fmt: skip
    found = {code: judge(by_code.get(code, frames), (code,), limits).limits[code] for code in codes}
    return {
        code: {name: values[name] for name in sorted(values) if name not in NOT_MEASURED}
        for code, values in found.items()
    }
