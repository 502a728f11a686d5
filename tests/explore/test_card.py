"""One household: its own members and years, neighbours' medians, all its leads by grade, nothing personal unmasked."""

import json
from collections.abc import Callable

import pandas as pd
import pytest

from povkit.run.explore import card, drawings
from povkit.run.explore.exploration import Exploration
from povkit.run.explore.pane import as_html

Open = Callable[..., Exploration]


@pytest.fixture
def case(explore: Open) -> Exploration:
    return explore(interactive=False)


def register_of(case: Exploration, table: str, year: int = 2018) -> pd.DataFrame:
    return pd.read_parquet(case.case.inspection.settings.register.root / "530113" / str(year) / f"{table}.parquet")


def test_members_are_the_registers_head_first(case: Exploration) -> None:
    people = register_of(case, "person")
    for number in case.case.ranked[:8]:
        members = card.members(case.case, number)
        assert len(members) == (people["household_id"] == number).sum()
        relations = members["与户主关系"].tolist()
        assert relations[0] == "户主" or "户主" not in relations


def test_illness_and_names_are_masked_unless_asked_for(case: Exploration, explore: Open) -> None:
    people = register_of(case, "person")
    ill = people[people["health"].fillna("健康") != "健康"].iloc[0]
    masked = card.members(case.case, ill["household_id"]).to_csv()
    assert ill["health"] not in masked
    assert ill["name"] not in masked
    assert "非健康（已遮盖）" in masked
    whole = card.members(explore(interactive=False, show_identities=True).case, ill["household_id"]).to_csv()
    assert ill["health"] in whole
    assert ill["name"] in whole


def test_two_years_stand_side_by_side(case: Exploration) -> None:
    now, before = (register_of(case, "household", year).set_index("household_id") for year in (2018, 2017))
    number = next(each for each in case.case.ranked if each in before.index)
    table = card.two_years(case.case, number).set_index("项目")
    assert table.columns.tolist() == ["2017", "2018", "变化"]
    for name in ("wage_income", "net_income_pc"):
        cells = table.loc[case.case.label(name)]
        assert [float(cells[year].replace(",", "")) for year in ("2017", "2018")] == pytest.approx(
            [before.at[number, name], now.at[number, name]], abs=0.51
        )


def test_neighbours_are_medians_of_village_township_county(case: Exploration) -> None:
    homes, number = case.case.households, case.case.ranked[0]
    table = card.neighbours(case.case, number).set_index("项目")
    village = homes[homes["village_code"] == homes.at[number, "village_code"]]
    shown = float(table.at["人均纯收入", "本村中位数"].replace(",", ""))
    assert shown == pytest.approx(village["net_income_pc"].median(), abs=0.51)


def test_all_leads_stand_side_by_side_by_grade(case: Exploration) -> None:
    found = case.case.inspection.checked.findings.to_pandas()
    number = case.case.ranked[0]
    table = card.side_by_side(case.case, number)
    own = found[found["household_id"] == number]
    assert set(own["code"]) <= set(table["规则"])
    assert table["级别"].tolist() == sorted(table["级别"], key=["一级", "二级", "三级", "四级"].index)
    assert table.loc[table["规则"] == "X01", "来源"].tolist() == ["异常"]


def test_patterns_speak_of_a_household_by_name_or_by_place(case: Exploration) -> None:
    one, number = case.case, case.case.ranked[0]
    home = one.home(number)
    row = one.by_household[number][0]
    village = type(row)(
        **{**row.__dict__, "grade": 3, "level": "village", "household": "", "object_id": home["village_code"]}
    )
    county = type(row)(**{**row.__dict__, "grade": 3, "level": "county", "household": "", "object_id": "530113"})
    one.__dict__["patterns"] = [(village, frozenset()), (county, frozenset({number})), (county, frozenset())]
    assert one.patterns_of(number) == [(village, False), (county, True)]
    assert one.__dict__.pop("patterns")


def test_the_reason_is_the_models_with_its_rank(case: Exploration) -> None:
    first, later = case.case.ranked[0], case.case.ranked[10]
    assert "登记的工资性收入为" in card.sentences(case.case, first)[0]
    assert "第 1 位" in card.sentences(case.case, first)[-1]
    assert "达到口径规定的标出线" in card.sentences(case.case, first)[-1]
    assert "未达到" in card.sentences(case.case, later)[-1]
    assert card.reason_fields(case.case, first)["项目"].tolist() == ["工资性收入"]


def test_an_unknown_household_is_said_so(case: Exploration) -> None:
    assert "H0" in as_html(card.whole(case.case, "H0"))


def test_no_number_of_anybody_is_shown(case: Exploration) -> None:
    people = register_of(case, "person")
    html = "".join(as_html(card.whole(case.case, number)) for number in case.case.ranked[:5])
    assert not [number for number in people["id_number"].dropna() if str(number) in html]


@pytest.mark.filterwarnings("error:Glyph")
def test_pictures_draw_every_village_and_household_they_count(case: Exploration) -> None:
    one = case.case
    figure, drawn, there = drawings.villages(one, "net_income_pc")
    assert (drawn, there) == (min(there, drawings.PANELS), one.households["village_code"].nunique())
    assert sum(axes.axison for axes in figure.axes) == drawn
    figure, points = drawings.scatter(one, "wage_income", "business_income", one.ranked[0])
    both = one.households[["wage_income", "business_income"]].dropna()
    assert points == len(both) == sum(len(dots.get_offsets()) for dots in figure.axes[0].collections[:2])
    figure.draw_without_rendering()
    figure, points = drawings.scatter(one, "wage_income", "wage_income")
    assert points == one.households["wage_income"].notna().sum()


def test_fields_to_draw_hold_nothing_personal(case: Exploration) -> None:
    named = set(drawings.fields(case.case).values())
    assert {"net_income_pc", "wage_income", "farmland"} <= named
    assert not named & {"phone", "bank_account", "head_id_number", "longitude"}
    assert json.dumps(sorted(named))
