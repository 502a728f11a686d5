"""What the summary says of rules that did not run."""

from types import SimpleNamespace
from typing import Any

from povkit.run.summary import _face, _whole_why, _why
from povkit.views import Need

BUS, CLINICS, LAST = Need("village", "bus"), Need("village", "clinics"), Need("village", "bus", last=True)


def outcome(*needs: Need, crash: str = "") -> Any:
    rule = SimpleNamespace(face="通客运班车", en="Blank: bus")
    return SimpleNamespace(missing=needs, crash=crash, rule=rule)


def told(*several: Any) -> dict[str, str]:
    return _whole_why(list(several), [{**_face(each), **_why(each)} for each in several])


def test_missing_columns_of_a_table_stand_together_and_each_once() -> None:
    assert told(outcome(BUS), outcome(CLINICS, LAST), outcome(BUS, Need("visit", "*"))) == {
        "zh": "缺少：《行政村信息》的“是否通客运班车”“行政村卫生室个数”列、"
        "上年度《行政村信息》的“是否通客运班车”列、《入户核查结果》",
        "en": "missing: village.bus, village.clinics, last year's village.bus, table visit",
    }


def test_a_crash_is_told_before_what_is_missing() -> None:
    assert told(outcome(BUS), outcome(crash="KeyError")) == {
        "zh": "规则出错：KeyError；缺少：《行政村信息》的“是否通客运班车”列",
        "en": "the rule crashed: KeyError; missing: village.bus",
    }


def test_a_part_is_named_in_both_languages() -> None:
    assert _face(outcome(BUS)) == {"face": "通客运班车", "face_en": "bus"}
