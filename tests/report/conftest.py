"""The made-up county, and a report of it written once for the tests that only read it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from povkit.report import ReportOptions, write_report


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_up", Path(__file__).with_name("made_up.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def findings(made_up: ModuleType) -> pa.Table:
    return made_up.findings(300)


@pytest.fixture(scope="session", params=["zh", "en"])
def written(request: pytest.FixtureRequest, made_up: ModuleType, findings: pa.Table, tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp(request.param)
    options = ReportOptions(language=request.param, labels=made_up.LABELS, rows_per_rule=4)
    return write_report(folder, findings, made_up.summary(findings), made_up.provenance(), options)
