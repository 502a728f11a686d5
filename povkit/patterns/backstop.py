"""J16: households that depend on welfare leave poverty in numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.patterns.beside import beside_null, odds_of
from povkit.patterns.nulls import Null, care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.peers import Usual, excess, usual_share
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null
from povkit.patterns.signs import Sign, ids_by, joined
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]
BESIDE = "backstop exits beside the other households'"
_TRUTHS = ("backstop", "leaves_this_year", "not_yet_left")


@pattern("J16", views=("household",), zh="兜底类户大量脱贫（统计上异常，待核实）", family="exits")
def mass_exit_of_backstop(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Households that depend on welfare leave poverty in numbers (statistically unusual, verify).

    Why: who lives on the guarantee, on five-guarantee support or without anybody able to work leaves poverty by the
    pen, unless something changed; where a county or village must show exits, these are the easiest to write.
    Basis: S5.5; exits of the year among backstop households that could leave, by village, upper tail of two robust
    beta-binomial nulls: around the county's own rate; and around what the village's other households lead one to
    expect, the ratio of the odds being the county's (where a village does well, both leave oftener), Bonferroni over
    the two; villages inside townships rejected first. The first by township without its strangest village (Bonferroni
    over townships), so that a township is named only where it is not one village's doing. Beside it, not tested:
    whether the county leaves this year and the village has exited.
    Flags: a place with enough backstop exits, far beyond the county's rate.
    """
    role = ("village_exited",) if source.has("household", ("village_exited",)) else ()
    homes = source.frame("household", (*_TRUTHS, *role))
    for name in _TRUTHS:
        homes[name] = homes[name].fillna(False).astype(bool)
    could = homes[homes["leaves_this_year"] | homes["not_yet_left"]]
    villages = counts_by(could[could["village_code"].notna()], "village_code")
    null = beta_binomial_null(villages["k"], villages["n"], care_of(limits))
    odds = odds_of(villages["others_left"], villages["others"])
    beside = beside_null(villages["k"], villages["n"], odds, care_of(limits))
    usual = usual_share(null, villages["k"], villages["n"])
    p = {name: _tails(villages, each, limits) for name, each in (("backstop exits", null), (BESIDE, beside))}
    leaving = could[could["backstop"] & could["leaves_this_year"]]
    visit = ids_by(leaving, "village_code")
    units = [
        joined(
            Level.VILLAGE,
            str(code),
            int(row["n"]),
            [_sign(name, row, float(each[i]), usual, limits) for name, each in p.items()],
            _where(str(code), row),
            _role(row, limits),
            visit.get(str(code), ()),
        )
        for i, (code, row) in enumerate(villages.iterrows())
    ]
    return Tested(units + _townships(villages, np.fmin(*p.values()), visit, limits), _picture(villages, null))


def _tails(places: pd.DataFrame, null: Null, limits: Any) -> Floats:
    """Upper tail of each place under the null of all (NaN: too small, or too few places)."""
    judged = (places["n"] >= limits.backstop_households_min).to_numpy()
    enough = judged.sum() >= limits.backstop_places_min
    return np.where(judged & enough, null.upper, np.nan)


def _sign(name: str, row: "pd.Series[Any]", p: float, usual: Usual, limits: Any) -> Sign:
    k, n = float(row["k"]), float(row["n"])
    effect, low, high = excess(k, n, usual) if n else (float("nan"),) * 3
    return Sign(
        name=name,
        p=p,
        statistic=k,
        effect=effect if k >= limits.backstop_exits_min else 0.0,
        low=low,
        high=high,
        unit="share of backstop households that left, over the county's",
        least=limits.effect_min_j16,
        detail={"backstop_left": int(k), "usual_share": usual.share, "others_left_share": _share(row)},
    )


def _share(row: "pd.Series[Any]") -> float:
    return float(row["others_left"] / row["others"]) if row["others"] else float("nan")


def _where(code: str, row: "pd.Series[Any]") -> dict[str, Any]:
    return {"township": row["township"], "village_code": code, "village": row["village"], "subject": row["village"]}


def _role(row: "pd.Series[Any]", limits: Any) -> dict[str, Any]:
    """Whether the county leaves this year and the village has exited, as far as known."""
    exited = row.get("village_exited")
    known = {} if exited is None or pd.isna(exited) else {"village_exited": bool(exited)}
    return {"county_leaves_this_year": bool(limits.leaves_this_year), **known}


def _townships(villages: pd.DataFrame, p: Floats, visit: dict[str, tuple[str, ...]], limits: Any) -> list[Unit]:
    """Townships where exits are many even without the strangest village; the others are judged by their villages."""
    known = villages.assign(p=p)[villages["township"].notna().to_numpy()]
    worst = known.sort_values(["p", "k"], ascending=[True, False], kind="stable").groupby("township").head(1).index
    rest = known.drop(worst).groupby("township", sort=True)[["n", "k", "others", "others_left"]].sum()
    null = beta_binomial_null(rest["k"], rest["n"], care_of(limits))
    tails, usual = _tails(rest, null, limits), usual_share(null, rest["k"], rest["n"])
    tails = np.minimum(1.0, tails * np.isfinite(tails).sum())
    units = []
    for i, (name, row) in enumerate(rest.iterrows()):
        sign = _sign("all but the strangest village", row, float(tails[i]), usual, limits)
        if sign.p <= limits.pattern_q_max and sign.effect >= sign.least:
            inside = known[known["township"] == name]
            ids = tuple(sorted(number for code in inside.index for number in visit.get(str(code), ())))
            place = {"township": str(name), "subject": str(name)}
            units.append(joined(Level.TOWNSHIP, str(name), int(row["n"]), [sign], place, _role(row, limits), ids))
    return units


def counts_by(homes: pd.DataFrame, key: str) -> pd.DataFrame:
    """By place: n and k of the backstop households and of the others, k having left this year; name and township."""
    left = homes["leaves_this_year"]
    parts = {"n": homes["backstop"], "k": homes["backstop"] & left, "others": ~homes["backstop"]}
    parts["others_left"] = ~homes["backstop"] & left
    frame = pd.DataFrame({name: part.astype(float) for name, part in parts.items()}).assign(key=homes[key])
    sums = frame.groupby("key", sort=True).sum()
    names = [name for name in ("township", "village", "village_exited") if name in homes and name != key]
    return sums.join(homes.drop_duplicates(key).set_index(key)[names])


def _picture(villages: pd.DataFrame, null: Null) -> pd.DataFrame:
    """A funnel of villages: village_code, village, township, backstop, left, others, others_left; usual and spread of
    the share that left (the same in every row), from which the limits of what is ordinary follow."""
    table = villages.reset_index(names="village_code").rename(columns={"n": "backstop", "k": "left"})
    kept = table[["village_code", "village", "township", "backstop", "left", "others", "others_left"]]
    return kept.assign(usual=null.centre, spread=null.spread)
