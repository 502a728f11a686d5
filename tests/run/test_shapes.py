"""What a run hands to the report about its tests: also whether the record of the self-test holds for them."""

from datetime import date
from pathlib import Path

import pandas as pd

from povkit.patterns import PATTERNS, PatternResult
from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.run.shapes import shapes_of

LIMITS = limits_for(load_policy(), load_county("530113"), as_of=date(2018, 12, 31), data_year=2018)


def test_what_the_record_does_not_hold_for_is_handed_on(tmp_path: Path):
    shapes = shapes_of(PatternResult(), LIMITS, pd.DataFrame(), tmp_path)
    assert {code: each.kind for code, each in shapes.stale.items()} == dict.fromkeys(PATTERNS, "unmeasured")
    other = Limits({**LIMITS, "effect_min_e13": 0.5})
    assert shapes_of(PatternResult(), other, pd.DataFrame()).stale["E13"].limits == ("effect_min_e13",)
