"""The self-test: honest worlds are honest, rates are counted rightly, the record is that of today's patterns."""

import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from povkit.patterns import PATTERNS, stale, text_version
from povkit.policy import (
    Calibration,
    Certified,
    Rate,
    limits_for,
    load_calibration,
    load_county,
    load_policy,
    versions,
)
from povkit.policy.calibration import BOUND, POOLED
from povkit.selftest import Plan, certify, lines, measure, missed, page, run_selftest, write_record
from povkit.selftest.bounds import plan_bound, quota_bound
from povkit.selftest.experiment import Case, Seen, World, auroc, average_precision, covered, discoveries
from povkit.selftest.faults import KINDS, copied, lifted, officials_with, repeated
from povkit.selftest.homes import register
from povkit.selftest.places import planned, villages
from povkit.selftest.plan import rates, ratio, shelf
from povkit.selftest.settings import CERTIFY, DEVELOP, SETTINGS, YEAR, world_limits
from povkit.selftest.source import FrameSource, judge
from povkit.selftest.traps import TRAPS
from povkit.selftest.whole import planted as planted_whole
from povkit.selftest.whole import touched
from povkit.vocab import InputError, PolicyError

ROOT = Path(__file__).resolve().parents[2]
CASE = Case("plain", "平常")


def test_every_pattern_has_sizes_and_powers():
    """No pattern is left out: each is in an honest world and in a planted one."""
    experiments = shelf().values()
    for code in PATTERNS:
        names = [each.name for each in experiments if code in each.codes]
        assert any(name.startswith(("trap", "honest")) for name in names), code
        assert any(not name.startswith(("trap", "honest", "whole")) for name in names), code


def test_certifying_worlds_differ_from_those_of_development():
    for name in ("rounding", "log_sd", "village_sd", "helped", "strays", "rho"):
        assert getattr(CERTIFY, name) != getattr(DEVELOP, name), name


@pytest.mark.parametrize("kind", TRAPS)
def test_honest_registers_add_up(kind: str):
    """Sums agree with their parts, nobody leaves below the line, every household is there once."""
    frame = TRAPS[kind][1](np.random.default_rng(3), CERTIFY, 300)
    assert frame["household_id"].is_unique
    assert (frame.loc[frame["has_left_poverty"], "net_income_pc"] >= 3500).all()
    assert not (frame["has_left_poverty"] & frame["not_yet_left"]).any()
    assert (frame["net_income_pc"] - frame["net_income"] / frame["size"]).abs().max() < 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_repeated_forms_are_as_said(kind: str):
    rng = np.random.default_rng(1)
    honest = register(rng, CERTIFY, 400)
    chosen = officials_with(rng, honest, 8, 3)
    frame, truth = repeated(rng, honest, kind, 1.0, chosen)
    rows = frame["household_id"].isin(truth.households)
    assert set(frame.loc[rows, "helper_id_number"]) == set(chosen)
    gap = (frame.loc[rows, "wage_income"] - frame.loc[rows, "last_wage_income"]).abs()
    assert gap.max() > 10 if kind == "formula" else gap.max() <= (10 if kind == "jitter" else 0)
    assert frame[~rows].equals(honest[~rows])


def test_lifted_and_copied_are_as_said():
    rng = np.random.default_rng(2)
    honest = register(rng, CERTIFY, 2000)
    frame, truth = lifted(rng, honest, 0.5)
    moved = frame["household_id"].isin(truth.households)
    assert (honest.loc[moved, "net_income_pc"] < 3500).all() and (frame.loc[moved, "net_income_pc"] >= 3500).all()
    assert truth.values["moved"] == moved.sum() > 20
    chosen = officials_with(rng, honest, 8, 2)
    frame, truth = copied(rng, honest, 0.0, chosen, 1.0)
    alike = frame[frame["household_id"].isin(truth.households)].groupby("helper_id_number")["business_income"].nunique()
    assert alike.tolist() == [1, 1]


