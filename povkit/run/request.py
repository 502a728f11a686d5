"""What is asked for on the command line, understood: which counties, which further parameters."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from povkit.register.store import Register
from povkit.run.words import words_of
from povkit.vocab import Fault, RunError


def chosen(counties: Iterable[str] | None, everything: bool, register: Path, language: str = "zh") -> list[str]:
    """The counties named, or with `everything` all that the register holds.

    Raises RunError if that is none.
    """
    words = words_of(language)
    if not everything:
        named = list(counties or ())
        if not named:
            raise RunError(Fault(("povkit",), words("run.no_county")))
        return named
    found = Register(register).counties()
    if not found:
        raise RunError(Fault((str(register),), words("run.empty_register")))
    return found


def read_settings(settings: Iterable[str], language: str = "zh") -> dict[str, Any]:
    """`name=value` pairs with their values as YAML reads them. Raises RunError with every pair that is none.

    >>> read_settings(["top=5", "title=东川", "deep=true"])
    {'top': 5, 'title': '东川', 'deep': True}
    """
    found: dict[str, Any] = {}
    faults = []
    for each in settings:
        name, equals, value = each.partition("=")
        try:
            found[name.strip()] = yaml.safe_load(value)
        except yaml.YAMLError:
            equals = ""
        if not equals or not name.strip().isidentifier():
            faults.append(Fault((f"--set {each}",), words_of(language)("run.bad_setting")))
    if faults:
        raise RunError(faults)
    return found
