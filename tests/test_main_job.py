"""From a county's raw exports to graded findings: what was planted is found, what is clean stays quiet."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from povkit.policy import load_policy
from povkit.register.importer import import_folders
from povkit.register.store import Register
from povkit.run.check import check_county, write_check
from povkit.simulate import simulate

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "sample"
AS_OF = date(2018, 12, 31)
EITHER = ({"K05", "K06"}, {"A03", "A04"})
POLICY = load_policy("yunnan-2018")


def _found(register: Path, county: str) -> pd.DataFrame:
    return check_county(Register(register), county, AS_OF, 2018, POLICY).findings.to_pandas()


def _missed(found: pd.DataFrame, truth: pd.DataFrame) -> set[tuple[str, str]]:
    """Planted (code, object) pairs without a finding; for some codes either of two will do."""
    have = set(zip(found.code, found.object_id, strict=True))
    want = set(zip(truth.code, truth.object, strict=True))
    either = {code: codes for codes in EITHER for code in codes}
    return {(c, o) for c, o in want if not any((k, o) in have for k in either.get(c, {c}))}


def test_raw_exports_with_planted_faults_are_found_whole(tmp_path: Path) -> None:
    truth = simulate(tmp_path / "raw", "530128", households=400, seed=11, raw=True)
    import_folders([tmp_path / "raw"], tmp_path / "register")
    found = _found(tmp_path / "register", "530128")
    assert len(truth.codes) > 90
    assert _missed(found, truth.table) == set()


def test_clean_register_raises_no_error_and_same_bytes_twice(tmp_path: Path) -> None:
    simulate(tmp_path / "register", "530129", households=300, seed=5, faults=0)
    for name in ("a", "b"):
        checked = check_county(Register(tmp_path / "register"), "530129", AS_OF, 2018, POLICY)
        write_check(checked, tmp_path / name)
    severities = checked.findings["severity"].to_pylist()
    assert "error" not in severities
    assert checked.summary["complete"]
    for file in ("findings.parquet", "summary.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not SAMPLE.exists():
        pytest.skip("the sample exports are not here")
    register = tmp_path_factory.mktemp("sample")
    import_folders([SAMPLE / "raw"], register)
    return register


@pytest.mark.parametrize("county", ["530113", "530126"])
def test_sample_truth_is_found(sample: Path, county: str) -> None:
    truth = pd.read_csv(SAMPLE / "truth" / f"{county}.csv", dtype=str)
    truth = truth[truth.code.isin(POLICY.rules)]
    assert _missed(_found(sample, county), truth) == set()


def test_sample_clean_county_has_no_error(sample: Path) -> None:
    found = _found(sample, "530129")
    assert set(found.severity) <= {"suspect", "hint", "missing"}
    assert set(found.code).isdisjoint(
        {"K13", "K09", "E13", "E14", "E15", "F06", "J16", "S01", "S02", "S03", "S04", "S05", "S06"}
    )
