"""The table of all households: every row, true values, filters that keep what they say, nothing personal unmasked."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from povkit.report.masking import mask_name
from povkit.run.explore.case import Case
from povkit.run.explore.exploration import Exploration
from povkit.run.explore.rows import Filter, all_rows, kept, labelled, rows_sheet
from povkit.run.marks import CLEARED, CONFIRMED, Mark

Open = Callable[..., Exploration]


@pytest.fixture
def case(explore: Open) -> Exploration:
    return explore(interactive=False)


def registered(case: Exploration) -> pd.DataFrame:
    settings = case.case.inspection.settings
    return pd.read_parquet(settings.register.root / "530113" / "2018" / "household.parquet")


def test_every_household_is_a_row_with_its_own_values(case: Exploration) -> None:
    rows, register = all_rows(case.case), registered(case).set_index("household_id")
    assert sorted(rows.index) == sorted(register.index)
    for name in ("net_income_pc", "wage_income", "farmland"):
        assert rows[name].tolist() == register.loc[rows.index, name].tolist()
    assert rows["head_name"].tolist() == [mask_name(name) for name in register.loc[rows.index, "head_name"]]


def test_rows_are_in_the_order_of_their_rank(case: Exploration) -> None:
    rows = all_rows(case.case)
    assert rows["rank"].tolist() == sorted(rows["rank"])
    assert rows["flagged"].sum() == case.case.scores["flagged"].sum() == 3


def test_counts_of_findings_are_those_of_the_check(case: Exploration) -> None:
    rows = all_rows(case.case)
    found = case.case.inspection.checked.findings.to_pandas()
    for grade in (1, 2):
        counts = found[(found["grade"] == grade) & (found["household_id"].fillna("") != "")]["household_id"]
        known = counts[counts.isin(rows.index)].value_counts()
        assert rows[f"grade{grade}"].sum() == known.sum()
        assert rows.loc[known.index, f"grade{grade}"].tolist() == known.tolist()


def test_filters_keep_what_they_say(case: Exploration) -> None:
    rows = all_rows(case.case)
    township, village = rows["township"].iloc[0], rows["village"].iloc[0]
    assert set(kept(rows, Filter(township))["township"]) == {township}
    assert set(kept(rows, Filter(township, village))["village"]) == {village}
    assert kept(rows, Filter(lead="flagged")).index.tolist() == rows.index[:3].tolist()
    assert kept(rows, Filter(lead="X02")).index.tolist() == [rows.index[1]]
    assert len(kept(rows, Filter())) == len(rows)
    assert (kept(rows, Filter(lead="findings"))[["grade1", "grade2", "grade3"]].sum(axis=1) > 0).all()


def test_more_columns_are_masked_by_what_they_hold(case: Exploration) -> None:
    rows, register = all_rows(case.case, ("head_id_number", "phone", "bank_account")), registered(case)
    text = labelled(case.case, rows).to_csv()
    for name in ("head_id_number", "phone", "bank_account"):
        assert rows[name].notna().any()
        assert not [value for value in register[name].dropna() if str(value) in text]


def test_titles_are_of_the_language_and_each_stands_once(explore: Open) -> None:
    for language, head in (("zh", "户编号"), ("en", "Household no.")):
        case = explore(interactive=False, language=language).case
        table = labelled(case, all_rows(case, tuple(case.households.columns)))
        assert table.columns[0] == head
        assert table.columns.is_unique


def test_the_plain_table_says_how_many_there_are(case: Exploration) -> None:
    rows = all_rows(case.case)
    sheet = rows_sheet(case.case, rows, 5)
    assert len(sheet) == len(rows)
    assert f"显示前 5 户，共 {len(rows)} 户" in sheet._repr_html_()


def marked(case: Exploration, count: int) -> list[Mark]:
    """Marks on the first households of the ranking: every other one is confirmed."""
    return [
        Mark("2019-01-02T08:00:00+00:00", "530113", number, case.case.fingerprints[number], verdict, "", "")
        for number, verdict in zip(case.case.ranked[:count], [CONFIRMED, CLEARED] * count, strict=False)
    ]


def test_from_the_policys_number_of_marks_on_the_order_is_learned(case: Exploration) -> None:
    least = case.case.inspection.limits["anomaly_verdicts_min"]
    few, enough = (Case(case.case.inspection, marked(case, count)) for count in (least - 1, least))
    assert not few.learned
    assert "chance" not in all_rows(few)
    assert enough.learned
    rows = all_rows(enough)
    assert rows["new_rank"].tolist() == list(range(1, len(rows) + 1))
    assert rows["chance"].between(0, 1).all()
    cleared = [mark.household for mark in enough.marks if mark.verdict == CLEARED]
    assert set(rows.index[-len(cleared) :]) == set(cleared)
    assert "按记录重排的位次" in labelled(enough, rows).columns


def test_a_cleared_lead_comes_last_even_before_that(case: Exploration) -> None:
    first = case.case.ranked[0]
    again = Case(case.case.inspection, [replace(marked(case, 1)[0], verdict=CLEARED)])
    assert again.ranked[-1] == first
    assert all_rows(again)["mark"].tolist()[-1] == CLEARED
