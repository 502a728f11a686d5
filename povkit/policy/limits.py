"""Limits as rules see them: the policy's, with the county's own values and the facts of the run, by attribute."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from povkit.policy.model import County, LimitValue, Policy

_APPLICATION_STEPS = ("county_to_city", "city_to_province")


@dataclass(frozen=True)
class AppliedOverride:
    """A limit for which a county's own value replaced the policy's."""

    limit: str
    policy_value: LimitValue
    county_value: LimitValue
    reason: str


@dataclass(frozen=True)
class Borrowed:
    """A limit that changes by year, taken from the policy's year because it has no value for the data year."""

    limit: str
    value: LimitValue
    unit: str
    zh: str
    year: int


class Limits(Mapping[str, Any]):
    """A read-only namespace of limits: `limits.income_line`, `limits["income_line"]`.

    Lists come as tuples. A name that does not exist raises AttributeError (KeyError by index) with near matches.
    `overrides` lists the county's own values, `borrowed` those that belong to another year.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        overrides: tuple[AppliedOverride, ...] = (),
        borrowed: tuple[Borrowed, ...] = (),
    ) -> None:
        self._values = dict(values)
        self.overrides = overrides
        self.borrowed = borrowed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._values:
            raise AttributeError(self._unknown(name))
        return self._values[name]

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            raise KeyError(self._unknown(name))
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def recorder(self) -> "LimitsRecorder":
        """The same limits, remembering which of them are read."""
        return LimitsRecorder(self._values, self.overrides)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self._values, n=3)
        hint = f"; did you mean {', '.join(near)}? Else" if near else ""
        return f"no limit {name!r} in the policy{hint or ';'} add it to parameters/policy, or mend the name"


class LimitsRecorder(Limits):
    """Limits that remember what was read: `used` maps each name read so far to its value, in order of reading."""

    def __init__(self, values: Mapping[str, Any], overrides: tuple[AppliedOverride, ...] = ()) -> None:
        super().__init__(values, overrides)
        self.used: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        value = super().__getattr__(name)
        self.used[name] = value
        return value

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        self.used[name] = value
        return value


def limits_for(policy: Policy, county: County, as_of: date, data_year: int) -> Limits:
    """Limits for one run: the policy's, the county's overrides, and the facts of the run.

    Facts: as_of, data_year, last_year, policy_year, school_cutoff_on (date), school_cutoff_last (the year before),
    county_code, exit_year (of the county, or None), leaves_this_year, location_deadline, county_to_city and
    city_to_province (the county's own date, else the policy's; None where the county does not apply), box_west,
    box_south, box_east, box_north (degrees).

    A limit that changes by year has the value of `data_year`; where there is none, the policy's own is `borrowed`.
    """
    other = data_year != policy.year
    values: dict[str, Any] = {
        name: limit.by_year.get(data_year, limit.value) if other else limit.value
        for name, limit in policy.limits.items()
    }
    overrides = tuple(
        AppliedOverride(name, values[name], own.value, own.reason) for name, own in sorted(county.limits.items())
    )
    values.update((override.limit, override.county_value) for override in overrides)
    values.update(_facts(policy, county, values))
    values.update(as_of=as_of, data_year=data_year, last_year=data_year - 1)
    if other:
        values.update(dict.fromkeys(_MARKED_WITH & values.keys(), data_year))
    if "school_cutoff" in values:
        values["school_cutoff_on"] = date.fromisoformat(f"{data_year}-{values['school_cutoff']}")
        values["school_cutoff_last"] = date.fromisoformat(f"{data_year - 1}-{values['school_cutoff']}")
    borrowed = (
        Borrowed(name, limit.value, limit.unit, limit.zh, policy.year)
        for name, limit in policy.limits.items()
        if other and limit.by_year and data_year not in limit.by_year and name not in county.limits
    )
    return Limits(values, overrides, tuple(borrowed))


_MARKED_WITH = {"household_exit_year", "village_exit_year"}
"""Years that exits of this year are marked with: the policy's, or in a run over another year's data, that year."""


def _facts(policy: Policy, county: County, values: Mapping[str, Any]) -> dict[str, Any]:
    box = county.box
    leaves = county.exit_year == policy.year
    return {
        "policy_year": policy.year,
        "county_code": county.code,
        "exit_year": county.exit_year,
        "leaves_this_year": leaves,
        "location_deadline": county.location_deadline,
        **{step: getattr(county, step) or values.get(step) if leaves else None for step in _APPLICATION_STEPS},
        "box_west": box.west,
        "box_south": box.south,
        "box_east": box.east,
        "box_north": box.north,
    }
