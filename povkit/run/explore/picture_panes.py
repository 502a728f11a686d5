"""Panes with pictures: villages as small multiples, and a scatter of any two fields."""

from collections.abc import Callable

import ipywidgets as w

from povkit.run.explore import drawings
from povkit.run.explore.case import Case
from povkit.run.explore.pane import Pane, Parts, as_html, raw
from povkit.run.explore.state import State
from povkit.vocab import Fault, RunError

Offer = tuple[w.Dropdown, dict[str, str]]
"""A dropdown, and title -> value of what it offers."""


def villages_pane(state: State, field: str, interactive: bool) -> Pane:
    """A histogram a village of one field. field: "" where nothing can be drawn (see `drawn_fields`)."""
    words = state.case.inspection.words

    def parts(name: str, township: str) -> Parts:
        if not name:
            return [nothing_to_draw(state.case)]
        figure, drawn, there = drawings.villages(state.case, name, township)
        return [words("explore.villages_drawn", n=drawn, of=there), figure]

    if not interactive:
        return Pane(lambda: parts(field, ""))
    named = w.Dropdown(options=drawings.fields(state.case), value=field or None, description=words("explore.field"))
    township = w.Dropdown(options=_townships(state.case), description=words("explore.township"))
    shown = w.HTML()

    def draw() -> None:
        shown.value = as_html(parts(named.value or "", township.value or ""))

    def offered() -> list[Offer]:
        return [(named, drawings.fields(state.case)), (township, dict(_townships(state.case)))]

    _keep_drawn(state, [named, township], offered, draw)
    pane = w.VBox([w.HBox([named, township]), shown])
    pane.add_class("povkit-villages")
    return Pane(lambda: [raw(shown.value)], pane)


def scatter_pane(state: State, x: str, y: str, interactive: bool) -> Pane:
    """Two fields of all households; the one looked at is ringed. x, y: "" where nothing can be drawn."""
    words = state.case.inspection.words

    def parts(across: str, upwards: str) -> Parts:
        if not (across and upwards):
            return [nothing_to_draw(state.case)]
        figure, drawn = drawings.scatter(state.case, across, upwards, state.household)
        return [figure, words("explore.points_drawn", n=drawn, of=len(state.case.households))]

    if not interactive:
        return Pane(lambda: parts(x, y))
    named = drawings.fields(state.case)
    across = w.Dropdown(options=named, value=x or None, description=words("explore.x"))
    upwards = w.Dropdown(options=named, value=y or None, description=words("explore.y"))
    shown = w.HTML()

    def draw() -> None:
        shown.value = as_html(parts(across.value or "", upwards.value or ""))

    def offered() -> list[Offer]:
        return [(each, drawings.fields(state.case)) for each in (across, upwards)]

    _keep_drawn(state, [across, upwards], offered, draw)
    state.watch(draw, "household")
    pane = w.VBox([w.HBox([across, upwards]), shown])
    pane.add_class("povkit-scatter")
    return Pane(lambda: [raw(shown.value)], pane)


def nothing_to_draw(case: Case) -> str:
    """Why a county has no picture: no number of its households takes values enough."""
    words = case.inspection.words
    return words("explore.nothing", n=words.number(len(case.households)), least=drawings.FEWEST_VALUES)


def drawn_fields(case: Case, wanted: dict[str, str]) -> dict[str, str]:
    """Fields to begin with, by parameter: those wanted; for one that says nothing here the first that can be drawn.

    wanted: parameter -> field; all are "" where nothing can be drawn. Raises RunError with every field there is not.
    """
    known, words = list(drawings.fields(case).values()), case.inspection.words
    if not known:
        return dict.fromkeys(wanted, "")
    faults = [
        Fault((parameter, name), words("explore.no_field", value=name, known=words("mark.list").join(sorted(known))))
        for parameter, name in wanted.items()
        if name not in known and not drawings.is_dull(case, name)
    ]
    if faults:
        raise RunError(faults)
    return {parameter: name if name in known else known[0] for parameter, name in wanted.items()}


def _keep_drawn(
    state: State, pickers: list[w.Dropdown], offered: Callable[[], list[Offer]], draw: Callable[[], None]
) -> None:
    """Draw now, and whenever another value is picked or another county opened; then once, with its values offered.

    What was picked stays picked where the county offers it, else the first is.
    """

    def redraw(_: object) -> None:
        draw()

    def renew() -> None:
        for picker in pickers:
            picker.unobserve(redraw, "value")
        for picker, named in offered():
            wanted = picker.value
            picker.options = named
            picker.value = wanted if wanted in named.values() else next(iter(named.values()), None)
        for picker in pickers:
            picker.observe(redraw, "value")
        draw()

    for picker in pickers:
        picker.observe(redraw, "value")
    state.watch(renew, "case")
    draw()


def _townships(case: Case) -> list[tuple[str, str]]:
    names = sorted({str(name) for name in case.households["township"] if name})
    return [(case.inspection.words("explore.any"), ""), *((name, name) for name in names)]
