"""A small county with made-up anomaly scores: what people see is tested apart from the models."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from povkit import Inspection
from povkit.run import check, inspection
from povkit.run.explore.exploration import Exploration
from povkit.simulate import simulate
from povkit.vocab import FINDING_SCHEMA

COUNTY, OTHER, AS_OF = "530113", "530129", "2018-12-31"
FLAGGED = 3
TITLES = {
    "X01": ("人均纯收入与家庭条件不相称", "Income does not fit the household"),
    "X02": ("一个单元格与其余各项不相称", "A cell does not fit the others"),
    "X03": ("少见的组合", "A rare combination"),
}


@dataclass(frozen=True)
class FakeField:
    column: str
    label_zh: str
    label_en: str
    value: Any
    low: float
    high: float
    clears_low: float
    clears_high: float
    contribution: float
    private: bool = False


@dataclass(frozen=True)
class FakeReason:
    channel: str
    fields: tuple[FakeField, ...]
    peers_zh: str = "同村、4 人户"
    peers_en: str = "same village, households of 4"
    n_peers: int = 9

    def sentence(self, language: str, show_identities: bool = False) -> str:
        first = self.fields[0]
        if language == "zh":
            return f"登记的{first.label_zh}为{first.value}，同类户多为{first.low}至{first.high}。"
        return f"The {first.label_en} is {first.value}; peers have {first.low} to {first.high}."


@dataclass
class FakeResult:
    scores: pd.DataFrame
    homes: pd.DataFrame
    findings: pa.Table
    outcomes: dict[str, Any] = field(default_factory=dict)

    def reasons(self, household_ids: list[str]) -> dict[str, FakeReason]:
        return {
            number: FakeReason(
                "X01",
                (
                    FakeField(
                        "wage_income",
                        "工资性收入",
                        "wage income",
                        self.homes.at[number, "wage_income"],
                        1,
                        2,
                        3,
                        4,
                        0.5,
                    ),
                ),
            )
            for number in household_ids
        }


def fake_result(homes: pd.DataFrame, county: str) -> FakeResult:
    """Scores by household number: the first three are flagged, one by each channel."""
    homes = homes.drop_duplicates("household_id").sort_values("household_id").set_index("household_id", drop=False)
    count = len(homes)
    p = [(place + 1) / (count + 1) for place in range(count)]
    scores = homes[["household_id", "village_code", "village", "township"]].reset_index(drop=True)
    scores = scores.assign(plausibility=0.0, plausibility_p=p, cells=0.0, cells_p=p[::-1], rarity=0.0, rarity_p=0.5)
    scores = scores.assign(p=p, q=p, rank=range(1, count + 1), flagged=[place < FLAGGED for place in range(count)])
    scores["fingerprint"] = [f"f{size}-{place}" for place, size in enumerate(homes["size"])]
    rows = [
        {
            "code": code, "rule_version": "1", "severity": "hint", "grade": 4, "level": "household",
            "object_id": number,
            "county_code": county, "township": homes.at[number, "township"], "village": homes.at[number, "village"],
            "village_code": homes.at[number, "village_code"], "household_id": number,
            "subject": homes.at[number, "head_name"], "clause": "S4.1", "title_zh": TITLES[code][0],
            "title_en": TITLES[code][1], "evidence": json.dumps({"wage_income": 5.0, "q": 0.01}),
        }
        for code, number in zip(TITLES, homes.index, strict=False)
    ]  # fmt: skip
    outcomes = {code: SimpleNamespace(rule=SimpleNamespace(code=code)) for code in TITLES}
    return FakeResult(scores, homes, pa.Table.from_pylist(rows, schema=FINDING_SCHEMA), outcomes)


def with_anomalies(*given: Any, **named: Any) -> Any:
    checked = check.check_county(*given, **named)
    result = fake_result(checked.frames.table("household"), given[1])
    checked.anomalies = result
    others = checked.findings.filter(pa.compute.less(checked.findings["grade"], 4))
    checked.findings = pa.concat_tables([others, result.findings])
    for code, (zh, en) in TITLES.items():
        checked.summary["rules"][code] = {
            "title_zh": zh, "title_en": en, "view": "household", "severity": "hint", "grade": 4, "clause": "S4.1",
            "document": "", "evaluated": len(result.scores), "flagged": 1, "unknown": 0, "not_run": None,
            "partly_not_run": [], "crashed": False,
        }  # fmt: skip
    return checked


class Clock:
    """A clock that stands still until it is told the next time."""

    def __init__(self) -> None:
        self.day = 1

    def __call__(self) -> datetime:
        self.day += 1
        return datetime(2019, 1, self.day, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("explored") / "register"
    for county in (COUNTY, OTHER):
        simulate(root, county, 70, seed=3)
    return root


@pytest.fixture(scope="session")
def inspections() -> dict[Any, Inspection]:
    """Inspections made so far, by county, language and masking."""
    return {}


@pytest.fixture
def checked_once(inspections: dict[Any, Inspection]) -> Iterator[None]:
    """Each county is checked once a session and language, since no test here changes what a check gives."""
    made = inspections
    original = inspection.Inspection.__init__

    def once(self: Inspection, county: str, **given: Any) -> None:
        key = (county, given.get("language", "zh"), given.get("show_identities", False))
        if key not in made:
            original(self, county=county, **given)
            made[key] = self
        self.__dict__.update(made[key].__dict__)
        self.settings = inspection.settle(**given, search=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "check_county", with_anomalies)
        patch.setattr(inspection.Inspection, "__init__", once)
        yield


@pytest.fixture
def explore(register: Path, checked_once: None, tmp_path: Path) -> Any:
    """Open the county; outputs go to the test's own folder."""

    def open_(**given: Any) -> Exploration:
        settings = {
            "county": COUNTY,
            "as_of": AS_OF,
            "register": register,
            "out": tmp_path / "outputs",
            "clock": Clock(),
        }
        return Exploration(**(settings | given))

    return open_
