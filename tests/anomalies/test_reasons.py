"""Sentences, peers, the values that would clear a case, and additivity for every detector."""

import numpy as np
import pandas as pd
import pytest

from povkit.anomalies import CountyModel, FieldReason, Reason, contributions
from povkit.anomalies.calibration import TailCalibration
from povkit.anomalies.fields import FIELDS, set_values, usable
from povkit.anomalies.peers import PeerFinder
from povkit.anomalies.threads import one_thread
from tests.anomalies.test_detectors import FIELDS as OWN
from tests.anomalies.test_detectors import STRANGER, households


def _field(column: str, zh: str, value: float, low: float, high: float, **more: object) -> FieldReason:
    given = {"clears_low": None, "clears_high": None, "contribution": 2.0, "unit_zh": "元", "unit_en": "yuan"} | more
    return FieldReason(column, zh, column, value, low, high, **given)  # type: ignore[arg-type]


def _reason(*fields: FieldReason, channel: str = "cells", pair: bool = False) -> Reason:
    return Reason(
        "1", channel, channel, 4.0, 0.0, fields, {}, "同村、2至4口人", "in the village, of 2 to 4 people", 10, pair
    )


def test_a_sentence_gives_value_peers_and_what_would_fit():
    reason = _reason(
        _field("business", "生产经营性收入", 150.0, 2949.0, 19220.0, clears_low=11795.0, clears_high=37199.0)
    )
    assert reason.sentence() == (
        "登记的生产经营性收入为150元，同村、2至4口人的10户多为2,949元至19,220元；"
        "按该户其他各项推算，11,795元至37,199元才与其余登记相称。"
    )
    assert reason.sentence("en") == (
        "The registered business is 150 yuan, 10 households in the village, of 2 to 4 people mostly have 2,949 to "
        "19,220 yuan; from the household's other entries, 11,795 to 37,199 yuan would fit."
    )
    with pytest.raises(ValueError, match="'fr' is not known"):
        reason.sentence("fr")


def test_two_fields_that_break_a_correlation_are_both_named():
    first = _field("income", "收入", 4662.0, 6378.0, 33362.0, clears_low=14094.0, clears_high=28382.0)
    second = _field("cost", "支出", 5985.0, 2833.0, 12143.0, clears_low=1192.0, clears_high=1779.0)
    text = _reason(first, second, pair=True).sentence()
    assert text.startswith("登记的收入（4,662元）与支出（5,985元）互不相称，至少一项有误")
    assert text.endswith("收入为14,094元至28,382元，或支出为1,192元至1,779元才与其余登记相称。")


def test_what_one_field_cannot_clear_is_said():
    text = _reason(_field("a", "甲", 1.0, 2.0, 3.0), _field("b", "乙", 1.0, 2.0, 3.0)).sentence()
    assert "只改这一项仍不相称，须与乙一并核对" in text


def test_illness_is_told_only_if_asked_for():
    ill = _field("seriously_ill_members", "患大病人数", 4.0, 0.0, 1.0, unit_zh="人", private=True)
    reason = _reason(ill, channel="rarity")
    assert "4人" not in reason.sentence()
    assert "涉及健康" in reason.sentence()
    assert "患大病人数4人" in reason.sentence(show_identities=True)


def test_peers_share_village_cause_and_size_and_are_widened_when_few():
    frame = pd.DataFrame(
        {
            "village_code": ["v1"] * 12 + ["v2"] * 3,
            "township": ["t"] * 15,
            "cause": ["因病"] * 10 + ["因残"] * 5,
            "size": [3.0] * 11 + [8.0] + [3.0] * 3,
        }
    )
    finder = PeerFinder(frame, least=4)
    close = finder.of(0)
    assert (len(close.rows), close.zh) == (9, "同村、主要致贫原因相同、2至4口人")
    assert close.en == "in the village with the same main cause, of 2 to 4 people"
    wide = finder.of(13)
    assert wide.zh == "同乡镇、2至4口人" and len(wide.rows) == 13
    assert finder.of(11).zh == "全县" and 11 not in finder.of(11).rows


def test_the_income_per_head_follows_its_parts():
    frame = pd.DataFrame({"net_income_pc": [1000.0], "size": [4.0], "wage_income": [4000.0], "business_cost": [400.0]})
    fields = usable(FIELDS, frame.columns)
    set_values(frame, fields, "wage_income", [0], [8000.0])
    set_values(frame, fields, "business_cost", [0], [800.0])
    assert frame["net_income_pc"].tolist() == [1900.0]
    set_values(frame, fields, "size", [0], [8.0])
    assert frame["net_income_pc"].tolist() == [950.0]


@pytest.fixture(scope="module")
def fitted() -> tuple[CountyModel, pd.DataFrame, np.ndarray]:
    frame, groups = households()
    return one_thread(lambda: CountyModel(OWN, 0).fit(frame, groups))(), frame, groups


def test_contributions_of_every_detector_add_up(fitted):
    model, frame, groups = fitted
    rows = slice(STRANGER - 5, STRANGER + 5)
    part, own = frame.iloc[rows].reset_index(drop=True), groups[rows]
    known = part["income"].notna().to_numpy()
    for name, found in {
        "plausibility": contributions.of_income(model.plausibility, part, own, 0.0),
        "cells": contributions.of_cells(model.cells, part, own, 0.0),
        "forest": contributions.of_forest(model.forest, part),
        "neighbours": contributions.of_neighbours(model.neighbours, part),
    }.items():
        parts, base = found
        total = base + parts.to_numpy().sum(axis=1)
        np.testing.assert_allclose(total[known], model.strangeness_by(name, part, own)[known], rtol=1e-5, err_msg=name)


def test_a_county_apart_is_judged_by_a_wider_model_less_its_offsets(fitted):
    model, frame, groups = fitted
    apart = frame.assign(income=frame["income"] * 3)
    offsets = model.offsets(apart, groups)
    plain = model.judge(apart, groups)["plausibility"].median()
    assert model.judge(apart, groups, offsets)["plausibility"].median() < plain / 3


def test_a_few_faulty_scores_do_not_hide_themselves():
    scores = np.abs(np.random.default_rng(0).normal(size=1000))
    scores[:20] = 12.0
    p = TailCalibration().fit(scores).p_values(scores)
    assert (p[:20] < 1e-3).all()
    assert np.isnan(TailCalibration().fit(scores).p_values([np.nan])).all()
    assert (TailCalibration().fit(np.ones(50)).p_values(np.ones(50)) == 1).all()