def test_patterns_see_frames_and_nothing_else():
    """What is true of a world is not in what a pattern can ask for."""
    frame = register(np.random.default_rng(0), CERTIFY, 200)
    source = FrameSource({"household": frame})
    assert not any("true" in name or "plant" in name for name in frame.columns)
    assert not source.has("household", ("no_such_column",))
    assert not source.has("village", ("population",))


def test_same_seed_same_table_whatever_the_processes():
    plan = Plan(effort=0.02, only=("S02", "S03"), seed=5)
    one, two = measure(Plan(effort=0.02, only=("S02", "S03"), seed=5, processes=1)), measure(plan)
    assert one == two
    assert set(one) == {"S02", "S03"}
    other = measure(Plan(effort=0.02, only=("S02", "S03"), seed=6, processes=1))
    assert other != one


def test_ratio_has_worlds_as_clusters_and_never_an_error_of_nothing():
    seen = [Seen("S01", "size", CASE, "county", hits, 10) for hits in (0, 10)]
    assert ratio(seen) == (0.5, pytest.approx(0.5))
    value, error = ratio([Seen("S01", "size", CASE, "county", 0, 1)] * 100)
    assert value == 0 and error == pytest.approx(np.sqrt(1 / 102 * 101 / 102 / 100))


def test_rates_put_baselines_beside_and_tell_the_tail():
    seen = [Seen("J16", "false discovery", CASE, "village", x / 100, 1, spread=True) for x in range(100)]
    seen.append(Seen("J16", "false discovery", CASE, "village", 0.4, 1, "binomial and BH"))
    mean, tail = rates(seen)["J16"]
    assert (mean.value, mean.baseline) == (0.495, {"binomial and BH": 0.4})
    assert tail.case.endswith("95th percentile") and tail.value == pytest.approx(0.94, abs=0.01)


