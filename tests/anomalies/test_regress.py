"""The regressions behind the models, where a column says nothing."""

import numpy as np
import pytest

from povkit.anomalies.regress import RobustRidge, boosted


@pytest.mark.parametrize("model", [boosted(20), RobustRidge()], ids=["trees", "ridge"])
def test_a_column_without_any_value_changes_nothing(model):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(200, 3))
    rows[rng.random(rows.shape) < 0.1] = np.nan
    y = np.nan_to_num(rows[:, 0]) * 2 + rng.normal(size=200)
    empty = np.full((200, 1), np.nan)
    alone = model.fit(rows, y).predict(rows)
    beside = model.fit(np.hstack([rows, empty]), y).predict(np.hstack([rows, empty]))
    assert np.allclose(alone, beside)
    filled_later = model.predict(np.hstack([rows, np.ones((200, 1))]))
    assert np.allclose(alone, filled_later)
