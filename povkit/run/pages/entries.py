"""Every code of the policy with all that is known of it before a run: texts, limits, columns, inputs, its home."""

import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import duckdb

from povkit.anomalies import COLUMNS, SHELF, Channel, find_anomalies
from povkit.patterns import PATTERNS, Pattern
from povkit.policy import Limits, Policy, Role, RuleLine, counties, limits_for
from povkit.register.store import Register
from povkit.rules import RULES, Columns, Rule
from povkit.views import VIEWS, Need, View, build_views

RULE, PATTERN, ANOMALY = "rule", "pattern", "anomaly"


@dataclass(frozen=True)
class Face:
    """One function behind a code. name: what tells it from the others of the code, "" if nothing does.

    view: whose rows it judges; text: its docstring; limits and columns: what it reads (for patterns: what the text of
    its functions names); needs: the inputs behind the columns; module: where it lives.
    """

    name: str
    view: str
    level: str
    zh: str
    en: str
    text: str
    limits: tuple[str, ...]
    columns: tuple[str, ...]
    needs: tuple[Need, ...]
    module: str


@dataclass(frozen=True)
class Entry:
    """A code of the policy: its line and its faces. kind: rule, pattern or anomaly."""

    code: str
    kind: str
    line: RuleLine
    faces: tuple[Face, ...]

    @property
    def zh(self) -> str:
        """Chinese title."""
        return self.line.zh or self.faces[0].zh

    @property
    def en(self) -> str:
        """English title."""
        return self.line.en or self.faces[0].en


def entries_of(policy: Policy) -> list[Entry]:
    """All codes of the policy, in order. Raises KeyError for one that no shelf has."""
    place = next(each for each in counties().values() if each.role is Role.EXITS)
    limits = limits_for(policy, place, date(policy.year, 12, 31), policy.year)
    con = duckdb.connect()
    views = build_views(con, Register(Path("nowhere")), place.code, policy.year, limits, VIEWS, {}).views
    con.close()
    found: dict[str, tuple[str, list[Face]]] = {}
    for rule in RULES.values():
        found.setdefault(rule.code, (RULE, []))[1].append(_of_rule(rule, views[rule.view], limits))
    for pattern in PATTERNS.values():
        found[pattern.code] = PATTERN, [_of_pattern(pattern, views, policy)]
    for channel in SHELF:
        found[channel.code] = ANOMALY, [_of_channel(channel, views[channel.view], policy)]
    return [Entry(code, found[code][0], line, tuple(found[code][1])) for code, line in sorted(policy.rules.items())]


def _of_rule(rule: Rule, view: View, limits: Limits) -> Face:
    columns, recorder = Columns(rule.view, view.needs), limits.recorder()
    rule.function(columns, recorder)
    for name in (rule.within, *rule.shows):
        if name:
            getattr(columns, name)
    behind = {limit for column in columns.used for limit in view.limits[column]}
    return Face(
        name=rule.face,
        view=rule.view,
        level=str(view.level),
        zh=rule.zh,
        en=rule.en,
        text=_clean(rule.function.__doc__),
        limits=tuple(dict.fromkeys((*recorder.used, *sorted(behind)))),
        columns=tuple(columns.used),
        needs=_needs(view, columns.used),
        module=rule.function.__module__,
    )


def _of_pattern(pattern: Pattern, views: Mapping[str, View], policy: Policy) -> Face:
    names = _names_behind(pattern.function, "povkit.patterns")
    columns = {view: [name for name in views[view].needs if name in names] for view in pattern.views}
    needs = {need for view, used in columns.items() for need in _needs(views[view], used)}
    return Face(
        name="",
        view=pattern.view,
        level="、".join(pattern.views),
        zh=pattern.zh,
        en=pattern.en,
        text=_clean(pattern.function.__doc__),
        limits=tuple(sorted(names & set(policy.limits))),
        columns=tuple(dict.fromkeys(name for used in columns.values() for name in used)),
        needs=tuple(sorted(needs)),
        module=pattern.function.__module__,
    )


def _of_channel(channel: Channel, view: View, policy: Policy) -> Face:
    """A channel of the anomaly models: its module says what it asks, its detectors how."""
    module = import_module(f"{find_anomalies.__module__.rpartition('.')[0]}.{channel.name}")
    detectors = [each for each in vars(module).values() if isinstance(each, type) and hasattr(each, "fit")]
    told = [inspect.getdoc(each) or "" for each in detectors if each.__module__ == module.__name__]
    how = [" ".join(text.split("\n\n")[:2]) for text in told]
    flags = "a household whose q value over the county passes the policy's limit; a lead only, see docs/anomalies.md."
    said = (f"Why: {module.__doc__}", f"Basis: {' '.join(how)}", f"Flags: {flags}")
    columns = [name for name in COLUMNS if name in view.needs]
    return Face(
        name="",
        view=channel.view,
        level=str(view.level),
        zh=channel.zh,
        en=channel.en,
        text="\n".join((channel.en, *said)),
        limits=tuple(sorted(_names_behind(find_anomalies, "povkit.anomalies") & set(policy.limits))),
        columns=tuple(columns),
        needs=_needs(view, columns),
        module=module.__name__,
    )


def _needs(view: View, columns: Iterable[str]) -> tuple[Need, ...]:
    """Inputs behind the columns of a view; a whole table stands only where none of its columns does."""
    needs = {need for column in columns for need in view.needs[column]}
    named = {(need.table, need.last) for need in needs if need.column != "*"}
    return tuple(sorted(need for need in needs if need.column != "*" or (need.table, need.last) not in named))


def _names_behind(function: Any, room: str) -> set[str]:
    """Names and texts in a function's code and in all functions and constants of the room that it leads to."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        each = inspect.unwrap(waiting.pop())
        if id(each) in seen or not str(getattr(each, "__module__", "")).startswith(room):
            continue
        seen.add(id(each))
        for code, within in _codes(each):
            names |= {*code.co_names, *_texts(code.co_consts)}
            led = [within[name] for name in code.co_names if name in within]
            names |= _texts(value for value in led if isinstance(value, str | tuple | list | dict | frozenset))
            waiting += [value for value in led if isinstance(value, FunctionType | type)]
    return names


def _codes(each: Any) -> Iterator[tuple[CodeType, dict[str, Any]]]:
    """Code of a function, or of a class's methods, with what it sees; code within code too."""
    functions = [each] if isinstance(each, FunctionType) else [f for f in vars(each).values() if hasattr(f, "__code__")]
    for function in functions:
        waiting = [function.__code__]
        while waiting:
            code = waiting.pop()
            waiting += [const for const in code.co_consts if isinstance(const, CodeType)]
            yield code, function.__globals__


def _texts(values: Iterable[Any]) -> set[str]:
    """All texts in values, in lists of them too."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, tuple | list | frozenset | dict):
            found |= _texts(value)
    return found


def _clean(text: str | None) -> str:
    first, _, rest = (text or "").strip().partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".strip()
