"""I and M: measures that do not answer the lack, or are for other people than those of the household."""

from collections.abc import Iterator
from typing import Any

from povkit.simulate.arrays import Array
from povkit.simulate.cells import Where
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark


def _given(code: str, where: Where, kind: str, content: str, **values: Any) -> None:
    """Register a fault that adds a measure which the household should not have."""

    @fault(code)
    def plant(plot: Plot, n: int) -> Iterator[Mark]:
        """A measure too much."""
        for home in plot.take_homes(where(plot), n):
            plot.give(home, kind, content, **values)
            yield Mark(code, home, "household")


_given("M05", lambda p: p.exited & (p.count(p.vocational) == 0), "教育帮扶", "雨露计划")
_given("M06", lambda p: p.exited & p.ordinary, "综合保障", "特困供养金")
_given("M07", lambda p: p.exited & (p.hands == 0), "金融帮扶", "扶贫小额信贷")
_given("M09", lambda p: p.exited, "基础设施", "入户路", amount=0.0)


@fault("M02", rank=1)
def lack_unanswered(plot: Plot, n: int) -> Iterator[Mark]:
    """A dangerous house still lived in by the poor, and no help with building."""
    unsafe: Array = plot.homes["unsafe_house"].fillna(False).to_numpy(dtype=bool)
    for home in plot.take_homes(plot.poor & unsafe, n):
        plot.take_back(home, "危房改造")
        yield Mark("M02", home, "household")


@fault("M03", rank=3)
def job_measure_without_work(plot: Plot, n: int) -> Iterator[Mark]:
    """A measure that gave a job, and nobody works."""
    idle = (plot.workers == 0) & (plot.homes["wage_income"].to_numpy() == 0)
    posted = plot.count(plot.people["public_job"].notna().to_numpy())
    for home in plot.take_homes(plot.exited & idle & (posted == 0), n):
        plot.give(home, "就业帮扶", "转移就业")
        yield Mark("M03", home, "household")


@fault("M04", rank=3)
def business_measure_without_business(plot: Plot, n: int) -> Iterator[Mark]:
    """A measure for business, and no business: the land is let."""
    for home in plot.take_homes(plot.exited & plot.has_business_measure & (plot.old == 0), n):
        row = plot.homes.loc[home]
        rent = float(row["property_income"] + row["business_income"] - row["business_cost"])
        plot.set_home(home, business_income=0.0, business_cost=0.0, property_income=rent)
        plot.settle(home)
        yield Mark("M04", home, "household")


@fault("M08", rank=0)
def relocated_into_danger(plot: Plot, n: int) -> Iterator[Mark]:
    """Moved in after relocation, and the house is graded dangerous; left poverty so."""
    table = plot.world.tables["measure", None]
    relocated = plot.homes.index.isin(table.loc[table["kind"] == "易地搬迁", "household_id"])
    for home in plot.take_homes(plot.left & relocated, n):
        plot.set_home(home, unsafe_house=True, house_grade="C级")
        yield from home_marks(["I15", "J01", "M08"], home)
        yield from plot.lacking(home)


@fault("I20", rank=2)
def cooperative_in_name(plot: Plot, n: int) -> Iterator[Mark]:
    """In a cooperative, without income from it and without any measure; the land lies idle too."""
    homes = plot.homes
    secure = ~homes["unsafe_house"].fillna(True).to_numpy(dtype=bool) & homes["water_safe"].to_numpy(dtype=bool)
    fit = plot.poor & plot.ordinary & secure & homes["cause"].isin(("缺技术", "缺资金", "缺土地", "其他")).to_numpy()
    fit &= (plot.count(plot.disabled | plot.vocational) == 0) & (plot.able > 0) & (plot.old == 0)
    for home in plot.take_homes(fit, n):
        plot.take_back(home)
        row = homes.loc[home]
        moved = float(row["other_transfer"] + row["business_income"] + row["property_income"] - row["business_cost"])
        plot.set_home(home, business_income=0.0, business_cost=0.0, property_income=0.0, other_transfer=moved)
        plot.set_home(home, cooperative=True)
        plot.settle(home)
        yield from home_marks(["E25", "I20"], home)
