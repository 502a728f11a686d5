"""One contract for every detector: chance, order, blanks, constants, copies, a planted stranger."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from povkit.anomalies.cells import CellResiduals
from povkit.anomalies.fields import Field, Kind, Part
from povkit.anomalies.plausibility import IncomePlausibility
from povkit.anomalies.rarity import RareForest, RareNeighbours

FIELDS = (
    Field("income", Kind.AMOUNT, Part.TARGET, "收入", "income", "元", "yuan"),
    Field("crop", Kind.AMOUNT, Part.INCOME, "种植收入", "crop income", "元", "yuan"),
    Field("land", Kind.AMOUNT, Part.HAS, "耕地", "land", "亩", "mu"),
    Field("people", Kind.COUNT, Part.HAS, "人口", "people"),
    Field("unsafe", Kind.FLAG, Part.HAS, "危房", "unsafe house"),
    Field("fuel", Kind.CODE, Part.HAS, "燃料", "fuel"),
    Field("same", Kind.COUNT, Part.HAS, "常数", "constant"),
    Field("last_crop", Kind.AMOUNT, Part.BEFORE, "上年种植收入", "last year's crop income", "元", "yuan"),
)
STRANGER = 40
DETECTORS = (IncomePlausibility, CellResiduals, RareForest, RareNeighbours)
EACH = pytest.mark.parametrize("kind", DETECTORS, ids=lambda kind: kind.__name__)


def households(n: int = 400, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Households whose crop follows their land and whose income follows both; one of them is a stranger throughout."""
    rng = np.random.default_rng(seed)
    land, people = rng.uniform(1, 15, n), rng.integers(1, 7, n).astype(float)
    crop = 900 * land * rng.lognormal(0, 0.15, n)
    frame = pd.DataFrame(
        {
            "income": crop / people * rng.lognormal(0, 0.15, n) + 800,
            "crop": crop,
            "land": land,
            "people": people,
            "unsafe": (rng.random(n) < 0.2).astype(float),
            "fuel": rng.choice(["柴草", "煤炭", "清洁能源"], n, p=(0.6, 0.3, 0.1)).astype(object),
            "same": np.ones(n),
            "last_crop": crop / rng.lognormal(0.05, 0.1, n),
        }
    )
    frame.loc[STRANGER, ["income", "crop", "land", "people", "fuel"]] = [90_000.0, 90_000.0, 1.1, 6.0, "其他"]
    for name in ("land", "people", "fuel", "crop", "last_crop"):
        blank = rng.random(n) < 0.03
        blank[STRANGER] = False
        frame.loc[blank, name] = None
    return frame, rng.integers(0, 60, n).astype(str).astype(object)


@EACH
def test_scores_are_finite_and_the_stranger_is_first(kind):
    frame, groups = households()
    scores = kind(FIELDS).fit(frame, groups=groups).score_samples(frame, groups)
    assert scores.shape == (len(frame),)
    assert np.isfinite(scores).all()
    assert scores.argmin() == STRANGER, "the lower, the stranger"


@EACH
def test_same_seed_same_scores_and_row_order_is_nothing(kind):
    frame, groups = households()
    first = kind(FIELDS, seed=3).fit(frame, groups=groups).score_samples(frame, groups)
    order = np.random.default_rng(1).permutation(len(frame))
    turned = frame.iloc[order].reset_index(drop=True)
    again = kind(FIELDS, seed=3).fit(turned, groups=groups[order]).score_samples(turned, groups[order])
    np.testing.assert_allclose(again, first[order], rtol=1e-9, atol=1e-9)
    same = kind(FIELDS, seed=3).fit(frame, groups=groups).score_samples(frame, groups)
    assert (same == first).all()


@EACH
def test_a_constant_column_changes_nothing_of_the_order(kind):
    frame, groups = households()
    fields = tuple(field for field in FIELDS if field.column != "same")
    with_it = kind(FIELDS, seed=1).fit(frame, groups=groups).score_samples(frame, groups)
    without = kind(fields, seed=1).fit(frame, groups=groups).score_samples(frame, groups)
    assert without.argmin() == with_it.argmin() == STRANGER
    assert np.corrcoef(with_it, without)[0, 1] > 0.9


@EACH
def test_it_clones_and_keeps_its_parameters(kind):
    detector = kind(FIELDS, seed=5)
    frame, groups = households()
    copy = clone(detector)
    assert copy.get_params() == detector.get_params()
    assert clone(detector).set_params(seed=6).seed == 6
    fitted = copy.fit(frame, groups=groups)
    assert fitted is copy
    learned = [name for name in vars(fitted) if name.endswith("_")]
    assert learned
    assert not [name for name in vars(detector) if name.endswith("_")], "nothing is learned before fit"


@EACH
def test_rows_it_never_saw_and_blank_rows_get_finite_scores(kind):
    frame, groups = households()
    detector = kind(FIELDS).fit(frame, groups=groups)
    new, _ = households(seed=9)
    new.loc[3, [field.column for field in FIELDS]] = None
    new.loc[4, "fuel"] = "从未见过"
    new = new.astype({field.column: "float64" for field in FIELDS if field.kind is not Kind.CODE})
    scores = detector.score_samples(new)
    assert np.isfinite(scores).all()
    assert scores.argmin() == STRANGER


@EACH
def test_many_rows_are_fitted_on_a_drawn_part(kind):
    if "rows_max" not in kind().get_params():
        pytest.skip("each tree takes its own rows anyway")
    frame, groups = households(1500)
    scores = kind(FIELDS, rows_max=300).fit(frame, groups=groups).score_samples(frame, groups)
    assert scores.argmin() == STRANGER
