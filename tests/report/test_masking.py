"""Nothing personal can be read back out of what is printed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from povkit.report.labels import Labels
from povkit.report.masking import kind_of, mask_evidence, mask_name, mask_number, mask_short, mask_text
from povkit.report.rows import RowStyle, readable_rows
from povkit.report.words import Words


@pytest.mark.parametrize(
    "name, masked",
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("阿木·尔古", "阿****"),
        ("李", "*"),
        ("", ""),
    ],
)
def test_of_a_name_only_the_surname_stays(name, masked):
    assert mask_name(name) == masked


@given(st.text(alphabet="0123456789X", min_size=15, max_size=22))
def test_a_masked_number_keeps_its_length_and_hides_the_birth_date(number):
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert masked[6:16].strip("*") == ""


def test_phones_and_accounts_keep_three_digits():
    assert mask_short("13812345678") == "138********"
    assert mask_short("6223814170910007047") == "622" + "*" * 16
    assert mask_short("1234") == "****"


def test_numbers_inside_free_text_are_masked_and_shorter_ones_stay():
    text = "证件530199196304150090电话13812345678户85301130000001村530113001002"
    assert mask_text(text.replace("证件", "证件 ").replace("电话", " 电话 ").replace("户", " 户 ")) == (
        "证件 530199**********90 电话 138******** 户 85301130000001村530113001002"
    )


@pytest.mark.parametrize(
    "column, level, kind",
    [
        ("head_name", "household", "name"),
        ("name", "person", "name"),
        ("name", "village", ""),
        ("village_name", "household", ""),
        ("last_id_number", "person", "id_number"),
        ("helper_phone", "helper", "phone"),
        ("bank_account", "household", "bank_account"),
        ("birth_date", "person", "birth_date"),
        ("first_secretary", "household", "name"),
        ("net_income_pc", "household", ""),
        ("health", "person", "illness"),
        ("disability_grade", "person", "illness"),
        ("certified_health", "household", ""),
    ],
)
def test_columns_are_known_by_their_names(column, level, kind):
    assert kind_of(column, level) == kind


def test_evidence_is_masked_by_column_and_the_register_s_own_numbers_stay():
    evidence = {
        "head_name": "欧阳桂富",
        "id_number": "530199196304150090",
        "twins": ["530199196304150090", "530199196304150090"],
        "birth_date": "1963-04-15",
        "household_id": "85301130000001",
        "village_code": "530113001002",
        "size": 4,
        "moved_in": None,
        "limits": {"income_line": 3500},
    }
    masked = mask_evidence(evidence, "household")
    assert masked["head_name"] == "欧阳**"
    assert masked["id_number"] == "530199**********90"
    assert masked["twins"] == ["530199**********90"] * 2
    assert masked["birth_date"] == "1963-**-**"
    untouched = ("household_id", "village_code", "size", "moved_in", "limits")
    assert {key: masked[key] for key in untouched} == {key: evidence[key] for key in untouched}


@pytest.mark.parametrize(
    "field, value, masked",
    [("姓名", "张三丰", "张**"), ("联系电话", "1381234", "138****"), ("人均纯收入", "3275.5", "3275.5")],
)
def test_a_quoted_value_is_masked_as_the_field_it_is_of(field, value, masked):
    assert mask_evidence({"field": field, "value": value}, "problem")["value"] == masked


@pytest.mark.parametrize(
    "column, value, masked",
    [("id18", "53019919630415009", "530199***********"), ("phone_owners", 3, 3), ("phone", 13812345678, "138********")],
)
def test_counts_stay_and_numbers_of_people_do_not(column, value, masked):
    assert mask_evidence({column: value}, "person")[column] == masked


def rows_of(made_up, *records, show=False):
    words = Words("zh")
    return readable_rows(made_up.table(list(records)), RowStyle(words, Labels(words), show, {}))


def test_rows_mask_people_and_not_places(made_up):
    person, village, helper, outside = (made_up.finding(code, 7) for code in ("A03", "N12", "L02", "K05"))
    shown = {row.code: row for row in rows_of(made_up, person, village, helper, outside)}
    assert shown["A03"].subject == mask_name(person["subject"])
    assert shown["A03"].object_id == person["person_id"]
    assert shown["A03"].household == person["household_id"]
    assert (shown["N12"].subject, shown["N12"].object_id) == (village["village"], village["village_code"])
    assert shown["L02"].object_id == mask_number(helper["object_id"])
    assert shown["K05"].object_id == mask_number(outside["object_id"])


def test_an_identity_number_in_any_column_is_masked_and_a_faulty_one_of_someone_outside_too(made_up):
    number = made_up.identity(7)
    odd = made_up.finding("J01", 7, household_id=number, object_id=number)
    short = made_up.finding("K05", 7, object_id="53019919630415")
    shown = {row.code: row for row in rows_of(made_up, odd, short)}
    assert number not in shown["J01"].household + shown["J01"].object_id
    assert shown["K05"].object_id == "530199********"


def test_identities_are_shown_when_asked_for(made_up):
    record = made_up.finding("A03", 7)
    row = rows_of(made_up, record, show=True)[0]
    assert row.subject == record["subject"]
    assert json.loads(record["evidence"])["id_number"] in row.values


def test_a_diagnosis_is_masked_and_good_health_is_not(made_up):
    for value, shown in (("患有大病", "***"), ("健康", "健康")):
        evidence = json.dumps({"health": value, "limits": {"health_healthy": "健康"}}, ensure_ascii=False)
        record = made_up.finding("A03", 7, evidence=evidence)
        assert rows_of(made_up, record)[0].values.endswith(shown)
        assert rows_of(made_up, record, show=True)[0].values.endswith(value)


def test_a_pattern_names_whom_to_visit_and_not_its_inner_tests(made_up):
    evidence = json.dumps({"households": ["85301130000403"], "n": 67, "test": "bunching", "tests": {"bunching": 0.01}})
    values = rows_of(made_up, made_up.finding("A03", 7, grade=3, evidence=evidence))[0].values
    assert values == "先走访的户：85301130000403；对象数：67"
