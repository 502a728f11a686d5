"""Blocks of a file read into frozen dataclasses by their annotations; every fault told with its key.

No library for this: povkit's own data are some hundred short lines, and the smallest library that tells all faults of
a file at once takes longer to load than povkit's other libraries together need for ten rules.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import EnumType
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

Told = Callable[[str, str], None]
"""Takes a fault: the key, and what is wrong there and what to write."""

_TYPES: Mapping[Any, str] = {
    str: "must be text; put it in quotes",
    bool: "must be true or false",
    int: "must be a whole number",
    float: "must be a number",
    date: "must be a date, such as 2018-12-31 without quotes",
}
_SCALARS = (bool, int, float, str, date)
_BLOCK = "must be a block of key: value lines"


@dataclass(frozen=True)
class Pattern:
    """Text of a form; `otherwise` tells what to write."""

    form: str
    otherwise: str


@dataclass(frozen=True)
class Between:
    """A number from `least` to `most`, both allowed."""

    least: float
    most: float | None = None


class Filled:
    """Text that is not empty; blanks around it are cut off."""


class Scalars:
    """A number, a date, text, true or false, or a list of these, which comes as a tuple."""


def read_as(kind: Any, value: Any, key: str, tell: Told) -> Any:
    """`value`, as it stands in a file, as a `kind`: a dataclass, or what annotations of its fields may say.

    key: where it stands, for the faults that `tell` is called with; what has faults is None. The dataclass's own
    `__post_init__` raises ValueError for what does not fit together.
    """
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _dataclass(kind, value, key, tell)
    if origin is Annotated:
        return _annotated(kind, value, key, tell)
    if origin in (Union, UnionType):  # only X | None stands here
        return None if value is None else read_as(get_args(kind)[0], value, key, tell)
    if origin is dict:
        return _dict(get_args(kind), value, key, tell)
    if origin is tuple:
        return _tuple(get_args(kind)[0], value, key, tell)
    if origin is Literal or isinstance(kind, EnumType):
        return _choice(kind, value, key, tell)
    return _scalar(kind, value, key, tell)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _dataclass(kind: Any, value: Any, key: str, tell: Told) -> Any:
    if not isinstance(value, dict):
        return tell(key, _BLOCK)
    counted = _Counted(tell)
    read = _fields(kind, value, key, counted)
    if counted.faults:
        return None
    try:
        return kind(**read)
    except ValueError as error:
        return tell(key, str(error))


def _fields(kind: Any, value: dict[Any, Any], key: str, tell: Told) -> dict[str, Any]:
    read: dict[str, Any] = {}
    hints = _hints(kind)
    for field in fields(kind):
        if field.name in value:
            read[field.name] = read_as(hints[field.name], value[field.name], _under(key, field.name), tell)
        elif field.default is MISSING and field.default_factory is MISSING:
            tell(_under(key, field.name), "this key is missing; write it")
    for name in value:
        if name not in hints:
            tell(_under(key, name), "this key is not known here; remove it or mend its name")
    return read


@dataclass
class _Counted:
    """Hands faults on and counts them."""

    tell: Told
    faults: int = 0

    def __call__(self, key: str, what: str) -> None:
        self.faults += 1
        self.tell(key, what)


def _annotated(kind: Any, value: Any, key: str, tell: Told) -> Any:
    plain, rule = get_args(kind)
    if isinstance(rule, type) and rule is Scalars:
        return _scalars(value, key, tell)
    counted = _Counted(tell)
    read = read_as(plain, value, key, counted)
    if counted.faults:
        return None
    if rule is Filled:
        read = read.strip()
    what = _broken(rule, read)
    return tell(key, what) if what else read


def _broken(rule: Any, value: Any) -> str:
    """What is wrong by the rule of an annotation; "" if nothing is."""
    if rule is Filled:
        return "" if value else "must not be empty"
    if isinstance(rule, Pattern):
        return "" if re.search(rule.form, value) else f"{value!r}: {rule.otherwise}"
    if value < rule.least:
        return f"{value!r}: must be greater than or equal to {rule.least}"
    if rule.most is not None and value > rule.most:
        return f"{value!r}: must be less than or equal to {rule.most}"
    return ""


def _scalars(value: Any, key: str, tell: Told) -> Any:
    if all(type(one) in _SCALARS for one in (value if isinstance(value, list) else [value])):
        return tuple(value) if isinstance(value, list) else value
    shown = "" if isinstance(value, dict) else f"{value!r}: "
    return tell(key, f"{shown}must be a number, a date, text, true or false, or a list of these")


def _dict(of: tuple[Any, ...], value: Any, key: str, tell: Told) -> Any:
    of_key, of_value = of
    if not isinstance(value, dict):
        return tell(key, _BLOCK)
    pairs = ((name, one, _under(key, name)) for name, one in value.items())
    return {read_as(of_key, name, at, tell): read_as(of_value, one, at, tell) for name, one, at in pairs}


def _tuple(of: Any, value: Any, key: str, tell: Told) -> Any:
    if not isinstance(value, list):
        return tell(key, "must be a list, such as [a, b]")
    return tuple(read_as(of, one, _under(key, number), tell) for number, one in enumerate(value))


def _choice(kind: Any, value: Any, key: str, tell: Told) -> Any:
    named = isinstance(kind, EnumType)
    choices = [str(one) for one in (kind if named else get_args(kind))]
    if not isinstance(value, str) or value not in choices:
        what = f"no such {kind.__name__.lower()}; " if named else ""
        return tell(key, f"{value!r}: {what}write one of {' '.join(choices)}")
    return kind(value) if named else value


def _scalar(kind: Any, value: Any, key: str, tell: Told) -> Any:
    if type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)
    shown = "" if kind is str else f"{value!r}: "
    return tell(key, shown + _TYPES[kind])


def _under(key: str, name: Any) -> str:
    return f"{key}.{name}" if key else str(name)
