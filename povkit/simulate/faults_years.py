"""E, F and P: what changed between the years though it should not have, and households that hold too much in common."""

from collections.abc import Iterator

import pandas as pd

from povkit.simulate.arrays import Array
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.faults_identity import reborn
from povkit.simulate.planting import fault
from povkit.simulate.plot import Plot, home_marks
from povkit.simulate.truth import Mark


@fault("F05")
def income_halved(plot: Plot, n: int) -> Iterator[Mark]:
    """Last year more than twice this year's income."""
    for home in plot.take_homes(plot.left_before & plot.level, n):
        last = plot.homes_last.loc[home]
        more = 1.5 * float(plot.homes.at[home, "net_income"]) + float(plot.homes.at[home, "net_income"])
        extra = max(0.0, more - float(last["net_income"]))
        plot.set_home(home, years=(LAST,), business_income=float(round(last["business_income"] + extra)))
        plot.settle(home, LAST)
        yield Mark("F05", home, "household")


@fault("F09")
def size_changed(plot: Plot, n: int) -> Iterator[Mark]:
    """One more last year, and no record of who left."""
    for home in plot.take_homes(plot.exited & plot.level & (plot.size >= 3), n):
        row = plot.homes_last.loc[home]
        size = int(row["size"]) + 1
        per_head = round(float(row["net_income"]) / size, 2)
        if per_head == float(plot.homes.at[home, "net_income_pc"]):
            continue
        plot.set_home(home, years=(LAST,), size=size, net_income_pc=per_head)
        yield Mark("F09", home, "household")


@fault("F10")
def person_renumbered(plot: Plot, n: int) -> Iterator[Mark]:
    """Another person number last year."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, years=(LAST,), person_id=f"9{person[1:]}")
        yield Mark("F10", person, "person")


@fault("F11")
def land_shrunk(plot: Plot, n: int) -> Iterator[Mark]:
    """Less than half of last year's farmland, nobody says where it went."""
    for home in plot.take_homes(plot.exited, n):
        plot.set_home(home, years=(LAST,), farmland=round(2 * float(plot.homes.at[home, "farmland"]) + 6, 1))
        yield Mark("F11", home, "household")


@fault("P05")
def new_contradiction(plot: Plot, n: int) -> Iterator[Mark]:
    """More irrigated land than farmland this year, and not last year."""
    for home in plot.take_homes(plot.quiet, n):
        plot.set_home(home, irrigated=round(float(plot.homes.at[home, "farmland"]) + 2, 1))
        yield from home_marks(["I02", "P05"], home)


@fault("E27")
def monthly_wage_too_low(plot: Plot, n: int) -> Iterator[Mark]:
    """Wages of 120 yuan a month."""
    for home in plot.take_homes(plot.exited & plot.ordinary & (plot.workers > 0), n):
        months = float(plot.people.loc[plot.people["household_id"] == home, "work_months"].sum())
        row = plot.homes.loc[home]
        business = float(row["business_income"] + row["wage_income"] - 120 * months)
        plot.set_home(home, wage_income=120.0 * months, business_income=business)
        plot.settle(home)
        yield Mark("E27", home, "household")


def _pairs_of_homes(plot: Plot, keys: list[str], mask: Array, n: int, size: int = 2) -> Iterator[list[str]]:
    """At most `n` groups of free households of the mask that agree in the columns."""
    free = mask & plot.free
    groups = [list(part.index) for _, part in plot.homes.loc[free].groupby(keys, sort=True) if len(part) >= size]
    for place in plot.rng.permutation(len(groups))[:n]:
        chosen = [str(home) for home in groups[place][:size]]
        for home in chosen:
            plot.take_place(int(plot.homes.index.get_loc(home)))
        yield chosen


