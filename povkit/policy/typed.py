"""Blocks of a file read into frozen dataclasses by their annotations; every fault told with its key.

No library for this: povkit's own data are some hundred short lines, and the smallest library that tells all faults of
a file at once takes longer to load than povkit's other libraries together need for ten rules.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import EnumType
from functools import cache, partial
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

Told = Callable[[str, str], None]
"""Takes a fault: the key, and what is wrong there and what to write."""
Reader = Callable[[Any, str, Told], Any]
"""Takes a value, its key, and whom to tell its faults; gives what was read."""

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
    return _reader(kind)(value, key, tell)


@cache
def _reader(kind: Any) -> Reader:
    """What reads a `kind`; annotations are taken apart once, not for every value."""
    origin, args = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return partial(_dataclass, kind)
    if origin is Annotated:
        return _scalars if args[1] is Scalars else partial(_annotated, *args)
    if origin in (Union, UnionType):  # only X | None stands here
        return partial(_optional, args[0])
    if origin in (dict, tuple):
        return partial(_dict, *args) if origin is dict else partial(_tuple, args[0])
    if origin is Literal or isinstance(kind, EnumType):
        return partial(_choice, kind)
    return partial(_scalar, kind)


@cache
def _readers(kind: Any) -> dict[str, tuple[Reader, bool]]:
    """By field of a dataclass: what reads it, and whether it must be there."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        each.name: (_reader(hints[each.name]), each.default is MISSING and each.default_factory is MISSING)
        for each in fields(kind)
    }


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
    readers = _readers(kind)
    for name, (reader, needed) in readers.items():
        if name in value:
            read[name] = reader(value[name], _under(key, name), tell)
        elif needed:
            tell(_under(key, name), "this key is missing; write it")
    for name in value:
        if name not in readers:
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


def _annotated(plain: Any, rule: Any, value: Any, key: str, tell: Told) -> Any:
    if type(value) is plain:
        read = value
    else:
        counted = _Counted(tell)
        read = _reader(plain)(value, key, counted)
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


def _optional(of: Any, value: Any, key: str, tell: Told) -> Any:
    return None if value is None else _reader(of)(value, key, tell)


def _dict(of_key: Any, of_value: Any, value: Any, key: str, tell: Told) -> Any:
    if not isinstance(value, dict):
        return tell(key, _BLOCK)
    name_as, value_as = _reader(of_key), _reader(of_value)
    pairs = ((name, one, _under(key, name)) for name, one in value.items())
    return {name_as(name, at, tell): value_as(one, at, tell) for name, one, at in pairs}


def _tuple(of: Any, value: Any, key: str, tell: Told) -> Any:
    if not isinstance(value, list):
        return tell(key, "must be a list, such as [a, b]")
    return tuple(_reader(of)(one, _under(key, number), tell) for number, one in enumerate(value))


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
