"""The stored notebook is thin: a story and calls, no logic, no limits, no outputs."""

import ast
import inspect
import re

import nbformat
import pytest

from povkit import Inspection
from povkit.run.notebook import parameter_names
from povkit.run.settings import PARAMETERS
from povkit.run.words import StoryWords
from povkit.vocab import resource

PATH = resource("notebooks", "county_inspection.ipynb")
NOTEBOOK = nbformat.read(PATH, as_version=4)
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
LONGEST = 20


def test_it_is_a_valid_notebook_for_this_python() -> None:
    nbformat.validate(NOTEBOOK)
    assert NOTEBOOK.metadata.kernelspec.name == "python3"


def test_one_cell_is_tagged_parameters() -> None:
    assert [cell.id for cell in CODE if "parameters" in cell.metadata.get("tags", [])] == ["parameters"]


def test_its_parameters_are_those_of_an_inspection() -> None:
    taken = tuple(name for name in inspect.signature(Inspection.__init__).parameters if name != "self")
    assert parameter_names(PATH) == taken == PARAMETERS


@pytest.mark.parametrize("cell", CODE, ids=lambda cell: cell.id)
def test_a_cell_only_calls(cell: nbformat.NotebookNode) -> None:
    tree = ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE))
    banned = (
        ast.FunctionDef,
        ast.Lambda,
        ast.ClassDef,
        ast.For,
        ast.While,
        ast.ListComp,
        ast.DictComp,
        ast.If,
        ast.BinOp,
    )
    assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, banned)]
    assert len(cell.source.splitlines()) <= LONGEST
    if "parameters" not in cell.metadata.get("tags", []):
        numbers = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and not isinstance(node.value, str)
        ]
        assert numbers == []


def test_it_is_stored_without_outputs() -> None:
    assert [cell.id for cell in CODE if cell.outputs or cell.execution_count] == []


def test_its_ids_are_fixed_and_its_calls_exist() -> None:
    ids = [cell.id for cell in NOTEBOOK.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in ids)
    called = set(re.findall(r"inspection\.(\w+)\(", "\n".join(cell.source for cell in CODE)))
    assert called <= set(dir(Inspection))


def test_every_part_of_the_story_is_told() -> None:
    told = re.findall(r'inspection\.heading\("([^"]+)"\)', "\n".join(cell.source for cell in CODE))
    parts = [key.removeprefix("story.") for key in StoryWords().keys_of("story.")]
    whole = [part for part in parts if not part.startswith(("phenomenon", "cells_"))]
    assert [part for part in told if not part.startswith("S5")] == whole
    assert [part for part in told if part.startswith("S5")] == [f"S5.{number}" for number in range(1, 7)]
