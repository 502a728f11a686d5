"""YAML read strictly: a key given twice is a fault, and only true and false are booleans.

YAML 1.1 reads yes, no, on and off as booleans, 12:30 as a number in base 60 and 010 as eight; here they are text.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from povkit.vocab import Fault

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


def _syntax_fault(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    where = (path.name,) if mark is None else (path.name, f"line {mark.line + 1}, column {mark.column + 1}")
    problem = getattr(error, "problem", None) or str(error)
    return Fault(where, f"is not YAML: {problem}")