def test_measures():
    assert average_precision([3, 2, 1, 0], [True, False, True, False]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([0, 0, 0, 0], [True, False, False, False]) == pytest.approx(1 / 4)
    assert auroc([2, 1, 1, 0], [True, True, False, False]) == pytest.approx(0.875)
    assert covered([0, 0, np.nan], [1, 1, 1], [0.5, 2, 0.5]) == (1, 2)
    assert discoveries({"a", "b"}, {"a"}) == 0.5 and discoveries([], ["a"]) == 0


def test_a_planted_county_is_named_by_the_same_road_as_a_real_one():
    frame, _ = lifted(np.random.default_rng(1), register(np.random.default_rng(1), CERTIFY, 2000), 0.8)
    found = judge({"household": frame}, ("E13",), world_limits())
    assert found.flagged("E13", "county") == {"530113"}
    assert found.limits["E13"]["income_line"] == 3500


def _record(value: float = 0.04, version: str = "abc", **more: object) -> Certified:
    rate = Rate("size", "plain", "平常", "county", value, 0.01, 50, (0.0, 0.07), (0.035, 0.055))
    return Certified("S01", version, 0.5, 1, "0", (rate,), **more)  # type: ignore[arg-type]


def test_marks():
    marks = [_record(value).rates[0].mark for value in (0.04, 0.01, 0.08, 0.2)]
    assert marks == ["excellent", "good", "unsure", "missed"]
    record = Calibration({"S01": _record(0.2)})
    assert missed(record) == ["S01 size county plain: 0.200 ± 0.010"]
    assert "MISSED" not in lines(Calibration({"S01": _record()}))[0]


def test_what_no_test_can_reach_is_told_apart():
    rate = Rate("power", "x", "某", "county", 0.2, 0.01, 100, (0.6, 1.0), baseline={BOUND: 0.3})
    record = Calibration({"S01": Certified("S01", "v", 1, 1, "0", (rate,), {})})
    assert rate.mark == "beyond"
    assert missed(record) == []
    assert "0.200 ± 0.010, aim ≥ 0.6; the best test possible reaches 0.30" in page(record)
    assert replace(rate, baseline={BOUND: 0.7}).mark == "missed"


def test_the_best_test_possible_keeps_its_level_and_sees_what_is_plain():
    honest = planted = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        frame = villages(rng, replace(CERTIFY, rho=1e-6), 12, 1, least=120)
        honest += quota_bound(rng, CERTIFY, frame, 0.75, CERTIFY.need)
        told = frame.assign(poor_population=np.rint(CERTIFY.need * frame["population"]))
        planted += quota_bound(rng, CERTIFY, told, 1.0, CERTIFY.need)
    assert honest <= 8
    assert planted == 60


def test_the_best_test_of_a_plan_keeps_its_level_and_sees_what_is_plain():
    honest = planted = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        frames = planned(rng, CERTIFY, forecast=np.where(rng.random(14) < 0.5, 0.0, 0.5))
        frame = frames["village"]
        could = frames["household"].groupby("village_code").size().reindex(frame["village_code"])
        counts = frame[["planned_exits", "exits_this_year"]].assign(could=could.to_numpy())
        honest += plan_bound(rng, counts, 0.5, 0.5)
        planted += plan_bound(rng, counts.assign(planned_exits=counts["exits_this_year"]), 1.0, 0.5)
    assert honest <= 8
    assert planted == 60


def test_records_are_merged_by_code_and_read_back(tmp_path: Path):
    (tmp_path / "parameters").mkdir()
    first = certify(measure(Plan(effort=0.01, only=("S02", "S03"), processes=1)), Plan(effort=0.01))
    write_record(first, tmp_path)
    again = certify(measure(Plan(effort=0.02, only=("S03",), processes=1, seed=9)), Plan(effort=0.02, seed=9))
    record, written = write_record(again, tmp_path)
    read = load_calibration(tmp_path / "parameters")
    assert {code: (each.seed, each.effort) for code, each in read.codes.items()} == {"S02": (1, 0.01), "S03": (9, 0.02)}
    assert read.codes["S03"].rates == again.codes["S03"].rates
    assert read.codes["S03"].power and read.codes["S03"].size and read.codes["S03"].alarms and read.codes["S03"].worst
    assert written.read_text(encoding="utf-8") == page(read)
    assert json.loads(record.read_text(encoding="utf-8"))["codes"]["S02"]["version"] == text_version("S02")


def test_a_part_stands_beside_the_rest_of_a_record(tmp_path: Path):
    """Rates of the same kind are replaced, others added; a part of less effort is refused, all such codes named."""
    (tmp_path / "parameters").mkdir()
    plan = Plan(effort=0.01, only=("S02", "S03"), processes=1)
    whole = certify(measure(plan), plan)
    write_record(whole, tmp_path)
    old = whole.codes["S03"]
    pooled, *single = sorted(old.rates, key=lambda rate: rate.case != POOLED[0])
    single = [rate for rate in single if rate.case != POOLED[0]]
    new = replace(single[0], value=0.5), replace(single[0], case="planted", value=0.9)
    more = replace(old, rates=(*new, replace(pooled, value=0.7)), effort=0.02)
    write_record(Calibration({"S03": more}), tmp_path, part=True)
    read = load_calibration(tmp_path / "parameters").codes
    assert read["S02"].rates == whole.codes["S02"].rates
    assert set(read["S03"].rates) == {*old.rates, *new} - {single[0]} and len(read["S03"].rates) == len(old.rates) + 1
    assert read["S03"].effort == old.effort
    others = {code: replace(each, effort=0.001) for code, each in whole.codes.items()}
    with pytest.raises(InputError) as raised:
        write_record(Calibration(others), tmp_path, part=True)
    assert len(raised.value.faults) == 2
    assert load_calibration(tmp_path / "parameters").codes == read


def test_patterns_planted_in_a_whole_register_are_named_where_they_are():
    world = World(np.random.default_rng(3), CERTIFY, world_limits(), ("K13", "S04"))
    seen = list(planted_whole(world, "allotted numbers", 1.0))
    power = {(each.code, each.level): each.hits / each.trials for each in seen if each.measure == "power"}
    assert power == {("K13", "county"): 1.0, ("S04", "county"): 1.0}
    assert [each.hits for each in seen if each.measure == "false discovery"] == [0, 0]


def test_a_named_object_is_true_where_a_planted_household_is():
    homes = pd.DataFrame({"household_id": ["a", "b"], "township": ["east", "west"], "village_code": ["1", None]})
    homes["helper_id_number"] = ["x", "y"]
    marks = pd.DataFrame({"object": ["z"], "households": ["a c"]})
    assert touched(marks, homes) == {"z", "east", "1", "x", "530113"}
    assert touched(marks.iloc[:0], homes) == set()


def test_a_broken_record_says_what_to_do(tmp_path: Path):
    (tmp_path / "calibration").mkdir()
    (tmp_path / "calibration" / "patterns.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PolicyError, match="selftest --into"):
        load_calibration(tmp_path)
    assert load_calibration(tmp_path / "calibration").codes == {}


def test_all_faults_of_a_plan_are_told_together(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        run_selftest(Plan(effort=0, only=("Z99",), setting="sunny", processes=0), tmp_path, lambda *_: None)
    assert len(raised.value.faults) == 5


def test_a_changed_limit_or_text_is_told():
    limits = {"x": (1, 2)}
    versions = {code: Certified(code, text_version(code), 1, 1, "0", (), {"x": [1, 2]}) for code in PATTERNS}
    assert stale(Calibration(versions), limits) == {}
    assert "other limits (x)" in str(stale(Calibration(versions), {"x": (1, 3)})["S01"])
    old = {**versions, "E13": Certified("E13", "0", 1, 1, "0", (), {})}
    del old["J16"]
    assert set(stale(Calibration(old), limits)) == {"E13", "J16"}


def test_a_change_of_any_module_that_a_pattern_stands_on_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However it is imported, and through however many others; pictures, comments and strangers do not count."""
    room = tmp_path / "a_room"
    texts = {"top": "from a_room.one import x", "one": "import a_room.two\nx = 1", "two": "from . import three"}
    texts |= {"three": "from .four import y", "four": "y = 1", "__init__": "", "stranger": "z = 1", "run": "w = 1"}
    room.mkdir()
    for name, text in texts.items():
        (room / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in texts:
        monkeypatch.setitem(sys.modules, f"a_room.{name}", import_module(f"a_room.{name}"))

    def version() -> str:
        versions._bare.cache_clear()
        return versions.text_version_of(["a_room.top"], "a_room")

    first, changed = version(), set()
    for name, text in texts.items():
        (room / f"{name}.py").write_text(f"{text}\nv = 2", encoding="utf-8")
        changed |= {name} if version() != first else set()
        (room / f"{name}.py").write_text(f"{text}\n# said\ndef _picture(): return 3", encoding="utf-8")
        assert version() == first
    assert changed == {"top", "one", "two", "three", "four"}


def test_the_version_of_a_finding_tells_of_a_change_of_a_shared_null(monkeypatch: pytest.MonkeyPatch):
    bare = versions._bare

    def other(module: str, room: str) -> tuple[str, tuple[str, ...]]:
        text, inside = bare(module, room)
        return text + "changed" * (module == "povkit.patterns.nulls"), inside

    before = {code: (each.version({}), each.text_version) for code, each in PATTERNS.items()}
    monkeypatch.setattr(versions, "_bare", other)
    after = {code: (each.version({}), each.text_version) for code, each in PATTERNS.items()}
    changed = {code for code in PATTERNS if not set(before[code]) & set(after[code])}
    assert changed == set(PATTERNS) - {"K13", "S01", "S02", "S04"}  # those have no null among peers


def test_the_record_is_of_the_patterns_and_limits_of_today():
    """After a change of a pattern or of its limits: povkit selftest --into . --only CODE, and commit both files."""
    policy = load_policy()
    limits = limits_for(policy, load_county("530113"), as_of=world_limits()["as_of"], data_year=YEAR)
    assert stale(load_calibration(), limits) == {}


def test_the_page_is_made_from_the_record():
    assert (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8") == page(load_calibration())


def test_what_the_record_misses_is_said():
    record = load_calibration()
    text = page(record)
    for line in missed(record):
        assert line.split()[0] in text.partition("## What is missed")[2]
    assert set(record.codes) == set(PATTERNS)
    assert set(SETTINGS) >= {"certify", "develop"}
