"""A made-up county for the report's tests: findings of the whole first shelf, a summary, a receipt. Nobody is real."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from povkit.register.schema import load_tables
from povkit.vocab import FINDING_SCHEMA

COUNTY = "530113"
TOWNSHIPS = {
    "铜都街道": ("碧云社区居民委员会", "炎山村民委员会", "梨坪村民委员会"),
    "汤丹镇": ("杉木村民委员会", "洒海村民委员会"),
    "因民镇": ("红山村民委员会", "牛厂坪村民委员会"),
    "阿旺镇": ("木多村民委员会", "拖落村民委员会", "海科村民委员会"),
    "乌龙镇": ("坪子村民委员会",),
    "红土地镇": ("蚂蟥箐村民委员会", "仓房村民委员会"),
    "拖布卡镇": ("格勒村民委员会",),
    "舍块乡": ("九龙村民委员会",),
}
SURNAMES = ("张", "李", "王", "陈", "欧阳", "赵")
GIVEN = ("桂富", "才燕", "玉英", "文清", "芳", "德军", "兴华")
NOT_RUN = {
    "K14": {"zh": "未提供申请名单", "en": "the table of applicants was not handed in"},
    "K16": {"zh": "未提供误删除未录入名单", "en": "the table of people deleted by mistake was not handed in"},
    "O03": {"zh": "未提供位置信息（经度、纬度两列缺失）", "en": "columns longitude and latitude are missing"},
}
NEEDS = {"K14": ["applicant"], "K16": ["mistaken"], "O03": ["household.longitude", "household.latitude"]}
DOCUMENTS = {
    "S1.1a": "云开组〔2018〕51号",
    "S1.1b": "云厅字〔2016〕11号",
    "S1.1c": "云厅字〔2016〕11号",
    "S1.1d": "云厅字〔2016〕11号",
    "S1.1e": "云厅字〔2016〕11号",
    "S1.1f": "云厅字〔2016〕11号",
    "S1.2a": "云厅字〔2016〕11号、云贫开发〔2017〕36号",
    "S1.4": "国开办发〔2017〕56号",
    "S2.0": "云贫开发〔2017〕31号",
}
PHENOMENA = (
    ("S5.1", "规模控制", "Scale control", "no_sign", ("K14", "K16")),
    ("S5.2", "系统数据和实际情况不符", "System data do not match reality", "found", ("K15", "F01")),
    ("S5.3", "退出标准把握不严", "Exit standards applied loosely", "found", ("E11", "J01", "J02")),
    ("S5.4", "程序不合规", "Procedure not followed", "signs", ("J15", "T01")),
    (
        "S5.5",
        "非摘帽县（出列村）兜底贫困人口大量脱贫",
        "Mass exit of backstop people where no exit is due",
        "cannot_judge",
        (),
    ),
    (
        "S5.6",
        "危房（无房）户、残疾户、低保户、独居老人户未纳入",
        "Groups at risk not on the register",
        "found",
        ("K05", "K06"),
    ),
)
LABELS = {
    "last_school": ("上年在校生状况", "last year's school"),
    "last_net_income_pc": ("上年人均纯收入", "last year's net income per head"),
    "last_wage_income": ("上年工资性收入", "last year's wage income"),
    "income_line": ("收入线", "income line"),
}
_VALUES: dict[str, Any] = {
    "size": 4,
    "sex": "男",
    "relation": "之儿媳",
    "education": None,
    "school": "七年级",
    "last_school": "七年级",
    "health": "健康,残疾",
    "labour": "普通劳动力",
    "work_months": 14.0,
    "wage_income": 5992.98,
    "business_income": None,
    "last_wage_income": 5992.98,
    "net_income": 14774.85,
    "business_cost": 2078.59,
    "net_income_pc": 3275.5,
    "last_net_income_pc": 3275.5,
    "category": "低保贫困户",
    "dibao_grant": 0.0,
    "tekun_grant": 1200.0,
    "cause": "因病",
    "other_causes": "因病,因学,缺技术",
    "return_cause": "缺资金",
    "irrigated": 6.2,
    "farmland": 4.0,
    "unsafe_house": True,
    "house_grade": "D级",
    "water_difficult": True,
    "water_safe": False,
    "household_power": False,
    "moved_in": False,
    "status": "已脱贫",
    "exit_year": 2018,
    "identified_year": 2018,
    "followup_plan": False,
    "department": ["水务", "住建"],
    "step": "公示",
    "list": "残疾",
    "households": 0,
    "population": 1260,
    "poor_households": 88,
    "poor_population": 61,
    "item": [2, 7],
    "longitude": 103.197444,
    "latitude": 26.104019,
    "located_on": None,
    "kind": "疑似",
    "field": "联系电话",
    "value": "13888134464",
    "state": "未处理",
    "evidence": None,
    "on": "2018-12-27",
    "id_type": "居民身份证",
    "ethnicity": "苗族",
}


@cache
def shelf() -> pd.DataFrame:
    """The rules: code, level, severity, grade, clause, titles, columns of the evidence."""
    return pd.read_csv(Path(__file__).with_name("shelf.csv")).set_index("code")


def identity(number: int) -> str:
    """An identity number of an area code that is assigned to nobody."""
    return f"530199{1940 + number % 60}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}X"


def name(number: int) -> str:
    """A name."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]


