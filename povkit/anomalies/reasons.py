"""Why a household stands out: the fields that matter, the peers it was held against, one sentence to check."""

from dataclasses import dataclass
from typing import Any

from povkit.anomalies.sentences import tell


@dataclass(frozen=True)
class FieldReason:
    """One field of a reason.

    value: as registered (number or word, None: blank). low, high: the range of eight in ten peers (equal words: what
    most peers have). clears_low, clears_high: with a value in between and all else unchanged, the model would find the
    household ordinary; None: this field alone does not clear it. contribution: its share of the channel's score, in
    the score's own unit; the contributions of all fields add up to the score. unit_zh, unit_en: of the values.
    private: tells of illness or disability; its value is not told unless asked for.
    """

    column: str
    label_zh: str
    label_en: str
    value: Any
    low: Any
    high: Any
    clears_low: Any
    clears_high: Any
    contribution: float
    unit_zh: str = ""
    unit_en: str = ""
    private: bool = False

    @property
    def clears(self) -> bool:
        """Whether another value of this field alone would clear the household."""
        return self.clears_low is not None


@dataclass(frozen=True)
class Reason:
    """Why a household stands out in the channel that carries its p.

    fields: the three that matter most, first the one to check first. pair: its first two fields do not fit each other:
    one of the two is wrong. detector: plausibility, cells, forest or neighbours; score: that detector's; base: what
    remains of the score beside the contributions of all fields (expected depth of the forest; 0 elsewhere).
    contributions: of every field by column; base + their sum = score.
    """

    household_id: str
    channel: str
    detector: str
    score: float
    base: float
    fields: tuple[FieldReason, ...]
    contributions: dict[str, float]
    peers_zh: str
    peers_en: str
    n_peers: int
    pair: bool = False

    def sentence(self, language: str = "zh", show_identities: bool = False) -> str:
        """One sentence that an official can check, "zh" or "en". Illness and disability are told only if asked for."""
        return tell(self, language, show_identities)
