"""What each field adds to a household's score: the parts add up to the score, whichever detector gave it.

Trees: SHAP values (Lundberg et al. 2020, Nat. Mach. Intell. 2:56). Cells: their surprises. Neighbours: squared
distances by field.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.anomalies.cells import CellResiduals
from povkit.anomalies.folds import Labels, folds_of
from povkit.anomalies.plausibility import IncomePlausibility
from povkit.anomalies.rarity import RareForest, RareNeighbours, combined, expected_depth

Floats = npt.NDArray[np.float64]


def shap_values(models: Sequence[Any], X: Floats) -> tuple[Floats, float]:
    """SHAP values (rows, columns) and expected value of the mean of tree models, as shap's TreeExplainer takes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library itself: its plots, which are not used, warn when imported
        import shap  # noqa: PLC0415 - seconds to import, needed for reasons alone

        explainers = [shap.TreeExplainer(model) for model in models]
        values = np.mean([each.shap_values(X) for each in explainers], axis=0)
    return values, float(np.mean([np.ravel(each.expected_value)[0] for each in explainers]))


def depths(forest: Any) -> dict[str, Any]:
    """An isolation forest as plain trees whose leaves hold their depth, divided by the number of trees.

    shap reads isolation forests by itself, node by node in Python; this is the same, many times faster.
    """
    trees = []
    for estimator in forest.estimators_:
        tree = estimator.tree_
        depth = np.zeros(tree.node_count)
        for node in range(tree.node_count):  # parents stand before their children
            if tree.children_left[node] >= 0:
                depth[[tree.children_left[node], tree.children_right[node]]] = depth[node] + 1
        value = depth + [expected_depth(int(n)) for n in tree.n_node_samples]
        default = np.where(tree.missing_go_to_left, tree.children_left, tree.children_right)
        trees.append(
            {
                "children_left": tree.children_left, "children_right": tree.children_right,
                "children_default": default, "features": tree.feature, "thresholds": tree.threshold,
                "values": value.reshape(-1, 1) / len(forest.estimators_),
                "node_sample_weight": tree.weighted_n_node_samples,
            }
        )  # fmt: skip
    return {"trees": trees, "input_dtype": np.float32, "internal_dtype": np.float64}


def of_income(
    detector: IncomePlausibility, frame: pd.DataFrame, groups: Labels, offset: float
) -> tuple[pd.DataFrame, Floats]:
    """Contributions to |deviation - offset|, columns the target and what explains it; and what remains (0)."""
    target = detector.target
    assert target is not None, "a fitted detector has a target"  # noqa: S101 - for the type checker
    deviations = detector.deviations(frame, groups) - offset
    sign = np.where(deviations < 0, -1.0, 1.0)
    X = detector.encoder_.transform(frame)
    folds = folds_of(detector.fold_of_, groups, len(frame))
    explained = np.zeros(X.shape)
    expected = np.zeros(len(frame))
    for fold in np.unique(folds):
        rows = folds == fold
        models = detector.models_ if fold < 0 else [detector.models_[fold]]
        explained[rows], expected[rows] = shap_values(models, X[rows])
    parts = pd.DataFrame(
        -explained * sign[:, None] / detector.scale_,
        index=frame.index,
        columns=[field.column for field in detector.explaining],
    )
    own = detector.log_income(frame) - detector.centre_ - expected
    parts.insert(0, target.column, sign * (own / detector.scale_ - offset))
    return parts, np.zeros(len(frame))


def of_cells(detector: CellResiduals, frame: pd.DataFrame, groups: Labels, offsets: Any) -> tuple[pd.DataFrame, Floats]:
    """The cells' surprises, and what remains (0)."""
    return detector.surprises_of(detector.deviations(frame, groups) - offsets), np.zeros(len(frame))


def of_forest(detector: RareForest, frame: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Minus the SHAP values of the mean depth, in the score's unit; and minus the expected depth."""
    values, expected = shap_values([_tables(detector)], detector.encoder_.transform(frame))
    columns = [field.column for field in combined(detector.fields)]
    parts = pd.DataFrame(-values / detector.unit_, index=frame.index, columns=columns)
    return parts, np.full(len(frame), -expected / detector.unit_)


def _tables(detector: RareForest) -> dict[str, Any]:
    """The forest as plain trees, made once: reasons are worked out block by block."""
    kept = detector.tables_
    if kept is None:
        kept = detector.tables_ = depths(detector.forest_)
    return kept


def of_neighbours(detector: RareNeighbours, frame: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """What each field adds to the mean squared distance, and what remains (0)."""
    columns = [field.column for field in combined(detector.fields)]
    return pd.DataFrame(detector.parts(frame), index=frame.index, columns=columns), np.zeros(len(frame))
