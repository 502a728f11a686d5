"""G and H: households of old people who are still poor. They are few, so that each of these faults takes a third."""

from collections.abc import Iterator

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import THIS
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot
from povkit.simulate.truth import Mark


def _frail(plot: Plot, n: int, where: Array) -> Iterator[str]:
    """Poor households of old people alone."""
    fit = plot.poor & ~plot.tekun & (plot.count(plot.age >= 61) == plot.size) & (plot.count(plot.disabled) == 0)
    third = max(1, int(fit.sum()) // 3)
    yield from plot.take_homes(fit & where, min(n, third))


def _past_work(plot: Plot, home: str) -> None:
    """Nobody of a household is able to work any more."""
    for person in plot.people.index[plot.people["household_id"] == home]:
        plot.set_person(str(person), years=(THIS,), labour="无劳动力")


@fault("G12", rank=0)
def skills_for_the_frail(plot: Plot, n: int) -> Iterator[Mark]:
    """Poor for want of money, and nobody able to work."""
    for home in _frail(plot, n, plot.dibao):
        plot.set_home(home, cause="缺资金", other_causes=None)
        _past_work(plot, home)
        yield Mark("G12", home, "household")


@fault("G14", rank=0)
def frail_without_motivation(plot: Plot, n: int) -> Iterator[Mark]:
    """Old people who are said to lack motivation."""
    for home in _frail(plot, n, plot.quiet):
        plot.set_home(home, cause="自身发展动力不足", other_causes=None)
        yield Mark("G14", home, "household")


@fault("H12", rank=0)
def frail_without_welfare(plot: Plot, n: int) -> Iterator[Mark]:
    """Nobody able to work, still poor, and not on the guarantee (any more)."""
    for home in _frail(plot, n, plot.quiet):
        row = plot.homes.loc[home]
        money = {"dibao_grant": 0.0, "other_transfer": float(row["dibao_grant"] + row["other_transfer"])}
        plot.set_home(home, money, category="一般贫困户", not_exited_reason="收入不稳定")
        for person in plot.people.index[plot.people["household_id"] == home]:
            plot.set_person(str(person), years=(THIS,), dibao=False)
        _past_work(plot, home)
        plot.take_back(home, "综合保障")
        yield Mark("H12", home, "household")
