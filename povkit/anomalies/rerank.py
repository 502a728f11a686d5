"""Learning from visits: an order of the leads that heeds what was found at the doors.

Logistic regression on the channels' surprise (log10 of 1/p), off until there are enough verdicts of both kinds. Its
coefficients are held at zero or above, as a stranger household is never the safer for it, so that few verdicts cannot
turn the order over; its probabilities are those of the visited, calibrated by the likelihood itself.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from sklearn.base import BaseEstimator

from povkit.anomalies.model import CHANNELS

Floats = npt.NDArray[np.float64]

CONFIRMED, CLEARED = "confirmed", "cleared"
PRIOR_SPREAD = 1.0
"""Standard deviation of the coefficients' prior (ridge), on columns of unit spread."""
FEWEST_OF_A_KIND = 5
"""Confirmed and cleared verdicts that must both be there: without the other kind nothing tells them apart."""


class LeadOrder(BaseEstimator):  # type: ignore[misc]
    """Chance that a lead is confirmed, given the surprise of each channel.

    Learned: `coef_` (one a channel, not negative), `intercept_`, `spread_`.

    >>> surprise = np.array([[4.0, 0.0, 0.0], [3.0, 0.1, 0.0], [0.1, 4.0, 0.0], [0.0, 3.0, 0.0]] * 5)
    >>> order = LeadOrder().fit(surprise, np.array([1, 1, 0, 0] * 5))
    >>> bool(order.predict(surprise)[0] > 0.6 > 0.5 > order.predict(surprise)[2])
    True
    """

    def fit(self, X: Floats, y: npt.ArrayLike) -> Self:
        """X: (leads, channels), surprise; y: 1 confirmed, 0 cleared."""
        answers = np.asarray(y, dtype=np.float64)
        self.spread_ = np.where(X.std(axis=0) > 1e-9, X.std(axis=0), np.inf)
        Z = X / self.spread_

        def loss(parameters: Floats) -> tuple[float, Floats]:
            margin = Z @ parameters[1:] + parameters[0]
            away = 1 / (1 + np.exp(-margin)) - answers
            value = (
                np.logaddexp(0, margin).sum() - answers @ margin + (parameters[1:] ** 2).sum() / (2 * PRIOR_SPREAD**2)
            )
            gradient = np.concatenate([[away.sum()], Z.T @ away + parameters[1:] / PRIOR_SPREAD**2])
            return float(value), gradient

        bounds = [(None, None), *((0.0, None) for _ in range(X.shape[1]))]
        found = minimize(loss, np.zeros(X.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B")
        self.intercept_, self.coef_ = float(found.x[0]), np.asarray(found.x[1:])
        return self

    def predict(self, X: Floats) -> Floats:
        """Chance of being confirmed, between 0 and 1."""
        chance: Floats = 1 / (1 + np.exp(-(X / self.spread_ @ self.coef_ + self.intercept_)))
        return chance


def rerank(scores: pd.DataFrame, verdicts: pd.DataFrame, least: int) -> pd.DataFrame:
    """The scores in a new order, with `dismissed`, `chance` and `new_rank` added.

    scores: as `AnomalyResult.scores`. verdicts: household_id, fingerprint and verdict ("confirmed" or "cleared",
    others are no verdicts), the latest of a household last. least: verdicts from which the order is learned
    (anomaly_verdicts_min of the policy); with fewer, `chance` is blank and the order that of `rank`.

    dismissed: cleared earlier while the values were what they still are; such leads come last. A household whose values
    have changed since is a lead again.
    Raises KeyError if a column is missing.
    """
    latest = verdicts.drop_duplicates("household_id", keep="last").set_index("household_id")
    table = scores.copy()
    given = table["household_id"].map(latest["verdict"])
    same = table["household_id"].map(latest["fingerprint"]) == table["fingerprint"]
    table["dismissed"] = ((given == CLEARED) & same).to_numpy(bool)
    table["chance"] = np.nan
    judged = (given.isin([CONFIRMED, CLEARED]) & same).to_numpy(bool)
    answers = (given == CONFIRMED).to_numpy(bool)
    kinds = (int((judged & answers).sum()), int((judged & ~answers).sum()))
    if judged.sum() >= least and min(kinds) >= FEWEST_OF_A_KIND:
        surprise = surprise_of(table)
        order = LeadOrder().fit(surprise[judged], answers[judged])
        table["chance"] = order.predict(surprise)
    by: list[Any] = ["dismissed", "chance", "rank"]
    table = table.sort_values(by, ascending=[True, False, True], kind="stable", ignore_index=True)
    table["new_rank"] = np.arange(1, len(table) + 1)
    return table


def surprise_of(scores: pd.DataFrame) -> Floats:
    """log10(1/p) of each channel, shape (households, channels); 0 where a channel did not judge."""
    p = scores[[f"{name}_p" for name in CHANNELS]].to_numpy(np.float64)
    surprise: Floats = -np.log10(np.clip(np.nan_to_num(p, nan=1.0), 1e-12, 1.0))
    return surprise
