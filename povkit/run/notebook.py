"""Run one notebook through papermill: parameters checked, outputs free of times, a failure named by its cell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from povkit.run.settings import PARAMETERS
from povkit.run.words import StoryWords
from povkit.vocab import Fault, PovkitError

INJECTED = "injected-parameters"
_TIMED = ("papermill", "execution")


@dataclass
class FailedCellError(Exception):
    """A cell raised, or its kernel died. number: of the cell, from 1; name: its id.

    error: what it raised, without its kind if povkit raised it.
    """

    number: int
    name: str
    error: str


def parameter_names(notebook: Path) -> tuple[str, ...]:
    """Names in the notebook's cell tagged `parameters`."""
    import papermill  # noqa: PLC0415 - slow to load; a check runs no notebook

    return tuple(papermill.inspect_notebook(str(notebook)))


def notebook_faults(notebook: Path, more: Mapping[str, Any], words: StoryWords, given: Iterable[str]) -> list[Fault]:
    """What would stop a notebook: it is not there, or lacks a parameter of `given` or `more`, or `more` has own."""
    if not notebook.is_file():
        return [Fault((str(notebook),), words("run.no_file"))]
    known = parameter_names(notebook)
    taken = [
        Fault((name,), words("run.own_parameter", option="--" + name.replace("_", "-")))
        for name in more
        if name in PARAMETERS
    ]
    unknown = [
        Fault(
            (notebook.name, name),
            words("run.unknown_parameter", known=", ".join(get_close_matches(name, known) or known)),
        )
        for name in dict.fromkeys((*given, *more))
        if name not in known
    ]
    return taken + unknown


def code_cells(notebook: Path) -> int:
    """How many code cells papermill will run: the notebook's and the injected parameters."""
    return len([cell for cell in _read(notebook).cells if cell.cell_type == "code"]) + 1


def run_notebook(
    notebook: Path,
    target: Path,
    parameters: Mapping[str, Any],
    shown: Mapping[str, Any],
    on_cell: Callable[[], object] | None = None,
) -> None:
    """Execute `notebook` with `parameters` in a kernel of this Python and write it to `target`.

    shown: parameters that the written notebook shows in their place (those given by the user; where the run used a
    temporary folder, the true one). The written notebook holds no times, so that equal runs give equal bytes.

    Raises FailedCellError, with the partly executed notebook in `target`; OSError if that cannot be written.
    """
    import papermill  # noqa: PLC0415 - slow to load; a check runs no notebook
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415 - as above

    from povkit.run.kernel import KERNEL, OwnPython  # noqa: PLC0415 - as above

    try:
        papermill.execute_notebook(
            str(notebook),
            str(target),
            parameters=dict(parameters),
            kernel_name=KERNEL,
            progress_bar=False,
            kernel_manager_class=OwnPython,
            shutdown_kernel="immediate",
            record_timing=False,
            on_cell_executed=lambda **_: on_cell() if on_cell else None,
        )
    except PapermillExecutionError as error:
        ours = error.ename in {kind.__name__ for kind in PovkitError.__subclasses__()}
        what = str(error.evalue) if ours else f"{error.ename}: {error.evalue}"
    except (RuntimeError, TimeoutError) as error:  # the kernel died or hangs
        what = f"{type(error).__name__}: {error}"
    else:
        _settle(target, shown)
        return
    number, name = _last_started(target)
    _settle(target, shown)
    raise FailedCellError(number, name, what)


def _last_started(target: Path) -> tuple[int, str]:
    """The code cell that was running last: its number as In [n] has it, and its id."""
    cells = [cell for cell in _read(target).cells if cell.cell_type == "code"]
    started = [place for place, cell in enumerate(cells) if (cell.metadata.get("papermill") or {}).get("start_time")]
    place = started[-1] if started else 0
    return place + 1, str(cells[place].id)


def _settle(target: Path, shown: Mapping[str, Any]) -> None:
    """Write the notebook anew without times, and with the parameters as they were given."""
    import nbformat  # noqa: PLC0415 - slow to load; a check runs no notebook
    from papermill.parameterize import parameterize_notebook  # noqa: PLC0415 - as above

    from povkit.run.kernel import KERNEL  # noqa: PLC0415 - as above

    executed = _read(target)
    counts = [cell.execution_count for cell in executed.cells if INJECTED in cell.metadata.get("tags", ())]
    notebook = parameterize_notebook(executed, dict(shown), kernel_name=KERNEL)
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in _TIMED:
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id, cell.execution_count = INJECTED, counts[0]
    nbformat.write(notebook, target)  # type: ignore[no-untyped-call]


def _read(path: Path) -> Any:
    import nbformat  # noqa: PLC0415 - slow to load; a check runs no notebook

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
