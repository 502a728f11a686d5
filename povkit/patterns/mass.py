"""Scale control seen in batches: K09 mass inclusion and one-size-fits-all removal."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from povkit.patterns.counting import poisson_interval
from povkit.patterns.grouping import changes_of_year, tally
from povkit.patterns.multiplicity import bonferroni
from povkit.patterns.nulls import care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null, gamma_poisson_null
from povkit.patterns.uniformity import Uniformity, households_uniform
from povkit.vocab import Level

Floats = npt.NDArray[np.float64]
SHOWN = ("reason", "rechecked")
MOVEMENTS = {"removed": {"zh": "剔除", "en": "removed"}, "taken_in": {"zh": "新纳入", "en": "taken in"}}
"""What was done in mass, in both languages."""

KINDS = {"removed": "change_is_removal", "taken_in": "change_is_inclusion"}


@pattern("K09", views=("village", "change"), zh="大规模纳入或一刀切剔除（统计上异常，待核实）", family="scale")
def mass_inclusion_or_removal(source: Source, limits: Any, rng: np.random.Generator) -> Tested:
    """Mass inclusion, or removal by one measure for all (statistically unusual, verify).

    Why: households are taken in and removed one by one after a visit; a batch in one village, or the same share in
    every village, was decided without looking.
    Basis: S2.1d, S2.2b; village: removals of registered households and inclusions of all households, upper tail of
    robust beta-binomial and gamma-Poisson nulls over the county's villages (inclusions by household and by village,
    the greater p, since need rises with a village's size but seldom as fast; spread widened for the villages set
    aside), Bonferroni over the two; county: shares too uniform over villages (lower tail of the dispersion). Day,
    reason and re-check are shown beside, not tested: a village rightly meets on one day.
    Flags: a village with far more households than its peers' rate gives, inside townships rejected first; the county
    where every village removed or took in nearly the same share. Changes of the data year only.
    """
    villages = source.frame("village", ("registered_households", "households"))
    also = [name for name in SHOWN if source.has("change", (name,))]
    changes = changes_of_year(source, (*KINDS.values(), *also), limits.data_year)
    for name, flag in KINDS.items():
        villages[name] = tally(changes[changes[flag].fillna(False).astype(bool)], villages)
    villages["register"] = (villages["registered_households"] + villages["removed"]).fillna(0.0)
    villages["homes"] = villages[["households", "register"]].max(axis=1)
    judged = {"removed": _removed(villages, limits), "taken_in": _taken_in(villages, limits)}
    units = [_county(villages, changes, limits, rng)]
    records = {kind: _by_village(changes, flag) for kind, flag in KINDS.items()}
    none = changes.iloc[:0]
    for i, (_, row) in enumerate(villages.iterrows()):
        own = {kind: by.get(str(row["village_code"]), none) for kind, by in records.items()}
        units.append(_village(row, i, judged, own, limits))
    return Tested(units, _picture(villages, changes))


class Ordinary(NamedTuple):
    """By village: chance of so many or more, and the number usual among its peers."""

    p: Floats
    usual: Floats


def _removed(villages: pd.DataFrame, limits: Any) -> Ordinary:
    """Removals of registered households."""
    null = beta_binomial_null(villages["removed"], villages["register"], care_of(limits, widened=True))
    return Ordinary(null.upper, null.centre * villages["register"].to_numpy())


def _taken_in(villages: pd.DataFrame, limits: Any) -> Ordinary:
    """Inclusions, by household and by village; the greater chance and the greater usual number stand.

    How many are rightly taken in rises with the village's size, but seldom as fast: by household small villages look
    strange, by village large ones do.
    """
    nulls = [
        (gamma_poisson_null(villages["taken_in"], exposure, care_of(limits, widened=True)), exposure)
        for exposure in (villages["homes"].to_numpy(), (villages["homes"] > 0).to_numpy(float))
    ]
    return Ordinary(
        np.maximum(*(null.upper for null, _ in nulls)),
        np.maximum(*(null.centre * exposure for null, exposure in nulls)),
    )


def _by_village(changes: pd.DataFrame, flag: str) -> dict[str, pd.DataFrame]:
    """Records of a kind by village code."""
    of_kind = changes[changes[flag].fillna(False).astype(bool)]
    return {str(code): records for code, records in of_kind.groupby("village_code")}


def _village(
    row: "pd.Series[Any]", i: int, judged: dict[str, Ordinary], by_kind: dict[str, pd.DataFrame], limits: Any
) -> Unit:
    tests = {name: float(each.p[i]) for name, each in judged.items()}
    kind = min(tests, key=lambda name: (tests[name], name))
    size = float(row["register" if kind == "removed" else "homes"])
    enough = size >= limits.mass_register_min
    usual = float(judged[kind].usual[i])
    low, high = poisson_interval(row[kind])
    records = by_kind[kind]
    return Unit(
        level=Level.VILLAGE,
        object_id=str(row["village_code"]),
        n=int(size),
        p=bonferroni(*tests.values()) if enough else float("nan"),
        statistic=float(row[kind]),
        effect=float(row[kind]) - usual,
        low=low - usual,
        high=high - usual,
        effect_unit="households over what the peers' rate gives",
        least=limits.effect_min_k09,
        township=row["township"],
        village_code=str(row["village_code"]),
        village=row["village"],
        subject=row["village"],
        households=tuple(sorted(set(records["household_id"].dropna().astype(str)))),
        detail={"movement": MOVEMENTS[kind], "usual_count": usual, **batch(records)},
    )


def _picture(villages: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """A calendar: village_code, village, township, register, homes, movement, changed_on (NaT: no date), count.

    One row for each village, movement and day with any; a village without a movement has a row of 0 without a day.
    """
    day = changes["changed_on"] if "changed_on" in changes else pd.Series(pd.NaT, index=changes.index)
    dated = changes[["village_code", *KINDS.values()]].assign(changed_on=pd.to_datetime(day))
    dated = dated[dated["village_code"].notna()]
    places = villages[["village_code", "village", "township", "register", "homes"]]
    parts = []
    for name, flag in KINDS.items():
        records = dated[dated[flag].fillna(False).astype(bool)]
        counts = records.groupby(["village_code", "changed_on"], dropna=False).size().reset_index(name="count")
        parts.append(places.merge(counts, on="village_code", how="left").assign(movement=name))
    frame = pd.concat(parts, ignore_index=True)
    frame["count"] = frame["count"].fillna(0).astype(int)
    return frame.sort_values(["movement", "village_code", "changed_on"], ignore_index=True)


def batch(records: pd.DataFrame) -> dict[str, Any]:
    """What a batch of records has in common: share on the busiest day, with the commonest reason, without re-check.

    Each only where the column is there and any record carries it.
    """
    found: dict[str, Any] = {}
    known = {name: records[name].dropna().to_numpy() for name in ("changed_on", "reason") if name in records}
    counts = {name: np.unique(values, return_counts=True) for name, values in known.items() if len(values)}
    if "changed_on" in counts:
        found["busiest_day_share"] = float(counts["changed_on"][1].max() / len(known["changed_on"]))
    if "reason" in counts:
        reasons, times = counts["reason"]
        found |= {"reason": str(reasons[times.argmax()]), "same_reason_share": float(times.max() / times.sum())}
    if "rechecked" in records and records["rechecked"].notna().any():
        found["not_rechecked_share"] = float((~records["rechecked"].dropna().astype(bool)).mean())
    return found


def _county(villages: pd.DataFrame, changes: pd.DataFrame, limits: Any, rng: np.random.Generator) -> Unit:
    """Whether every village removed, or took in, nearly the same share."""
    tests: dict[str, Uniformity] = {}
    for kind, size in (("removed", "register"), ("taken_in", "homes")):
        inside = villages[(villages[size] > 0) & (villages[kind] <= villages[size])]
        if len(inside) >= limits.uniform_villages_min and inside[kind].sum() >= limits.uniform_count_min:
            tests[kind] = households_uniform(inside[kind], inside[size], rng, limits.pattern_draws)
    county, least = str(limits.county_code), limits.effect_min_k09_uniform
    if not tests:
        return Unit(Level.COUNTY, county, len(villages), least=least)
    kind = min(tests, key=lambda name: (tests[name].p, name))
    best = tests[kind]
    records = changes[changes[KINDS[kind]].fillna(False).astype(bool)]
    return Unit(
        level=Level.COUNTY,
        object_id=county,
        n=len(villages),
        p=bonferroni(*(test.p for test in tests.values())),
        statistic=best.dispersion,
        effect=1 - best.ratio,
        low=max(0.0, 1 - best.high),
        high=1 - best.low,
        effect_unit="share of chance variation missing",
        least=least,
        households=tuple(sorted(set(records["household_id"].dropna().astype(str)))),
        detail={"movement": MOVEMENTS[kind], **batch(records)},
    )
