"""The shipped policy: whole, in order, and consistent with its own words."""

from datetime import date

import pytest

from povkit.policy import load_policy, policy_names
from povkit.policy.model import GRADE_OF, UNITS
from povkit.vocab import Severity

CLAUSES = [
    *(f"S1.1{letter}" for letter in "abcdefghi"),
    *(f"S1.2{letter}" for letter in "abc"),
    *("S1.3", "S1.4", "S2.0"),
    *(f"S2.1{letter}" for letter in "abcd"),
    *(f"S2.2{letter}" for letter in "abc"),
    *("S3.1", "S3.2", "S3.3"),
    *(f"S4.{number}" for number in range(1, 5)),
    *(f"S5.{number}" for number in range(1, 7)),
]
ROW_RULES = (
    "A01-A19 B01-B16 C01-C20 D01-D28 E01-E12 E16-E28 F01-F05 F07-F12 G01-G16 H01-H18 I01-I22 J01-J15 J17-J20 K01-K08 "
    "K10-K12 K14-K20 L01-L14 M01-M10 N01-N19 O03-O06 P01-P06 T01 V01-V04"
)
HINTS = (
    "A13-A15 A17 B07-B09 B13-B16 C17 C20 D02 D08 D28 E06 E08 E25 E26 F04 F05 F07 F08 F10-F12 G09-G15 H06 H14 I07 I08 "
    "I12 I13 I15 I17 I19 I20 I22 J11 J12 J18 K02 K11 K20 L07-L10 L14 M07-M09 N02-N04 N11 N14 N15 O03-O05"
)
"""Rules that no source backs."""

PATTERN_CODES = ("E13", "E14", "E15", "F06", "J16", "K09", "K13", "S01", "S02", "S03", "S04", "S05", "S06")
"""Codes whose findings are statistics of groups; they stand in a block of their own, after the rules."""
ANOMALY_CODES = ("X01", "X02", "X03")
"""Codes whose findings are scores of single households, last of all."""


def codes(text: str) -> list[str]:
    """Codes of a list with ranges, such as 'A01-A03 B10'."""
    found = []
    for part in text.split():
        first, _, last = part.partition("-")
        found += [f"{first[0]}{number:02}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)]
    return found


def test_every_clause_is_there_in_order():
    assert list(load_policy().clauses) == CLAUSES


def test_clauses_name_the_documents_of_the_notice():
    policy = load_policy()
    assert policy.citation("S1.1a") == "S1.1a 云开组〔2018〕51号"
    assert policy.clause("S1.4").document == "国开办发〔2017〕56号"
    assert policy.clause("S2.0").document == "云贫开发〔2017〕31号"
    with pytest.raises(KeyError, match=r"S9\.9"):
        policy.clause("S9.9")


def test_rules_are_the_catalogue_one_sorted_line_each():
    rules = [code for code in load_policy().rules if code not in (*PATTERN_CODES, *ANOMALY_CODES)]
    beyond = {"K20", "J20"}  # a match by name alone; an exit with food or clothing a worry, which no row of it names
    assert len(set(rules) - beyond) + len(PATTERN_CODES) == 281
    assert rules == sorted(codes(ROW_RULES))


def test_severities_and_grades():
    policy = load_policy()
    assert policy.rule("E11").severity is Severity.ERROR
    assert policy.rule("J13").severity is Severity.SUSPECT
    assert policy.rule("H15").severity is Severity.MISSING
    assert {code for code, line in policy.rules.items() if line.severity is Severity.HINT} == {
        *codes(HINTS),
        *ANOMALY_CODES,
    }
    raised = {code: line.grade for code, line in policy.rules.items() if line.grade not in (None, 3, 4)}
    assert raised == {"F01": 2, "F02": 2, "F03": 2, "J14": 1, "J15": 1, "K05": 1, "K06": 1}
    assert [policy.rule(code).effective_grade for code in ("E11", "H15", "J13", "O03")] == [1, 1, 2, 2]


def test_patterns_are_suspicions_of_grade_3_in_a_block_of_their_own():
    rules = load_policy().rules
    assert tuple(rules)[-len(PATTERN_CODES) - len(ANOMALY_CODES) :] == (*PATTERN_CODES, *ANOMALY_CODES)
    assert {code for code, line in rules.items() if line.effective_grade == 3} == set(PATTERN_CODES)
    assert {rules[code].severity for code in PATTERN_CODES} == {Severity.SUSPECT}


def test_anomalies_are_hints_of_the_lowest_grade_and_carry_no_verdict():
    policy = load_policy()
    assert {code for code, line in policy.rules.items() if line.effective_grade == 4} == set(ANOMALY_CODES)
    assert {policy.rules[code].severity for code in ANOMALY_CODES} == {Severity.HINT}
    assert not [code for line in policy.verdicts.values() for code in line.codes if code in ANOMALY_CODES]


def test_a_grade_is_written_only_where_it_differs_from_the_default():
    for code, line in load_policy().rules.items():
        assert line.grade != GRADE_OF[line.severity], code


def test_grades_agree_with_the_phenomena():
    policy = load_policy()
    for clause_id, phenomenon in policy.verdicts.items():
        for grade, group in ((1, phenomenon.grade1), (2, phenomenon.grade2)):
            own = set(group) - set(phenomenon.grade3)
            shown = {code: policy.rules[code].effective_grade for code in own if code in policy.rules}
            assert set(shown.values()) <= {grade}, (clause_id, shown)
        assert set(phenomenon.grade3) <= set(PATTERN_CODES), clause_id


def test_six_phenomena_with_minima_and_inputs():
    verdicts = load_policy().verdicts
    assert list(verdicts) == [f"S5.{number}" for number in range(1, 7)]
    assert verdicts["S5.4"].needs == (("procedure",),)
    assert verdicts["S5.6"].needs[0] == ("sector:农业户籍",)
    assert verdicts["S5.3"].needs_for["J14"] == (("certification",),)
    assert verdicts["S5.5"].codes == ("J16",)
    assert all(0 <= phenomenon.minimum_share < 1 for phenomenon in verdicts.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("income_line", 3500),
        ("household_exit_year", 2018),
        ("return_causes_allowed", ("因病", "因灾", "因学")),
        ("house_grades_unsafe", ("C级", "D级")),
        ("certifying_departments", ("水务", "教育", "卫计", "住建")),
        ("key_groups", ("危房", "大病", "残疾", "特困供养", "独居老人")),
        ("village_standard_count", 10),
        ("incidence_exit_pct", 3.0),
        ("problem_deadline", date(2018, 12, 31)),
        ("county_to_city", date(2018, 12, 20)),
        ("city_to_province", date(2018, 12, 30)),
        ("school_cutoff", "08-31"),
    ],
)
def test_what_the_notice_fixes(name, value):
    assert load_policy().limits[name].value == value


def test_every_unit_known_and_every_choice_explained():
    for name, limit in load_policy().limits.items():
        assert limit.unit in UNITS, name
        assert limit.basis != "choice" or limit.why, name


def test_policy_names():
    assert policy_names() == ("yunnan-2018",)
