"""What the made-up counties are taken to be like. Figures of an invented world: no check reads them."""

from dataclasses import dataclass

AREA_CODE = 530199
"""First six digits of every invented identity number: an area code that is assigned to nobody."""

LAST, THIS = 2017, 2018
"""The two data years of every made-up register."""

YEARS = (LAST, THIS)

LINE = {LAST: 3200, THIS: 3500}
"""Yuan a person and year that the imagined county exits by; keep in step with the policy that will judge it."""

FEWEST_HOUSEHOLDS = 60
"""Smaller registers cannot hold every kind of household."""


@dataclass(frozen=True)
class Behaviour:
    """How a county of one role behaves.

    median_income: median of the register's per-head net income, yuan; poor_village: share of poor villages;
    left_before: share of those above the line who left before this year; village_left_before: share of exiting
    villages that left before this year; village_exits: share of villages fit to exit that do;
    share_registered: bounds of a village's registered share of its population.
    """

    median_income: float
    poor_village: float
    left_before: float
    village_left_before: float
    village_exits: float
    share_registered: tuple[float, float]


BEHAVIOUR = {
    "exits_2018": Behaviour(6500, 0.65, 0.50, 0.15, 1.0, (0.10, 0.20)),
    "exited_2017": Behaviour(7900, 0.60, 0.93, 0.80, 1.0, (0.10, 0.20)),
    "has_poor": Behaviour(5400, 0.50, 0.55, 0.20, 0.8, (0.04, 0.10)),
    "position_only": Behaviour(6200, 0.40, 0.65, 0.30, 0.7, (0.02, 0.06)),
}
"""By the county file's role."""

INCOME_SPREAD = 0.50
"""Standard deviation of log income between households of one village."""
VILLAGE_SPREAD, TOWN_SPREAD = 0.18, 0.08
GROWTH, GROWTH_SPREAD = 0.09, 0.18
"""Mean and standard deviation of the log of the year's growth."""
GROWTH_BOUNDS = (0.66, 1.80)

NEEDY = 4200
"""Yuan a person: below it, more households are on the low-income guarantee."""
BACKSTOP_FACTOR = 0.7
"""What households on the guarantee or in full care have, against others alike."""

PENSION = {LAST: 95 * 12, THIS: 103 * 12}
"""Yuan a year for each member of 60 or more."""
DIBAO = {LAST: (62 * 12, 140 * 12), THIS: (70 * 12, 155 * 12)}
"""Yuan a year and member: household with labour, without."""
TEKUN = {LAST: (75 * 12, 400 * 12, 605 * 12), THIS: (80 * 12, 430 * 12, 650 * 12)}
"""Yuan a year: part, half and full care."""

HOUSEHOLDS_PER_HELPER, MOST_HOUSEHOLDS = 7, 9
"""Households of one village that a helper has on average, and at most; one more may lie elsewhere."""
OUTSIDE_HOUSEHOLDS = 0.35
"""Households of the agricultural register that are not on the poverty register, per registered household."""
PLANTED_PER_HOUSEHOLD = 1 / 700
"""Objects planted for a code at strength 1, per household of the register (at least one)."""
