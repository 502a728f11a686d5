"""The notebook's charts: which counts go into which picture. Counts come from the views and the findings."""

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.figure import Figure

from povkit.policy import Limits
from povkit.report.figures import SEVERITY_COLOURS, short_village
from povkit.report.fonts import FontSet
from povkit.run.charts import Panel, bars, histogram, page
from povkit.run.check import Frames
from povkit.run.words import StoryWords
from povkit.views.person import SECTOR_COLUMNS

CHANGES = ("change_new", "change_return", "change_restored", "change_exit", "change_removed")
_TOP = 12
_TITLE = {"zh": 18, "en": 40}


class Pictures:
    """Charts of one county. households: see `household_columns`; findings: FINDING_SCHEMA as a DataFrame."""

    def __init__(
        self, frames: Frames, findings: pd.DataFrame, limits: Limits, words: StoryWords, fonts: FontSet
    ) -> None:
        self.frames, self.findings, self.limits, self.words, self.fonts = frames, findings, limits, words, fonts
        self.households = household_columns(frames)

    def glance(self) -> Figure:
        """Statuses, households by township, and incomes around the line."""
        words = self.words
        homes = self.households.assign(township=self._places(self.households["township"]))
        status = homes["status"].fillna(words("sheet.blank")).value_counts().to_frame(words("chart.households"))
        townships = self._split(homes, "has_left_poverty", "part.has_left", "part.not_left")
        left = [
            bars(status, words("chart.status"), words("chart.households"), self._none, ("#6f8aa5",)),
            self._incomes(homes, words("chart.income_all")),
        ]
        right = [bars(townships, words("chart.townships"), words("chart.households"), self._none)]
        return page(self.fonts, [left, right], max(len(townships), 14))

    def phenomenon(self, name: str, codes: list[str]) -> Figure:
        """What the county's own numbers show of it (or which rules speak), and where the findings are."""
        found = self.findings[self.findings["code"].isin(codes)]
        left, rows = self._own(name, found)
        by_township = self._severities(found, self._places(found["township"]))
        right = self._found(by_township, self.words("chart.finding_townships"))
        return page(self.fonts, [[left], [right]], max(rows, len(by_township)))

    def changes(self) -> Figure:
        """This year's changes by township and kind."""
        panel, rows = self._changes()
        return page(self.fonts, [[panel]], rows)

    def villages(self, worst: pd.DataFrame) -> Figure:
        """Findings of the villages given (village_code, village, township), by severity, in their order."""
        found = self.findings[self.findings["village_code"].isin(worst["village_code"])]
        table = self._severities(found, found["village_code"]).reindex(worst["village_code"]).fillna(0)
        table.index = pd.Index(worst["village"].map(short_village) + " " + worst["township"])
        return page(self.fonts, [[self._found(table, self.words("chart.worst"))]], len(table))

    def _own(self, name: str, found: pd.DataFrame) -> tuple[Panel, int]:
        """The left panel of a phenomenon and its number of bars."""
        makers: Mapping[str, Callable[[], tuple[Panel, int]]] = {
            "S5.1": self._changes,
            "S5.3": lambda: (self._incomes(self._exits(), self.words("chart.income_exits")), 10),
            "S5.4": self._notice,
            "S5.5": self._backstop,
            "S5.6": self._lists,
        }
        return makers[name]() if name in makers else self._rules(found)

    def _exits(self) -> pd.DataFrame:
        return self.households[self.households["leaves_this_year"].fillna(False).astype(bool)]

    def _incomes(self, homes: pd.DataFrame, title: str) -> Panel:
        line = self.limits.get("income_line")
        return histogram(homes["net_income_pc"], line, title, self.words("chart.income"), self.words)

    def _notice(self) -> tuple[Panel, int]:
        least, words = self.limits.get("notice_days_min"), self.words
        return histogram(
            self._exits()["notice_days"], least, words("chart.notice"), words("chart.days"), words, whole=True
        ), 10

    def _backstop(self) -> tuple[Panel, int]:
        exits = self._exits()
        table = self._split(
            exits.assign(township=self._places(exits["township"])), "backstop", "part.backstop", "part.other"
        )
        panel = bars(
            table, self.words("chart.backstop"), self.words("chart.households"), self._none, ("#a3262a", "#c3cad1")
        )
        return panel, len(table)

    def _changes(self) -> tuple[Panel, int]:
        homes, words = self.households, self.words
        flags = homes[list(CHANGES)].fillna(False).astype(int)
        table = flags.groupby(self._places(homes["township"])).sum()
        table.columns = [words(f"part.{name}") for name in CHANGES]
        table = table[table.sum(axis=1) > 0].pipe(_largest_first)
        return bars(table, words("chart.changes"), words("chart.households"), self._none), len(table)

    def _lists(self) -> tuple[Panel, int]:
        words = self.words
        names = [*self.limits.get("key_groups", ()), *self.limits.get("left_out_lists", ())]
        columns = {name: SECTOR_COLUMNS[name] for name in dict.fromkeys(names) if name in SECTOR_COLUMNS}
        counts = ", ".join(
            f"count(*) FILTER (WHERE {flag} AND {inside} household_on_register)"
            for flag in columns.values()
            for inside in ("", "NOT")
        )
        numbers = self.frames.query(f"SELECT {counts} FROM listed").iloc[0].tolist() if columns else []
        table = pd.DataFrame(
            {words("part.registered"): numbers[::2], words("part.not_registered"): numbers[1::2]}, index=list(columns)
        )
        table = table[table.sum(axis=1) > 0]
        panel = bars(table, words("chart.lists"), words("chart.people"), self._none, ("#c3cad1", "#a3262a"))
        return panel, len(table)

    def _rules(self, found: pd.DataFrame) -> tuple[Panel, int]:
        words = self.words
        titles = found["code"] + " " + found[f"title_{words.language}"].str.slice(0, _TITLE[words.language])
        table = self._severities(found, titles)
        return self._found(table, words("chart.rules")), len(table)

    def _found(self, table: pd.DataFrame, title: str) -> Panel:
        """Bars of findings by severity."""
        return bars(table, title, self.words("chart.findings"), self.words("figure.none"), self._colours(table))

    @property
    def _none(self) -> str:
        return self.words("chart.none")

    def _split(self, homes: pd.DataFrame, flag: str, yes: str, no: str) -> pd.DataFrame:
        """Households by township, apart by a true/false column; unknown counts as no."""
        words = self.words
        is_so = homes[flag].fillna(False).astype(bool)
        table = pd.DataFrame({words(yes): is_so, words(no): ~is_so}).groupby(homes["township"]).sum()
        return _largest_first(table)

    def _severities(self, found: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
        """Counts by label and severity, most first, the first dozen."""
        if found.empty:
            return pd.DataFrame()
        table = pd.crosstab(labels.to_numpy(), found["severity"].to_numpy())
        table = table[[name for name in SEVERITY_COLOURS if name in table.columns]]
        named = table.rename(columns={name: self.words(f"severity.{name}") for name in SEVERITY_COLOURS})
        return _largest_first(named).head(_TOP)

    def _colours(self, table: pd.DataFrame) -> tuple[str, ...]:
        by_word = {self.words(f"severity.{name}"): colour for name, colour in SEVERITY_COLOURS.items()}
        return tuple(by_word[str(name)] for name in table.columns) or ("#6f8aa5",)

    def _places(self, townships: pd.Series) -> pd.Series:
        known = townships.fillna("")
        return known.where(known != "", self.words("chart.no_place"))


def household_columns(frames: Frames) -> pd.DataFrame:
    """The columns of the household view that charts and tables use, one row a household."""
    names = ("household_id", "head_name", "township", "village_code", "village", "status", "members", "net_income_pc")
    flags = ("has_left_poverty", "leaves_this_year", "backstop", "notice_days", *CHANGES)
    return frames.query(f"SELECT {', '.join((*names, *flags))} FROM household ORDER BY household_id")


def _largest_first(table: pd.DataFrame) -> pd.DataFrame:
    order = table.assign(_total=table.sum(axis=1), _name=table.index.astype(str))
    return table.loc[order.sort_values(["_total", "_name"], ascending=[False, True]).index]
