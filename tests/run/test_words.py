"""Both languages say the same things, with the same blanks to fill in."""

import re
from string import Formatter

from povkit.report.words import load_words
from povkit.run.words import StoryWords, words_of

ZH, EN = StoryWords("zh"), StoryWords("en")
OWN = [key for key in ZH.keys_of("") if key not in load_words()]
CHINESE = re.compile("[一-鿿]")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_blanks() -> None:
    assert len(OWN) > 100
    assert [key for key in OWN if blanks(ZH(key)) != blanks(EN(key))] == []


def test_chinese_is_chinese_and_english_is_not() -> None:
    assert [key for key in OWN if not CHINESE.search(ZH(key)) and blanks(ZH(key)) == set()] == []
    assert [key for key in OWN if CHINESE.search(EN(key))] == []


def test_english_in_charts_has_plain_apostrophes() -> None:
    assert [key for key in OWN if key.startswith(("chart.", "part.")) and re.search("[‘’“”]", EN(key))] == []


def test_no_word_of_the_report_is_overwritten() -> None:
    from_file = [key for key in ZH.keys_of("") if key in load_words() and ZH(key) != load_words()[key]["zh"]]
    assert from_file == []


def test_an_unknown_language_falls_back_to_chinese() -> None:
    assert words_of("fr").language == "zh"
    assert words_of("en").language == "en"
