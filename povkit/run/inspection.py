"""One county's inspection as the notebook tells it: opened with the parameters, then one method for each part."""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import Markdown
from matplotlib.figure import Figure

from povkit.policy import Policy, limits_for, load_county
from povkit.report import Picture, ReportOptions, draw_pictures, find_fonts, gather, write_report
from povkit.report.figures import phenomena_strip
from povkit.run import leads, story, tables
from povkit.run.check import check_county, write_check
from povkit.run.folders import county_folder, put_files, staging
from povkit.run.gallery import Gallery, patterns_of
from povkit.run.manifest import for_report, provenance, sha256, write_manifest
from povkit.run.marks import marks_file
from povkit.run.pictures import Pictures, household_columns
from povkit.run.settings import Settings, report_labels, settle
from povkit.run.shapes import shapes_of
from povkit.run.sheets import Sheet, sheet
from povkit.run.words import StoryWords
from povkit.vocab import RunError

_WORST = 15


class Inspection:
    """A county, checked. Tables are DataFrames, charts are matplotlib Figures, words are Markdown.

    county: six-digit code. as_of: date that ages and deadlines are taken at, "2018-12-31". data_year: year of the
    snapshots, default the year of `as_of`. register: folder of the snapshots. out: folder of all outputs (results go
    to `out/<county>/<as_of>`), default `outputs` beside the register. language: "zh" or "en". policy: name, or path
    of a .yaml file. parameters: folder to use instead of povkit's own. fonts: folder of the user's own fonts.
    show_identities: names, numbers and phones unmasked. engine, master, memory, threads, spill: how the work is done
    (see `povkit.run.machine.Machine`); no result depends on them.

    Relative paths are looked for in the current folder, then in each folder above it.
    Raises RunError, PolicyError or InputError with every fault of the parameters.
    """

    def __init__(
        self,
        county: str,
        as_of: str | date,
        data_year: int | None = None,
        register: str | Path = "register",
        out: str | Path | None = None,
        language: str = "zh",
        policy: str | Path = "yunnan-2018",
        parameters: str | Path | None = None,
        fonts: str | Path | None = None,
        show_identities: bool = False,
        engine: str = "duckdb",
        master: str | None = None,
        memory: str | None = None,
        threads: int | None = None,
        spill: str | Path | None = None,
    ) -> None:
        self.county = str(county)
        self.settings: Settings = settle(
            as_of=as_of, data_year=data_year, register=register, out=out, language=language, policy=policy,
            parameters=parameters, fonts=fonts, show_identities=show_identities, search=True,
            engine=engine, master=master, memory=memory, threads=threads, spill=spill,
        )  # fmt: skip
        given = self.settings
        self.words = StoryWords(given.language)
        self.provenance = self._provenance()
        self.policy: Policy = given.loaded_policy
        self.checked = check_county(
            given.register, self.county, given.as_of, given.data_year, self.policy, given.parameters,
            machine=given.machine, marks=given.marks(self.county),
        )  # fmt: skip
        self.options = ReportOptions(
            language=given.language,
            show_identities=show_identities,
            fonts=given.fonts,
            labels=report_labels(self.policy),
        )
        place = load_county(self.county, given.parameters)
        self.limits = limits_for(self.policy, place, given.as_of, given.data_year)
        self.shapes = shapes_of(
            self.checked.patterns, self.limits, household_columns(self.checked.frames), given.parameters
        )
        parents = for_report(self.provenance, self.words.language)
        self.gathered = gather(self.checked.findings, self.checked.summary, parents, self.options, self.shapes)

    @property
    def folder(self) -> Path:
        """Where `write` puts the results."""
        return county_folder(self.settings.out, self.county, self.settings.as_of)

    @cached_property
    def pictures(self) -> Pictures:
        """The charts' counts, taken from the views once."""
        fonts = find_fonts(self.settings.fonts)
        return Pictures(self.checked.frames, self.gathered.frame, self.limits, self.words, fonts)

    def heading(self, part: str) -> Markdown:
        """Heading and paragraph of a part of the story: title, handed_in, glance, S5.1 …; KeyError for others."""
        return Markdown(story.told(part, self.gathered, self.words))  # type: ignore[no-untyped-call]

    def handed_in(self) -> Sheet:
        """Tables that were handed in, with rows and source files."""
        return tables.handed_in(self.gathered, self.provenance, self.words)

    def missing_inputs(self) -> Sheet:
        """Tables and columns that were not handed in."""
        return tables.missing_inputs(self.gathered, self.words)

    def unreadable_cells(self) -> Sheet:
        """Cells that could not be understood, counted by column."""
        return tables.unreadable_cells(self.gathered, self.settings.register, self.county, self.words)

    def glance(self) -> Sheet:
        """The county's key figures."""
        return tables.key_figures(self.gathered, self.words)

    def glance_figure(self) -> Figure:
        """Statuses, households by township, incomes around the line."""
        return self.pictures.glance()

    def townships(self) -> Sheet:
        """Households of each township."""
        return tables.townships(self.pictures.households, self.words)

    def verdicts(self) -> Sheet:
        """The six phenomena with verdicts and the figures that carry them."""
        return tables.verdicts(self.gathered, self.words)

    def verdicts_figure(self) -> Figure:
        """The six phenomena as tiles."""
        return phenomena_strip(self.checked.summary, self.settings.language, find_fonts(self.settings.fonts))

    def phenomenon(self, name: str) -> Sheet:
        """Findings that belong to a phenomenon (S5.1 … S5.6), masked, gravest first."""
        return leads.findings_of(self.gathered, self._codes(name), self.words)

    def phenomenon_figure(self, name: str) -> Figure:
        """What the county's own numbers show of a phenomenon, and where its findings are."""
        return self.pictures.phenomenon(name, self._codes(name))

    def patterns(self, name: str) -> Sheet:
        """Patterns tested for a phenomenon: what is unusual, where, how strongly, whom to visit first."""
        return patterns_of(self.gathered, self._phenomenon(name), self.shapes, self.words)

    def pattern_pictures(self, name: str) -> Gallery:
        """Pictures of a phenomenon's patterns, the same as in the report."""
        return Gallery(tuple(each for each in self._drawn if each.phenomenon == name), self.words)

    def exits_by_standard(self) -> Sheet:
        """Exit rules under their clauses: evaluated, flagged, unknown."""
        return tables.rules_under(self.gathered, self.policy, self.words, *tables.PARTS["exits"])

    def inclusion_return_removal(self) -> Sheet:
        """Rules on inclusion, return and removal."""
        return tables.rules_under(self.gathered, self.policy, self.words, *tables.PARTS["changes"])

    def changes_figure(self) -> Figure:
        """This year's changes by township."""
        return self.pictures.changes()

    def collection_and_two_years(self) -> Sheet:
        """Rules on measures, locations, blanks and unchanged years."""
        return tables.rules_under(self.gathered, self.policy, self.words, *tables.PARTS["collection"])

    def problem_records(self) -> Sheet:
        """Problem records by kind and state."""
        return tables.problem_records(self.checked.frames, self.words)

    def problem_rules(self) -> Sheet:
        """Rules on problem records and on errors that must be cleaned."""
        return tables.rules_under(self.gathered, self.policy, self.words, *tables.PARTS["problems"])

    def not_judged(self) -> Sheet:
        """Rules that did not run, and why."""
        return tables.not_run(self.gathered, self.words)

    def held_up_by_blanks(self) -> Sheet:
        """Rules with objects that could not be judged for blanks."""
        return tables.held_up_by_blanks(self.gathered, self.words)

    def to_ask_for(self) -> Sheet:
        """What to ask the county for."""
        return tables.to_ask_for(self.gathered, self.words)

    def next_steps(self) -> Sheet:
        """Villages where findings gather, by share of registered households."""
        return leads.village_sheet(self._worst(), self.words)

    def next_steps_figure(self) -> Figure:
        """Findings of the first of these villages, by severity."""
        return self.pictures.villages(self._worst().head(_WORST))

    def first_households(self) -> Sheet:
        """Households with most and gravest findings."""
        return leads.first_households(self.gathered, self.pictures.households, self.words, self.options.show_identities)

    def analyst_leads(self) -> Sheet:
        """Households that the anomaly models flag, with what rules and patterns say of them beside it; masked."""
        return leads.analyst_leads(self.gathered, self.words)

    def write(self) -> Sheet:
        """Write findings.parquet, summary.json, report.pdf, rectification.xlsx and manifest.json into `folder`.

        All are made before any is put in place. Gives their sizes and hashes.
        """
        with staging(self.folder.parent) as made:
            write_check(self.checked, made)
            write_report(
                made,
                self.checked.findings,
                self.checked.summary,
                for_report(self.provenance, self.words.language),
                self.options,
                self.shapes,
                self._drawn,
            )
            names = [file.name for file in made.iterdir()]
            write_manifest(made, self.provenance, self.settings.given(self.county), names)
            put_files(made, self.folder)
        return written(self.folder, names, self.words)

    @cached_property
    def _drawn(self) -> list[Picture]:
        """All pictures of patterns, drawn once for the notebook and the report."""
        return draw_pictures(self.shapes, self.gathered.style, find_fonts(self.settings.fonts), self.gathered.rules)

    def _codes(self, name: str) -> list[str]:
        codes: list[str] = self._phenomenon(name)["codes"]
        return codes

    def _phenomenon(self, name: str) -> dict[str, Any]:
        return story.phenomenon_of(self.gathered, name)

    def _worst(self) -> pd.DataFrame:
        return leads.worst_villages(self.gathered, self.pictures.households)

    def _provenance(self) -> dict[str, Any]:
        given = self.settings
        faults = given.faults([self.county])
        if faults:
            raise RunError(faults)
        return provenance(
            given.register, self.county, given.data_year, given.policy_file(), given.county_file(self.county),
            given.without_paths(self.county), marks_file(given.out, self.county),
        )  # fmt: skip


def written(folder: Path, names: list[str], words: StoryWords) -> Sheet:
    """Files of a folder with size and hash."""
    rows = [
        {"file": name, "size": (folder / name).stat().st_size, "sha256": sha256(folder / name)}
        for name in sorted(names)
    ]
    return sheet(words, "written", {"file": "col.file", "size": "sheet.size", "sha256": "col.sha256"}, rows)
