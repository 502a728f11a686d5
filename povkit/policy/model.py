"""What a policy and a county file say, typed. Frozen; an unknown key is a fault."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from povkit.policy.typed import Between, Filled, Pattern, Scalars
from povkit.vocab import Severity

Text = Annotated[str, Filled]
RuleCode = Annotated[str, Pattern(r"^[A-Z]\d{2}$", "not a rule code; write a letter and two digits, such as E11")]
ClauseId = Annotated[str, Pattern(r"^S\d\.\d[a-z]?$", "not a clause id; write it like S1.1a")]
LimitName = Annotated[
    str,
    Pattern(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "not a limit's name; write small letters, digits and single underscores"),
]
Scalar = bool | int | float | str | date
LimitValue = Scalar | tuple[Scalar, ...]
Grade = Annotated[int, Between(1, 4)]
Year = Annotated[int, Between(2014, 2100)]

GRADE_OF: Mapping[Severity, int] = {Severity.ERROR: 1, Severity.MISSING: 1, Severity.SUSPECT: 2, Severity.HINT: 2}
"""Grade of a finding (how far it carries) where the policy's line does not say otherwise."""

_NUMBER = (int, float)
UNITS: Mapping[str, tuple[type, ...]] = {
    "元": _NUMBER,
    "元/年": _NUMBER,
    "元/人/年": _NUMBER,
    "%": _NUMBER,
    "比例": _NUMBER,
    "度": _NUMBER,
    "公里": _NUMBER,
    "亩": _NUMBER,
    "平方米": _NUMBER,
    "岁": (int,),
    "年": (int,),
    "月": _NUMBER,
    "天": (int,),
    "户": (int,),
    "人": (int,),
    "项": (int,),
    "条": (int,),
    "个": (int,),
    "次": (int,),
    "字符": (int,),
    "是否": (bool,),
    "日期": (date,),
    "月日": (str,),
    "格式": (str,),
    "代码": (str,),
    "名单": (str,),
}
"""Units a limit may have, each with the types of value it takes. A list holds values of one unit."""

_TYPE_WORDS = {int: "a whole number", float: "a number", bool: "true or false", date: "a date", str: "text"}


@dataclass(frozen=True)
class Clause:
    """One clause of the source document, or of a document it names. unchecked: why no data can tell, if none can."""

    zh: Text
    en: Text
    document: Text
    unchecked: str = ""


