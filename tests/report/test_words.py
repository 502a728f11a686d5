"""Both languages say the same things."""

import re
from string import Formatter

import pytest

from povkit.report.labels import Labels, clean
from povkit.report.words import LANGUAGES, Words, load_words
from povkit.vocab import Level, Severity, Verdict

FORBIDDEN = ("造假", "违规", "弄虚作假", "欺骗", "fraud", "falsif", "fake", "guilty", "illegal")


def test_every_word_is_there_in_both_languages_with_the_same_blanks():
    for key, pair in load_words().items():
        assert tuple(pair) == LANGUAGES, key
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in pair.values()]
        assert blanks[0] == blanks[1], key
        assert all(pair.values()), key


def test_english_has_no_chinese_in_it():
    assert [
        key for key, pair in load_words().items() if re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", pair["en"])
    ] == []


def test_no_word_states_a_verdict_as_fact():
    texts = "\n".join(text for pair in load_words().values() for text in pair.values()).lower()
    assert [word for word in FORBIDDEN if word in texts] == []


def test_every_severity_level_and_verdict_has_words():
    words = Words("zh")
    assert all(f"severity.{severity}" in words for severity in Severity)
    assert all(f"who.{level}" in words for level in Level)
    assert all(f"verdict.{verdict}" in words and f"verdict.means.{verdict}" in words for verdict in Verdict)
    assert all(f"grade.{part}{grade}" in words for grade in range(1, 5) for part in ("", "name.", "heading.", "say."))


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'fr' is not one of zh, en"):
        Words("fr")


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "—"),
        (float("nan"), "—"),
        (1312, "1,312"),
        (0.93, "0.93"),
        (12.5, "12.5"),
        (0.0004, "0.0004"),
        (-3.0, "-3"),
    ],
)
def test_numbers(value, text):
    assert Words("zh").number(value) == text


def test_a_share_carries_its_denominator():
    assert Words("zh").share(3, 1312) == "3 / 1,312（0.2%）"
    assert Words("en").share(3, 1312) == "3 of 1,312 (0.2%)"
    assert Words("en").share(3, None) == "3"
    assert Words("en").share(0, 0) == "0 of 0 (—)"


def test_dates():
    assert (Words("zh").date("2018-12-01"), Words("en").date("2018-12-01")) == ("2018年12月1日", "2018-12-01")


def test_labels_come_from_the_mapping_then_the_form_of_the_finding_s_own_table():
    labels = Labels(Words("zh"), {"last_school": ("上年在校生状况", "last year's school")})
    assert labels.label("last_school") == "上年在校生状况"
    assert labels.label("net_income_pc") == "人均纯收入"
    assert labels.label("kind", "problem") == "问题性质"
    assert labels.label("kind", "measure") == "措施类别"
    assert Labels(Words("en")).label("net_income_pc") == "net income pc"
    assert labels.need("household.longitude") == "贫困户信息 · 经度"


def test_values_are_readable():
    labels = Labels(Words("zh"))
    values = {"irrigated": 6.25, "farmland": 4.0, "moved_in": False, "health": None, "list": ["残疾", "低保"]}
    assert labels.pairs(values) == (
        "有效灌溉面积（亩）：6.25；耕地面积（亩）：4；是否入住安全住房：否；健康状况：空白；名单类别：残疾、低保"
    )
    assert (labels.value(0.00012), labels.value(0.0), labels.value(""), labels.value({"p": 0.5})) == (
        "0.00012", "0", "空白", "(p值：0.5)"
    )  # fmt: skip


def test_control_characters_become_blanks():
    assert clean("a\x00b\x1b[0m\t余") == "a b [0m 余"


@pytest.mark.parametrize(("language", "said"), [("zh", "名单无证件号码"), ("en", "the list has no number")])
def test_what_is_said_in_both_languages_is_said_in_one(language: str, said: str) -> None:
    both = {"zh": "名单无证件号码", "en": "the list has no number"}
    assert Labels(Words(language)).value(both) == said
    assert Labels(Words(language)).value({"zh": None, "en": None}) == Words(language)("mark.blank")
