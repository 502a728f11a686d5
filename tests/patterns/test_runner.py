"""The runner: missing inputs, crashes, seeds, small units, findings. On patterns made for the test and on real ones."""

import json

import numpy as np
import pytest

from povkit.patterns import PATTERNS, Pattern, Source, Tested, Unit, run_patterns
from povkit.patterns.result import UNIT_COLUMNS
from povkit.policy import Limits
from povkit.vocab import FINDING_SCHEMA, Level
from tests.patterns.conftest import MakeViews, policy_limits

LIMITS = Limits({**policy_limits("530113"), "pattern_draws": 200})
VILLAGE = {"village": "甲村", "township": "甲镇", "poor_village": True, "exited": True, "exit_year": 2018}


def _village(number: int, **values):
    code = f"530113001{200 + number}"
    return {
        **VILLAGE,
        "village_code": code,
        "households": 250,
        "population": 900 + 10 * number,
        "poor_households": 8,
    } | values


def _household(number: int, village: int, **values):
    home = {"household_id": f"8530113{number:07}", "village_code": f"530113001{200 + village}", "size": 3}
    return {**home, "head_name": "甲", "status": "未脱贫", "exit_year": None, "net_income_pc": 3000.0 + number} | values


def _county(**more):
    villages = [_village(i, poor_population=26 if i < 5 else 10) for i in range(8)]
    homes = [_household(10 * v + i, v) for v in range(8) for i in range(6)]
    people = [{"household_id": h["household_id"], "person_id": h["household_id"] + "01", "name": "甲"} for h in homes]
    return {"village": villages, "household": homes, "person": people, **more}


def _pattern(code, function, family="scale") -> Pattern:
    return Pattern(code, ("village", "household"), function, "试", family)


def test_a_pattern_without_its_plan_is_not_run_and_names_it(make_views: MakeViews):
    result = run_patterns(make_views(**_county()), LIMITS, 1, [PATTERNS["K13"], PATTERNS["S02"], PATTERNS["S03"]])
    k13, s02, s03 = (result.outcomes[code] for code in ("K13", "S02", "S03"))
    assert not k13.ran
    assert [(need.table, need.column) for need in k13.missing] == [("plan", "*")]
    assert s03.missing[0].table == "change"
    assert s02.ran
    assert result.complete


def test_a_crash_stops_nobody_else_and_is_told(make_views: MakeViews):
    def broken(source, limits, rng):
        """Broken."""
        raise ZeroDivisionError("no villages")

    result = run_patterns(make_views(**_county()), LIMITS, 1, [_pattern("X01", broken), PATTERNS["S02"]])
    assert result.outcomes["X01"].crash == "ZeroDivisionError: no villages"
    assert not result.complete
    assert result.outcomes["S02"].evaluated == 2


def test_a_source_gives_only_what_exists_and_was_declared(make_views: MakeViews):
    source = Source(make_views(**_county()), ("village",))
    frame = source.frame("village", ["population", "exited"])
    assert frame["population"].dtype == "float64"
    assert str(frame["exited"].dtype) == "boolean"
    assert source.used == {"village": ["population", "exited"]}
    with pytest.raises(KeyError, match="near: population"):
        source.frame("village", ["populaton"])
    with pytest.raises(KeyError, match="did not declare the view household"):
        source.frame("household", ["size"])


def test_findings_carry_place_evidence_and_households(make_views: MakeViews):
    result = run_patterns(make_views(**_county()), LIMITS, 1, [PATTERNS["S02"]])
    assert result.findings.schema.equals(FINDING_SCHEMA)
    finding = result.findings.to_pylist()[0]
    assert (finding["code"], finding["level"], finding["object_id"]) == ("S02", "county", "530113")
    assert finding["severity"] is None
    evidence = json.loads(finding["evidence"])
    assert evidence["statistic"] == 5
    assert evidence["n"] == 8
    assert evidence["p"] <= evidence["q"] <= 0.05
    assert evidence["low"] < evidence["effect"] < evidence["high"] + 1e-9
    assert len(evidence["households"]) == 30
    assert evidence["limits"]["parked_band_pct"] == 0.3
    assert evidence["limits"]["pattern_q_max"] == 0.05


