"""What the detectors look at: a household's fields with their labels, and which of them may be the wrong cell.

Sums that the form makes (net income, total income, the total of transfers) are never judged beside their parts: their
residuals would be zero by arithmetic. Per-head net income is the target of the income model; as a cell it is held
against last year and what the household has, never against the incomes that it is the sum of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd


class Kind(StrEnum):
    """How a field's values are measured, and so how they are scaled."""

    AMOUNT = "amount"
    """Not negative, right-skewed, often zero: taken on the log scale, zero apart."""
    COUNT = "count"
    """Small whole numbers: taken as they are."""
    FLAG = "flag"
    """Yes or no."""
    CODE = "code"
    """One of some words: taken as the log of the word's frequency."""


class Part(StrEnum):
    """What a field is to the models."""

    TARGET = "target"
    """What the income model explains: a sum of incomes. As a cell it is judged without the incomes, and judges none."""
    HAS = "has"
    """What the household has: explains income; judged as a cell if it is an amount."""
    INCOME = "income"
    """A part of the income: judged as a cell, never explains income."""
    BEFORE = "before"
    """Last year's value: helps to judge cells, is neither judged nor part of a rare combination."""


@dataclass(frozen=True)
class Field:
    """One column of the household view (or of any frame) with its labels and the unit that values are told in."""

    column: str
    kind: Kind
    part: Part
    zh: str
    en: str
    unit_zh: str = ""
    unit_en: str = ""
    adds: int = 0
    """How it enters the sum behind the target: 1 added, -1 taken off, 0 not at all."""

    @property
    def judged(self) -> bool:
        """Whether it may be the wrong cell."""
        return self.kind is Kind.AMOUNT and self.part is not Part.BEFORE


def _yuan(column: str, zh: str, adds: int = 1) -> Field:
    return Field(column, Kind.AMOUNT, Part.INCOME, zh, column.replace("_", " "), "元", "yuan", adds)


def _mu(column: str, zh: str) -> Field:
    return Field(column, Kind.AMOUNT, Part.HAS, zh, column.replace("_", " "), "亩", "mu")


def _count(column: str, zh: str, en: str, unit: tuple[str, str] = ("人", "")) -> Field:
    return Field(column, Kind.COUNT, Part.HAS, zh, en, *unit)


def _flag(column: str, zh: str, en: str) -> Field:
    return Field(column, Kind.FLAG, Part.HAS, zh, en)


def _code(column: str, zh: str, en: str) -> Field:
    return Field(column, Kind.CODE, Part.HAS, zh, en)


def _before(column: str, zh: str, unit: tuple[str, str]) -> Field:
    en = "last year's " + column.removeprefix("last_").replace("_", " ")
    return Field(column, Kind.AMOUNT, Part.BEFORE, "上年" + zh, en, *unit)


TRANSFERS = (
    _yuan("family_planning_grant", "计划生育金"),
    _yuan("dibao_grant", "低保金"),
    _yuan("tekun_grant", "特困供养金"),
    _yuan("pension", "养老保险金"),
    _yuan("ecology_grant", "生态补偿金"),
    _yuan("other_transfer", "其他转移性收入"),
)
TRANSFER_TOTAL = _yuan("transfer_income", "转移性收入")
"""Stands for its parts where they were not handed in."""

TARGET = Field("net_income_pc", Kind.AMOUNT, Part.TARGET, "人均纯收入", "net income per head", "元", "yuan")

