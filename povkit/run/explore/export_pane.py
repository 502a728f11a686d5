"""Export the rows chosen in the table as XLSX."""

from pathlib import Path

import ipywidgets as w

from povkit.run.explore.case import Case
from povkit.run.explore.export import selection_xlsx
from povkit.run.explore.pane import Pane, Parts, as_html
from povkit.run.explore.state import State

WORKBOOK = "explore_anomalies.xlsx"
_SELECTION = "selection.xlsx"


def export_pane(state: State, interactive: bool) -> Pane:
    """Without a front end: all households into the county's folder of results, `explore_anomalies.xlsx`.

    With one: the rows selected (else those that the filters keep), beside leads.csv, where no later run replaces them.
    """
    words = state.case.inspection.words
    if not interactive:
        return Pane(lambda: _whole(state.case))
    name = w.Text(description=words("explore.file"), value=_SELECTION)
    button = w.Button(description=words("explore.export"), button_style="primary")
    said = w.HTML()

    def save(_: w.Button) -> None:
        wanted = name.value.strip()
        if Path(wanted).name != wanted or not wanted.lower().endswith(".xlsx"):
            said.value = as_html([words("explore.not_exported", why=words("explore.bad_file"))])
            return
        try:
            said.value = as_html([_write(state.case, state.chosen, state.case.marks_file.parent / wanted)])
        except OSError as error:
            said.value = as_html([words("explore.not_exported", why=error)])

    button.on_click(save)
    pane = w.VBox([w.HBox([name, button]), said])
    pane.add_class("povkit-export")
    return Pane(lambda: [words("explore.rows_exported", n=len(state.chosen), of=len(state.case.households))], pane)


def _whole(case: Case) -> Parts:
    return [_write(case, case.ranked, case.inspection.folder / WORKBOOK, told=WORKBOOK)]


def _write(case: Case, households: list[str], path: Path, told: str = "") -> str:
    """Write the workbook and say so. told: what to call the file, its path by default."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(selection_xlsx(case, households))
    part.replace(path)
    words = case.inspection.words
    return words("explore.exported", n=words.number(len(households)), path=told or path)
