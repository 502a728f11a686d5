"""What the views make of matches: certain hits, possible ones, and through whom a household is hit."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from povkit.policy import limits_for, load_county, load_policy
from povkit.register.identity import check_character
from povkit.rules import RULES, run_rules
from povkit.views import Need

MakeCounty = Callable[..., Any]
Row = dict[str, Any]
VILLAGE = "530113001001"
HOMES = [{"household_id": home, "village_code": VILLAGE, "status": "未脱贫"} for home in ("h1", "h2")]


def _number(serial: int, birth: str = "19600101") -> str:
    body = f"530199{birth}{serial:03d}"
    return body + check_character(body)


A, B, C, D = (_number(serial) for serial in (1, 22, 43, 64))


def _typo(number: str) -> str:
    return number[:9] + str((int(number[9]) + 1) % 10) + number[10:]


def _person(name: str, number: str | None, relation: str = "户主", home: str = "h1", **more: Any) -> Row:
    person = {"household_id": home, "person_id": f"p{name}", "id_number": number, "name": name, "relation": relation}
    return person | {"birth_date": None} | more


def _listed(code: str, name: str, number: str | None, police: str | None = None) -> Row:
    return {"list": code, "name": name, "id_number": number, "household_key": police, "village_code": VILLAGE}


LIMITS = limits_for(load_policy("yunnan-2018"), load_county("530113"), as_of=date(2018, 12, 31), data_year=2018)


def _answers(county: Any, *names: str) -> list[tuple[int, int, int]]:
    """Evaluated, flagged and unknown objects of these rules."""
    outcomes = run_rules(county.views, [RULES[name] for name in names], LIMITS).outcomes
    return [(outcomes[name].evaluated, outcomes[name].flagged, outcomes[name].unknown) for name in names]


SURE = {"name": "王明", "id_number": A}
DOUBTS = [
    ({"id_number": _typo(A)}, "typo", "第10位"),
    ({"id_number": A[:6] + A[7] + A[6] + A[8:]}, "swap", "第7、8位颠倒"),
    ({"id_number": None}, "missing_number", "无证件号码"),
]


@pytest.mark.parametrize(("change", "grade", "words"), DOUBTS)
def test_a_possible_match_leaves_the_lists_open(make_county: MakeCounty, change: Row, grade: str, words: str) -> None:
    listed = _listed("死亡", "王明", A) | change
    county = make_county(person=[_person("王明", A), _person("李花", B)], household=HOMES, sector=[listed])
    assert county.rows("person", "on_death_list", "on_dibao_list", "match_grade", "match_lists") == {
        "p王明": (None, False, grade, "死亡"),
        "p李花": (False, False, None, None),
    }
    differs = county.column("person", "match_differs")
    assert words in differs["p王明"]["zh"]
    assert set(differs["p王明"]) == {"zh", "en"}
    assert county.column("person", "matched_in_doubt") == {"p王明": True, "p李花": False}


@pytest.mark.parametrize(("change", "grade", "words"), DOUBTS)
def test_a_possible_match_is_not_left_out(make_county: MakeCounty, change: Row, grade: str, words: str) -> None:
    row = {"village_code": VILLAGE, **SURE, **change}
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES,
        sector=[_listed("大病", "王明", A, "k1") | change, _listed("大病", "赵四", D, "k2")],
        applicant=[row],
        mistaken=[row],
    )
    for view in ("applicant", "mistaken"):
        assert list(county.rows(view, "on_register", "match_grade").values()) == [(None, grade)]
        assert words in next(iter(county.column(view, "match_differs").values()))["zh"]
    found = county.rows("listed", "on_register", "household_on_register", "match_grade")
    assert found.pop(D) == (False, False, None)
    assert list(found.values()) == [(None, None, grade)]


def test_a_certain_entry_settles_a_possible_one(make_county: MakeCounty) -> None:
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES,
        sector=[_listed("死亡", "王明", A), _listed("死亡", "王明", _typo(A)), _listed("低保", "王明", _typo(A))],
    )
    assert county.rows("person", "on_death_list", "on_dibao_list", "match_lists") == {
        "p王明": (True, None, "低保、死亡")
    }


def test_a_number_under_another_name_is_a_hit_that_wants_a_look(make_county: MakeCounty) -> None:
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES,
        sector=[_listed("大病", "王朋", A)],
        mistaken=[SURE | {"name": "王朋"}],
    )
    columns = ("on_serious_illness_list", "matched_in_doubt", "match_grade")
    assert county.rows("person", *columns) == {"p王明": (True, True, "number_only")}
    assert county.column("mistaken", "on_register") == {A: True}
    assert county.column("listed", "household_on_register") == {A: True}


def test_a_number_that_two_bear_hits_the_one_so_named(make_county: MakeCounty) -> None:
    people = [_person("王明", A), _person("李花", A, home="h2")]
    county = make_county(person=people, household=HOMES, sector=[_listed("死亡", "李花", A)])
    assert county.column("person", "on_death_list") == {"p王明": False, "p李花": True}


def test_a_card_of_fifteen_digits_is_the_same_person(make_county: MakeCounty) -> None:
    short = A[:6] + A[8:17]
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES,
        sector=[_listed("死亡", "王明", short)],
        mistaken=[{"name": "王明", "id_number": short, "village_code": VILLAGE}],
    )
    assert county.column("person", "on_death_list") == {"p王明": True}
    assert county.column("mistaken", "on_register") == {short: True}


def test_a_household_is_hit_through_its_members_with_their_relation(make_county: MakeCounty) -> None:
    people = [_person("王明", A), _person("李花", B, "配偶"), _person("王小", C, "之子"), _person("赵四", D, home="h2")]
    cars = [_listed("机动车", "王明", A), _listed("机动车", "王小", C), _listed("机动车", "赵四", _typo(D))]
    county = make_county(person=people, household=HOMES, sector=cars)
    columns = ("members_on_vehicle_list", "members_possibly_on_vehicle_list", "relations_on_vehicle_list")
    assert county.rows("household", *columns) == {"h1": (2, 0, "之子、户主"), "h2": (0, 1, None)}


def test_a_married_out_daughters_car_is_no_hit(make_county: MakeCounty) -> None:
    daughter = _person("王小妹", C, "之女")
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES,
        person_last=[_person("王明", A), daughter],
        household_last=HOMES,
        sector=[
            _listed("机动车", "王小妹", C, "k1"),
            _listed("农业户籍", "王明", A, "k1"),
            _listed("农业户籍", "王小妹", C, "k1"),
        ],
    )
    assert county.column("household", "members_on_vehicle_list") == {"h1": 0, "h2": 0}
    assert county.column("household", "members_possibly_on_vehicle_list") == {"h1": 0, "h2": 0}


def test_relatives_who_are_possibly_registered_leave_it_open(make_county: MakeCounty) -> None:
    lists = [_listed("大病", "赵四", D, "k1"), _listed("农业户籍", "王明", _typo(A), "k1")]
    county = make_county(person=[_person("王明", A)], household=HOMES, sector=lists)
    assert county.rows("listed", "registered_kin", "possible_kin", "household_on_register") == {D: (0, 1, None)}
    lists.append(_listed("学籍", "王明", A, "k1"))
    county = make_county(person=[_person("王明", A)], household=HOMES, sector=lists)
    assert county.rows("listed", "registered_kin", "possible_kin", "household_on_register") == {D: (1, 0, True)}


def test_a_wrong_number_may_be_on_the_roll_under_the_right_one(make_county: MakeCounty) -> None:
    lists = [_listed("大病", "赵四", _typo(D)), _listed("大病", "钱五", C), _listed("农业户籍", "赵四", D)]
    county = make_county(person=[_person("王明", A)], household=HOMES, sector=lists)
    assert county.column("listed", "agricultural") == {_typo(D): None, C: False}


def test_who_left_may_still_be_there_under_another_number(make_county: MakeCounty) -> None:
    gone = [_person("王明", _typo(A)) | {"person_id": "p9"}, _person("赵四", D)]
    county = make_county(
        person=[_person("王明", A)], household=HOMES, person_last=[*gone, _person("王明", A)], household_last=HOMES
    )
    assert county.rows("leaver", "matched_in_doubt", "match_grade") == {"p9": (True, "typo"), "p赵四": (False, None)}


def test_lists_that_were_not_handed_in_are_missed_as_before(make_county: MakeCounty) -> None:
    county = make_county(person=[_person("王明", A)], household=HOMES)
    assert county.missing("person", "matched_in_doubt", "match_differs") == (Need("sector", "*"),)
    assert county.missing("applicant", "name", "matched_in_doubt") == (Need("applicant", "*"),)
    assert county.missing("leaver", "matched_in_doubt") == (Need("person", "*", True),)


@pytest.mark.parametrize(("on_list", "answer"), [(A, (1, 1, 0)), (_typo(A), (0, 0, 1)), (D, (1, 0, 0))])
def test_rules_flag_what_is_certain_only(make_county: MakeCounty, on_list: str, answer: tuple[int, int, int]) -> None:
    lists = [_listed(code, "王明", on_list) for code in ("死亡", "机动车")]
    county = make_county(person=[_person("王明", A)], household=HOMES[:1], sector=lists)
    assert _answers(county, "K15_person", "K19_household_机动车") == [answer, answer]
    assert _answers(county, "K20_person") == [(1, int(on_list == _typo(A)), 0)]


@pytest.mark.parametrize(("on_list", "answer"), [(A, (1, 0, 0)), (_typo(A), (0, 0, 1)), (D, (1, 1, 0))])
def test_nobody_who_is_possibly_registered_is_called_left_out(
    make_county: MakeCounty, on_list: str, answer: tuple[int, int, int]
) -> None:
    county = make_county(
        person=[_person("王明", A)],
        household=HOMES[:1],
        sector=[_listed("大病", "王明", on_list, "k1")],
        mistaken=[{"name": "王明", "id_number": on_list, "village_code": VILLAGE}],
    )
    assert _answers(county, "K05_listed_大病", "K16_mistaken") == [answer, answer]


def test_the_evidence_shows_what_differs_and_the_relation(make_county: MakeCounty) -> None:
    lists = [_listed("机动车", "王明", A), _listed("低保", "王明", _typo(A))]
    county = make_county(person=[_person("王明", A)], household=HOMES[:1], sector=lists)
    found = run_rules(county.views, [RULES["K19_household_机动车"], RULES["K20_person"]], LIMITS).findings.to_pylist()
    evidence = {row["code"]: json.loads(row["evidence"]) for row in found}
    assert evidence["K19"]["relations_on_vehicle_list"] == "户主"
    assert evidence["K20"]["match_lists"] == "低保"
    assert "第10位" in evidence["K20"]["match_differs"]["zh"]
