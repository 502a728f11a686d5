"""E13: incomes of households that left poverty gather just above the line."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from povkit.patterns.bunching import Bunching, Curve, Window, fit_curve, judge_curve, roughness
from povkit.patterns.counting import NORMAL, wilson
from povkit.patterns.density import bandwidth_for, density_jump
from povkit.patterns.line_evidence import line_evidence
from povkit.patterns.nulls import care_of
from povkit.patterns.pattern import Source, pattern
from povkit.patterns.peers import Usual, excess, upper_tail, usual_share
from povkit.patterns.result import Tested, Unit
from povkit.patterns.shrinkage import beta_binomial_null
from povkit.patterns.signs import Sign, ids_by, joined, names_by, residences, sorted_ids
from povkit.vocab import Level

_NEEDED = ("net_income_pc", "net_income", "size", "has_left_poverty", "leaves_this_year", "not_yet_left")
_TRUTHS = ("has_left_poverty", "leaves_this_year", "not_yet_left")
_PARTS = ("wage_income", "business_income", "property_income", "transfer_income", "business_cost")
_LAST = ("last_net_income_pc",)
_HELPER = ("helper_id_number", "helper_name")
_TILT = 1
_TELLING = 0.1
"""p above which nobody will ask for further evidence."""


@pattern("E13", views=("household",), zh="脱贫户人均纯收入刚好过线堆积（统计上异常，待核实）", family="exits")
def bunching_at_the_line(source: Source, limits: Any, rng: np.random.Generator) -> Tested:  # noqa: ARG001
    """Incomes gather just above the exit line (statistically unusual, verify).

    Why: incomes do not know the line; where households cross it by a few yuan, the form was filled up to it.
    Basis: S5.3; bunching of the register's incomes against a smooth curve with heaps at round numbers, whose error is
    learned at other lines (a township follows the county's curve up to a tilt); share that leaves just over the line
    against those further over it; jump of the density at the line among incomes that are not round; Bonferroni over
    those made. Officials: share of their exits just over the line, beta-binomial null of all officials and an exact
    test against the others together, the greater p.
    Flags: a county, township or official with enough households near the line. The component that fills the gap,
    totals of exactly line times people and last year's income are shown beside, not tested.
    """
    more = [each for each in (_PARTS, _LAST, _HELPER) if source.has("household", each)]
    homes = source.frame("household", (*_NEEDED, *(name for each in more for name in each)))
    homes = homes[homes["net_income_pc"].notna()].copy()
    for truth in _TRUTHS:
        homes[truth] = homes[truth].fillna(False).astype(bool)
    line, window = float(limits.income_line), _window(limits)
    homes["bin"] = window.places(homes["net_income_pc"].to_numpy(), line)
    curve = _curve(homes, line, window, int(limits.bunch_county_min))
    units = [_unit(Level.COUNTY, str(limits.county_code), homes, curve, limits)]
    pictures = [_picture(Level.COUNTY, str(limits.county_code), homes, curve, window)]
    for name, inside in homes.groupby("township", sort=True):
        own = _curve(inside, line, window, int(limits.bunch_place_min), curve) if curve is not None else None
        units.append(_unit(Level.TOWNSHIP, str(name), inside, own, limits))
        pictures.append(_picture(Level.TOWNSHIP, str(name), inside, own, window))
    if _HELPER in more:
        units += _officials(homes, limits)
    drawn = [each for each in pictures if each is not None]
    return Tested(units, pd.concat(drawn, ignore_index=True) if drawn else None)


def _window(limits: Any) -> Window:
    return Window(
        width=float(limits.bunch_bin_yuan),
        low=float(limits.bunch_low_yuan),
        high=float(limits.bunch_high_yuan),
        below=float(limits.bunch_below_yuan),
        above=float(limits.bunch_above_yuan),
        heaps=tuple(float(heap) for heap in limits.bunch_heaps_yuan),
    )


def _curve(homes: pd.DataFrame, line: float, window: Window, least: int, shape: Curve | None = None) -> Curve | None:
    """The curve of these households; None below `least` of them on its bins."""
    inside = homes.loc[homes["bin"] >= 0, "bin"].to_numpy()
    if len(inside) < least:
        return None
    counts = np.bincount(inside, minlength=len(window.edges(line))).astype(float)
    if shape is not None:
        return fit_curve(counts, line, window, _TILT, shape)
    degree = 3 + (len(inside) >= 1000) + (len(inside) >= 5000)
    return replace(fit_curve(counts, line, window, degree), borrowed=roughness(counts, line, window, degree))


def _unit(level: Level, name: str, homes: pd.DataFrame, curve: Curve | None, limits: Any) -> Unit:
    """Tests of a county or township."""
    line = float(limits.income_line)
    over = homes["net_income_pc"] - line
    close = homes[homes["has_left_poverty"] & (over >= 0) & (over < limits.bunch_above_yuan)]
    visit = sorted_ids(close)
    signs = [_hazard(homes, visit, limits), _jump(homes, visit, limits)]
    if curve is not None:
        signs.append(_bunch(judge_curve(curve), visit, limits))
    place = {"township": name if level is Level.TOWNSHIP else None, "subject": name}
    more = {}
    if any(sign.p <= _TELLING for sign in signs):
        more = line_evidence(homes, line, float(limits.margin_over_line), float(limits.bunch_below_yuan))
    return joined(level, name, len(homes), signs, place, more)


def _bunch(found: Bunching, visit: tuple[str, ...], limits: Any) -> Sign:
    detail = {"usual_share_above": found.usual, "in_window": found.n, "above_line": found.above, "z": found.z}
    detail |= {"excess_above": found.excess, "moved_households": found.moved, "moved_share": found.moved_share}
    return Sign(
        name="bunching",
        p=found.p if found.n >= limits.bunch_window_min else np.nan,
        statistic=found.above,
        effect=found.effect,
        low=found.low,
        high=found.high,
        unit="share of the households near the line that the curve puts below it",
        least=limits.effect_min_e13,
        households=visit,
        detail=detail,
    )


def _hazard(homes: pd.DataFrame, visit: tuple[str, ...], limits: Any) -> Sign:
    """Of those that could leave this year: do more leave just over the line than further over it?"""
    could = homes[homes["leaves_this_year"] | homes["not_yet_left"]]
    over = could["net_income_pc"] / limits.income_line - 1
    near = could.loc[(over >= 0) & (over < limits.margin_over_line), "leaves_this_year"]
    far = could.loc[(over >= limits.margin_over_line) & (over < limits.compared_over_line), "leaves_this_year"]
    k, n, m, of = int(near.sum()), len(near), int(far.sum()), len(far)
    enough = min(n, of) >= limits.bunch_window_min and 0 < k + m < n + of
    p = float(stats.hypergeom.sf(k - 1, n + of, k + m, n)) if enough else np.nan
    (a, b), (c, d) = wilson(k, n), wilson(m, of)
    share, other = (k / n, m / of) if enough else (np.nan, np.nan)
    return Sign(
        name="exit_hazard",
        p=p,
        statistic=k,
        effect=share - other,
        low=share - other - float(np.hypot(share - a, d - other)),
        high=share - other + float(np.hypot(b - share, other - c)),
        unit="share that leaves just over the line, less the share further over it",
        least=limits.effect_min_e13_hazard,
        households=visit,
        detail={"could_leave_near": n, "leave_near": k, "could_leave_further": of, "leave_further": m},
    )


def _jump(homes: pd.DataFrame, visit: tuple[str, ...], limits: Any) -> Sign:
    """Density left and right of the line, of incomes that are no multiple of the bin."""
    unit = "difference of the densities right and left of the line, by their sum"
    least = limits.effect_min_e13_density
    income = homes["net_income_pc"].to_numpy()
    odd = income[np.abs(income / limits.bunch_bin_yuan - np.rint(income / limits.bunch_bin_yuan)) > 1e-6]
    sides = (odd < limits.income_line).sum(), (odd >= limits.income_line).sum()
    none = Sign("density", np.nan, np.nan, np.nan, np.nan, np.nan, unit, least)
    if min(sides) < limits.density_side_min:
        return none
    try:
        bandwidth = min(bandwidth_for(odd, float(limits.income_line)), float(limits.bunch_low_yuan) / 2)
        jump = density_jump(odd, float(limits.income_line), bandwidth)
    except (ValueError, np.linalg.LinAlgError):
        return none
    total = jump.left + jump.right
    if min(jump.counts) < limits.density_side_min or total <= 0:
        return none
    effect = (jump.right - jump.left) / total
    half = NORMAL * 2 * float(np.hypot(jump.right * jump.left_error, jump.left * jump.right_error)) / total**2
    detail = {"density_below": jump.left, "density_above": jump.right, "bandwidth": jump.bandwidth}
    return Sign("density", jump.p_up, jump.t, effect, effect - half, effect + half, unit, least, visit, detail)


def _officials(homes: pd.DataFrame, limits: Any) -> list[Unit]:
    """Share of each official's exits within the margin over the line."""
    exits = homes[homes["has_left_poverty"] & homes["helper_id_number"].notna()].copy()
    exits["helper_id_number"] = exits["helper_id_number"].astype(str)
    over = exits["net_income_pc"] / limits.income_line - 1
    exits["near"] = (over >= 0) & (over < limits.margin_over_line)
    counts = exits.groupby("helper_id_number", sort=True)["near"].agg(["sum", "size"])
    judged = counts[counts["size"] >= limits.margin_exits_min]
    signs: dict[str, Sign] = {}
    if len(judged) >= limits.official_peers_min:
        k_n, visit = judged.to_numpy(float).T, ids_by(exits[exits["near"]], "helper_id_number")
        null = beta_binomial_null(k_n[0], k_n[1], care_of(limits))
        tail, usual = upper_tail(null, k_n[0], k_n[1]), usual_share(null, k_n[0], k_n[1])
        for i, (name, k, n) in enumerate(judged.itertuples()):
            p, shrunk = float(tail[i]), float(null.shrunk[i])
            signs[str(name)] = _margin(p, (int(k), int(n)), usual, shrunk, visit.get(str(name), ()), limits)
    where = residences(exits, "helper_id_number")
    names = names_by(exits, "helper_id_number", "helper_name")
    units = []
    for key, n in counts["size"].items():
        own = str(key)
        place = where[own] | {"subject": names[own]}
        units.append(joined(Level.HELPER, own, int(n), [signs[own]] if own in signs else [], place))
    return units


def _margin(p: float, of: tuple[int, int], usual: Usual, shrunk: float, visit: tuple[str, ...], limits: Any) -> Sign:
    effect, low, high = excess(*of, usual)
    return Sign(
        name="margin",
        p=p,
        statistic=of[0],
        effect=effect,
        low=low,
        high=high,
        unit="share of his exits just over the line, over his peers'",
        least=limits.effect_min_e13_margin,
        households=visit,
        detail={"usual_share": usual.share, "shrunk_share": shrunk},
    )


def _picture(level: Level, name: str, homes: pd.DataFrame, curve: Curve | None, window: Window) -> pd.DataFrame | None:
    """Households of a place by bin (left or not) beside the expected curve: income, left, not_left, expected."""
    if curve is None:
        return None
    inside = homes[homes["bin"] >= 0]
    left = np.bincount(inside.loc[inside["has_left_poverty"], "bin"], minlength=len(curve.edges))
    frame = pd.DataFrame({"income": curve.edges, "left": left, "not_left": curve.observed - left})
    frame.insert(0, "level", str(level))
    frame.insert(1, "place", name)
    return frame.assign(expected=curve.expected, window=curve.up | curve.down, width=window.width)
