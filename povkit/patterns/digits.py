"""E14: how an official writes amounts: too round, not round enough, or with digits of his own."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from povkit.patterns.counting import NORMAL, wilson
from povkit.patterns.nulls import Null, care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested
from povkit.patterns.shrinkage import beta_binomial_null
from povkit.patterns.signs import Sign, ids_by, joined, names_by, residences
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]
AMOUNTS = ("wage_income", "business_income", "business_cost")
ALSO = ("property_income", "other_transfer")
_MEDIAN = float(stats.chi2.median(8))
_DIGITS = np.arange(1, 10)


@pattern(
    "E14", views=("household",), zh="责任人填报金额的尾数与同类责任人差异过大（统计上异常，待核实）", family="copies"
)
def digits_unlike_peers(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """An official's amounts end in other digits than his peers' (statistically unusual, verify).

    Why: amounts told at the door are rounded in a habitual way; amounts invented at a desk are too round or too little.
    Basis: S5.2; share of amounts in tens, hundreds and five hundreds (robust beta-binomial nulls, two-sided), last
    digit of the others (chi-square against the peers' digits, scaled by the usual overdispersion), Bonferroni over all.
    Grants fixed by policy and sums are left out. Peers, never a law of digits, say what is usual.
    Flags: an official with enough amounts whose habit differs by more than the least; never in a county where one
    number stands for all officials.
    """
    also = [name for name in ALSO if source.has("household", (name,))]
    homes = source.frame("household", ("helper_id_number", "helper_name", *AMOUNTS, *also))
    homes = homes[homes["helper_id_number"].notna()].copy()
    homes["helper_id_number"] = homes["helper_id_number"].astype(str)
    sizes = homes.groupby("helper_id_number", sort=True).size()
    amounts = homes.melt(["helper_id_number"], [*AMOUNTS, *also], value_name="amount").dropna(subset="amount")
    amounts = amounts[amounts["amount"] > 0]
    counts = amounts["helper_id_number"].value_counts().reindex(sizes.index, fill_value=0)
    judged = sizes.index[(sizes >= limits.official_households_min) & (counts >= limits.digit_values_min)]
    signs: dict[str, list[Sign]] = {}
    if len(judged) >= limits.official_peers_min:
        signs = _signs(amounts[amounts["helper_id_number"].isin(judged)], list(judged), limits)
    where, visit = residences(homes, "helper_id_number"), ids_by(homes, "helper_id_number")
    names = names_by(homes, "helper_id_number", "helper_name")
    units = []
    for name, n in sizes.items():
        own, place = str(name), where[str(name)] | {"subject": names[str(name)]}
        units.append(joined(Level.HELPER, own, int(n), signs.get(own, []), place, households=visit[own]))
    return Tested(units)


def _signs(amounts: pd.DataFrame, judged: list[str], limits: Any) -> dict[str, list[Sign]]:
    """Signs of each judged official."""
    official = pd.Categorical(amounts["helper_id_number"], categories=judged).codes
    values = amounts["amount"].to_numpy()
    found: dict[str, list[Sign]] = {name: [] for name in judged}
    for unit in limits.digit_units_yuan:
        fit = values >= unit
        whole = np.abs(values / unit - np.rint(values / unit)) < 1e-9
        k = np.bincount(official[fit & whole], minlength=len(judged)).astype(float)
        n = np.bincount(official[fit], minlength=len(judged)).astype(float)
        null = beta_binomial_null(k, n, care_of(limits))
        for i, name in enumerate(judged):
            if n[i] >= limits.digit_values_min:
                found[name].append(_heap(null, i, k[i], n[i], unit, limits))
    for name, sign in _last_digits(values, official, judged, limits).items():
        found[name].append(sign)
    return found


def _heap(null: Null, i: int, k: float, n: float, unit: float, limits: Any) -> Sign:
    low, high = wilson(k, n)
    share, usual = k / n, null.centre
    ends = sorted((low - usual, high - usual)) if share >= usual else sorted((usual - low, usual - high))
    return Sign(
        name=f"multiples of {unit:g}",
        p=float(null.two_sided[i]),
        statistic=share,
        effect=abs(share - usual),
        low=ends[0],
        high=ends[1],
        unit="difference of the share of round amounts from the peers'",
        least=limits.effect_min_e14_heap,
        detail={"round_unit": unit, "amounts": int(n), "usual_share": usual, "shrunk_share": float(null.shrunk[i])},
    )


def _last_digits(values: Floats, official: npt.NDArray[Any], judged: list[str], limits: Any) -> dict[str, Sign]:
    """Last digit (1 to 9) of whole yuan of amounts from 100 on that are no tens, against all the others' amounts."""
    digit = np.floor(values + 1e-9).astype(np.int64) % 10
    fit = (values >= 100) & (digit > 0)
    table = np.zeros((len(judged), 9))
    np.add.at(table, (official[fit], digit[fit] - 1), 1)
    n = table.sum(axis=1)
    rest = table.sum(axis=0) - table + 1
    usual = rest / rest.sum(axis=1, keepdims=True)
    enough = n >= limits.digit_values_min
    if enough.sum() < limits.official_peers_min:
        return {}
    expected = n[:, None] * usual
    chi = ((table - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=1)
    scale = max(1.0, float(np.median(chi[enough])) / _MEDIAN)
    p = stats.chi2.sf(chi / scale, 8)
    return {judged[i]: _digit(table[i], usual[i], chi[i], float(p[i]), scale, limits) for i in np.flatnonzero(enough)}


def _digit(seen: Floats, usual: Floats, chi: float, p: float, scale: float, limits: Any) -> Sign:
    n = seen.sum()
    apart = float(np.abs(seen / n - usual).sum() / 2)
    chance = float(np.sqrt(scale * 2 * usual * (1 - usual) / (np.pi * n)).sum() / 2)
    half = NORMAL / 2 * float(np.sqrt(scale / n))
    return Sign(
        name="last digit",
        p=p,
        statistic=chi,
        effect=apart - chance,
        low=apart - chance - half,
        high=apart - chance + half,
        unit="share of amounts whose last digit would have to change, over chance",
        least=limits.effect_min_e14_digit,
        detail={"amounts": int(n), "digit": int(_DIGITS[int(np.argmax(seen / n - usual))]), "overdispersion": scale},
    )
