"""A register without planted faults keeps every rule of the catalogue, also those that nobody has written yet."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from povkit.simulate.numbers import check_characters
from povkit.simulate.world import World

Broken = Callable[[pd.DataFrame], pd.Series]

LEFT, POOR = "已脱贫", "未脱贫"
STUDENT = "学前教育|小学|年级"

PEOPLE: dict[str, Broken] = {
    "A03": lambda p: pd.Series(_wrong_checks(p["id_number"])),
    "A07": lambda p: p["id_number"].str[:18].duplicated(),
    "A10": lambda p: p["id_number"].str[6:14] != p["birth_date"].dt.strftime("%Y%m%d"),
    "A11": lambda p: (p["id_number"].str[16].astype(int) % 2 == 1) != (p["sex"] == "男"),
    "A12": lambda p: p["id_number"].str.contains("99999") | p["id_number"].str.startswith("999999"),
    "A15": lambda p: ~p["name"].str.fullmatch("[一-龥]{2,4}"),
    "A16": lambda p: p["person_id"].duplicated() | (p["person_id"].str.len() != 14),
    "A18": lambda p: ~p["ethnicity"].str.endswith("族"),
    "A19": lambda p: p["id_number"].str.endswith("000"),
    "B07": lambda p: (
        (p["relation"].isin(["之子", "之女"]) & (p["age"] >= p["head_age"] - 14))
        | (p["relation"].isin(["之父", "之母"]) & (p["age"] <= p["head_age"] + 14))
        | (p["relation"].isin(["之孙子", "之孙女"]) & (p["age"] > p["head_age"] - 28))
    ),
    "B08": lambda p: (p["relation"] == "配偶") & (((p["age"] - p["head_age"]).abs() > 25) | (p["age"] < 16)),
    "B09": lambda p: (p["relation"] == "户主") & (p["age"] < 16),
    "C03": lambda p: p["education"].isna() == p["school"].isna(),
    "C07": lambda p: (p["age"] >= 8) & p["school"].isin(["学龄前儿童", "学前教育"]),
    "C08": lambda p: (p["school"] == "小学") & ~p["age"].between(6, 14),
    "C09": lambda p: p["school"].isin(["七年级", "八年级", "九年级"]) & ~p["age"].between(12, 17),
    "C10": lambda p: p["school"].fillna("").str.contains("高中|中职") & ~p["age"].between(15, 20),
    "C11": lambda p: p["school"].fillna("").str.contains("高职|本科") & (p["age"] < 18),
    "C14": lambda p: (p["age"] >= 16) & p["school"].isin(["学龄前儿童", "学前教育", "小学"]),
    "C15": lambda p: (p["age"] >= 30) & p["school"].notna(),
    "C16": lambda p: p["age"].between(16, 22) & p["education"].isin(["小学", "文盲或半文盲"]),
    "C17": lambda p: (p["age"] >= 16) & (p["education"] == "学龄前儿童"),
    "C20": lambda p: p["dropout_reason"].notna(),
    "D08": lambda p: p["school"].fillna("").str.contains(STUDENT) & (p["labour"] != "无劳动力"),
    "D09": lambda p: (
        p["age"].between(16, 59)
        & (p["health"] == "健康")
        & p["school"].isna()
        & ~p["labour"].isin(["普通劳动力", "技能劳动力"])
    ),
    "D10": lambda p: p["age"].between(16, 65) & p["school"].isna() & (p["labour"] == "无劳动力"),
    "D12": lambda p: (p["age"] >= 60) & p["labour"].isin(["普通劳动力", "技能劳动力"]),
    "D14": lambda p: (p["health"] != "健康") & p["labour"].isin(["普通劳动力", "技能劳动力"]),
    "D17": lambda p: p["work_months"].isna() != p["work_place"].isna(),
    "D22": lambda p: (p["age"] < 16) & (p["work_months"].notna() | p["public_job"].notna()),
    "D23": lambda p: (p["age"] >= 70) & p["public_job"].notna(),
    "D24": lambda p: p["tekun"] & p["work_months"].notna(),
    "D25": lambda p: p["public_job"].isna() != p["public_job_months"].isna(),
    "H05": lambda p: p["category"].str.startswith("特困") & p["age"].between(16, 59) & (p["labour"] != "丧失劳动力"),
    "H07": lambda p: p["dibao"].isna(),
    "H10": lambda p: ~p["serious_illness_insurance"],
    "H11": lambda p: p["age"].between(16, 59) & p["school"].isna() & ~p["pension_insurance"],
    "H18": lambda p: (p["age"] < 18) & (p["political"] == "中共党员"),
    "J17": lambda p: (p["status"] == LEFT) & (p["health"] == "患有大病"),
}

HOUSEHOLDS: dict[str, Broken] = {
    "B12": lambda h: h["size"] > 7,
    "B10": lambda h: h["size"] != h["rows"],
    "D19": lambda h: (h["working"] > 0) & (h["wage_income"] <= 100),
    "D20": lambda h: (h["wage_income"] > 0) & (h["working"] + h["posted"] == 0),
    "E02": lambda h: (
        h[["wage_income", "business_income", "property_income"]].apply(lambda c: c.between(1, 99)).any(axis=1)
    ),
    "E03": lambda h: h["total_income_reported"] != h[_PARTS].sum(axis=1),
    "E04": lambda h: h["net_income"] != h[_PARTS].sum(axis=1) - h["business_cost"],
    "E05": lambda h: (h["net_income_pc"] - h["net_income"] / h["size"].astype(float)).abs() > 0.01,
    "E06": lambda h: h["transfer_income"] != h[_TRANSFERS].sum(axis=1),
    "E08": lambda h: h["business_cost"] > h["business_income"],
    "E09": lambda h: ~h["net_income_pc"].between(501, 30000),
    "E10": lambda h: (h["status"] == POOR) & (h["net_income_pc"] > 20000),
    "E12": lambda h: (
        (h["category"] == "一般贫困户") & (h["net_income_pc"] > 3500) & ~h["cause"].isin(["因病", "因学", "因残"])
    ),
    "E16": lambda h: (
        (h["status"] == LEFT)
        & h["category"].str.startswith("一般")
        & (h["transfer_income"] > 0.7 * (h["net_income"] + h["business_cost"]))
    ),
    "E22": lambda h: (h["old"] > 0) & (h["pension"] == 0),
    "E23": lambda h: (h["old"] == 0) & (h["pension"] > 0),
    "E24": lambda h: h["pension"].between(1, 69),
    "E25": lambda h: (h["farmland"] + h["forest"] > 0) & (h["business_income"] == 0),
    "E26": lambda h: (h["reforested"] > 0) != (h["ecology_grant"] > 0),
    "E27": lambda h: (h["working"] > 0) & ~(h["wage_income"] / h["work_months"]).between(200, 15000),
    "E28": lambda h: (h["disabled"] > 0) & (h["other_transfer"] == 0),
    "F01": lambda h: h["net_income_pc"] == h["net_income_pc_last"],
    "F05": lambda h: ~(h["net_income_pc"] / h["net_income_pc_last"]).fillna(1).between(0.5, 2),
    "F11": lambda h: (h["farmland"] != h["farmland_last"]) & h["farmland_last"].notna(),
    "F12": lambda h: (h["status_last"] == LEFT) & (h["status"] == POOR),
    "G04": lambda h: (h["cause"] == "因病") & (h["ill"] == 0),
    "G05": lambda h: (h["cause"] == "因残") & (h["disabled"] == 0),
    "G06": lambda h: (h["cause"] == "因学") & (h["senior"] == 0),
    "G07": lambda h: (h["cause"] == "缺劳动力") & (h["hands"] * 4 > h["size"]),
    "G11": lambda h: (h["cause"] == "交通条件落后") & h["road_type"].isin(["水泥路", "沥青路"]),
    "G12": lambda h: h["cause"].isin(["缺资金", "缺技术"]) & (h["hands"] == 0),
    "G15": lambda h: (h["status"] == "返贫") & ~h["return_cause"].isin(["因病", "因灾", "因学"]),
    "H02": lambda h: (h["status"] == LEFT) != h["category"].str.endswith("脱贫户"),
    "H03": lambda h: h["category"].str.startswith("低保") & (h["dibao"] == 0),
    "H04": lambda h: h["category"].str.startswith("一般") & (h["dibao"] > 0),
    "H06": lambda h: h["category"].str.startswith("特困") & (h["size"] > 2),
    "H12": lambda h: (h["hands"] == 0) & h["category"].str.startswith("一般"),
    "H16": lambda h: h["phone"].duplicated(),
    "H17": lambda h: h["bank_account"].duplicated() | ~h["bank_account"].map(_luhn),
    "I02": lambda h: h["irrigated"] > h["farmland"],
    "I03": lambda h: h["farmland"] >= 10,
    "I04": lambda h: h["forest"] >= 50,
    "I07": lambda h: (h["reforested"] > h["forest"]) | (h["orchard"] > h["forest"] + h["farmland"]),
    "I08": lambda h: h["farmland"] == 0,
    "I12": lambda h: ~(h["housing_area"] / h["size"]).between(10, 60),
    "I14": lambda h: h["unsafe_house"] != h["house_grade"].isin(["C级", "D级", "无房"]),
    "I17": lambda h: h["water_difficult"] & h["water_safe"],
    "I18": lambda h: h["road_distance"] > 2,
    "I19": lambda h: (h["road_type"] == "泥土路") & (h["road_distance"] == 0),
    "J10": lambda h: h["exit_year"].isna() == (h["status"] == LEFT),
    "J11": lambda h: h["exit_year"].fillna(9999) <= h["identified_year"],
    "J18": lambda h: (h["status"] == POOR) & (h["net_income_pc"] >= 3500),
    "O04": lambda h: h.duplicated(["longitude", "latitude"]),
}

_PARTS = ["wage_income", "business_income", "property_income", "transfer_income"]
_TRANSFERS = ["family_planning_grant", "dibao_grant", "tekun_grant", "pension", "ecology_grant", "other_transfer"]


def _wrong_checks(numbers: pd.Series) -> np.ndarray:
    expected = check_characters(numbers.str[:17].astype(np.int64).to_numpy())
    return expected != numbers.str[17].to_numpy(dtype=str)


def _luhn(card: str) -> bool:
    digits = [int(digit) for digit in reversed(card)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize("code", PEOPLE)
def test_people_keep_the_rule(code: str, people: pd.DataFrame) -> None:
    broken = np.asarray(PEOPLE[code](people), dtype=bool)
    assert not broken.any(), people[broken].iloc[0].to_dict()


@pytest.mark.parametrize("code", HOUSEHOLDS)
def test_households_keep_the_rule(code: str, households: pd.DataFrame) -> None:
    broken = HOUSEHOLDS[code](households).fillna(False).to_numpy(dtype=bool)
    assert not broken.any(), households[broken].iloc[0].to_dict()


def test_village_table_agrees_with_households(clean: World) -> None:
    village = clean.tables["village", 2018].set_index("village_code")
    homes = clean.tables["household", 2018]
    still = homes[homes["status"] != LEFT].groupby("village_code")["size"].agg(["count", "sum"])
    still = still.reindex(village.index, fill_value=0)
    assert (village["poor_households"] == still["count"]).all()
    assert (village["poor_population"] == still["sum"]).all()
    assert (village["poor_population"] <= village["population"]).all()
    assert (village["disabled_population"] <= village["population"]).all()


def test_exited_villages_meet_the_standards(clean: World) -> None:
    village = clean.tables["village", 2018]
    out = village[village["exited"]]
    assert len(out) >= 3
    assert (out["poor_population"] / out["population"] < 0.03).all()
    assert out["exit_year"].notna().all()
    assert (out[["unsafe_water_households", "unsafe_house_households"]] == 0).all(axis=None)
    met = clean.tables["village_standard", None].query("met").groupby("village_code")["item"].nunique()
    assert (met.reindex(out["village_code"]) == 10).all()


def test_changes_explain_every_difference_between_the_years(clean: World) -> None:
    now, last = (set(clean.tables["person", year]["person_id"]) for year in (2018, 2017))
    home = pd.concat([clean.tables["person", year] for year in (2018, 2017)]).set_index("person_id")["household_id"]
    moved = set(home[list(now ^ last)])
    assert moved == set(clean.tables["change", None].query("kind not in ('脱贫', '返贫')")["household_id"])


def test_measures_fit_causes_and_certificates_are_whole(clean: World) -> None:
    homes = clean.tables["household", 2018].set_index("household_id")
    kinds = clean.tables["measure", None].groupby("household_id")["kind"].agg(set)
    for cause, kind in (("因病", "健康帮扶"), ("因学", "教育帮扶"), ("因残", "综合保障")):
        of_cause = homes.index[homes["cause"] == cause]
        assert len(of_cause) > 3
        assert kinds[of_cause].map(lambda found, kind=kind: kind in found).all()
    left = homes.index[homes["exit_year"] == 2018]
    certified = clean.tables["certification", None].query("met").groupby("household_id")["department"].nunique()
    assert (certified[left] == 4).all()


def test_helpers_have_few_households_and_a_phone_of_their_own(clean: World) -> None:
    helper = clean.tables["helper", 2018]
    each = helper.groupby("helper_id_number").agg(homes=("household_id", "count"), phone=("helper_phone", "nunique"))
    assert 4 < each["homes"].mean() <= 9
    assert each["homes"].max() <= 10
    assert (each["phone"] == 1).all()
    assert helper.drop_duplicates("helper_id_number")["helper_phone"].is_unique


def test_world_is_about_the_right_size(clean: World) -> None:
    homes, people = clean.tables["household", 2018], clean.tables["person", 2018]
    assert len(homes) == 900
    assert 3.3 < len(people) / len(homes) < 3.9
    assert people["id_number"].str.startswith("530199").all()
    poor = (homes["status"] != LEFT).mean()
    assert 0.06 < poor < 0.30