@fault("H16")
def shared_phone(plot: Plot, n: int) -> Iterator[Mark]:
    """Two households of one township with one telephone, in different groups."""
    for first, second in _pairs_of_homes(plot, ["township"], plot.quiet, n):
        plot.set_home(second, phone=plot.homes.at[first, "phone"])
        plot.regroup(second, "99组")
        yield from home_marks(["H16"], first, second)


@fault("B15")
def split_family(plot: Plot, n: int) -> Iterator[Mark]:
    """Two households of one village group, surname and telephone."""
    for first, second in _pairs_of_homes(plot, ["village_code", "hamlet"], plot.quiet, n):
        plot.set_home(second, phone=plot.homes.at[first, "phone"])
        plot.rehead(second, str(plot.homes.at[first, "head_name"])[0])
        yield from home_marks(["B15", "H16"], first, second)


@fault("I22", rank=2)
def alike(plot: Plot, n: int) -> Iterator[Mark]:
    """Three households of a village, of one size, with the same land, house and distance."""
    same = (
        "farmland",
        "irrigated",
        "forest",
        "reforested",
        "orchard",
        "housing_area",
        "road_distance",
        "ecology_grant",
    )
    mask = plot.left_before & plot.ordinary & ~plot.homes["cause"].isin(("缺土地",)).to_numpy()
    for homes in _pairs_of_homes(plot, ["village_code", "size"], mask, n, size=3):
        pattern = {name: plot.homes.at[homes[0], name] for name in same}
        for home in homes[1:]:
            plot.set_home(home, pattern, years=(LAST, THIS), road_type="水泥路")
            for year in (LAST, THIS):
                plot.settle(home, year)
        yield from home_marks(["I22"], *homes)


@fault("O04", rank=2)
def one_point(plot: Plot, n: int) -> Iterator[Mark]:
    """Seven households of a village on one point."""
    located = plot.homes["longitude"].notna().to_numpy() & plot.homes["moved_in"].isna().to_numpy()
    for homes in _pairs_of_homes(plot, ["village_code"], plot.quiet & located, min(n, 2), size=7):
        for home in homes[1:]:
            plot.set_home(home, {name: plot.homes.at[homes[0], name] for name in ("longitude", "latitude")})
        yield from home_marks(["O04"], *homes)


@fault("H05", rank=0)
def worker_in_care(plot: Plot, n: int) -> Iterator[Mark]:
    """Someone of fifty and able to work under the five guarantees."""
    for person in plot.take_people((plot.exited & plot.tekun)[plot.home_of] & plot.healthy, n):
        reborn(plot, person, THIS - 50)
        plot.set_person(person, labour="普通劳动力")
        home = str(plot.people.at[person, "household_id"])
        for year, frame in ((LAST, plot.homes_last), (THIS, plot.homes)):
            moved = float(frame.at[home, "other_transfer"] + frame.at[home, "pension"])
            plot.set_home(home, years=(year,), pension=0.0, other_transfer=moved)
        yield Mark("H05", home, "household")


@fault("H04")
def member_on_guarantee(plot: Plot, n: int) -> Iterator[Mark]:
    """A member of an ordinary household on the guarantee, by the measures too."""
    for person in plot.take_people(plot.plain, n):
        home = str(plot.people.at[person, "household_id"])
        plot.set_person(person, years=(THIS,), dibao=True)
        plot.give(home, "综合保障", "低保金")
        yield Mark("H04", home, "household")


@fault("D24", rank=0)
def works_in_care(plot: Plot, n: int) -> Iterator[Mark]:
    """Someone under the five guarantees who goes out to work."""
    for person in plot.take_people((plot.exited & plot.tekun)[plot.home_of] & plot.healthy, n):
        home = str(plot.people.at[person, "household_id"])
        work = {"work_months": 2.0, "work_place": "县外省内", "employer": "物流公司", "monthly_pay": 750.0}
        plot.set_person(person, years=(THIS,), labour="弱劳动力或半劳动力", **work)
        plot.set_home(home, wage_income=1500.0, other_transfer=float(plot.homes.at[home, "other_transfer"]))
        plot.settle(home)
        yield Mark("D24", person, "person")


