"""A part of the notebook: a widget where a front end can show one, the same as plain HTML everywhere."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from html import escape
from io import BytesIO
from typing import Any

from IPython.display import HTML
from ipywidgets import Widget
from matplotlib.figure import Figure

from povkit.run.sheets import Sheet

Parts = Iterable[Any]
_WIDGET = "application/vnd.jupyter.widget-view+json"
_DPI = 150
_CELL = '<div style="flex:1 1 {least};min-width:0;overflow-x:auto">{html}</div>'


def raw(html: str) -> HTML:
    """HTML that `as_html` made, as a part."""
    return HTML(html)  # type: ignore[no-untyped-call]


class Pane:
    """What a cell shows.

    static: gives the parts to show without a front end (see `as_html`). widget: None in a run without one.
    """

    def __init__(self, static: Callable[[], Parts], widget: Widget | None = None) -> None:
        self.static, self.widget = static, widget

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The widget for JupyterLab, HTML for everything that cannot show widgets (papermill, export, print)."""
        html = as_html(self.static())
        shown: dict[str, Any] = {"text/plain": type(self).__name__, "text/html": html}
        if self.widget is not None:
            view = self.widget._repr_mimebundle_() or {}
            shown |= {_WIDGET: view[_WIDGET]} if _WIDGET in view else {}
        return shown


def as_html(parts: Parts) -> str:
    """Sheets, figures and texts one under the other. A tuple stands side by side where there is room."""
    return "".join(_html(part) for part in parts)


def _html(part: Any) -> str:
    if isinstance(part, tuple):
        cells = "".join(_CELL.format(least="30em", html=_html(each)) for each in part)
        return f'<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">{cells}</div>'
    if isinstance(part, list):
        return as_html(part)
    if isinstance(part, HTML):
        return str(part.data)
    if isinstance(part, Figure):
        return f'<img src="data:image/png;base64,{b64encode(png(part)).decode()}" style="{_width(part)}">'
    if isinstance(part, Sheet):
        return part._repr_html_()
    return f"<p>{escape(str(part))}</p>"


def png(figure: Figure) -> bytes:
    """The figure as PNG, the same bytes each time."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return buffer.getvalue()


def _width(figure: Figure) -> str:
    inches = figure.get_figwidth()
    return f"width:{inches * 96:.0f}px;max-width:100%"
