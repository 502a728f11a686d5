"""Limits as rules get them: merged, with near matches, recorded."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from povkit.policy import AppliedOverride, Borrowed, Limits, limits_for, load_county, load_policy
from povkit.policy.model import Override
from povkit.vocab import resource

AS_OF = date(2018, 11, 30)


def limits(code: str) -> Limits:
    """Limits of a shipped county."""
    return limits_for(load_policy(), load_county(code), AS_OF, 2018)


def with_own_limit(folder: Path) -> Limits:
    """Limits of a county that asks for five days of notice."""
    (folder / "counties").mkdir()
    text = resource("parameters", "counties", "530113.yaml").read_text(encoding="utf-8")
    own = "limits:\n  notice_days_min: {value: 5, reason: 县级方案}\n"
    (folder / "counties" / "530113.yaml").write_text(text.replace("limits: {}\n", own), encoding="utf-8")
    policy = load_policy()
    return limits_for(policy, load_county("530113", folder, policy), AS_OF, 2018)


def test_policy_limits_and_facts_of_the_run():
    found = limits("530113")
    assert found.income_line == 3500
    assert found.id_lengths == (18, 20, 22)
    assert (found.as_of, found.data_year, found.last_year, found.policy_year) == (AS_OF, 2018, 2017, 2018)
    assert (found.school_cutoff_on, found.school_cutoff_last) == (date(2018, 8, 31), date(2017, 8, 31))
    assert (found.county_code, found.exit_year, found.leaves_this_year) == ("530113", 2018, True)
    assert found.location_deadline == date(2018, 12, 31)
    assert found.box_west < 103.18 < found.box_east and found.box_south < 26.08 < found.box_north


def test_application_dates_stand_only_where_the_county_applies():
    assert (limits("530113").county_to_city, limits("530113").city_to_province) == (
        date(2018, 12, 20),
        date(2018, 12, 30),
    )
    left = limits("530129")
    assert (left.county_to_city, left.city_to_province, left.leaves_this_year) == (None, None, False)


def test_an_applying_county_without_dates_takes_the_policys():
    county = replace(load_county("530113"), county_to_city=None)
    assert limits_for(load_policy(), county, AS_OF, 2018).county_to_city == date(2018, 12, 20)


def test_an_override_replaces_the_value_and_is_listed(tmp_path):
    found = with_own_limit(tmp_path)
    assert found.notice_days_min == 5
    assert found.overrides == (AppliedOverride("notice_days_min", 7, 5, "县级方案"),)
    assert found.recorder().overrides == found.overrides
    assert limits("530113").overrides == ()


def test_an_unknown_name_is_told_with_near_matches():
    with pytest.raises(AttributeError, match=r"'income_lin'.*did you mean income_line"):
        _ = limits("530113").income_lin
    with pytest.raises(KeyError, match="did you mean"):
        limits("530113")["incomeline"]
    assert not hasattr(limits("530113"), "zzz")


def test_the_recorder_remembers_what_was_read_and_nothing_else():
    whole = limits("530113")
    recorder = whole.recorder()
    assert recorder.used == {}
    assert recorder.work_months_max == 12
    assert recorder["as_of"] == AS_OF
    assert recorder.work_months_max == 12
    with pytest.raises(AttributeError):
        _ = recorder.no_such_limit
    assert recorder.used == {"work_months_max": 12, "as_of": AS_OF}
    assert whole.recorder().used == {}


def test_limits_are_a_mapping():
    found = limits("530113")
    assert len(found) == len(list(found)) > len(load_policy().limits)
    assert dict(found)["income_line"] == 3500


def test_exits_of_another_data_year_are_marked_with_that_year():
    found = limits_for(load_policy(), load_county("530129"), date(2017, 12, 31), 2017)
    assert (found.household_exit_year, found.village_exit_year) == (2017, 2017)
    assert (limits("530129").household_exit_year, limits("530129").village_exit_year) == (2018, 2018)


def test_a_limit_that_changes_by_year_has_the_data_years_value_and_is_borrowed_where_there_is_none(tmp_path):
    policy, county = load_policy(), load_county("530129")
    seen = {year: limits_for(policy, county, date(year, 12, 31), year) for year in (2016, 2017, 2018)}
    assert {year: found.income_line for year, found in seen.items()} == {2016: 3500, 2017: 3200, 2018: 3500}
    assert seen[2016].borrowed == (Borrowed("income_line", 3500, "元/人/年", "贫困户退出人均纯收入标准", 2018),)
    assert seen[2017].borrowed == seen[2018].borrowed == ()


def test_a_countys_own_value_is_not_borrowed():
    own = Override(3100, "县级方案")
    county = replace(load_county("530129"), limits={"income_line": own})
    found = limits_for(load_policy(), county, date(2016, 12, 31), 2016)
    assert (found.income_line, found.borrowed) == (3100, ())
