"""What stands beside bunching at the line: which income fills the gap, round totals, and last year's income."""

from typing import Any

import numpy as np
import pandas as pd

from povkit.patterns.density import binomial_nearest

_COMPONENTS = {"wage_income": 1, "business_income": 1, "property_income": 1, "transfer_income": 1, "business_cost": -1}
"""Kinds of income, with the sign by which they enter the net income."""
_FAR = 1.5
_COMPARED_MIN = 10
_WHOLE_YUAN = 1.0


def line_evidence(homes: pd.DataFrame, line: float, margin: float, step: float) -> dict[str, Any]:
    """Details for a finding. homes: households of the place with their incomes; margin: share over the line.

    step: between round incomes; totals of line times people are set beside those of one and two steps away.
    """
    left = homes[homes["has_left_poverty"]]
    ratio = left["net_income_pc"] / line
    near = left[(ratio >= 1) & (ratio < 1 + margin)]
    far = left[(ratio >= 1 + margin) & (ratio < _FAR)]
    found: dict[str, Any] = {"left_near_line": len(near), **_totals(homes, line, step)}
    if len(near) and {*_COMPONENTS} <= {*homes.columns} and len(far) >= _COMPARED_MIN:
        found |= _gap(near, far, line)
    if "last_net_income_pc" in homes.columns:
        found |= _last_year(homes, near)
    nearest = binomial_nearest(homes["net_income_pc"].to_numpy(), line)
    return found | {"nearest_width": nearest.width, "nearest_below": nearest.below, "nearest_above": nearest.above}


def _totals(homes: pd.DataFrame, line: float, step: float) -> dict[str, Any]:
    """Households whose total is line times people to the yuan, and the mean number at four other such multiples."""
    total, size = homes["net_income"].to_numpy(), homes["size"].to_numpy()

    def on(at: float) -> int:
        return int((np.abs(total - at * size) <= _WHOLE_YUAN / 2).sum())

    others = [on(line + times * step) for times in (-2, -1, 1, 2)]
    return {"total_is_line_times_people": on(line), "total_is_other_round_times_people": float(np.mean(others))}


def _gap(near: pd.DataFrame, far: pd.DataFrame, line: float) -> dict[str, Any]:
    """The component that those near the line have more of than those further above, and how many it lifts over it."""

    def shares(homes: pd.DataFrame) -> pd.DataFrame:
        return homes[[*_COMPONENTS]].div(homes["net_income"].where(homes["net_income"] > 0), axis=0) * pd.Series(
            _COMPONENTS
        )

    here, there = shares(near), shares(far)
    spread = there.std().clip(lower=1e-6)
    more = ((here.mean() - there.mean()) / spread).fillna(0.0)
    name = str(more.idxmax())
    surplus = (here[name] - there[name].mean()).clip(lower=0) * near["net_income"]
    without = (near["net_income"] - surplus) / near["size"] < line
    means = {"gap_share": float(here[name].mean()), "gap_share_usual": float(there[name].mean())}
    return {"gap_component": name, **means, "gap_lifts": int(without.sum())}


def _last_year(homes: pd.DataFrame, near: pd.DataFrame) -> dict[str, Any]:
    """Growth since last year of those that leave just over the line and of those that do not leave; and reversals."""
    growth = homes["net_income_pc"] / homes["last_net_income_pc"].where(homes["last_net_income_pc"] > 0) - 1
    here = growth[near.index][near["leaves_this_year"]]
    there = growth[homes["not_yet_left"]]
    earlier = growth[homes["has_left_poverty"] & ~homes["leaves_this_year"]]
    found = {"growth_near": here, "growth_not_left": there, "growth_left_earlier": earlier}
    return {name: float(values.median()) for name, values in found.items() if values.notna().any()} | (
        {"left_earlier_fallen_share": float((earlier.dropna() < 0).mean())} if earlier.notna().any() else {}
    )