def findings(count: int = 900, seed: int = 1) -> pa.Table:
    """About `count` findings, many of a few rules and few of many, as it is in real registers."""
    rng = np.random.default_rng(seed)
    codes = [code for code in shelf().index if code not in NOT_RUN]
    weights = rng.lognormal(0, 1.2, len(codes))
    drawn = rng.choice(len(codes), count, p=weights / weights.sum())
    rows = [finding(codes[rule], int(rng.integers(0, 2000))) for rule in drawn]
    return table(list({(row["code"], row["object_id"]): row for row in rows}.values()))


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Findings out of rows."""
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


def finding(code: str, number: int, **changes: Any) -> dict[str, Any]:
    """One finding of a rule about object `number`."""
    rule = shelf().loc[code]
    places = [(township, village) for township, villages in TOWNSHIPS.items() for village in villages]
    index = int(number**1.5) % len(places)
    township, village = places[index]
    household, person = f"8530113{number:07d}", f"3011300{number:07d}"
    outside = code in {"K05", "K06", "K14", "K16"}
    village_code = f"5301130{index:02d}{200 + index}"
    ids = {
        "person": identity(number) if outside else person,
        "household": household,
        "village": village_code,
        "county": COUNTY,
        "helper": identity(number),
        "problem": f"WT{number:06d}",
    }
    level = rule["level"]
    placed = level != "county"
    homed = level in {"person", "household"} and not outside
    row = {
        "code": code,
        "rule_version": "0" * 12,
        "severity": rule["severity"],
        "grade": int(rule["grade"]),
        "level": level,
        "object_id": ids[level],
        "county_code": COUNTY,
        "township": township if placed and level != "helper" else None,
        "village_code": village_code if placed and level != "helper" else None,
        "village": village if placed and level != "helper" else None,
        "household_id": household if homed else None,
        "person_id": person if level == "person" and not outside else None,
        "subject": {"village": village, "county": "东川区", "problem": household}.get(level, name(number)),
        "evidence": evidence(code, number),
        "clause": f"{rule['clause']} {DOCUMENTS.get(rule['clause'], '')}".strip(),
        "title_zh": rule["title_zh"],
        "title_en": rule["title_en"],
    }
    return row | changes


def evidence(code: str, number: int) -> str:
    """The evidence of a rule about object `number`, as JSON."""
    own = {
        "name": name(number),
        "head_name": name(number),
        "helper_name": name(number),
        "id_number": identity(number),
        "phone": "13812345678",
        "helper_phone": "1381234567",
        "birth_date": "1963-04-15",
    }
    values: dict[str, Any] = {key: own.get(key, _VALUES.get(key)) for key in shelf().loc[code, "evidence"].split()}
    if code in {"E11", "J08", "K14"}:
        values["limits"] = {"income_line": 3500}
    return json.dumps(values, ensure_ascii=False)


def summary(found: pa.Table, **changes: Any) -> dict[str, Any]:
    """A summary that fits the findings."""
    rows = found.to_pylist()
    flagged = Counter(row["code"] for row in rows)
    whole = {
        "povkit": "0.1.0",
        "county": {"code": COUNTY, "name_zh": "东川区", "name_en": "Dongchuan District", "role": "leaving"},
        "as_of": "2018-12-31",
        "data_year": 2018,
        "policy": {"name": "yunnan-2018", "overrides": [{"limit": "school_age_to", "value": 15, "was": 16}]},
        "complete": True,
        "population": {
            "households": 2000,
            "people": 7214,
            "villages": 15,
            "poor_villages": 9,
            "exited_households": 1312,
            "exited_people": 4802,
            "poor_households": 688,
            "poor_people": 2412,
            "exiting_villages": 6,
            "agricultural_population": None,
        },
        "inputs": _inputs(),
        "rules": {str(code): _rule(str(code), rule, flagged[code]) for code, rule in shelf().iterrows()},
        "totals": {key: dict(Counter(str(row[key]) for row in rows)) for key in ("severity", "level", "grade")},
        "phenomena": [_phenomenon(*item, flagged) for item in PHENOMENA],
    }
    return whole | changes


def _rule(code: str, rule: pd.Series, flagged: int) -> dict[str, Any]:
    evaluated = {"person": 7214, "household": 2000, "village": 15, "county": 1}.get(rule["level"], 640)
    return {
        **{key: str(rule[key]) for key in ("title_zh", "title_en", "severity", "level", "clause")},
        "view": rule["level"],
        "grade": int(rule["grade"]),
        "document": DOCUMENTS.get(rule["clause"], ""),
        "evaluated": evaluated,
        "flagged": flagged,
        "unknown": 21 * evaluated // 900 if code[0] in "EJ" else 0,
        "not_run": NOT_RUN.get(code),
        "crashed": False,
        "needs": NEEDS.get(code, []),
    }


def _phenomenon(
    key: str, zh: str, en: str, verdict: str, codes: tuple[str, ...], flagged: Counter[str]
) -> dict[str, Any]:
    figures = [
        {
            "label_zh": "脱贫户人均纯收入低于标准的户",
            "label_en": "Exited households below the line",
            "value": flagged["E11"],
            "of": 1312,
        },
        {"label_zh": "一级线索涉及的行政村", "label_en": "Villages with grade 1 findings", "value": 11, "of": 15},
        {"label_zh": "重点对象在册率", "label_en": "Ratio of key groups registered", "value": 0.93, "of": None},
    ]
    judged = verdict != "cannot_judge"
    reason = {
        "zh": "未提供行政村信息中的本年出列村名单",
        "en": "the list of villages leaving this year was not handed in",
    }
    ask = {
        "zh": "请提供2018年行政村信息（含是否出列、出列年度）",
        "en": "the 2018 village table with exit and year of exit",
    }
    return {
        "id": key,
        "title_zh": zh,
        "title_en": en,
        "verdict": verdict,
        "codes": list(codes),
        "figures": figures if judged else [],
        "reasons": [] if judged else [reason],
        "ask": [] if judged else [ask],
    }


def _inputs() -> list[dict[str, Any]]:
    absent = {"applicant", "mistaken", "visit", "milestone"}
    return [
        {
            "table": table.name,
            "title_zh": table.zh,
            "year": 2018 if table.snapshot else None,
            "rows": None if table.name in absent else 100 * place,
            "missing_columns": ["longitude", "latitude"] if table.name == "household" else [],
        }
        for place, table in enumerate(load_tables().values(), 1)
    ]


def provenance() -> dict[str, Any]:
    """Input files as a receipt has them, and the hashes of a manifest."""
    files = [
        {
            "file": f"2018/{table.zh}2018.xlsx",
            "sheet": "Sheet1",
            "table": table.name,
            "year": 2018,
            "rows": 100 * place,
            "sha256": f"{place:x}" * 64,
            "missing_columns": [],
            "extra_columns": [],
            "unreadable": place % 3,
            "header_row": 3,
        }
        for place, table in enumerate(list(load_tables().values())[:9], 1)
    ]
    return {
        "files": files,
        "unrecognised": [{"file": "2018/通讯录.xlsx", "sheet": "Sheet1", "why": "no table has these headers"}],
        "policy": {"name": "yunnan-2018", "sha256": "ab" * 32},
        "code": {"version": "0.1.0", "sha256": "cd" * 32},
        "environment": {"sha256": "ef" * 32, "packages": {"duckdb": "2.0.0", "typst": "0.15.2"}},
        "parameters": {"as_of": "2018-12-31", "data_year": 2018, "language": "zh"},
    }
