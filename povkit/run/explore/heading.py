"""A heading of the notebook that follows the county open: written once as Markdown, anew whenever its words change."""

from collections.abc import Callable

from IPython.display import Markdown, display

from povkit.run.explore.state import State


class Heading:
    """Shows as what `told` gives, and again when another county is opened or a lead marked, in the same place."""

    def __init__(self, state: State, told: Callable[[], Markdown]) -> None:
        self._state, self._told, self._shown = state, told, ""

    @property
    def data(self) -> str:
        """The heading as it reads now."""
        return str(self._told().data)

    def _ipython_display_(self) -> None:
        handle = display(self._told(), display_id=True)  # type: ignore[no-untyped-call]
        self._shown = self.data

        def renew() -> None:
            if handle is not None and self.data != self._shown:
                self._shown = self.data
                handle.update(self._told())

        self._state.watch(renew, "case", "marked")
