"""A made-up county as the anomaly models see it: views over a simulated register, and the policy's limits."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest
from threadpoolctl import threadpool_limits

from povkit.anomalies import AnomalyResult, find_anomalies
from povkit.policy import Limits, limits_for, load_county, load_policy
from povkit.register.store import Register
from povkit.simulate import simulate
from povkit.views import VIEWS, Views, build_views, columns_of

COUNTY = "530129"


@cache
def policy_limits(county: str = COUNTY) -> Limits:
    """Limits of a county on the last day of the data year."""
    policy = load_policy("yunnan-2018")
    return limits_for(policy, load_county(county), as_of=date(2018, 12, 31), data_year=2018)


def views_of(root: Path, county: str = COUNTY) -> Views:
    """The views that the models read."""
    wanted = {"household": columns_of(VIEWS)["household"]}
    return build_views(duckdb.connect(), Register(root), county, 2018, policy_limits(county), VIEWS, wanted)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As find_anomalies runs: on a busy machine threads that wait for one another take minutes for small fits."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of 400 households without faults."""
    root = tmp_path_factory.mktemp("register")
    simulate(root, COUNTY, 400, seed=3, faults=0)
    return root


@pytest.fixture(scope="session")
def views(register: Path) -> Views:
    """Its views."""
    return views_of(register)


@pytest.fixture
def changing(views: Views) -> Iterator[Views]:
    """The views, whose changes are undone after the test."""
    views.con.execute("BEGIN")
    yield views
    views.con.execute("ROLLBACK")


@pytest.fixture(scope="session")
def limits() -> Limits:
    """The policy's limits."""
    return policy_limits()


@pytest.fixture(scope="session")
def result(views: Views, limits: Limits) -> AnomalyResult:
    """Its anomalies."""
    return find_anomalies(views, limits, seed=1)
