"""E and F: faults in incomes, and in what must change from one year to the next."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, LINE, THIS
from povkit.simulate.planting import fault
from povkit.simulate.plot import INCOME_PARTS, TRANSFER_PARTS, Plot, home_marks
from povkit.simulate.schooling import GRADED
from povkit.simulate.truth import Mark

_TOTAL = "total_income_reported"


@fault("E01")
def part_blank(plot: Plot, n: int) -> Iterator[Mark]:
    """One of the four kinds of income left open instead of nought."""
    for home in plot.take_homes(plot.quiet & (plot.homes["property_income"].to_numpy() == 0), n):
        plot.set_home(home, property_income=np.nan)
        yield Mark("E01", home, "household")


@fault("E03")
def total_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """A total income that is not the sum of its four kinds."""
    for home in plot.take_homes(plot.quiet, n):
        plot.set_home(home, {_TOTAL: float(plot.homes.at[home, _TOTAL]) + 1000})
        yield Mark("E03", home, "household")


@fault("E04")
def net_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """A net income that is not the parts less the cost; the per-head income follows it."""
    for home in plot.take_homes(plot.exited, n):
        row = plot.homes.loc[home]
        net = float(row["net_income"]) + 450 * int(row["size"])
        plot.set_home(home, net_income=net, net_income_pc=round(net / int(row["size"]), 2))
        yield Mark("E04", home, "household")


@fault("E05")
def per_head_differs(plot: Plot, n: int) -> Iterator[Mark]:
    """A per-head income that is not the net income over the size."""
    for home in plot.take_homes(plot.exited, n):
        for year, frame in ((LAST, plot.homes_last), (THIS, plot.homes)):
            plot.set_home(home, years=(year,), net_income_pc=round(float(frame.at[home, "net_income_pc"]) + 230, 2))
        yield Mark("E05", home, "household")


@fault("E07")
def business_without_cost(plot: Plot, n: int) -> Iterator[Mark]:
    """Business that cost nothing."""
    for home in plot.take_homes(plot.exited, n):
        plot.set_home(home, business_cost=0.0)
        plot.settle(home)
        yield Mark("E07", home, "household")


@fault("E11", rank=3)
def left_below_line(plot: Plot, n: int) -> Iterator[Mark]:
    """Left poverty with an income below the line; the two codes for it are one test."""
    homes = plot.homes
    own = homes["net_income"].to_numpy() - homes["transfer_income"].to_numpy()
    needed = (plot.per_head - 2800) * homes["size"].to_numpy(dtype=int)
    last = plot.homes_last["net_income_pc"].reindex(plot.homes.index).to_numpy()
    fit = plot.left & (plot.per_head < 6500) & (needed < 0.7 * own) & (last < 5600)
    for home in plot.take_homes(fit, n):
        _lower(plot, home, float(plot.rng.uniform(0.82, 0.985)) * LINE[THIS])
        yield from home_marks(["E11", "J08"], home)


def _lower(plot: Plot, home: str, per_head: float) -> None:
    """Cut wage, business and cost in proportion until the per-head income is about `per_head`."""
    row = plot.homes.loc[home]
    own = float(row["wage_income"] + row["business_income"] - row["business_cost"])
    ratio = 1 - (float(row["net_income"]) - per_head * int(row["size"])) / own
    plot.set_home(home, {p: float(round(row[p] * ratio)) for p in ("wage_income", "business_income", "business_cost")})
    plot.settle(home)


@fault("J08", rank=3)
def left_below_line_again(plot: Plot, n: int) -> Iterator[Mark]:
    """The same as E11, counted from the side of the exit standards."""
    yield from left_below_line(plot, n)


def _move_grant(plot: Plot, home: str, grant: str, left: float) -> None:
    """Leave `left` yuan of a grant and book the rest as other transfers: the sums stay."""
    row = plot.homes.loc[home]
    plot.set_home(home, {grant: left, "other_transfer": float(row["other_transfer"] + row[grant] - left)})


@fault("E17", rank=2)
def dibao_without_grant(plot: Plot, n: int) -> Iterator[Mark]:
    """A household on low-income guarantee that gets (next to) none."""
    for place, home in enumerate(plot.take_homes(plot.dibao & plot.quiet, n)):
        _move_grant(plot, home, "dibao_grant", 60.0 if place % 2 else 0.0)
        yield Mark("E17", home, "household")


@fault("E18")
def grant_without_dibao(plot: Plot, n: int) -> Iterator[Mark]:
    """Low-income guarantee paid to a household that is not on it."""
    for home in plot.take_homes(plot.ordinary & plot.exited, n):
        plot.set_home(home, dibao_grant=1200.0)
        plot.settle(home)
        yield Mark("E18", home, "household")


@fault("E19", rank=0)
def tekun_without_grant(plot: Plot, n: int) -> Iterator[Mark]:
    """A five-guarantee household without its allowance."""
    for home in plot.take_homes(plot.tekun & plot.exited, n):
        _move_grant(plot, home, "tekun_grant", 0.0)
        yield Mark("E19", home, "household")


@fault("E20")
def grant_without_tekun(plot: Plot, n: int) -> Iterator[Mark]:
    """Five-guarantee allowance paid to a household that is not in that care."""
    for home in plot.take_homes(plot.ordinary & plot.exited, n):
        plot.set_home(home, tekun_grant=2400.0)
        plot.settle(home)
        yield Mark("E20", home, "household")


@fault("E21", rank=1)
def both_grants(plot: Plot, n: int) -> Iterator[Mark]:
    """Both allowances at once; the second is also one that the household has no right to."""
    for home in plot.take_homes(plot.dibao & plot.exited, n):
        plot.set_home(home, tekun_grant=2400.0)
        plot.settle(home)
        yield from home_marks(["E20", "E21"], home)


def _comparable(plot: Plot) -> Array:
    """Homes whose standing was the same last year: a copied income does not upset last year's record."""
    steady: Array = plot.left_before | plot.poor
    old = plot.homes_last["business_income"].reindex(plot.homes.index).to_numpy()
    change = plot.homes["net_income"].to_numpy() - plot.homes_last["net_income"].reindex(plot.homes.index).to_numpy()
    steady &= (old + change > 300) & (change != 0) & plot.homes.index.isin(plot.homes_last.index)
    return steady


