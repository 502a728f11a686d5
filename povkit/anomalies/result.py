"""What anomaly models give: outcomes by code, findings, a score a household, and reasons on demand."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from povkit.anomalies.explain import Explainer
from povkit.anomalies.reasons import Reason
from povkit.views import Need
from povkit.vocab import FINDING_SCHEMA


@dataclass(frozen=True)
class Channel:
    """One channel as the catalogue's line; code, view, zh, en, face are named as a rule's are."""

    code: str
    name: str
    zh: str
    en: str
    view: str = "household"
    face: str = ""


SHELF: tuple[Channel, ...] = (
    Channel("X01", "plausibility", "收入与家庭条件不相称", "Income does not fit what the household has"),
    Channel("X02", "cells", "某项数值与其余登记不相称", "A value does not fit the household's other entries"),
    Channel("X03", "rarity", "少见的情况组合", "A rare combination of entries"),
)
CODES = tuple(channel.code for channel in SHELF)


@dataclass
class Outcome:
    """What became of one channel: households evaluated, flagged, unknown; or why it was not run."""

    rule: Channel
    evaluated: int = 0
    flagged: int = 0
    unknown: int = 0
    missing: tuple[Need, ...] = ()
    crash: str = ""

    @property
    def ran(self) -> bool:
        """Whether it judged at all."""
        return not (self.missing or self.crash)


SCORE_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("household_id", "village_code", "village", "township"), "object"),
    **dict.fromkeys(("plausibility", "plausibility_p", "cells", "cells_p", "rarity", "rarity_p", "p", "q"), "float64"),
    "rank": "int64",
    "flagged": "bool",
    "channel": "object",
    "fingerprint": "object",
}
"""Columns of `AnomalyResult.scores`."""


def no_scores() -> pd.DataFrame:
    """Scores of nobody."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SCORE_COLUMNS.items()})


@dataclass
class AnomalyResult:
    """Everything that the anomaly models of one county gave.

    outcomes: by code X01, X02, X03. findings: FINDING_SCHEMA, a row a flagged household and channel (severity, grade
    and clause still blank). scores: one row a household judged, sorted by rank (1 = strangest); in every channel a
    higher score is stranger; NaN where a channel could not judge it. `channel` names the channel that carries p;
    `fingerprint` is a hash of the household's values. population: households on the register.
    """

    outcomes: dict[str, Outcome]
    findings: pa.Table = field(default_factory=lambda: FINDING_SCHEMA.empty_table())
    scores: pd.DataFrame = field(default_factory=no_scores)
    population: int = 0
    explainer: Explainer | None = field(default=None, repr=False)

    @property
    def complete(self) -> bool:
        """False if a channel crashed."""
        return not any(outcome.crash for outcome in self.outcomes.values())

    def reasons(self, household_ids: Iterable[str]) -> dict[str, Reason]:
        """Reason of each of these households, by number, in the order given.

        Raises KeyError with the numbers that were not judged.
        """
        wanted = list(dict.fromkeys(household_ids))
        known = set(self.scores["household_id"])
        strangers = [number for number in wanted if number not in known]
        if strangers:
            raise KeyError(f"no score for households {', '.join(map(str, strangers))}; scores.household_id lists all")
        if not wanted or self.explainer is None:
            return {}
        return self.explainer.explain(self.scores.set_index("household_id").loc[wanted, "channel"])
