"""A policy or county file with faults: every fault told, each with its place and what to write."""

from pathlib import Path

import pytest

from povkit.policy import counties, load_county, load_policy
from povkit.policy.strict_yaml import read_yaml
from povkit.vocab import PolicyError, RunError, resource

POLICY = """\
name: somewhere-2018
place: 某省
year: 2018
clauses:
  S1.1a: {zh: 收入, en: Income, document: 某号}
limits:
  income_line: {value: 3500, unit: 元/人/年, zh: 收入线, clause: S1.1a, basis: source}
rules:
  E11: {severity: error, clause: S1.1a}
verdicts: {}
"""


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """A small policy with the changes made."""
    text = POLICY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "somewhere-2018.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> dict[str, str]:
    """What is wrong by key; the file's name stands first in each place."""
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert {fault.where[0] for fault in caught.value.faults} == {path.name}
    return {fault.where[-1]: fault.what for fault in caught.value.faults}


def test_the_small_policy_is_right(tmp_path):
    policy = load_policy(write(tmp_path))
    assert (policy.name, policy.limits["income_line"].value) == ("somewhere-2018", 3500)


def test_three_faults_at_once_give_three_messages(tmp_path):
    found = faults(
        write(
            tmp_path,
            ("value: 3500, ", ""),
            ("severity: error", "severity: grave"),
            ("rules:\n", "rules:\n  E12: {severity: hint, clause: S7.7}\n"),
        )
    )
    assert set(found) == {"limits.income_line.value", "rules.E11.severity", "rules.E12.clause"}
    assert found["limits.income_line.value"] == "this key is missing; write it"
    assert found["rules.E11.severity"] == "'grave': no such severity; write one of error suspect missing hint"
    assert "no clause 'S7.7'" in found["rules.E12.clause"] and "S1.1a" in found["rules.E12.clause"]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("unit: 元/人/年, ", "", "limits.income_line.unit", "missing"),
        ("value: 3500", "value: three", "limits.income_line", "write a number"),
        ("value: 3500", "value: yes", "limits.income_line", "write a number"),
        ("value: 3500", "value: {a: 1}", "limits.income_line.value", "must be a number, a date, text"),
        ("unit: 元/人/年", "unit: 两", "limits.income_line", "unit '两' is not known"),
        ("income_line:", "Income-Line:", "limits.Income-Line", "not a limit's name"),
        ("basis: source", "basis: source, reason: x", "limits.income_line.reason", "not known here"),
        ("E11:", "E1:", "rules.E1", "not a rule code"),
        ("clause: S1.1a}\nverdicts", "clause: 1.1}\nverdicts", "rules.E11.clause", "must be text"),
        ("severity: error", "severity: error, grade: 7", "rules.E11.grade", "less than or equal to 4"),
        ("year: 2018", "year: 1918", "year", "greater than or equal to 2014"),
        ("document: 某号", 'document: ""', "clauses.S1.1a.document", "must not be empty"),
        ("verdicts: {}", "verdicts: []", "verdicts", "must be a block"),
        ("verdicts: {}", "", "verdicts", "missing"),
        ("year: 2018", "year: '2018'", "year", "must be a whole number"),
        ("year: 2018", "year: true", "year", "must be a whole number"),
        ("severity: error", "severity: [error]", "rules.E11.severity", "no such severity"),
        ("rules:\n", "rules:\n  12: {severity: hint, clause: S1.1a}\n", "rules.12", "must be text"),
    ],
)
def test_each_fault_names_its_key_and_what_to_write(tmp_path, old, new, key, says):
    found = faults(write(tmp_path, (old, new)))
    assert list(found) == [key]
    assert says in found[key]


@pytest.mark.parametrize(
    ("unit", "value", "says"),
    [
        ("月日", "'13-01'", "such as '08-31'"),
        ("格式", "'[0-9'", "not a regular expression"),
        ("日期", "'2018-12-31'", "write a date"),
        ("岁", "6.5", "write a whole number"),
        ("代码", "[甲, 2]", "write text"),
        ("是否", "1", "write true or false"),
        ("元", "1, by_year: {2017: one}", "write a number"),
    ],
)
def test_a_value_must_fit_its_unit(tmp_path, unit, value, says):
    path = write(tmp_path, ("value: 3500, unit: 元/人/年", f"value: {value}, unit: {unit}"))
    assert says in faults(path)["limits.income_line"]


def test_a_key_given_twice_is_told_with_its_line_beside_other_faults(tmp_path):
    line = "  E11: {severity: error, clause: S1.1a}\n"
    found = faults(write(tmp_path, (line, line * 2), ("place: 某省\n", "")))
    assert found == {"line 9": "'E11' is given twice; keep one", "place": "this key is missing; write it"}