@fault("F01", rank=3)
def per_head_repeated(plot: Plot, n: int) -> Iterator[Mark]:
    """The same per-head income in both years, out of different parts."""
    differs = (
        plot.homes["wage_income"].to_numpy() != plot.homes_last["wage_income"].reindex(plot.homes.index).to_numpy()
    )
    for home in plot.take_homes(_comparable(plot) & differs, n):
        now, last = plot.homes.loc[home], plot.homes_last.loc[home]
        business = float(last["business_income"] + now["net_income"] - last["net_income"])
        same = {name: now[name] for name in ("net_income", "net_income_pc")}
        total = float(now["net_income"] + last["business_cost"])
        plot.set_home(home, years=(LAST,), business_income=business, total_income_reported=total, **same)
        yield Mark("F01", home, "household")


@fault("F02", rank=3)
def incomes_repeated(plot: Plot, n: int) -> Iterator[Mark]:
    """Every part of the income as last year, and so the per-head income too."""
    names = (*INCOME_PARTS, *TRANSFER_PARTS, "business_cost", "net_income", "net_income_pc", _TOTAL)
    for home in plot.take_homes(_comparable(plot), n):
        plot.set_home(home, {name: plot.homes.at[home, name] for name in names}, years=(LAST,))
        yield from home_marks(["F01", "F02"], home)


@fault("F03", rank=2)
def grade_repeated(plot: Plot, n: int) -> Iterator[Mark]:
    """A pupil in last year's grade."""
    first = np.array([school.endswith("一年级") for school in plot.school])
    moved_on = np.isin(plot.school, GRADED) & np.isin(plot.school_last, GRADED) & plot.steady & ~first
    for person in plot.take_people(moved_on, n):
        plot.set_person(person, years=(THIS,), school=plot.people_last.at[person, "school"])
        yield Mark("F03", person, "person")


_JUMPS = {"八年级": "九年级", "九年级": "七年级", "普通高中二年级": "普通高中三年级", "中职二年级": "中职三年级"}


@fault("F04", rank=2)
def grade_jumped(plot: Plot, n: int) -> Iterator[Mark]:
    """A pupil two grades on, or one back."""
    pupils = np.isin(plot.school, tuple(_JUMPS)) & np.isin(plot.school_last, GRADED) & plot.steady
    for person in plot.take_people(pupils, n):
        plot.set_person(person, years=(THIS,), school=_JUMPS[str(plot.people.at[person, "school"])])
        yield Mark("F04", person, "person")


@fault("F08")
def person_changed(plot: Plot, n: int) -> Iterator[Mark]:
    """Another ethnicity, or another birth date, than last year."""
    for place, person in enumerate(plot.take_people(plot.plain, n)):
        if place % 2:
            birth = plot.people.at[person, "birth_date"]
            plot.set_person(person, years=(LAST,), birth_date=birth + pd.Timedelta(days=5))
        else:
            other = "彝族" if plot.people.at[person, "ethnicity"] == "汉族" else "汉族"
            plot.set_person(person, years=(LAST,), ethnicity=other)
        yield Mark("F08", person, "person")
