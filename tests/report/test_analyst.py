"""The section of leads for the analyst: says what they are not, stands apart from every list that must be answered."""

import json
from io import BytesIO
from types import ModuleType
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from povkit.report import ReportOptions, build_content, find_fonts, gather
from povkit.report.inspection import Inspection
from povkit.report.sections.analyst import analyst
from povkit.report.workbook import write_workbook
from povkit.vocab import FINDING_SCHEMA

REASON = {"zh": "登记的工资性收入为5元，同村10户多为2,949元至19,220元。", "en": "The registered wage income is 5 yuan."}


def made(made_up: ModuleType, findings: pa.Table, language: str = "zh", flagged: bool = True) -> Inspection:
    """The made-up county, one household of a grade 1 finding flagged by X02 too."""
    first = next(row for row in findings.to_pylist() if row["grade"] == 1 and row["household_id"])
    evidence = {"disabled_members": 3, "reason": REASON, "rank": 1, "q": 0.01, "limits": {"anomaly_q_max": 0.1}}
    lead = {**first, "code": "X02", "grade": 4, "severity": "hint", "level": "household", "title_zh": "某项不相称"}
    lead |= {"object_id": first["household_id"], "title_en": "A value", "evidence": json.dumps(evidence)}
    kept = findings.filter(pa.compute.less(findings["grade"], 4))
    whole = pa.concat_tables([kept, pa.Table.from_pylist([lead], schema=FINDING_SCHEMA)]) if flagged else kept
    summary = made_up.summary(whole)
    base: dict[str, Any] = {"view": "household", "severity": "hint", "grade": 4, "clause": "S5.2", "document": ""}
    for code in ("X01", "X02", "X03"):
        counts = {"evaluated": 250, "flagged": int(flagged and code == "X02"), "unknown": 5}
        summary["rules"][code] = {
            **base, **counts, "title_zh": f"渠道{code}", "title_en": f"channel {code}", "not_run": None,
            "partly_not_run": [], "crashed": False,
        }  # fmt: skip
    options = ReportOptions(language=language, labels=made_up.LABELS)
    return gather(whole, summary, made_up.provenance(), options)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_a_lead_is_not_and_why_it_is_one(made_up: ModuleType, findings: pa.Table, language: str) -> None:
    blocks = analyst(made(made_up, findings, language))
    assert blocks[0]["kind"] == "warn"
    assert {"zh": "县区无须答复", "en": "need not be answered"}[language] in blocks[0]["text"]
    channels, leads = (block["rows"] for block in blocks if block["type"] == "table")
    assert [row[0] for row in channels] == ["X01", "X02", "X03"]
    (row,) = leads
    assert REASON[language] in row[-1]
    assert "disabled" not in row[-1]


def test_rules_of_the_same_household_stand_beside_it(made_up: ModuleType, findings: pa.Table) -> None:
    inspection = made(made_up, findings)
    lead = next(row for row in inspection.rows if row.grade == 4)
    own = {row.code for row in inspection.answered if row.household == lead.household and row.grade == 1}
    (row,) = analyst(inspection)[-1]["rows"]
    assert own
    assert set(row[1].split("、")) == own


def test_no_list_that_must_be_answered_holds_it(made_up: ModuleType, findings: pa.Table) -> None:
    inspection = made(made_up, findings)
    content = build_content(inspection, find_fonts())
    holding = [each["heading"] for each in content["sections"] if REASON["zh"] in json.dumps(each, ensure_ascii=False)]
    assert holding == ["分析线索（仅供分析，无须答复）"]
    book = openpyxl.load_workbook(BytesIO(write_workbook(inspection)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if "X02" in cell or REASON["zh"] in cell]


def test_a_county_without_leads_is_told_what_that_means(made_up: ModuleType, findings: pa.Table) -> None:
    blocks = analyst(made(made_up, findings, flagged=False))
    assert "不说明各户数据与实际相符" in blocks[-1]["text"]
    assert len([block for block in blocks if block["type"] == "table"]) == 1
