"""Worlds handed to patterns: frames instead of views, and the runner's own adjustment for many tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pandas as pd

from povkit.patterns import PATTERNS, Source
from povkit.patterns.multiplicity import judged
from povkit.patterns.pattern import Ran
from povkit.patterns.result import Tested
from povkit.views import IDENTITY

_KEPT = tuple(name for name in IDENTITY if name != "person_id")


@dataclass
class FrameSource:
    """Frames by view in place of views; a column that is not there stands for an input that was not handed in."""

    frames: Mapping[str, pd.DataFrame]
    used: dict[str, list[str]] = field(default_factory=dict)

    def has(self, view: str, columns: Iterable[str]) -> bool:
        """Whether the frame has all these columns."""
        return set(columns) <= set(self.frames.get(view, ()))

    def frame(self, view: str, columns: Iterable[str]) -> pd.DataFrame:
        """The frame's identity and these columns, a copy."""
        names = list(dict.fromkeys((*_KEPT, *columns)))
        return self.frames[view].reindex(columns=names).copy()


@dataclass(frozen=True)
class Judged:
    """tests: every unit with q and whether it is flagged, as a county's run gives them; limits used, by code."""

    tests: pd.DataFrame
    limits: Mapping[str, Mapping[str, Any]]

    def of(self, code: str, level: str = "") -> pd.DataFrame:
        """Tests of one code (and level)."""
        here = self.tests["code"] == code
        return self.tests[here & (self.tests["level"] == level)] if level else self.tests[here]

    def flagged(self, code: str, level: str) -> set[str]:
        """Objects of a level that the code names."""
        tests = self.of(code, level)
        return set(tests.loc[tests["flagged"], "object_id"])

    def named_households(self, code: str) -> set[str]:
        """Households that the code's findings list."""
        tests = self.of(code)
        return {number for numbers in tests.loc[tests["flagged"], "households"] for number in numbers}


def judge(frames: Mapping[str, pd.DataFrame], codes: Iterable[str], limits: Any, seed: int = 0) -> Judged:
    """Run these patterns over frames; each code is adjusted as if it had been run alone."""
    ran: dict[str, Ran] = {}
    for code in codes:
        recorder = limits.recorder()
        source = FrameSource(frames)
        tested: Tested = PATTERNS[code].function(cast(Source, source), recorder, PATTERNS[code].generator(seed))
        ran[code] = Ran(tested, dict(recorder.used), source.used)
    parts = [judged({code: one}, {code: PATTERNS[code]}, limits.pattern_q_max) for code, one in ran.items()]
    return Judged(pd.concat(parts, ignore_index=True), {code: one.limits for code, one in ran.items()})
