"""What the patterns gave, made ready for report and notebook."""

from pathlib import Path

import pandas as pd

from povkit.patterns import PatternResult, stale
from povkit.patterns.units import EFFECT_UNITS_ZH
from povkit.policy import Limits, load_calibration
from povkit.report import Shapes


def shapes_of(result: PatternResult, limits: Limits, homes: pd.DataFrame, parameters: Path | None = None) -> Shapes:
    """Tests, pictures' data and limits of a run, the register's households; units of effects in both languages.

    parameters: folder that holds the record of the self-test instead of povkit's own.
    """
    units = result.tests["effect_unit"]
    both = pd.Series(
        [{"zh": EFFECT_UNITS_ZH.get(unit, ""), "en": unit} for unit in units], index=units.index, dtype=object
    )
    record = load_calibration(parameters)
    tests = result.tests.assign(effect_unit=both)
    return Shapes(tests, result.pictures, limits, record.codes, homes, stale(record, limits))
