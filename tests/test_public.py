"""The public names: few, and each leads somewhere."""

import subprocess
import sys

import pytest

import povkit


def test_there_are_fewer_than_a_dozen_and_they_are_sorted() -> None:
    assert len(povkit.__all__) < 12
    assert sorted(povkit.__all__) == povkit.__all__


@pytest.mark.parametrize("name", povkit.__all__)
def test_each_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(povkit, name)
    assert isinstance(found, str) or (callable(found) and found.__doc__)


def test_an_unknown_name_is_answered_with_those_that_exist() -> None:
    with pytest.raises(AttributeError, match="Inspection"):
        povkit.no_such_name  # noqa: B018


def test_importing_povkit_alone_loads_no_heavy_library() -> None:
    program = "import sys, povkit; print(sorted({'pandas', 'matplotlib', 'papermill', 'duckdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_asking_for_help_loads_nothing_heavy() -> None:
    program = (
        "import sys, povkit.cli; print(sorted({'numpy', 'pyarrow', 'pandas', 'duckdb', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rules_load_what_lists_and_arrow_need_when_they_need_it() -> None:
    heavy = "{'numpy', 'pyarrow', 'pandas', 'rapidfuzz', 'pydantic', 'scipy', 'sklearn'}"
    program = f"import sys, povkit.rules, povkit.views, povkit.policy; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
