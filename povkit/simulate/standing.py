"""Where each household stands: its support category, whether and when it left poverty, came back, came in, went out."""

import numpy as np

from povkit.simulate import assumptions as world
from povkit.simulate.arrays import Array, Columns, count_by, filled
from povkit.simulate.assumptions import LAST, LINE, THIS, Behaviour
from povkit.simulate.families import KINDS
from povkit.simulate.people import NONE, able, present, with_labour


def draw_support(rng: np.random.Generator, homes: Columns, people: Columns) -> None:
    """Low-income guarantee and five-guarantee support: for homes without any labour, and for some of the others."""
    n = len(homes["kind"])
    hands = count_by(people["home"], n, with_labour(people, THIS) & present(people, THIS))
    hands_last = count_by(people["home"], n, with_labour(people, LAST) & present(people, LAST))
    frail = count_by(people["home"], n, people["disabled"] | people["chronic"])
    homes["no_labour"] = (hands == 0) | (hands_last == 0)
    homes["hands"] = hands
    homes["able"] = count_by(people["home"], n, able(people, THIS) & present(people, THIS))
    homes["frail"] = frail
    alone = np.isin(np.array(KINDS)[homes["kind"]], ("elder",))
    none = count_by(people["home"], n, people[f"labour{THIS}"] == NONE) > 0
    homes["tekun"] = alone & none & (hands == 0) & (rng.random(n) < 0.55)
    low = homes["target"] < world.NEEDY
    chance = 0.01 + 0.06 * (frail > 0) + 0.22 * low
    homes["dibao"] = ~homes["tekun"] & (homes["no_labour"] | (rng.random(n) < chance))
    homes["target"] = homes["target"] * np.where(homes["dibao"] | homes["tekun"], world.BACKSTOP_FACTOR, 1)
    homes["care"] = rng.choice(3, n, p=(0.4, 0.3, 0.3))
    people["dibao"], people["tekun"] = homes["dibao"][people["home"]], homes["tekun"][people["home"]]


def settle(rng: np.random.Generator, homes: Columns, behaviour: Behaviour, removed: int) -> None:
    """Who left poverty and when (`exit_year`, 0 never), who came back, came in this year, or was removed."""
    n = len(homes["kind"])
    now, before = homes[f"net_income_pc{THIS}"], homes[f"net_income_pc{LAST}"]
    above = now >= LINE[THIS]
    early = above & (before >= LINE[LAST]) & (rng.random(n) < behaviour.left_before)
    years = rng.choice((2014, 2015, 2016, 2017), n, p=(0.15, 0.25, 0.25, 0.35))
    homes["exit_year"] = np.where(above, np.where(early, years, THIS), 0)
    moving = count_moving(homes)
    _return(rng, homes, ~above & ~moving)
    _enter(rng, homes, ~above & ~homes["returned"] & ~moving)
    plain = above & (homes["frail"] == 0) & ~homes["tekun"] & ~homes["dibao"] & ~moving
    homes["removed"] = chosen(rng, plain, removed)
    homes["identified_year"] = np.minimum(rng.choice((2013, 2014, 2015, 2016), n), _left_last(homes) - 1)
    homes["identified_year"][homes["new"]] = THIS


def count_moving(homes: Columns) -> Array:
    """Homes with a birth or a death this year: nothing else happens to them."""
    moving: Array = homes[f"size{LAST}"] != homes[f"size{THIS}"]
    return moving | homes["births_and_deaths"]


def _left_last(homes: Columns) -> Array:
    last = np.where(homes["returned"], homes["exit_before"], homes["exit_year"])
    left: Array = np.where(last == 0, THIS, last)
    return left


def _return(rng: np.random.Generator, homes: Columns, poor: Array) -> None:
    """A few who had left last year or the year before are poor again."""
    fit = poor & (homes[f"net_income_pc{LAST}"] >= LINE[LAST])
    homes["returned"] = chosen(rng, fit, max(8, round(len(fit) * 0.008)))
    homes["exit_before"] = np.where(homes["returned"], rng.choice((2016, 2017), len(fit)), 0)


def _enter(rng: np.random.Generator, homes: Columns, poor: Array) -> None:
    homes["new"] = chosen(rng, poor, max(4, round(len(poor) * 0.006)))


def chosen(rng: np.random.Generator, fit: Array, n: int) -> Array:
    """A mask of at most `n` of those that are fit."""
    mask = np.zeros(len(fit), dtype=bool)
    places = rng.permutation(np.nonzero(fit)[0])[:n]
    mask[places] = True
    return mask


def on_register(homes: Columns, year: int) -> Array:
    """Homes on the register in a year."""
    listed: Array = ~homes["new"] if year == LAST else ~homes["removed"]
    return listed


def poor(homes: Columns, year: int) -> Array:
    """Homes that have not left poverty by the end of a year."""
    left = (homes["exit_year"] > 0) & (homes["exit_year"] <= year)
    if year == LAST:
        left = left | homes["returned"]
    return ~left


def status_labels(homes: Columns, year: int) -> Columns:
    """status, category, exit_year (NaN blank) and return_cause of the form for a year."""
    still = poor(homes, year)
    back = homes["returned"] if year == THIS else np.zeros_like(still)
    exit_year = np.where(still, np.nan, np.where(homes["returned"], homes["exit_before"], homes["exit_year"]))
    kind = np.where(homes["tekun"], "特困供养", np.where(homes["dibao"], "低保", "一般")).astype(object)
    return {
        "status": np.where(back, "返贫", np.where(still, "未脱贫", "已脱贫")).astype(object),
        "category": kind + np.where(still, "贫困户", "脱贫户").astype(object),
        "exit_year": exit_year,
        "return_cause": filled(back, homes["return_cause"]),
    }
