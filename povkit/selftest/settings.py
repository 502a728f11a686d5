"""What made-up worlds are like: two named sets of parameters, and the small county of the usual hand-in.

The worlds that certify are not those that tests and limits were tried on: they round otherwise, vary otherwise and have
other officials.
"""

from dataclasses import dataclass
from datetime import date

from povkit.policy import Limits, limits_for, load_county, load_policy

COUNTY, YEAR, LINE = "530113", 2018, 3500.0
"""The county of the worlds (its dates and role hold), year and exit line, whatever a policy says."""


@dataclass(frozen=True)
class Setting:
    """Parameters of honest worlds.

    rounding: how often an amount is told to the yuan, in tens, in hundreds, in five hundreds; habit: how alike
    officials round (greater is more alike). median: income per head (yuan); log_sd: of it between households,
    village_sd between villages; growth, growth_sd: of income from last year. helped: households of an official on the
    mean; strays: share of households helped from another village. rising: whether the chance to leave rises with the
    income beyond the line (else it is the same from the line on). need: mean share of poor households in a village,
    rho: its intra-class correlation.
    """

    name: str
    rounding: tuple[float, float, float, float] = (0.3, 0.3, 0.25, 0.15)
    habit: float = 20.0
    median: float = 5200.0
    log_sd: float = 0.55
    village_sd: float = 0.15
    growth: float = 0.09
    growth_sd: float = 0.18
    helped: float = 12.0
    strays: float = 0.05
    rising: bool = True
    need: float = 0.08
    rho: float = 0.02


DEVELOP = Setting("develop")
CERTIFY = Setting(
    "certify", (0.2, 0.3, 0.3, 0.2), 35.0, 4800.0, 0.65, 0.2, 0.07, 0.22, 10.0, 0.08, rising=False, need=0.1, rho=0.03
)
HANDED_IN = Setting("handed in", (1.0, 0.0, 0.0, 0.0), 1e6, 5000.0, 0.4, 0.1, 0.2, 0.15, 4.0, 0.0, rising=False)
"""A county of some 600 households and a dozen villages, amounts to the yuan, four households an official."""
SETTINGS = {each.name: each for each in (DEVELOP, CERTIFY, HANDED_IN)}


def world_limits(draws: int = 1000) -> Limits:
    """The policy's limits for the worlds' county and year. draws: of Monte-Carlo tests, fewer than in a run."""
    policy = load_policy()
    limits = limits_for(policy, load_county(COUNTY), as_of=date(YEAR, 12, 31), data_year=YEAR)
    return Limits({**limits, "pattern_draws": draws, "income_line": int(LINE)})