@dataclass(frozen=True)
class Limit:
    """One number, date, code, pattern or list that rules hold values against.

    value: its type follows from `unit` (see UNITS). basis: document or kind of source. why: the reason, where sources
    differ or the value is a choice. by_year: values of other data years than the policy's, where the limit has any; in
    a run over a year that is not there either, the policy's own value is borrowed, and the run says so.
    """

    value: Annotated[LimitValue, Scalars]
    unit: Text
    zh: Text
    clause: ClauseId
    basis: Text
    why: str = ""
    by_year: dict[Year, Annotated[LimitValue, Scalars]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = UNITS.get(self.unit)
        if kinds is None:
            raise ValueError(f"unit {self.unit!r} is not known; write one of {' '.join(UNITS)}")
        values = [
            one for own in (self.value, *self.by_year.values()) for one in (own if isinstance(own, tuple) else (own,))
        ]
        for value in values:
            if type(value) not in kinds:
                raise ValueError(f"value {_shown(value)} does not fit unit {self.unit}; write {_TYPE_WORDS[kinds[-1]]}")
        _check_text(self.unit, [value for value in values if isinstance(value, str)])


@dataclass(frozen=True)
class RuleLine:
    """How findings of one rule must be handled, and which clause it serves.

    grade: blank means the default; zh, en: title of the code where several rules with titles of their own share it.
    """

    severity: Severity
    clause: ClauseId
    zh: str = ""
    en: str = ""
    grade: Grade | None = None

    @property
    def effective_grade(self) -> int:
        """The grade that findings carry: the line's own, else the severity's default."""
        return self.grade if self.grade is not None else GRADE_OF[self.severity]


@dataclass(frozen=True)
class Phenomenon:
    """What a verdict on one phenomenon of S5 rests on.

    needs: every inner tuple must be met, an inner tuple by any of its entries (a table of the contract,
    `household_last_year`, or `sector:<list>`). needs_for: the same for single codes. of: the units of minimum_share
    (0 to 1) and minimum_units.
    """

    zh: Text
    en: Text
    grade1: tuple[RuleCode, ...]
    grade2: tuple[RuleCode, ...]
    grade3: tuple[RuleCode, ...]
    of: Literal["villages", "households", "exited_households", "key_group_households"]
    minimum_count: Annotated[int, Between(1)]
    minimum_share: Annotated[float, Between(0, 1)]
    minimum_units: Annotated[int, Between(1)]
    needs: tuple[tuple[Text, ...], ...]
    needs_for: dict[RuleCode, tuple[tuple[Text, ...], ...]] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the phenomenon once, in order of grade."""
        return tuple(dict.fromkeys((*self.grade1, *self.grade2, *self.grade3)))


@dataclass(frozen=True)
class Policy:
    """Clauses, limits, rules and verdicts of one place and year."""

    name: Annotated[str, Pattern(r"^[a-z0-9]+(-[a-z0-9]+)*$", "write small letters, digits and hyphens")]
    place: Text
    year: Year
    clauses: dict[ClauseId, Clause]
    limits: dict[LimitName, Limit]
    rules: dict[RuleCode, RuleLine]
    verdicts: dict[ClauseId, Phenomenon]

    def rule(self, code: str) -> RuleLine:
        """The line of a rule. Raises KeyError if the policy has none: then the rule is off."""
        return self.rules[code]

    def clause(self, clause_id: str) -> Clause:
        """A clause by its id. Raises KeyError with the id if there is none."""
        return self.clauses[clause_id]

    def citation(self, clause_id: str) -> str:
        """Clause id and document, as findings cite them, for example 'S1.1a 云开组〔2018〕51号'."""
        return f"{clause_id} {self.clauses[clause_id].document}"


class Role(StrEnum):
    """A county's part in the policy year."""

    EXITS = "exits_2018"
    EXITED = "exited_2017"
    HAS_POOR = "has_poor"
    POSITION_ONLY = "position_only"


@dataclass(frozen=True)
class Box:
    """Bounding box of a county in degrees, already widened by `margin` (degrees) on each side. Bounds are inside."""

    west: float
    south: float
    east: float
    north: float
    crs: Literal["WGS-84"]
    margin: Annotated[float, Between(0, 1)]
    source: Text

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            raise ValueError("west must be less than east and south less than north, in degrees")

    def contains(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies in the box; points on its edge do."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@dataclass(frozen=True)
class Override:
    """A county's own value for one limit of the policy, with its reason."""

    value: Annotated[LimitValue, Scalars]
    reason: Text


@dataclass(frozen=True)
class County:
    """One county-level unit: names, role and deadlines in the policy year, bounding box, own limits.

    county_to_city and city_to_province stand where the county applies for exit; elsewhere they are None.
    """

    code: Annotated[str, Pattern(r"^\d{6}$", "not a county code; write six digits in quotes")]
    name_zh: Text
    name_en: Text
    role: Role
    exit_year: int | None
    location_deadline: date
    box: Box
    county_to_city: date | None = None
    city_to_province: date | None = None
    limits: dict[LimitName, Override] = field(default_factory=dict)

    def __post_init__(self) -> None:
        year = self.role.value.rpartition("_")[2]
        expected = int(year) if year.isdigit() else None
        if self.exit_year != expected:
            raise ValueError(
                f"exit_year is {self.exit_year} but the role is {self.role}; write exit_year: {expected or 'null'}"
            )


def limit_with(limit: Limit, value: LimitValue) -> Limit:
    """The limit with another value. Raises ValueError if the value does not fit the unit."""
    return replace(limit, value=value)


def _check_text(unit: str, values: list[str]) -> None:
    for value in values:
        if unit == "月日" and not _is_month_day(value):
            raise ValueError(
                f"value {_shown(value)} is not a day of the year; write month-day in quotes, such as '08-31'"
            )
        if unit == "格式" and not _is_pattern(value):
            raise ValueError(f"value {_shown(value)} is not a regular expression; mend its brackets")


def _is_month_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2001-{text}")
    except ValueError:
        return False
    return True


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value)
