"""The ground that faults are planted on: a world's tables, who may be spoiled, and the means to do it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from povkit.simulate.arrays import Array, Frame
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.truth import Mark
from povkit.simulate.world import World

INCOME_PARTS = ("wage_income", "business_income", "property_income", "transfer_income")
TRANSFER_PARTS = ("family_planning_grant", "dibao_grant", "tekun_grant", "pension", "ecology_grant", "other_transfer")
_KEY_LISTS = ("危房", "大病", "残疾", "特困供养", "独居老人", "低保")


class Plot:
    """A world under planting.

    homes, homes_last, people, people_last: this and last year's tables by household_id and person_id.
    Masks are arrays in the order of `homes` or `people` as they were before planting. `quiet` homes neither came in,
    came back, nor had a birth or death; `left`, `left_before`, `poor`, `returned` tell where a home stands.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.stream("faults")
        self.homes: Frame = world.tables["household", THIS].set_index("household_id", drop=False)
        self.homes_last: Frame = world.tables["household", LAST].set_index("household_id", drop=False)
        self.people: Frame = world.tables["person", THIS].set_index("person_id", drop=False)
        self.people_last: Frame = world.tables["person", LAST].set_index("person_id", drop=False)
        self.sector = world.tables["sector", None]
        self.dropped: dict[str, set[Any]] = defaultdict(set)
        self._added: list[dict[str, Any]] = []
        self.visits: Frame = world.tables["visit", None]
        self._free = ~self.homes.index.isin(self.visits["household_id"])
        self._given: list[dict[str, Any]] = []
        self._taken_objects: set[str] = set()
        self._numbers = set(self.people["id_number"].str[:18]) | set(world.outsiders["id18"])
        self._homes_masks()
        self._people_masks()
        self._family_masks()
        self._rows_of = self._by_person(self.sector["id_number"])

    def _homes_masks(self) -> None:
        homes = self.homes
        status, category = homes["status"].astype(str), homes["category"].astype(str)
        year = homes["exit_year"].fillna(0).to_numpy(dtype=int)
        last = self.homes_last.reindex(homes.index)
        same = last["size"].fillna(-1).to_numpy(dtype=int) == homes["size"].to_numpy(dtype=int)
        calm = ~homes.index.isin(
            self.world.tables["change", None].query("kind in ('自然增加', '自然减少')")["household_id"]
        )
        self.returned = (status == "返贫").to_numpy()
        self.quiet = same & ~self.returned & calm
        self.poor = (status == "未脱贫").to_numpy() & self.quiet
        self.exited = (status == "已脱贫").to_numpy() & self.quiet
        self.left = self.exited & (year == THIS)
        self.left_before = self.exited & (year < THIS)
        self.ordinary = category.str.startswith("一般").to_numpy()
        self.dibao, self.tekun = category.str.startswith("低保").to_numpy(), category.str.startswith("特困").to_numpy()
        exited_villages = self.world.villages["village_code"][self.world.villages["exit_year"] > 0]
        self.in_exited_village = homes["village_code"].isin(exited_villages).to_numpy()
        self.per_head = homes["net_income_pc"].to_numpy()

    def _people_masks(self) -> None:
        people = self.people
        self.home_of = self.homes.index.get_indexer(people["household_id"])
        self.age = THIS - people["birth_date"].dt.year.to_numpy()
        health, self.relation = people["health"].astype(str), people["relation"].to_numpy().astype(str)
        self.healthy, self.disabled = (health == "健康").to_numpy(), (health == "残疾").to_numpy()
        self.chronic = (health == "长期慢性病").to_numpy()
        self.labour, self.school = people["labour"].to_numpy().astype(str), people["school"].to_numpy().astype(str)
        self.school_last = self.people_last["school"].reindex(people.index).to_numpy().astype(str)
        self.vocational = np.array([school.startswith(("中职", "高职")) for school in self.school])
        self.at_school, self.idle = people["school"].notna().to_numpy(), people["work_months"].isna().to_numpy()
        self.steady = self.quiet[self.home_of]
        size = self.homes["size"].to_numpy(dtype=int)[self.home_of]
        grown = (self.age >= 19) & (self.age < 59) & ~self.at_school & (self.school_last == "None")
        supported = (self.dibao | self.tekun)[self.home_of]
        self.plain = self.steady & self.healthy & grown & ~supported & (size > 1) & (self.relation != "户主")
        on_key_list = pd.Series(
            self.sector["list"].isin(_KEY_LISTS).to_numpy(), index=self.sector["id_number"].str[:18]
        )
        listed = set(on_key_list.index[on_key_list])
        keyed = people["id_number"].str[:18].isin(listed).to_numpy()
        self.home_unlisted = np.bincount(self.home_of, weights=keyed, minlength=len(self.homes)) == 0

    def _family_masks(self) -> None:
        """Counts a home: `able` hands, others with some labour among `hands`, the old, the ill; measures by kind."""
        measures = self.world.tables["measure", None]
        business = set(measures.loc[measures["kind"] == "产业帮扶", "household_id"])
        self.has_business_measure = self.homes.index.isin(business)
        able = np.isin(self.labour, ("普通劳动力", "技能劳动力"))
        self.able, self.hands = self.count(able), self.count(able | (self.labour == "弱劳动力或半劳动力"))
        self.old, self.unwell = self.count(self.age >= 58), self.count(~self.healthy)
        self.workers, self.pupils = self.count(~self.idle), self.count(self.at_school)
        self.children = self.count(np.isin(self.relation, ("之子", "之女")))
        self.size = self.homes["size"].to_numpy(dtype=int)
        self.head_age = np.zeros(len(self.homes), dtype=int)
        heads = self.relation == "户主"
        self.head_age[self.home_of[heads]] = self.age[heads]
        ratio = self.per_head / self.homes_last["net_income_pc"].reindex(self.homes.index).to_numpy()
        self.level = (ratio > 0.75) & (ratio < 1.6)

    def count(self, where: Array) -> Array:
        """How many people of a mask each home has."""
        return np.bincount(self.home_of[where], minlength=len(self.homes))

    @staticmethod
    def _by_person(numbers: Iterable[str | None]) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, number in enumerate(numbers):
            if number is not None:
                rows[number[:18]].append(row)
        return rows

    # -- whom to spoil

    def take_homes(self, mask: Array, n: int) -> list[str]:
        """At most `n` households of the mask that no fault has had yet; they are taken from now on."""
        places = self.rng.permutation(np.nonzero(mask & self._free)[0])[:n]
        self._free[places] = False
        return [str(home) for home in self.homes.index[places]]

    def take_people(self, mask: Array, n: int) -> list[str]:
        """At most `n` people of the mask, no two of one household, in households that no fault has had yet."""
        places = self.rng.permutation(np.nonzero(mask & self._free[self.home_of])[0])
        _, first = np.unique(self.home_of[places], return_index=True)
        places = places[np.sort(first)[:n]]
        self._free[self.home_of[places]] = False
        return [str(person) for person in self.people.index[places]]

    def is_free(self, place: int) -> bool:
        """Whether the household at a position has had no fault yet."""
        return bool(self._free[place])

    @property
    def free(self) -> Array:
        """Mask of the households that have had no fault yet."""
        return np.asarray(self._free)

    def take_place(self, place: int) -> None:
        """Take the household at a position."""
        self._free[place] = False

    def take_objects(self, ids: Iterable[Any], n: int) -> list[str]:
        """At most `n` of other ids (villages, helpers, problem records, outsiders) that no fault has had yet."""
        fresh = sorted({str(item) for item in ids} - self._taken_objects)
        chosen = [fresh[place] for place in self.rng.permutation(len(fresh))[:n]]
        self._taken_objects.update(chosen)
        return chosen

    def lacking(self, home: str) -> list[Mark]:
        """The mark of a village that has exited with this household's lack of house or water."""
        place = self.homes.index.get_loc(home)
        village = str(self.homes.at[home, "village_code"])
        return [Mark("N11", village, "village")] if self.in_exited_village[place] else []

    # -- how to spoil it

    def set_home(
        self, home: str, cells: Mapping[str, Any] | None = None, *, years: tuple[int, ...] = (THIS,), **values: Any
    ) -> None:
        """Write cells of a household's row in the given years (this year unless told)."""
        for frame in self._frames(self.homes, self.homes_last, years):
            if home in frame.index:
                for name, value in {**(cells or {}), **values}.items():
                    frame.at[home, name] = value

    def set_person(self, person: str, *, years: tuple[int, ...] = (LAST, THIS), **values: Any) -> None:
        """Write cells of a person's row in the given years (both unless told)."""
        for frame in self._frames(self.people, self.people_last, years):
            if person in frame.index:
                for name, value in values.items():
                    frame.at[person, name] = value

    @staticmethod
    def _frames(this: Frame, last: Frame, years: tuple[int, ...]) -> list[Frame]:
        return [frame for year, frame in ((LAST, last), (THIS, this)) if year in years]

    def renumber(self, person: str, number: str) -> None:
        """Give a person another number everywhere: both years, the household's head, the departments' lists."""
        old = str(self.people.at[person, "id_number"])
        self.set_person(person, id_number=number)
        if self.people.at[person, "relation"] == "户主":
            self.set_home(str(self.people.at[person, "household_id"]), years=(LAST, THIS), head_id_number=number)
        for row in self._rows_of.pop(old[:18], []):
            full = len(self.sector.at[row, "id_number"]) > 18
            self.sector.at[row, "id_number"] = number if full else number[:18]
            self._rows_of[number[:18]].append(row)

    def is_new(self, number: str) -> bool:
        """Whether nobody has these first 18 characters yet; they are taken from now on."""
        fresh = number[:18] not in self._numbers
        self._numbers.add(number[:18])
        return fresh

    def rename(self, person: str, name: str) -> None:
        """Give a person who is no head another name everywhere."""
        self.set_person(person, name=name)
        for row in self._rows_of.get(str(self.people.at[person, "id_number"])[:18], []):
            self.sector.at[row, "name"] = name

    def give(self, home: str, kind: str, content: str, **values: Any) -> None:
        """Add a measure of this year to a household."""
        row = {"household_id": home, "village_code": self.homes.at[home, "village_code"], "amount": 900.0}
        row |= {"kind": kind, "content": content, "starts": pd.Timestamp(f"{THIS}-03-20")}
        self._given.append(row | values)

    def date_measures(self, home: str, day: str) -> None:
        """Give every measure of a household one day."""
        table = self.world.tables["measure", None]
        table.loc[table["household_id"] == home, "starts"] = pd.Timestamp(day)

    def take_back(self, home: str, kind: str = "") -> None:
        """Drop a household's measures (of one kind)."""
        table = self.world.tables["measure", None]
        rows = table["household_id"] == home
        self.dropped["measure"].update(table.index[rows & (table["kind"] == kind) if kind else rows])

    def regroup(self, home: str, hamlet: str) -> None:
        """Move a household and its members to another village group."""
        self.set_home(home, years=(LAST, THIS), hamlet=hamlet)
        for person in self.people.index[self.people["household_id"] == home]:
            self.set_person(str(person), hamlet=hamlet)

    def rehead(self, home: str, surname: str) -> None:
        """Give a household's head another surname, everywhere."""
        heads = (self.people["household_id"] == home) & (self.people["relation"] == "户主")
        for person in self.people.index[heads]:
            name = surname + str(self.people.at[person, "name"])[1:]
            self.rename(str(person), name)
            self.set_home(home, years=(LAST, THIS), head_name=name)

    def strike(self, person: str, from_list: str) -> None:
        """Take a person off a department's list."""
        rows = self._rows_of.get(str(self.people.at[person, "id_number"])[:18], [])
        self.dropped["sector"].update(row for row in rows if self.sector.at[row, "list"] == from_list)

    def enlist(self, to_list: str, **values: Any) -> None:
        """Add a row to a department's list."""
        self._added.append({"list": to_list, "on": pd.Timestamp(f"{THIS}-07-16"), **values})

    def settle(self, home: str, year: int = THIS) -> None:
        """Work out transfer, net and per-head income of a household's row again from its parts."""
        row = (self.homes if year == THIS else self.homes_last).loc[home]
        transfer = float(sum(row[list(TRANSFER_PARTS)]))
        net = float(
            row["wage_income"] + row["business_income"] + row["property_income"] + transfer - row["business_cost"]
        )
        per_head = round(net / int(row["size"]), 2)
        total = net + float(row["business_cost"])
        sums = {"transfer_income": transfer, "net_income": net, "net_income_pc": per_head}
        self.set_home(home, sums, years=(year,), total_income_reported=total)

    def extend(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Add rows to a table that has no year."""
        frame = self.world.tables[table, None]
        more = pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes.to_dict())
        self.world.tables[table, None] = pd.concat([frame, more], ignore_index=True) if rows else frame

    def close(self) -> None:
        """Write everything back into the world's tables and count the village tables again."""
        tables = self.world.tables
        tables["household", THIS], tables["household", LAST] = self.homes, self.homes_last
        gone = self.people.index.isin(list(self.dropped["person"]))
        tables["person", THIS], tables["person", LAST] = self.people[~gone], self.people_last
        for name in ("household", "person"):
            for year in (LAST, THIS):
                tables[name, year] = tables[name, year].reset_index(drop=True)
        tables["sector", None] = self.sector.drop(index=sorted(self.dropped["sector"]))
        self.extend("sector", self._added)
        measures = tables["measure", None]
        tables["measure", None] = measures.drop(index=sorted(self.dropped["measure"])).reset_index(drop=True)
        self.extend("measure", self._given)
        order = {name: place for place, name in enumerate(dict.fromkeys(tables["sector", None]["list"]))}
        sorted_rows = tables["sector", None]["list"].map(order).to_numpy().argsort(kind="stable")
        tables["sector", None] = tables["sector", None].iloc[sorted_rows].reset_index(drop=True)
        for year in (LAST, THIS):
            tables["village", year] = self.world.village_table(year)


def person_marks(codes: Iterable[str], *people: str) -> list[Mark]:
    """A mark for each code and person."""
    return [Mark(code, person, "person") for code in codes for person in people]


def home_marks(codes: Iterable[str], *homes: str) -> list[Mark]:
    """A mark for each code and household."""
    return [Mark(code, home, "household") for code in codes for home in homes]
