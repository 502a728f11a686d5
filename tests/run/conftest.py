"""A small made-up register of two counties, made once."""

from pathlib import Path

import pytest

from povkit.simulate import simulate

COUNTY, OTHER = "530113", "530129"
HOUSEHOLDS = 80


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "register"
    simulate(root, COUNTY, HOUSEHOLDS, seed=1)
    simulate(root, OTHER, HOUSEHOLDS, seed=1)
    return root
