"""What a pattern is: a named function from views to tested units, and the source that remembers what it read."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from povkit.patterns.result import Tested
from povkit.policy import Limits
from povkit.policy.versions import text_version_of
from povkit.views import IDENTITY, Need, Views

Function = Callable[["Source", Any, np.random.Generator], Tested]

ROOM = "povkit.patterns"
ALWAYS = f"{ROOM}.multiplicity"
"""What every pattern's tests pass through."""

_BLANKS = {"BOOLEAN": "boolean", "VARCHAR": "object"}
_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL")


class Missing(Exception):  # noqa: N818 - a signal, no error
    """Inputs that a pattern asked for and that were not handed in. Raised by `Source`, caught by the runner."""

    def __init__(self, needs: tuple[Need, ...]) -> None:
        self.needs = needs
        super().__init__(", ".join(map(str, needs)))


@dataclass
class Source:
    """The views as a pattern sees them. What it asks for is what it uses: `used` holds the columns by view.

    A pattern can read only views that it declared; a column that does not exist raises KeyError with near names.
    """

    views: Views
    allowed: tuple[str, ...]
    used: dict[str, list[str]] = field(default_factory=dict)

    def frame(self, view: str, columns: Iterable[str]) -> pd.DataFrame:
        """The view as a frame, one row an object: `object_id`, `township`, `village_code`, `village`, `household_id`,
        `subject`, and `columns`. Numbers are float64 (blank = NaN), truth is `boolean`, text `object` (blank = NaN).
        Rows are sorted by content, so that their order in the exports does not matter.

        Raises Missing if an input behind the columns was not handed in.
        """
        wanted = self._note(view, columns)
        needs = self.views.missing(view, wanted)
        if needs:
            raise Missing(needs)
        types = self.views.views[view].types
        names = list(dict.fromkeys((*(c for c in IDENTITY if c != "person_id"), *wanted)))
        quoted = ", ".join(f'"{name}"' for name in names)
        rows = self.views.con.sql(f"SELECT {quoted} FROM {view} ORDER BY ALL")
        kinds = {name: _dtype(types[name]) for name in names}
        if None not in kinds.values():
            table = rows.to_arrow_table()
            return pd.DataFrame({name: _values(table[name], kind) for name, kind in kinds.items()})
        frame: pd.DataFrame = rows.df()
        return frame.astype({name: kind for name, kind in kinds.items() if kind is not None})

    def has(self, view: str, columns: Iterable[str]) -> bool:
        """Whether the inputs behind these columns were all handed in; for parts of a pattern that it can do without."""
        return not self.views.missing(view, self._note(view, columns))

    def require(self, view: str, columns: Iterable[str]) -> None:
        """Raise Missing unless the inputs behind these columns were handed in. Rows are not read."""
        needs = self.views.missing(view, self._note(view, columns))
        if needs:
            raise Missing(needs)

    def _note(self, view: str, columns: Iterable[str]) -> list[str]:
        if view not in self.allowed:
            raise KeyError(f"the pattern did not declare the view {view}; declared: {', '.join(self.allowed)}")
        wanted = list(columns)
        for name in wanted:
            if name not in self.views.views[view].types:
                near = ", ".join(get_close_matches(name, self.views.views[view].types, 3)) or "none like it"
                raise KeyError(f"the view {view} has no column {name} (near: {near})")
        self.used.setdefault(view, []).extend(name for name in wanted if name not in self.used.get(view, ()))
        return wanted


def _dtype(kind: str) -> str | None:
    if any(word in kind for word in _NUMBERS) and "[" not in kind:
        return "float64"
    return _BLANKS.get(kind)


def _values(column: pa.ChunkedArray, kind: str | None) -> Any:
    """A column as frames hold it; straight from Arrow, since pandas takes twice as long from text to objects."""
    if kind == "float64":
        return column.cast(pa.float64()).to_numpy()
    blank = column.is_null().to_numpy()
    if kind == "boolean":
        return pd.arrays.BooleanArray(column.fill_null(False).to_numpy().astype(bool), blank)
    texts = column.to_numpy()
    if blank.any() and not blank.all():  # a column without any text stays as it is: None
        texts[blank] = np.nan
    return pd.Series(texts, dtype=object)


@dataclass(frozen=True)
class Pattern:
    """A pattern of the catalogue. `family` groups the patterns whose county-level tests are adjusted together."""

    code: str
    views: tuple[str, ...]
    function: Function
    zh: str
    family: str

    @property
    def name(self) -> str:
        """The code: one pattern a code."""
        return self.code

    @property
    def view(self) -> str:
        """The view whose rows it mainly judges: the first declared."""
        return self.views[0]

    @property
    def face(self) -> str:
        """Patterns have no faces; rules do."""
        return ""

    @property
    def en(self) -> str:
        """English title: the first line of the docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0].rstrip(".")

    @property
    def text_version(self) -> str:
        """Hash (12 hex digits) of the text of the pattern's module with all that it stands on in the room."""
        return text_version_of([self.function.__module__, ALWAYS], ROOM)

    def version(self, limits: Mapping[str, Any]) -> str:
        """Hash (12 hex digits) of that text and of the limits that the pattern used."""
        values = "".join(f"{name}={limits[name]!r};" for name in sorted(limits))
        return hashlib.sha256((self.text_version + self.code + self.zh + values).encode()).hexdigest()[:12]

    def generator(self, seed: int) -> np.random.Generator:
        """The pattern's own stream of chance: it depends on the seed and the code, not on which patterns ran before."""
        return np.random.default_rng([seed, *self.code.encode()])

    def run(self, views: Views, limits: Limits, seed: int) -> "Ran":
        """Call the function. Raises Missing if an input is not there, and whatever the function raises."""
        source, recorder = Source(views, self.views), limits.recorder()
        tested = self.function(source, recorder, self.generator(seed))
        return Ran(tested, dict(recorder.used), source.used)


@dataclass(frozen=True)
class Ran:
    """What one call gave, and what it turned out to use: limits by name, columns by view."""

    tested: Tested
    limits: dict[str, Any]
    columns: dict[str, list[str]]


PATTERNS: dict[str, Pattern] = {}
"""Every pattern by its code."""


def pattern(code: str, views: tuple[str, ...], zh: str, family: str) -> Callable[[Function], Function]:
    """Make a pattern of a function `(source, limits, rng) -> Tested`.

    code: of the catalogue; views: those it may read, the one it judges first; zh: the Chinese title (the English one
    is the docstring's first line); family: "scale", "exits" or "copies", see `Pattern`.

    >>> @pattern("X99", views=("village",), zh="村数", family="scale")
    ... def number_of_villages(source, limits, rng):
    ...     "Number of villages."
    ...     return Tested([])
    >>> PATTERNS.pop("X99").en
    'Number of villages'
    """

    def register(function: Function) -> Function:
        if code in PATTERNS:
            raise ValueError(f"two patterns are called {code}")
        PATTERNS[code] = Pattern(code, views, function, zh, family)
        return function

    return register
