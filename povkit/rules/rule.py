"""What a rule is: a named, pure expression over a view, with the columns and limits it turns out to use."""

import hashlib
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import narwhals as nw

Expression = nw.Expr
Function = Callable[["Columns", Any], Expression]


class Columns:
    """A view as a namespace: `h.farmland` is the column, and `used` remembers it.

    Raises AttributeError for a name that the view does not have, naming near ones.
    """

    def __init__(self, view: str, names: Mapping[str, object]) -> None:
        self._view = view
        self._names = names
        self.used: list[str] = []

    def __getattr__(self, name: str) -> Expression:
        if name.startswith("_") or name not in self._names:
            near = ", ".join(get_close_matches(name, self._names, 3)) or "none like it"
            raise AttributeError(f"the view {self._view} has no column {name} (near: {near})")
        if name not in self.used:
            self.used.append(name)
        return nw.col(name)


@dataclass(frozen=True)
class Rule:
    """A check. `within` names a true/false column: the rule speaks only of objects for which it is true.

    Several rules may share a code (one per view, or one per sector list, told apart by `face`). `shows` names columns
    that stand in the evidence beside those that decide.
    """

    code: str
    view: str
    function: Function
    zh: str
    within: str = ""
    face: str = ""
    shows: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Unique name: code, and what tells it from other rules of the code."""
        return "_".join(part for part in (self.code, self.view, self.face) if part)

    @property
    def en(self) -> str:
        """English title: the first line of the docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0].rstrip(".")

    def version(self, limits: Mapping[str, Any]) -> str:
        """Hash of the rule's text and of the limits it used (12 hex digits)."""
        parts = (str(self.function.__doc__), self.zh, self.within, self.face, *self.shows)
        text = _source(self.function) + "".join(parts)
        values = "".join(f"{name}={limits[name]!r};" for name in sorted(limits))
        return hashlib.sha256((text + values).encode()).hexdigest()[:12]


def _source(function: Function) -> str:
    """Text of a function with its decorators, as `inspect.getsource` gives it, but cut by the places that the byte code
    remembers: to take a whole catalogue apart token by token is slow.
    """
    code = function.__code__
    last = max(end or start or 0 for start, end, _, _ in code.co_positions())
    return "".join(linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : last])


RULES: dict[str, Rule] = {}
"""Every rule by its name."""


def rule(
    code: str, view: str, zh: str, within: str = "", face: str = "", shows: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Make a rule of a function `(columns, limits) -> boolean expression`: true flags, false clears, null cannot judge.

    code: of the catalogue; view: whose rows it judges; zh: the Chinese title (the English one is the docstring's
    first line); within, face and shows: see `Rule`.

    >>> @rule("X99", "household", zh="灌溉面积大于耕地")
    ... def irrigated_exceeds_farmland(h, limits):
    ...     "More irrigated land than farmland."
    ...     return h.irrigated > h.farmland
    >>> RULES.pop("X99_household").en
    'More irrigated land than farmland'
    """

    def register(function: Function) -> Function:
        add(Rule(code, view, function, zh, within, face, shows))
        return function

    return register


def add(made: Rule) -> None:
    """Put a rule on the shelf. Raises ValueError if its name is taken."""
    if made.name in RULES:
        raise ValueError(f"two rules are called {made.name}")
    RULES[made.name] = made
