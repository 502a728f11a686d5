"""The views of people on lists, over a small made-up register."""

from collections.abc import Callable
from typing import Any

import pytest

from povkit.register.identity import check_character
from povkit.views import Need
from povkit.views.person import SECTOR_COLUMNS

MakeCounty = Callable[..., Any]
Row = dict[str, Any]
VILLAGE = "530113001001"


def _number(serial: int) -> str:
    body = f"53019919600101{serial:03d}"
    return body + check_character(body)


A, B, C, D, E = (_number(serial) for serial in range(1, 6))


def _listed(code: str, number: str | None, police: str | None = None, **more: Any) -> Row:
    return {
        "list": code,
        "id_number": number,
        "household_key": police,
        "village_code": VILLAGE,
        "name": f"名{number}",
        "grade": None,
        "able_children": None,
        **more,
    }


def _person(number: str | None, household: str = "h1", **more: Any) -> Row:
    return {"household_id": household, "person_id": f"p{number}", "id_number": number, "name": f"名{number}", **more}


HOME = [{"household_id": "h1", "village_code": VILLAGE, "status": "未脱贫"}]


def test_a_person_on_several_lists_is_one_row(make_county: MakeCounty) -> None:
    county = make_county(
        sector=[_listed("残疾", A + "43"), _listed("低保", A), _listed("低保", A), _listed("大病", B)],
        person=[_person(C)],
        household=HOME,
    )
    columns = ("on_disability_list", "on_dibao_list", "on_serious_illness_list")
    assert county.rows("listed", *columns) == {A: (True, True, False), B: (False, False, True)}


def test_only_lists_of_need_put_a_person_there(make_county: MakeCounty) -> None:
    others = [_listed(code, _number(50 + i)) for i, code in enumerate(SECTOR_COLUMNS) if code not in "危房大病残疾低保"]
    county = make_county(sector=[_listed("危房", A), *others], person=[_person(C)], household=HOME)
    listed = set(county.column("listed", "id_number"))
    needy = {row["id_number"] for row in others if row["list"] in ("特困供养", "独居老人")}
    assert listed == {A} | needy


@pytest.mark.parametrize(
    ("on_list", "on_register", "found"),
    [
        (A, A, True),
        (A + "43", A, True),
        (A, A + "43", True),
        (A + "43B1", A + "43", True),
        (A, B, False),
        (A, None, False),
        (None, A, None),
        (A[:15], A, None),
    ],
)
def test_numbers_meet_on_their_first_18_characters(
    make_county: MakeCounty, on_list: str | None, on_register: str | None, found: bool | None
) -> None:
    person = _person(on_register) | {"name": "别人"}
    county = make_county(
        sector=[_listed("残疾", on_list)],
        applicant=[{"id_number": on_list, "name": "甲", "village_code": VILLAGE}],
        mistaken=[{"id_number": on_list, "name": "甲", "village_code": VILLAGE}],
        person=[person],
        household=HOME,
    )
    for view in ("listed", "applicant", "mistaken"):
        assert list(county.column(view, "on_register").values()) == [found]


@pytest.mark.parametrize(
    ("wrong", "village", "expected"),
    [(None, VILLAGE, None), (A[:17] + "?", VILLAGE, None), (A[:10], VILLAGE, None), (A[:10], "530113001002", False)],
)
def test_a_namesake_with_a_wrong_number_leaves_it_open(
    make_county: MakeCounty, wrong: str | None, village: str, expected: bool | None
) -> None:
    county = make_county(
        mistaken=[{"id_number": A, "name": "甲", "village_code": VILLAGE}],
        person=[_person(wrong) | {"name": "甲"}],
        household=[{"household_id": "h1", "village_code": village}],
    )
    assert county.column("mistaken", "on_register") == {A: expected}


def test_a_namesake_with_a_right_number_is_somebody_else(make_county: MakeCounty) -> None:
    person = _person(B) | {"name": "甲"}
    county = make_county(
        mistaken=[{"id_number": A, "name": "甲", "village_code": VILLAGE}], person=[person], household=HOME
    )
    assert county.column("mistaken", "on_register") == {A: False}


def test_a_namesake_with_a_wrong_number_of_another_birth_is_somebody_else(make_county: MakeCounty) -> None:
    other = A[:6] + "19550731" + A[14:17] + "?"
    county = make_county(
        mistaken=[{"id_number": A, "name": "甲", "village_code": VILLAGE}],
        person=[_person(other) | {"name": "甲"}],
        household=HOME,
    )
    assert A[6:14] != other[6:14]
    assert county.column("mistaken", "on_register") == {A: False}


def test_relatives_of_the_police_household_are_found_through_any_list(make_county: MakeCounty) -> None:
    county = make_county(
        sector=[
            _listed("大病", A),
            _listed("农业户籍", A, "k1"),
            _listed("农业户籍", B, "k1"),
            _listed("学籍", B, "k1"),
            _listed("大病", C, "k2"),
            _listed("大病", D),
            _listed("农业户籍", E, "k2"),
        ],
        person=[_person(B)],
        household=HOME,
    )
    assert county.rows("kin", "police_household") == {f"{B}@p{B}": ("k1",)}
    columns = ("household_key", "on_register", "registered_kin", "household_on_register")
    assert county.rows("listed", *columns) == {
        A: ("k1", False, 1, True),
        C: ("k2", False, 0, False),
        D: (None, False, 0, None),
    }


