"""Figures: right counts, the same bytes, Chinese that renders, harmless labels."""

import warnings

import pandas as pd
import pytest
from matplotlib.figure import Figure

from povkit.report.figures import (
    figure_svg,
    figure_texts,
    grade_by_clause,
    phenomena_strip,
    severity_by_township,
    short_village,
    top_rules,
    worst_villages,
)

MAKERS = (severity_by_township, grade_by_clause, top_rules, worst_villages)


@pytest.fixture(scope="module")
def frame(findings):
    return findings.to_pandas()


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_draws_without_a_missing_glyph_and_twice_the_same(make, language, frame):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = (figure_svg(make(frame, language)) for _ in range(2))
    assert first == second
    assert "<text" not in first


@pytest.mark.parametrize("make", MAKERS)
def test_no_findings_say_so(make, frame):
    assert figure_texts(make(frame.iloc[:0])) == ["没有线索"]


def test_townships_are_ordered_by_their_findings_and_carry_the_total(frame):
    figure = severity_by_township(frame)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    counts = frame["township"].fillna("未注明").value_counts()
    assert [counts[label] for label in labels] == sorted(counts, reverse=True)
    assert str(counts.max()) in figure_texts(figure)


def test_bars_of_a_stack_add_up(frame):
    bars = severity_by_township(frame).axes[0].patches
    assert sum(bar.get_width() for bar in bars) == len(frame)


def test_only_the_first_villages_are_drawn(frame):
    assert len(worst_villages(frame, top=3).axes[0].get_yticks()) == 3


def test_clauses_are_named_and_in_order(frame):
    labels = [label.get_text() for label in grade_by_clause(frame, "en").axes[0].get_yticklabels()]
    assert labels == sorted(labels)
    assert "S4.1 Cleaning of problem data" in labels


def test_hostile_labels_are_drawn_as_they_are():
    frame = pd.DataFrame({"township": ["$\\frac{$", "=cmd|'/C calc'!A0", "_x_^"], "severity": ["error"] * 3})
    texts = figure_texts(severity_by_township(frame))
    assert set(frame["township"]) <= set(texts)


def test_the_strip_shows_six_verdicts(made_up, findings):
    figure = phenomena_strip(made_up.summary(findings))
    assert isinstance(figure, Figure)
    texts = figure_texts(figure)
    assert texts.count("发现线索") == 3
    assert {"有迹象", "不能判定", "所查范围未见迹象"} <= set(texts)


@pytest.mark.parametrize(
    "name, short",
    [("碧云社区居民委员会", "碧云社区"), ("木多村民委员会", "木多村"), ("木多村委会", "木多村"), ("x", "x")],
)
def test_villages_without_their_committees(name, short):
    assert short_village(name) == short
