"""One family of errors: what is wrong, where, and what to do. All faults of a run are shown together."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with what was handed in.

    where: the place to mend, outermost first, for example ("530113", "贫困户信息2018.xlsx", "Sheet1", "row 312").
    what: what is wrong there and what to do about it.
    """

    where: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        return " · ".join(self.where) + "\n  " + self.what


class PovkitError(Exception):
    """Base of all errors that povkit raises for its users. `faults` holds every fault found, in order."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(PovkitError):
    """Exports or snapshots that cannot be used."""


class PolicyError(PovkitError):
    """A policy or county file that does not say what it must."""


class RunError(PovkitError):
    """A run that cannot start, or that failed: unknown county, unknown parameter, missing snapshot, failed cell."""