def test_the_roll_decides_between_two_police_households(make_county: MakeCounty) -> None:
    county = make_county(
        sector=[_listed("大病", A, "k1"), _listed("农业户籍", A, "k9")], person=[_person(B)], household=HOME
    )
    assert county.column("listed", "household_key") == {A: "k9"}


def test_the_roll_and_the_dead_narrow_the_circle(make_county: MakeCounty) -> None:
    county = make_county(
        sector=[
            _listed("大病", A),
            _listed("农业户籍", A, "k1"),
            _listed("大病", B),
            _listed("死亡", B),
            _listed("大病", None, name="无号"),
        ],
        person=[_person(C)],
        household=HOME,
    )
    found = county.rows("listed", "agricultural", "known_dead", "on_register")
    assert (found.pop(A), found.pop(B)) == ((True, False, False), (False, True, False))
    assert list(found.values()) == [(None, None, None)]


def test_without_roll_and_death_list_everybody_is_asked_and_nothing_is_missing(make_county: MakeCounty) -> None:
    county = make_county(sector=[_listed("大病", A, "k1")], person=[_person(B)], household=HOME)
    assert county.rows("listed", "agricultural", "known_dead") == {A: (True, False)}
    columns = ("household_on_register", "agricultural", "known_dead", "known_support", "on_serious_illness_list")
    assert county.missing("listed", *columns) == ()
    assert county.missing("listed", "on_agricultural_list") == (Need("sector", "农业户籍"),)


def test_rows_without_a_number_stay_apart(make_county: MakeCounty) -> None:
    county = make_county(
        sector=[_listed("大病", None, name="甲"), _listed("残疾", None, name="甲")], person=[_person(B)], household=HOME
    )
    flags = county.rows("listed", "on_serious_illness_list", "on_disability_list", "household_on_register")
    assert sorted(flags.values()) == [(False, True, None), (True, False, None)]


@pytest.mark.parametrize(
    ("grades", "grade"),
    [
        (("C级",), "C级"),
        (("D",), "D级"),
        (("C级危房",), "C级"),
        (("B级", "D级"), "D级"),
        (("A级", "无房"), "无房"),
        ((None,), None),
        ((None, "B级"), "B级"),
    ],
)
def test_the_worst_house_counts(make_county: MakeCounty, grades: tuple[str | None, ...], grade: str | None) -> None:
    houses = [_listed("危房", A, grade=value) for value in grades]
    county = make_county(sector=[*houses, _listed("残疾", A, grade="一级")], person=[_person(B)], household=HOME)
    assert county.rows("listed", "listed_house_grade", "listed_disability_grade") == {A: (grade, "一级")}


@pytest.mark.parametrize(("able", "known"), [(True, True), (False, False), (None, False)])
def test_children_who_can_support(make_county: MakeCounty, able: bool | None, known: bool) -> None:
    county = make_county(
        sector=[_listed("独居老人", A, able_children=able), _listed("低保", A)], person=[_person(B)], household=HOME
    )
    assert county.rows("listed", "able_children", "known_support") == {A: (able, known)}


def test_missing_lists_are_told_apart(make_county: MakeCounty) -> None:
    county = make_county(sector=[_listed("大病", A, "k1")], person=[_person(B)], household=HOME)
    assert county.missing("listed", "on_unsafe_house_list", "on_serious_illness_list") == (Need("sector", "危房"),)
    assert county.missing("listed", "listed_house_grade") == (Need("sector", "危房"),)
    assert county.missing("person", "on_death_list") == (Need("sector", "死亡"),)
    assert county.missing("household", "members_on_vehicle_list") == (Need("sector", "机动车"),)


def test_lists_without_police_households_or_support_say_so(make_county: MakeCounty) -> None:
    county = make_county(sector=[{"list": "独居老人", "id_number": A}], person=[_person(B)], household=HOME)
    assert county.missing("listed", "household_on_register") == (Need("sector", "household_key"),)
    assert county.missing("listed", "able_children") == (Need("sector", "able_children"),)
    assert county.missing("listed", "known_support") == ()


def test_no_lists_at_all(make_county: MakeCounty) -> None:
    county = make_county(person=[_person(B)], household=HOME)
    columns = ("on_serious_illness_list", "household_on_register", "agricultural")
    assert county.missing("listed", *columns) == (Need("sector", "*"),)
    assert county.missing("applicant", "meets_standard", "on_register") == (Need("applicant", "*"),)
    assert county.missing("mistaken", "on_register") == (Need("mistaken", "*"),)
    assert county.missing("problem", "state") == (Need("problem", "*"),)
    assert county.missing("helper", "helper_phone", "helpers_with_phone") == (Need("helper", "*"),)


def test_outsiders_are_placed_by_their_village(make_county: MakeCounty) -> None:
    county = make_county(
        applicant=[{"id_number": A, "name": "甲", "village_code": VILLAGE}, {"id_number": B, "village_code": "1"}],
        village=[{"village_code": VILLAGE, "village": "某村", "township": "某镇"}],
        person=[_person(C)],
        household=HOME,
    )
    columns = ("village_code", "village", "township", "subject")
    assert county.rows("applicant", *columns) == {A: (VILLAGE, "某村", "某镇", "甲"), B: ("1", None, None, None)}
