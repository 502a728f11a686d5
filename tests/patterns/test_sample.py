"""The sample counties: what was planted in villages and counties is named, the clean county is silent."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from povkit.patterns import PATTERNS, PatternResult, run_patterns
from povkit.policy import limits_for, load_county, load_policy
from povkit.register.importer import import_folders
from povkit.register.store import Register
from povkit.views import VIEWS, build_views

SHARED = Path(__file__).resolve().parents[3] / "shared"
SAMPLE = SHARED / "data" / "sample"
CODES = tuple(sorted(PATTERNS))
pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the sample exports are not here")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    root = tmp_path_factory.mktemp("register")
    import_folders([SAMPLE / "raw"], root)
    return Register(root)


def _result(register: Register, county: str) -> PatternResult:
    policy = load_policy("yunnan-2018")
    limits = limits_for(policy, load_county(county), as_of=date(2018, 12, 31), data_year=2018)
    views = build_views(duckdb.connect(), register, county, 2018, limits, VIEWS)
    return run_patterns(views, limits, 20181231, [PATTERNS[code] for code in CODES])


@pytest.mark.parametrize("county", ["530113", "530126", "530129"])
def test_planted_patterns_are_named_and_nothing_else(register: Register, county: str):
    result = _result(register, county)
    with (SAMPLE / "truth" / f"{county}.csv").open(encoding="utf-8") as file:
        planted = {(row["code"], row["level"], row["object"]) for row in csv.DictReader(file) if row["code"] in CODES}
    columns = (result.findings[name].to_pylist() for name in ("code", "level", "object_id"))
    assert set(zip(*columns, strict=True)) == planted
    assert {code: o.crash or o.missing for code, o in result.outcomes.items() if not o.ran} == {}
