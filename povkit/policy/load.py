"""Policies and counties from their files. Every fault of a file is collected and raised at once."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from povkit.policy.model import County, Limit, Policy, limit_with
from povkit.policy.strict_yaml import read_yaml
from povkit.policy.typed import read_as
from povkit.vocab import Fault, PolicyError, RunError, resource

_Model = TypeVar("_Model", Policy, County)


def load_policy(path_or_name: str | Path = "yunnan-2018", parameters: Path | None = None) -> Policy:
    """The policy of a file, or by name out of `parameters/policy/<name>.yaml`.

    parameters: folder to look in instead of povkit's own.
    Raises PolicyError with every fault of the file (file, key, what to write), or if there is no such policy.

    >>> load_policy("yunnan-2018").limits["income_line"].value
    3500
    """
    path = _policy_path(path_or_name, parameters)
    return _build(Policy, path, _policy_faults)


def load_county(code: str, parameters: Path | None = None, policy: Policy | None = None) -> County:
    """The county of a six-digit code. With `policy`, its own limits are checked against the policy's.

    Raises RunError naming the counties that exist if there is none of this code; PolicyError with every fault of
    its file.
    """
    folder = _root(parameters) / "counties"
    path = folder / f"{code}.yaml"
    known = _codes(folder)
    if code not in known:
        there = f"write one of {' '.join(known)}" if known else f"there are none in {folder}"
        raise RunError(Fault((code,), f"no such county; {there}"))
    return _build(County, path, partial(_county_faults, policy=policy))


def counties(parameters: Path | None = None, policy: Policy | None = None) -> dict[str, County]:
    """All counties by code, in order of code. Raises PolicyError with the faults of all files together."""
    found: dict[str, County] = {}
    faults: list[Fault] = []
    for code in _codes(_root(parameters) / "counties"):
        try:
            found[code] = load_county(code, parameters, policy)
        except PolicyError as error:
            faults.extend(error.faults)
    if faults:
        raise PolicyError(faults)
    return found


def policy_names(parameters: Path | None = None) -> tuple[str, ...]:
    """Names of the policies that there are, sorted."""
    return tuple(sorted(path.stem for path in (_root(parameters) / "policy").glob("*.yaml")))


def _root(parameters: Path | None) -> Path:
    return parameters if parameters is not None else resource("parameters")


def _codes(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml"))


def _policy_path(path_or_name: str | Path, parameters: Path | None) -> Path:
    if isinstance(path_or_name, Path) or path_or_name.endswith((".yaml", ".yml")):
        return Path(path_or_name)
    path = _root(parameters) / "policy" / f"{path_or_name}.yaml"
    if not path.exists():
        known = " ".join(policy_names(parameters))
        raise PolicyError(Fault((path_or_name,), f"no such policy; write one of {known}, or the path of a .yaml file"))
    return path


def _build(model: type[_Model], path: Path, more: Callable[[dict[str, Any], str], Iterable[Fault]]) -> _Model:
    """The model of a file. `more` finds what the model cannot: it sees the raw content, whole or not."""
    data, faults = read_yaml(path)
    if not isinstance(data, dict):
        raise PolicyError(faults or [Fault((path.name,), "must be a block of key: value lines")])
    built: _Model | None = read_as(model, data, "", lambda key, what: faults.append(_fault(path, key, what)))
    told = {fault.where for fault in faults}
    faults.extend(fault for fault in more(data, path.name) if fault.where not in told)
    if faults or built is None:
        raise PolicyError(faults)
    return built


def _fault(path: Path, key: str, what: str) -> Fault:
    return Fault((path.name, key or "(top)"), what)


def _block(data: Any, key: str) -> dict[str, Any]:
    """A block of raw content with its keys as text; empty if it is missing or no block."""
    block = data.get(key) if isinstance(data, dict) else None
    return {str(name): value for name, value in block.items()} if isinstance(block, dict) else {}


def _policy_faults(data: dict[str, Any], file: str) -> Iterator[Fault]:
    """References from one part of a policy to another that lead nowhere."""
    clauses = _block(data, "clauses")
    known = f"write one of the ids under clauses ({' '.join(clauses)})"
    for part in ("limits", "rules"):
        for name, line in _block(data, part).items():
            clause = line.get("clause") if isinstance(line, dict) else None
            if isinstance(clause, str) and clause not in clauses:
                yield Fault((file, f"{part}.{name}.clause"), f"no clause {clause!r}; {known}")
    for clause, phenomenon in _block(data, "verdicts").items():
        if clause not in clauses:
            yield Fault((file, f"verdicts.{clause}"), f"no clause {clause!r}; {known}")
        yield from _needs_faults(phenomenon, (file, f"verdicts.{clause}.needs_for"))


def _needs_faults(phenomenon: Any, where: tuple[str, str]) -> Iterator[Fault]:
    codes = {code for grade in ("grade1", "grade2", "grade3") for code in _listed(phenomenon, grade)}
    for code in _block(phenomenon, "needs_for"):
        if code not in codes:
            what = "not a code of this phenomenon; list it under grade1, grade2 or grade3, or remove it"
            yield Fault((where[0], f"{where[1]}.{code}"), what)


def _listed(data: Any, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _county_faults(data: dict[str, Any], file: str, policy: Policy | None) -> Iterator[Fault]:
    stem = Path(file).stem
    if data.get("code") not in (None, stem):
        yield Fault((file, "code"), f"{data['code']!r} differs from the file's name; write {stem!r} in quotes")
    if policy is None:
        return
    for name, own in _block(data, "limits").items():
        where = (file, f"limits.{name}")
        if name not in policy.limits:
            yield Fault(where, f"policy {policy.name} has no such limit; mend the name or remove the line")
        elif isinstance(own, dict) and "value" in own:
            yield from _override_faults(policy.limits[name], own["value"], where)


def _override_faults(limit: Limit, value: Any, where: tuple[str, ...]) -> Iterator[Fault]:
    try:
        limit_with(limit, tuple(value) if isinstance(value, list) else value)
    except ValueError as error:
        yield Fault(where, str(error))
