"""Faults planted in honest registers, at a given strength. Each returns the register and what is true of it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from povkit.selftest.homes import ASSETS, FLOWS, at, sum_up
from povkit.selftest.settings import LINE

BELOW = 500.0


@dataclass(frozen=True)
class Truth:
    """What was planted. units: objects by level; households: their numbers; values: further true figures by name."""

    units: dict[str, set[str]] = field(default_factory=dict)
    households: frozenset[str] = frozenset()
    values: dict[str, float] = field(default_factory=dict)


Planted = tuple[pd.DataFrame, Truth]


def _numbers(frame: pd.DataFrame, rows: Any) -> frozenset[str]:
    return frozenset(frame["household_id"].to_numpy()[rows])


def officials_with(rng: np.random.Generator, frame: pd.DataFrame, least: int, count: int = 0) -> list[str]:
    """`count` officials (0: a tenth of them) of those who have at least so many households, at random."""
    sizes = frame["helper_id_number"].value_counts().sort_index()
    fit = sizes.index[sizes >= least].to_numpy()
    wanted = min(count, len(fit)) or max(1, len(fit) // 10)
    return sorted(rng.choice(fit, wanted, replace=False).tolist())


def lifted(rng: np.random.Generator, frame: pd.DataFrame, share: float, kind: str = "", where: Any = None) -> Planted:
    """A share of those up to 500 yuan below the line written over it (Exp(60) beyond), and as leaving this year.

    kind: "exact": on the line itself. where: mask of the households concerned (default: all).
    """
    pc = frame["net_income_pc"].to_numpy()
    near = (pc >= LINE - BELOW) & (pc < LINE) & (True if where is None else where)
    rows = np.flatnonzero(near & (rng.random(len(frame)) < share))
    to = LINE + (np.zeros(len(rows)) if kind == "exact" else np.round(rng.exponential(60, len(rows)), 2))
    left = {"has_left_poverty": True, "leaves_this_year": True, "not_yet_left": False}
    net = to * frame["size"].to_numpy()[rows]
    changed = at(frame, rows, net_income_pc=to, net_income=net, **left)
    window = int(((pc >= LINE - BELOW) & (pc < LINE + 200)).sum())
    kept = int((to < LINE + 200).sum())
    return changed, Truth({}, _numbers(frame, rows), {"moved": len(rows), "share": kept / max(window, 1)})


def parked(rng: np.random.Generator, frame: pd.DataFrame, share: float, where: Any) -> Planted:
    """A share of this year's leavers written over the line (Exp(60) beyond), whatever they earn. where: mask."""
    rows = np.flatnonzero(where & frame["leaves_this_year"].astype(bool) & (rng.random(len(frame)) < share))
    to = LINE + np.round(rng.exponential(60, len(rows)), 2)
    changed = at(frame, rows, net_income_pc=to, net_income=to * frame["size"].to_numpy()[rows])
    return changed, Truth({}, _numbers(frame, rows))


def margins(rng: np.random.Generator, frame: pd.DataFrame, share: float) -> Planted:
    """A share of the exits of a tenth of the officials (with eight or more) written within 5 % over the line."""
    exits = frame[frame["has_left_poverty"].astype(bool)]
    chosen = officials_with(rng, exits, 8)
    mine = (frame["helper_id_number"].isin(chosen) & frame["has_left_poverty"].astype(bool)).to_numpy()
    rows = np.flatnonzero(mine & (rng.random(len(frame)) < share))
    pc = LINE * (1 + rng.uniform(0, 0.05, len(rows)))
    changed = at(frame, rows, net_income_pc=pc.round(2), net_income=pc * frame["size"].to_numpy()[rows])
    return changed, Truth({"helper": set(chosen)}, _numbers(frame, rows))