@fault("D13", rank=1)
def idle_elder(plot: Plot, n: int) -> Iterator[Mark]:
    """An elder fully able to work, without work, in a household without business."""
    fit = plot.exited & ~plot.has_business_measure
    for person in plot.take_people(fit[plot.home_of] & plot.healthy & (plot.age >= 67), n):
        home = str(plot.people.at[person, "household_id"])
        row = plot.homes.loc[home]
        rent = float(row["property_income"] + row["business_income"] - row["business_cost"])
        plot.set_home(home, business_income=0.0, business_cost=0.0, property_income=max(rent, 100.0))
        plot.settle(home)
        plot.set_person(person, years=(THIS,), labour="普通劳动力")
        yield Mark("D12", person, "person")
        yield Mark("D13", person, "person")


@fault("B14")
def member_elsewhere(plot: Plot, n: int) -> Iterator[Mark]:
    """A member in another village group than the household."""
    for person in plot.take_people(plot.plain, n):
        plot.set_person(person, years=(THIS,), hamlet="99组")
        yield Mark("B14", str(plot.people.at[person, "household_id"]), "household")


@fault("B07", rank=2)
def mother_as_daughter(plot: Plot, n: int) -> Iterator[Mark]:
    """The head's mother entered as a daughter."""
    for person in plot.take_people((plot.relation == "之母") & plot.steady, n):
        plot.set_person(person, years=(THIS,), relation="之女")
        plot.set_home(str(plot.people.at[person, "household_id"]), only_child=False, two_daughters=False)
        yield Mark("B07", person, "person")


@fault("B08", rank=0)
def child_as_spouse(plot: Plot, n: int) -> Iterator[Mark]:
    """A child of a lone parent entered as the spouse."""
    sex = plot.people["sex"].to_numpy().astype(str)
    of_head, heads = pd.Series("", index=range(len(plot.homes))), plot.relation == "户主"
    of_head.iloc[plot.home_of[heads]] = sex[heads]
    alone = plot.count(plot.relation == "配偶") == 0
    child = ((plot.relation == "之子") | (plot.relation == "之女")) & (plot.age < 15) & plot.steady
    fit = child & alone[plot.home_of] & (of_head.to_numpy()[plot.home_of] != sex)
    for person in plot.take_people(fit, n):
        plot.set_person(person, years=(THIS,), relation="配偶")
        yield Mark("B08", person, "person")


@fault("B09", rank=0)
def child_as_head(plot: Plot, n: int) -> Iterator[Mark]:
    """A lone parent and the child changed places."""
    child = ((plot.relation == "之子") | (plot.relation == "之女")) & (plot.age < 15) & plot.steady
    for person in plot.take_people(child & (plot.size == 2)[plot.home_of], n):
        row = plot.people.loc[person]
        home = str(row["household_id"])
        (parent,) = plot.people.index[(plot.people["household_id"] == home) & (plot.people["relation"] == "户主")]
        role = "之父" if plot.people.at[parent, "sex"] == "男" else "之母"
        plot.set_person(str(parent), years=(THIS,), relation=role)
        plot.set_person(person, years=(THIS,), relation="户主")
        plot.set_home(home, head_name=row["name"], head_id_number=row["id_number"], only_child=False)
        yield Mark("B09", home, "household")


@fault("B12", rank=1)
def large_household(plot: Plot, n: int) -> Iterator[Mark]:
    """Seven in a household of six rows: too many to be one household, and one row is lacking."""
    for home in plot.take_homes(plot.exited & (plot.size == 6) & (plot.per_head > 4600), n):
        for year in (LAST, THIS):
            plot.set_home(home, size=7, years=(year,))
            plot.settle(home, year)
        yield from home_marks(["B10", "B12"], home)
