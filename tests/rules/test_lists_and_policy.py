"""Rules that are made in a loop speak of the lists that the policy names; rules ask only for what they need."""

from typing import Any

from povkit.policy import load_policy
from povkit.rules import RULES
from povkit.rules.engine import prepare
from povkit.views import Need
from povkit.views.lists import KEY_LISTS


def _faces(code: str) -> set[str]:
    return {rule.face for rule in RULES.values() if rule.code == code}


def _limit(name: str) -> set[Any]:
    value = load_policy("yunnan-2018").limits[name].value
    return set(value) if isinstance(value, tuple) else {value}


def test_faces_are_the_policys_lists() -> None:
    assert _faces("K05") == _limit("key_groups")
    assert _faces("K06") == _limit("left_out_lists")
    assert _faces("K19") == _limit("contradicting_lists")
    assert set(KEY_LISTS) == _limit("key_groups") | _limit("left_out_lists")


def test_a_list_that_was_not_handed_in_stops_its_own_face_only(bench: Any) -> None:
    asked = {face: bench.views.views["listed"].needs[RULES[f"K05_listed_{face}"].within] for face in _faces("K05")}
    for face, needs in asked.items():
        assert Need("sector", face) in needs
        assert not needs & {Need("sector", other) for other in asked if other != face}


def test_the_roll_and_the_death_list_are_not_asked_for(bench: Any) -> None:
    needs = bench.views.views["listed"].needs
    for face in _faces("K05"):
        outcome, ready = prepare(RULES[f"K05_listed_{face}"], bench.views, bench.limits)
        assert ready is None, "an empty register has no lists"
        used = {need for name in ("household_on_register", "agricultural", "known_dead") for need in needs[name]}
        assert not used & {Need("sector", "农业户籍"), Need("sector", "死亡")}
        assert outcome.missing


def test_only_a_county_that_leaves_needs_milestones(bench: Any) -> None:
    leaving, _ = prepare(RULES["T01_county"], bench.views, bench.limits)
    staying, ready = prepare(RULES["T01_county"], bench.views, bench.limits_with(leaves_this_year=False))
    assert leaving.missing == (Need("milestone", "*"),)
    assert staying.missing == ()
    assert ready is not None