def test_needs_for_a_code_that_the_phenomenon_lacks(tmp_path):
    phenomenon = """verdicts:
  S1.1a: {zh: 甲, en: A, grade1: [E11], grade2: [], grade3: [], of: households, minimum_count: 1, minimum_share: 0.1,
    minimum_units: 1, needs: [], needs_for: {K13: [[plan]]}}
"""
    found = faults(write(tmp_path, ("verdicts: {}\n", phenomenon)))
    assert list(found) == ["verdicts.S1.1a.needs_for.K13"]


def test_bad_syntax_tells_the_line(tmp_path):
    found = faults(write(tmp_path, ("rules:\n", "rules: [\n")))
    assert len(found) == 1
    assert next(iter(found)).startswith("line ") and "is not YAML" in next(iter(found.values()))


def test_no_file_no_text_no_block(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "absent.yaml")
    with pytest.raises(PolicyError, match="write one of yunnan-2018"):
        load_policy("yunnan-2081")
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes("place: 云南省".encode("gbk"))
    with pytest.raises(PolicyError, match="save it as UTF-8"):
        load_policy(gbk)
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(PolicyError, match="must be a block"):
        load_policy(empty)


def test_only_true_and_false_are_booleans_and_only_decimals_are_numbers(tmp_path):
    path = tmp_path / "traps.yaml"
    path.write_text("on: no\nyes: 是\na: 010\nb: 12:30\nc: true\nd: -5\ne: 2018-12-31\nf: 0.5\n", encoding="utf-8")
    data, found = read_yaml(path)
    assert found == []
    assert {key: value for key, value in data.items() if key != "e"} == {
        "on": "no",
        "yes": "是",
        "a": "010",
        "b": "12:30",
        "c": True,
        "d": -5,
        "f": 0.5,
    }


def test_an_unknown_county_names_what_exists(tmp_path):
    with pytest.raises(RunError, match="530102 530103"):
        load_county("530199")
    with pytest.raises(RunError, match="there are none"):
        load_county("530113", parameters=tmp_path)


def test_faults_of_all_counties_are_told_together(tmp_path):
    folder = tmp_path / "counties"
    folder.mkdir()
    text = resource("parameters", "counties", "530113.yaml").read_text(encoding="utf-8")
    (folder / "530113.yaml").write_text(text.replace("exit_year: 2018", "exit_year: null"), encoding="utf-8")
    (folder / "530128.yaml").write_text(text.replace("east: 103.333", "east: 101.0"), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        counties(tmp_path)
    told = [(fault.where, fault.what) for fault in caught.value.faults]
    assert [where for where, _ in told] == [("530113.yaml", "(top)"), ("530128.yaml", "box"), ("530128.yaml", "code")]
    assert "write exit_year: 2018" in told[0][1]
    assert "west must be less than east" in told[1][1]
    assert "write '530128'" in told[2][1]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("location_deadline: 2018-12-31", "location_deadline: '2018-12-31'", "location_deadline", "without quotes"),
        ("role: exits_2018", "role: leaves", "role", "no such role; write one of exits_2018"),
        ("crs: WGS-84", "crs: GCJ-02", "box.crs", "write one of WGS-84"),
        ("margin: 0.02", "margin: 2", "box.margin", "less than or equal to 1"),
        ("limits: {}", "limits: {a_b: {value: 1, reason: '  '}}", "limits.a_b.reason", "must not be empty"),
        ("limits: {}", "limits: {a_b: {value: [{}], reason: r}}", "limits.a_b.value", "or a list of these"),
        ('code: "530113"', "code: 530113", "code", "must be text"),
    ],
)
def test_each_fault_of_a_county_names_its_key(tmp_path, old, new, key, says):
    folder = tmp_path / "counties"
    folder.mkdir()
    text = resource("parameters", "counties", "530113.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "530113.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_county("530113", tmp_path)
    told = {fault.where[-1]: fault.what for fault in caught.value.faults}
    assert set(told) == {key}
    assert says in told[key]


def test_a_countys_own_limits_are_held_against_the_policy(tmp_path):
    folder = tmp_path / "counties"
    folder.mkdir()
    text = resource("parameters", "counties", "530113.yaml").read_text(encoding="utf-8")
    own = "limits:\n  notice_days_min: {value: five, reason: r}\n  notice_day: {value: 5, reason: r}\n"
    (folder / "530113.yaml").write_text(text.replace("limits: {}\n", own), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_county("530113", parameters=tmp_path, policy=load_policy())
    assert [fault.where[-1] for fault in caught.value.faults] == ["limits.notice_days_min", "limits.notice_day"]
