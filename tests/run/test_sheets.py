"""Tables of the notebook: DataFrames that show safely and say how much they leave out."""

import pytest

from povkit.run.sheets import sheet
from povkit.run.words import StoryWords

WORDS = StoryWords("zh")
COLUMNS = {"item": "col.item", "value": "col.value"}


def test_a_sheet_is_a_frame_numbered_from_one_with_whole_numbers_kept() -> None:
    made = sheet(WORDS, "key_figures", COLUMNS, [{"item": "户", "value": 3}, {"item": "村", "value": None}])
    assert list(made.columns) == ["项目", "内容"]
    assert list(made.index) == [1, 2]
    assert str(made["内容"].dtype) == "Int64"
    assert made["内容"].isna().tolist() == [False, True]


def test_cells_cannot_become_markup() -> None:
    made = sheet(WORDS, "key_figures", COLUMNS, [{"item": "<script>alert(1)</script>", "value": 1234}])
    html = made._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "1,234" in html


def test_a_long_table_shows_its_first_rows_and_says_so() -> None:
    made = sheet(WORDS, "findings", COLUMNS, [{"item": f"第{n}行", "value": n} for n in range(50)], shown=5)
    html = made._repr_html_()
    assert len(made) == 50
    assert html.count("<tr>") == 1 + 5
    assert "显示前 5 行，共 50 行" in html


@pytest.mark.parametrize(("language", "said"), [("zh", "没有可列的内容"), ("en", "nothing to list")])
def test_an_empty_table_says_that_there_is_nothing(language: str, said: str) -> None:
    made = sheet(StoryWords(language), "findings", COLUMNS, [])  # type: ignore[arg-type]
    assert said in made._repr_html_()
