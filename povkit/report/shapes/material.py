"""What the patterns of one county gave, as far as report and notebook show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from povkit.policy import Certified, Stale
from povkit.report.figures import short_village
from povkit.report.masking import mask_name, mask_text
from povkit.report.words import Words


@dataclass(frozen=True)
class Shapes:
    """Tests and picture frames of a county's patterns (see `povkit.patterns.PatternResult`).

    tests: one row a tested unit (code, level, object_id, n, p, q, effect, low, high, households, detail, flagged, …).
    effect_unit: what the effect is, {"zh": …, "en": …}.
    frames: by code, the data of a picture. limits: the limits of the run. calibration: by code, what the self-test
    measured (empty: nothing is certified); stale: by code, why that does not hold for the test that ran. homes: the
    register's households (household_id, head_name, township, village_code, village), for lists of whom to visit; None:
    only what findings say.
    """

    tests: pd.DataFrame
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    calibration: Mapping[str, Certified] = field(default_factory=dict)
    homes: pd.DataFrame | None = None
    stale: Mapping[str, Stale] = field(default_factory=dict)

    def of(self, code: str, flagged: bool | None = None) -> pd.DataFrame:
        """Tests of a code, strangest first; only the flagged (True) or the others (False)."""
        found = self.tests[self.tests["code"] == code]
        if flagged is not None:
            found = found[found["flagged"].astype(bool) == flagged]
        return found.sort_values(["q", "p", "level", "object_id"], kind="stable")

    def county(self, code: str) -> Mapping[Any, Any]:
        """The county's own test of a code as a row, {} if there is none."""
        rows = self.of(code)
        rows = rows[rows["level"] == "county"]
        return {} if rows.empty else dict(rows.iloc[0])


@dataclass(frozen=True)
class Style:
    """How pictures are worded: the words of a language, and whether names stay unmasked."""

    words: Words
    show_identities: bool = False

    def name(self, unit: Mapping[Any, Any]) -> str:
        """What a tested unit is called: village and township, township, the official's name masked, the county."""
        level, subject = str(unit["level"]), _text(unit, "subject") or str(unit["object_id"])
        if level == "county":
            return self.words("shape.county")
        if level == "village":
            return _text(unit, "township") + short_village(_text(unit, "village") or subject)
        if level == "helper":
            who = subject if self.show_identities else mask_name(mask_text(subject))
            return self.words("shape.official", name=who, place=_text(unit, "township"))
        return subject

    def names(self, units: pd.DataFrame, most: int = 3) -> str:
        """Names of units in their order, the first `most` of them and how many there are."""
        told = [self.name(row) for row in units.head(most).to_dict("records")]
        more = self.words("shape.more", n=len(units)) if len(units) > most else ""
        return self.words("mark.list").join(told) + more

    def q(self, unit: Mapping[Any, Any]) -> str:
        """The q value in words: q < 0.001, or q = 0.03."""
        value = float(unit["q"])
        if value != value:
            return self.words("shape.q_none")
        return "q<0.001" if value < 0.001 else f"q={value:.3f}".rstrip("0").rstrip(".")


def _text(unit: Mapping[Any, Any], name: str) -> str:
    """A text of a unit, "" where it is blank."""
    value = unit.get(name)
    return value if isinstance(value, str) else ""
