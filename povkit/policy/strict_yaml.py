"""YAML read strictly: a key given twice is a fault, and only true and false are booleans.

YAML 1.1 reads yes, no, on and off as booleans, 12:30 as a number in base 60 and 010 as eight; here they are text.
Files of plain blocks, lists and values, as povkit's are, are built straight from the parser's events, in a third of the
time; what is anything else, or wrong, is read in the library's own way, which also tells where.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from povkit.vocab import Fault, PolicyError

_OWN_TAGS = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int")


class _StrictLoader(yaml.CSafeLoader):
    """A safe loader that keeps the places of keys given twice."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if str(key) in seen:
                self.repeated.append((str(key), key_node.start_mark.line + 1))
            seen.add(str(key))
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OWN_TAGS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)


def read_yaml(path: Path) -> tuple[Any, list[Fault]]:
    """Content of a YAML file, and its faults: unreadable file, bad syntax (content is then None), keys given twice."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, [Fault((path.name,), "is not UTF-8 text; save it as UTF-8")]
    except OSError as error:
        return None, [Fault((str(path),), f"cannot be read: {error.strerror}")]
    try:
        return _plain(text), []
    except (_NotPlain, yaml.YAMLError, ValueError):
        return _whole(path, text)


def load_yaml(path: Path) -> Any:
    """Content of a YAML file that comes with povkit. Raises PolicyError with all that is wrong with it."""
    data, faults = read_yaml(path)
    if faults:
        raise PolicyError(faults)
    return data


def _whole(path: Path, text: str) -> tuple[Any, list[Fault]]:
    loader = _StrictLoader(text)
    try:
        data = loader.get_single_data()
    except yaml.YAMLError as error:
        return None, [_syntax_fault(path, error)]
    except ValueError as error:
        return None, [Fault((path.name,), f"holds a value that is no date or number: {error}")]
    finally:
        loader.dispose()
    faults = [Fault((path.name, f"line {line}"), f"{key!r} is given twice; keep one") for key, line in loader.repeated]
    return data, faults


class _NotPlain(Exception):  # noqa: N818 - a signal, no error
    """More than blocks, lists and values: tags, anchors, merged or repeated keys, several documents."""


def _plain(text: str) -> Any:
    loader = _StrictLoader(text)
    try:
        loader.get_event()
        if type(loader.get_event()) is not yaml.DocumentStartEvent:
            raise _NotPlain
        value = _value(loader, loader.get_event())
        loader.get_event()
        if type(loader.get_event()) is not yaml.StreamEndEvent:
            raise _NotPlain
        return value
    finally:
        loader.dispose()


def _value(loader: _StrictLoader, event: Any) -> Any:
    """What stands behind an event: a value, a list or a block, up to its end."""
    if event.anchor is not None or event.tag is not None:
        raise _NotPlain
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return _scalar(loader, event) if event.implicit[0] else event.value
    if kind is yaml.SequenceStartEvent:
        values = []
        while type(event := loader.get_event()) is not yaml.SequenceEndEvent:
            values.append(_value(loader, event))
        return values
    block: dict[Any, Any] = {}
    names = set()
    while type(event := loader.get_event()) is not yaml.MappingEndEvent:
        if type(event) is not yaml.ScalarEvent:
            raise _NotPlain
        key = _value(loader, event)
        if str(key) in names:
            raise _NotPlain
        names.add(str(key))
        block[key] = _value(loader, loader.get_event())
    return block


def _scalar(loader: _StrictLoader, event: Any) -> Any:
    """Unquoted text, or what it says: a number, a date, true, false, null."""
    text = event.value
    for tag, pattern in loader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            if tag not in loader.yaml_constructors:
                raise _NotPlain
            node = yaml.ScalarNode(tag, text, event.start_mark, event.end_mark)
            return loader.yaml_constructors[tag](loader, node)
    return text


def _syntax_fault(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    where = (path.name,) if mark is None else (path.name, f"line {mark.line + 1}, column {mark.column + 1}")
    problem = getattr(error, "problem", None) or str(error)
    return Fault(where, f"is not YAML: {problem}")
