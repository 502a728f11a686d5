"""Panes with pictures: villages as small multiples, and a scatter of any two fields."""

import ipywidgets as w

from povkit.run.explore import drawings
from povkit.run.explore.case import Case
from povkit.run.explore.pane import Pane, Parts, as_html, raw
from povkit.run.explore.state import State
from povkit.vocab import Fault, RunError


def villages_pane(state: State, field: str, interactive: bool) -> Pane:
    """A histogram a village of one field."""
    words = state.case.inspection.words

    def parts(name: str, township: str) -> Parts:
        figure, drawn, there = drawings.villages(state.case, name, township)
        return [words("explore.villages_drawn", n=drawn, of=there), figure]

    if not interactive:
        return Pane(lambda: parts(field, ""))
    named = w.Dropdown(options=drawings.fields(state.case), value=field, description=words("explore.field"))
    township = w.Dropdown(options=_townships(state.case), description=words("explore.township"))
    shown = w.HTML()

    def draw() -> None:
        shown.value = as_html(parts(named.value, township.value or ""))

    def renew() -> None:
        named.options, wanted = drawings.fields(state.case), named.value
        named.value = wanted if wanted in named.options.values() else next(iter(named.options.values()))
        township.options = _townships(state.case)
        draw()

    for each in (named, township):
        each.observe(lambda _: draw(), "value")
    state.watch(renew, "case")
    draw()
    pane = w.VBox([w.HBox([named, township]), shown])
    pane.add_class("povkit-villages")
    return Pane(lambda: [raw(shown.value)], pane)


def scatter_pane(state: State, x: str, y: str, interactive: bool) -> Pane:
    """Two fields of all households; the one looked at is ringed."""
    words = state.case.inspection.words

    def parts(across: str, upwards: str) -> Parts:
        figure, drawn = drawings.scatter(state.case, across, upwards, state.household)
        return [figure, words("explore.points_drawn", n=drawn, of=len(state.case.households))]

    if not interactive:
        return Pane(lambda: parts(x, y))
    named = drawings.fields(state.case)
    across = w.Dropdown(options=named, value=x, description=words("explore.x"))
    upwards = w.Dropdown(options=named, value=y, description=words("explore.y"))
    shown = w.HTML()

    def draw() -> None:
        shown.value = as_html(parts(across.value, upwards.value))

    def renew() -> None:
        named = drawings.fields(state.case)
        for each in (across, upwards):
            wanted = each.value
            each.options = named
            each.value = wanted if wanted in named.values() else next(iter(named.values()))
        draw()

    for each in (across, upwards):
        each.observe(lambda _: draw(), "value")
    state.watch(renew, "case")
    state.watch(draw, "household")
    draw()
    pane = w.VBox([w.HBox([across, upwards]), shown])
    pane.add_class("povkit-scatter")
    return Pane(lambda: [raw(shown.value)], pane)


def drawn_fields(case: Case, wanted: dict[str, str]) -> dict[str, str]:
    """Fields to begin with, by parameter: those wanted; for one that says nothing here the first that can be drawn.

    wanted: parameter -> field. Raises RunError with all faults: no such field to draw, or nothing to draw at all.
    """
    known, words = list(drawings.fields(case).values()), case.inspection.words
    if not known:
        raise RunError(Fault((case.inspection.county,), words("explore.nothing")))
    faults = [
        Fault((parameter, name), words("explore.no_field", value=name, known=words("mark.list").join(sorted(known))))
        for parameter, name in wanted.items()
        if name not in known and not drawings.is_dull(case, name)
    ]
    if faults:
        raise RunError(faults)
    return {parameter: name if name in known else known[0] for parameter, name in wanted.items()}


def _townships(case: Case) -> list[tuple[str, str]]:
    names = sorted({str(name) for name in case.households["township"] if name})
    return [(case.inspection.words("explore.any"), ""), *((name, name) for name in names)]
