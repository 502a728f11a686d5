"""The analyst's notebook is as thin as the county's, and takes what an Exploration takes."""

import ast
import inspect
import re

import nbformat
import pytest

from povkit import Exploration
from povkit.run.notebook import parameter_names
from povkit.run.settings import PARAMETERS
from povkit.run.words import StoryWords
from povkit.vocab import resource

PATH = resource("notebooks", "explore_anomalies.ipynb")
NOTEBOOK = nbformat.read(PATH, as_version=4)
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
SOURCE = "\n".join(cell.source for cell in CODE)
PARTS = ("channels", "table", "household", "mark", "villages", "scatter", "export")


def test_its_parameters_are_those_of_an_exploration() -> None:
    nbformat.validate(NOTEBOOK)
    taken = [name for name in inspect.signature(Exploration.__init__).parameters if name not in ("self", "clock")]
    assert list(parameter_names(PATH)) == taken
    shared = [name for name in PARAMETERS if name in taken]
    assert taken[: len(shared)] == shared
    assert {"county", "as_of", "register", "out", "language", "show_identities"} <= set(shared)
    assert [cell.id for cell in CODE if "parameters" in cell.metadata.get("tags", [])] == ["parameters"]


@pytest.mark.parametrize("cell", CODE, ids=lambda cell: cell.id)
def test_a_cell_only_calls(cell: nbformat.NotebookNode) -> None:
    tree = ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE))
    banned = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.For, ast.While, ast.ListComp, ast.If, ast.BinOp)
    assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, banned)]
    assert not cell.outputs
    assert cell.execution_count is None


def test_every_part_is_told_and_shown_once() -> None:
    assert re.findall(r'exploration\.heading\("([^"]+)"\)', SOURCE) == ["title", *PARTS]
    told = [key.removeprefix("tell.") for key in StoryWords().keys_of("tell.")]
    assert told == ["title", *PARTS]
    shown = re.findall(r"^exploration\.(\w+)\(\)$", SOURCE, flags=re.MULTILINE)
    assert shown == ["county", *PARTS]
    assert set(shown) <= set(dir(Exploration))
