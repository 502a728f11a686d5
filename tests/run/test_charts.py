"""Histograms of the notebook, whatever stands in the register."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from povkit.run.charts import histogram
from povkit.run.words import words_of


def heights(values: list[float | None], line: float | None = 7, whole: bool = True) -> dict[float, float]:
    """Left edge and height of each bar that has any."""
    axis = Figure().subplots()
    histogram(pd.Series(values, dtype="Float64"), line, "", "", words_of("en"), whole=whole)(axis)
    return {round(bar.get_x(), 1): bar.get_height() for bar in axis.patches if bar.get_height()}


def test_whole_numbers_have_a_bar_each():
    assert heights([7, 7, 8, 0, None]) == {-0.5: 1, 6.5: 2, 7.5: 1}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("typo", [2.9e6, -2.9e6, 1e12])
def test_typing_errors_stand_in_the_outer_bars(typo: float, whole: bool):
    few = heights([*range(1, 201), typo], whole=whole)
    assert sum(few.values()) == 201
    assert len(few) >= 20
    many = heights([*range(1, 101), *[typo] * 30], whole=whole)
    assert sum(many.values()) == 130


def test_blanks_alone_give_no_bars():
    assert heights([None, None]) == {}
    assert heights([np.nan]) == {}
