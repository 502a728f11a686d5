"""What is asked for on the command line, understood: which counties, which further parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from povkit.register.store import Register
from povkit.run.words import StoryWords, words_of
from povkit.vocab import Fault


@dataclass(frozen=True)
class Request:
    """Counties and further parameters by name, and what is wrong with either, to be told with all other faults."""

    counties: list[str]
    more: dict[str, Any]
    faults: list[Fault]


def understand(
    counties: Iterable[str] | None,
    everything: bool,
    register: Path,
    settings: Iterable[str] = (),
    language: str = "zh",
) -> Request:
    """The counties named, or with `everything` all that the register holds; `name=value` pairs as YAML reads them.

    >>> understand(["530113"], False, Path("register"), ["top=5", "title=东川", "deep=true"]).more
    {'top': 5, 'title': '东川', 'deep': True}
    """
    words = words_of(language)
    faults: list[Fault] = []
    named = _counties(counties, everything, register, words, faults)
    return Request(named, _read_settings(settings, words, faults), faults)


def _counties(
    counties: Iterable[str] | None, everything: bool, register: Path, words: StoryWords, faults: list[Fault]
) -> list[str]:
    found = Register(register).counties() if everything else list(counties or ())
    if not found:
        where, what = (str(register), "run.empty_register") if everything else ("povkit", "run.no_county")
        faults.append(Fault((where,), words(what)))
    return found


def _read_settings(settings: Iterable[str], words: StoryWords, faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in settings:
        name, equals, value = each.partition("=")
        try:
            found[name.strip()] = yaml.safe_load(value)
        except yaml.YAMLError:
            equals = ""
        if not equals or not name.strip().isidentifier():
            found.pop(name.strip(), None)
            faults.append(Fault((f"--set {each}",), words("run.bad_setting")))
    return found