FIELDS: tuple[Field, ...] = (
    TARGET,
    _yuan("wage_income", "工资性收入"),
    _yuan("business_income", "生产经营性收入"),
    _yuan("property_income", "财产性收入"),
    *TRANSFERS,
    _yuan("business_cost", "生产经营性支出", -1),
    _mu("farmland", "耕地面积"),
    _mu("irrigated", "有效灌溉面积"),
    _mu("forest", "林地面积"),
    _mu("reforested", "退耕还林面积"),
    _mu("orchard", "林果面积"),
    _mu("grassland", "牧草地面积"),
    _mu("water_area", "水面面积"),
    Field("housing_area", Kind.AMOUNT, Part.HAS, "住房面积", "housing area", "平方米", "m²"),
    Field("road_distance", Kind.AMOUNT, Part.HAS, "与村主干路距离", "distance to the main road", "公里", "km"),
    Field(
        "work_months_total", Kind.AMOUNT, Part.HAS, "全家务工月数", "months of work of all members", "个月", "months"
    ),
    _count("size", "家庭人口数", "household size"),
    _count("able_members", "有劳动力人数", "members able to work"),
    _count("working_members", "有务工时间人数", "members who worked away"),
    _count("old_members", "领养老金年龄人数", "members of pension age"),
    _count("student_members", "在校人数", "members at school"),
    _count("disabled_members", "残疾人数", "disabled members"),
    _count("seriously_ill_members", "患大病人数", "seriously ill members"),
    _count("dibao_members", "享受低保人数", "members on the low-income guarantee"),
    _count("tekun_members", "特困供养人数", "members on five-guarantee support"),
    _count("public_job_members", "有公益性岗位人数", "members with a public job"),
    _count("head_age", "户主年龄", "head's age", ("岁", "years")),
    _flag("unsafe_house", "危房户", "unsafe house"),
    _flag("water_difficult", "饮水困难", "water is difficult"),
    _flag("toilet", "有卫生厕所", "has a sanitary toilet"),
    _flag("broadcast", "通广播电视", "has broadcasting"),
    _flag("production_power", "通生产用电", "has power for production"),
    _flag("cooperative", "加入合作社", "in a cooperative"),
    _code("category", "贫困户属性", "household category"),
    _code("cause", "主要致贫原因", "main cause of poverty"),
    _code("house_grade", "危房等级", "house grade"),
    _code("road_type", "入户路类型", "road to the house"),
    _code("fuel", "主要燃料类型", "main fuel"),
    _code("township", "乡镇", "township"),
    _before("last_wage_income", "工资性收入", ("元", "yuan")),
    _before("last_business_income", "生产经营性收入", ("元", "yuan")),
    _before("last_property_income", "财产性收入", ("元", "yuan")),
    _before("last_transfer_income", "转移性收入", ("元", "yuan")),
    _before("last_business_cost", "生产经营性支出", ("元", "yuan")),
    _before("last_net_income_pc", "人均纯收入", ("元", "yuan")),
    _before("last_farmland", "耕地面积", ("亩", "mu")),
    _before("last_irrigated", "有效灌溉面积", ("亩", "mu")),
    _before("last_housing_area", "住房面积", ("平方米", "m²")),
)
"""Fields of the household view."""

NOT_MANY = 12
"""A field with values in fewer households than this can neither be judged nor help."""


def usable(fields: Iterable[Field], columns: Iterable[str]) -> tuple[Field, ...]:
    """The fields whose columns are there; the total of transfers in place of its parts where one of them is not."""
    have = set(columns)
    chosen = [field for field in fields if field.column in have]
    parts = {field.column for field in TRANSFERS}
    if parts & {field.column for field in fields} and not parts <= have and TRANSFER_TOTAL.column in have:
        chosen = [field for field in chosen if field.column not in parts] + [TRANSFER_TOTAL]
    return tuple(chosen)


def set_values(frame: pd.DataFrame, fields: Iterable[Field], column: str, rows: Any, values: Any) -> None:
    """Set cells of one column (rows by place, index 0 … n-1) and let the income per head follow, as the form sums up.

    A part of the income changes it by its own change over the household's size; another size divides it anew.
    """
    by_column = {field.column: field for field in fields}
    target = next((field.column for field in by_column.values() if field.part is Part.TARGET), None)
    before, after = frame[column].to_numpy()[rows], np.asarray(values)
    if target is not None and "size" in by_column and column in by_column and column != target:
        size = np.maximum(frame["size"].to_numpy(np.float64)[rows], 1.0)
        own = frame[target].to_numpy(np.float64, copy=True)
        if column == "size":
            own[rows] *= size / np.maximum(after.astype(np.float64), 1.0)
        elif by_column[column].adds:
            change = after.astype(np.float64) - np.nan_to_num(before.astype(np.float64), nan=0.0)
            own[rows] += by_column[column].adds * change / size
        frame[target] = own
    cells = frame[column].to_numpy(copy=True)
    cells[rows] = after
    frame[column] = cells