def test_a_small_effect_is_no_finding_and_carries_no_other_in(make_views: MakeViews):
    def small(source, limits, rng):
        """Small."""
        units = [Unit(Level.TOWNSHIP, "甲镇", 9, p=1e-9, effect=0.1, least=0.2)]
        return Tested([*units, Unit(Level.TOWNSHIP, "乙镇", 9, p=0.04, effect=0.3, least=0.2)])

    result = run_patterns(make_views(**_county()), LIMITS, 1, [_pattern("X01", small)])
    assert result.tests.set_index("object_id")["q"].to_dict() == pytest.approx({"甲镇": 1.0, "乙镇": 0.08})
    assert result.outcomes["X01"].flagged == 0
    assert result.findings.num_rows == 0


def test_county_tests_of_a_family_are_adjusted_together(make_views: MakeViews):
    def unit(p):
        def one(source, limits, rng):
            """One."""
            return Tested([Unit(Level.COUNTY, "530113", 9, p=p, effect=1.0)])

        return one

    shelf = [_pattern("X01", unit(0.04)), _pattern("X02", unit(0.6)), _pattern("X03", unit(0.04), "copies")]
    tests = run_patterns(make_views(**_county()), LIMITS, 1, shelf).tests.set_index("code")
    assert tests["q"].to_dict() == pytest.approx({"X01": 0.08, "X02": 0.6, "X03": 0.04})


def test_chance_follows_the_seed_and_the_code_alone(make_views: MakeViews):
    def draw(source, limits, rng):
        """Draw."""
        return Tested([Unit(Level.COUNTY, "530113", 9, p=float(rng.random()), effect=1.0)])

    views = make_views(**_county())
    alone = run_patterns(views, LIMITS, 1, [_pattern("X02", draw)]).tests["p"].iloc[0]
    both = run_patterns(views, LIMITS, 1, [_pattern("X01", draw), _pattern("X02", draw)]).tests
    assert both["p"].tolist()[1] == alone
    assert both["p"].nunique() == 2
    assert run_patterns(views, LIMITS, 2, [_pattern("X02", draw)]).tests["p"].iloc[0] != alone


def test_rows_in_another_order_give_the_same_result(make_views: MakeViews):
    first = run_patterns(make_views(**_county()), LIMITS, 1)
    turned = {name: rows[::-1] for name, rows in _county().items()}
    second = run_patterns(make_views(**turned), LIMITS, 1)
    assert first.findings.equals(second.findings)
    columns = ["code", "level", "object_id", "p", "q", "effect", "households"]
    assert first.tests[columns].equals(second.tests[columns])


def test_units_too_small_are_unknown(make_views: MakeViews):
    few = {name: rows[:3] for name, rows in _county().items()}
    result = run_patterns(make_views(**few), LIMITS, 1, [PATTERNS["S01"], PATTERNS["S02"]])
    assert {(o.evaluated, o.flagged) for o in result.outcomes.values()} == {(0, 0)}
    assert all(outcome.unknown >= 1 for outcome in result.outcomes.values())
    assert result.tests["p"].isna().all()
    assert result.findings.num_rows == 0


@pytest.mark.parametrize("known", [True, False])
def test_changes_without_a_village_are_left_out_of_the_calendar(make_views: MakeViews, known: bool):
    county = _county()
    homes = [home if known else home | {"village_code": None} for home in county["household"]]
    changes = [
        {
            "household_id": home["household_id"],
            "village_code": home["village_code"] if known else None,
            "kind": "新识别",
        }
        for home in homes[:6]
    ]
    result = run_patterns(make_views(**county | {"household": homes, "change": changes}), LIMITS, 1, [PATTERNS["K09"]])
    assert not result.outcomes["K09"].crash
    assert result.pictures["K09"]["count"].sum() == (6 if known else 0)


def test_pictures_are_tidy(make_views: MakeViews):
    picture = run_patterns(make_views(**_county()), LIMITS, 1, [PATTERNS["S01"]]).pictures["S01"]
    assert len(picture) == 8
    assert {"village_code", "stratum", "population", "incidence_pct", "low_pct", "high_pct"} <= set(picture)
    assert (picture["low_pct"] <= picture["pooled_pct"]).all()


def test_tests_hold_every_field_of_a_unit(make_views: MakeViews):
    tests = run_patterns(make_views(**_county()), LIMITS, 1, [PATTERNS["S02"]]).tests
    assert {"code", *UNIT_COLUMNS, "q", "flagged"} == set(tests)
    assert np.isfinite(tests.loc[tests["level"] == "county", "q"]).all()