def copied(
    rng: np.random.Generator, frame: pd.DataFrame, altered: float, chosen: list[str], forms: float, shift: int = 0
) -> Planted:
    """Officials whose first form was copied into a share `forms` of theirs (at least 3 in all).

    altered: share of the fields changed in each copy; shift: so many yuan, at most, added to every amount.
    """
    fields = [*FLOWS, *ASSETS]
    values = frame[fields].to_numpy(copy=True)
    helper = frame["helper_id_number"].to_numpy()
    rows_all = []
    for official in chosen:
        own = np.flatnonzero(helper == official)
        rows = own[: max(3, round(forms * len(own)))]
        form = np.repeat(values[rows[:1]], len(rows), axis=0)
        change = rng.random(form.shape) < altered
        change[0] = False
        form = np.where(change, np.rint(form * rng.uniform(0.5, 2, form.shape)) + 7, form)
        if shift:
            flows = np.arange(len(fields)) < len(FLOWS)
            form[1:] += np.where(flows & (form[1:] > 0), rng.integers(1, shift + 1, form[1:].shape), 0)
        values[rows] = form
        rows_all.append(rows)
    changed = frame.copy()
    changed[fields] = values
    sum_up(changed)
    truth = Truth({"helper": set(chosen)}, _numbers(frame, np.concatenate(rows_all)))
    return changed, truth


KINDS = {
    "exact": ("原样沿用", "every amount as last year"),
    "income": ("只沿用经营与工资收入", "wage and business amounts as last year"),
    "formula": ("同一增幅推算", "every amount up by one rate"),
    "jitter": ("上下浮动10元以内", "every amount within 10 yuan of last year's"),
}
"""Ways to fill a form from last year's: key -> (zh, en)."""


def repeated(rng: np.random.Generator, frame: pd.DataFrame, kind: str, share: float, chosen: list[str]) -> Planted:
    """Officials who filled a share of their forms from last year's (a key of `KINDS`)."""
    mine = frame["helper_id_number"].isin(chosen).to_numpy()
    rows = np.flatnonzero(mine & (rng.random(len(frame)) < share))
    rate = 1 + round(rng.uniform(0.05, 0.2), 3) if kind == "formula" else 1.0
    fields = ("wage_income", "business_income", "business_cost") if kind == "income" else FLOWS
    changed = frame.copy()
    for name in fields:
        last = frame[f"last_{name}"].to_numpy()[rows]
        jitter = rng.integers(-10, 11, len(rows)) if kind == "jitter" else 0
        changed.loc[rows, name] = np.where(last > 0, np.maximum(0, np.rint(last * rate + jitter)), 0)
    sum_up(changed)
    level = {"helper": set(chosen)} if len(chosen) < frame["helper_id_number"].nunique() else {}
    return changed, Truth(level, _numbers(frame, rows))


INVENTED = {
    "uniform digits": ("尾数均匀", "digits as by dice: no round amounts"),
    "too round": ("全为整百", "every amount in round hundreds"),
    "too alike": ("离散程度仅三成", "a third of the spread"),
}
"""Ways of inventing amounts at a desk: key -> (zh, en)."""


def invented(rng: np.random.Generator, frame: pd.DataFrame, kind: str, share: float, chosen: list[str]) -> Planted:
    """Officials who made up a share of their forms (a key of `INVENTED`)."""
    mine = frame["helper_id_number"].isin(chosen).to_numpy()
    rows = np.flatnonzero(mine & (rng.random(len(frame)) < share))
    changed = frame.copy()
    for name in ("wage_income", "business_income", "business_cost"):
        old = frame[name].to_numpy()[rows]
        if kind == "uniform digits":
            new = np.where(old > 0, np.rint(old * rng.uniform(0.93, 1.07, len(rows))), 0)
        elif kind == "too round":
            new = np.where(old > 0, np.maximum(100, np.rint(old / 100) * 100), 0)
        else:
            size = frame["size"].to_numpy()[rows]
            known = frame[name] > 0
            usual = float((frame[name][known] / frame["size"][known]).median())
            new = np.where(old > 0, np.rint(size * usual * (old / size / usual) ** 0.3), 0)
        changed.loc[rows, name] = new
    sum_up(changed)
    return changed, Truth({"helper": set(chosen)}, _numbers(frame, rows))


def all_leave(rng: np.random.Generator, frame: pd.DataFrame, share: float, chosen: list[str]) -> Planted:
    """Officials of whose households that had not left a share leaves this year, whatever they earn."""
    mine = (frame["helper_id_number"].isin(chosen) & frame["not_yet_left"].astype(bool)).to_numpy()
    rows = np.flatnonzero(mine & (rng.random(len(frame)) < share))
    changed = at(frame, rows, leaves_this_year=True, has_left_poverty=True, not_yet_left=False)
    return changed, Truth({"helper": set(chosen)}, _numbers(frame, rows))
