"""Records that look strange where no rule speaks: three channels, a score a household, reasons to check.

A score is not a verdict: an anomaly alone is a lead of the lowest grade.
"""

from povkit.anomalies.find import find_anomalies, fit_wider
from povkit.anomalies.model import CHANNELS, CountyModel
from povkit.anomalies.reasons import FieldReason, Reason
from povkit.anomalies.records import COLUMNS
from povkit.anomalies.rerank import rerank
from povkit.anomalies.result import CODES, SHELF, AnomalyResult, Channel, Outcome

__all__ = [
    "CHANNELS",
    "CODES",
    "COLUMNS",
    "SHELF",
    "AnomalyResult",
    "Channel",
    "CountyModel",
    "FieldReason",
    "Outcome",
    "Reason",
    "find_anomalies",
    "fit_wider",
    "rerank",
]
