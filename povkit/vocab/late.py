"""Names of a package that are loaded when first used, so that importing the package, or one room of it, is quick."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def late(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package (PEP 562). homes: name -> where it lives, `module:name`.

    >>> late("numbers", {"pi": "math:pi"})("pi") > 3
    True
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}; it has {', '.join(sorted(homes))}")
        module, _, attribute = homes[name].partition(":")
        return getattr(import_module(module), attribute)

    return get
