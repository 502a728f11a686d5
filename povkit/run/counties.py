"""Many counties, one after the other: everything that would stop them is said first; one that fails stops no other."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from tqdm import tqdm

from povkit.report.options import REPORT
from povkit.run.check import check_county, write_check
from povkit.run.folders import FAILED, county_folder, put_files, staging, swap_folder
from povkit.run.manifest import EXPLORATION, NOTEBOOK, finish_manifest, provenance, write_manifest
from povkit.run.marks import bring_marks, marks_file
from povkit.run.notebook import FailedCellError, code_cells, notebook_faults, run_notebook
from povkit.run.settings import Settings, names_given, ready
from povkit.run.words import StoryWords, words_of
from povkit.vocab import Fault, PovkitError, resource

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Outcome:
    """What became of a county: its folder of results, or why there are none.

    first: the file to open first. notebook: the partly executed notebook of a county that failed, if it came so far.
    """

    county: str
    folder: Path
    faults: tuple[Fault, ...] = ()
    first: Path | None = None
    notebook: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether the results are there."""
        return not self.faults


@dataclass(frozen=True)
class _Plan:
    """A run that may start: its settings, the notebook, parameters of the user's own, and how to tell the time.

    beside: put the notebook and what it wrote beside earlier results, instead of replacing them all.
    """

    settings: Settings
    words: StoryWords
    clock: Clock | None = None
    notebook: Path = Path()
    more: Mapping[str, Any] = field(default_factory=dict)
    beside: bool = False

    def now(self) -> datetime | None:
        return self.clock() if self.clock else None


def inspect_counties(
    counties: Iterable[str],
    register: str | Path,
    as_of: str | date,
    data_year: int | None = None,
    out: str | Path = "outputs",
    language: str = "zh",
    policy: str | Path = "yunnan-2018",
    parameters: str | Path | None = None,
    fonts: str | Path | None = None,
    show_identities: bool = False,
    more: Mapping[str, Any] | None = None,
    notebook: Path | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    memory: str | None = None,
    threads: int | None = None,
    spill: str | Path | None = None,
    progress: bool = False,
    clock: Clock | None = None,
    faults: Iterable[Fault] = (),
) -> list[Outcome]:
    """Run the county notebook for each county; results stand in `out/<county>/<as_of>`, old ones stay if it fails.

    more: further parameters of the notebook, by name. notebook: an own one instead of povkit's. progress: a bar with
    the time left on stderr. clock: gives the times for the manifest. faults: found by the
    caller, told with the others. The rest: see `Inspection`; the manifest records them.

    Raises RunError with every fault of the parameters, the policy and all counties before the first one starts.
    """
    wanted, words, more = _distinct(counties), words_of(language), dict(more or {})
    machine = {"engine": engine, "master": master, "memory": memory, "threads": threads, "spill": spill}
    notebook = notebook or resource(*NOTEBOOK)
    settings = ready(
        wanted, [*faults, *notebook_faults(notebook, more, words, names_given(machine))],
        as_of=as_of, data_year=data_year, register=register, out=out, language=language, policy=policy,
        parameters=parameters, fonts=fonts, show_identities=show_identities, **machine,
    )  # fmt: skip
    return _run(_Plan(settings, words, clock, notebook, more), wanted, progress)


def explore_counties(
    counties: Iterable[str],
    register: str | Path,
    as_of: str | date,
    data_year: int | None = None,
    out: str | Path = "outputs",
    language: str = "zh",
    policy: str | Path = "yunnan-2018",
    parameters: str | Path | None = None,
    fonts: str | Path | None = None,
    show_identities: bool = False,
    more: Mapping[str, Any] | None = None,
    progress: bool = False,
    faults: Iterable[Fault] = (),
) -> list[Outcome]:
    """Run the analyst's notebook for each county, without a front end: plain tables and pictures.

    Leaves explore_anomalies.ipynb and explore_anomalies.xlsx beside the county's other results, which stay.
    Arguments as `inspect_counties`. Raises RunError as `inspect_counties` does.
    """
    wanted, words = _distinct(counties), words_of(language)
    notebook = resource(*EXPLORATION)
    settings = ready(
        wanted, [*faults, *notebook_faults(notebook, more or {}, words, ())],
        as_of=as_of, data_year=data_year, register=register, out=out, language=language, policy=policy,
        parameters=parameters, fonts=fonts, show_identities=show_identities,
    )  # fmt: skip
    more = {"interactive": False, **(more or {})}
    return _run(_Plan(settings, words, None, notebook, more, beside=True), wanted, progress)


def _run(plan: _Plan, wanted: list[str], progress: bool) -> list[Outcome]:
    """The plan's notebook for each county, with a bar over all their cells."""
    cells = code_cells(plan.notebook)
    outcomes = []
    hidden = None if progress else True
    with tqdm(total=cells * len(wanted), unit="cell", disable=hidden, desc=plan.words("cli.progress")) as bar:
        for place, county in enumerate(wanted, 1):
            bar.set_postfix_str(county)
            outcomes.append(_inspect(plan, county, bar.update))
            bar.update(cells * place - bar.n)
    return outcomes


def check_counties(
    counties: Iterable[str],
    register: str | Path,
    as_of: str | date,
    data_year: int | None = None,
    out: str | Path = "outputs",
    language: str = "zh",
    policy: str | Path = "yunnan-2018",
    parameters: str | Path | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    memory: str | None = None,
    threads: int | None = None,
    spill: str | Path | None = None,
    progress: bool = False,
    clock: Clock | None = None,
    faults: Iterable[Fault] = (),
) -> list[Outcome]:
    """Findings, summary and manifest of each county, without notebook and report. Arguments as `inspect_counties`.

    Raises RunError as `inspect_counties` does.
    """
    wanted = _distinct(counties)
    settings = ready(
        wanted, list(faults),
        as_of=as_of, data_year=data_year, register=register, out=out, language=language, policy=policy,
        parameters=parameters, fonts=None, show_identities=False,
        engine=engine, master=master, memory=memory, threads=threads, spill=spill,
    )  # fmt: skip
    plan = _Plan(settings, words_of(language), clock)
    bar = tqdm(wanted, unit="county", disable=None if progress else True, desc=plan.words("cli.progress"))
    return [_check(plan, county) for county in bar]


def _inspect(plan: _Plan, county: str, on_cell: Callable[[], object]) -> Outcome:
    """One county through the notebook, into a folder beside the results, then swapped in."""
    settings, words = plan.settings, plan.words
    folder = county_folder(settings.out, county, settings.as_of)
    given, whole = ({**each(county), **plan.more} for each in (settings.for_notebook, settings.given))
    started = plan.now()
    try:
        with staging(settings.out) as place:
            made = county_folder(place, county, settings.as_of)
            made.mkdir(parents=True)
            bring_marks(settings.out, place, county)
            target = made / plan.notebook.name
            try:
                run_notebook(plan.notebook, target, {**given, "out": str(place.resolve())}, given, on_cell)
            except FailedCellError as failed:
                error = _brief(failed.error)
                if failed.error.startswith(duckdb.OutOfMemoryException.__name__):
                    error = words("run.out_of_memory", error=error)
                what = words("run.failed_cell", n=failed.number, cell=failed.name, error=error)
                kept = _keep(target, folder)
                return Outcome(county, folder, (Fault((county, plan.notebook.name), what),), notebook=kept)
            if plan.beside:
                put_files(made, folder)
                return Outcome(county, folder, first=folder / plan.notebook.name)
            finish_manifest(made, whole, started, plan.now())
            swap_folder(made, folder)
            shutil.rmtree(_failed_folder(folder), ignore_errors=True)
    except OSError as error:
        return Outcome(county, folder, (Fault((county, str(folder)), words("run.cannot_write", error=error)),))
    except Exception as error:  # noqa: BLE001 - whatever breaks one county must not stop the others
        return Outcome(county, folder, (_unforeseen(county, error, words),))
    return Outcome(county, folder, first=folder / (REPORT if (folder / REPORT).exists() else plan.notebook.name))


def _check(plan: _Plan, county: str) -> Outcome:
    settings, words = plan.settings, plan.words
    folder = county_folder(settings.out, county, settings.as_of)
    started = plan.now()
    try:
        whole = provenance(
            settings.register, county, settings.data_year, settings.policy_file(), settings.county_file(county),
            settings.without_paths(county), marks_file(settings.out, county),
        )  # fmt: skip
        checked = check_county(
            settings.register, county, settings.as_of, settings.data_year, settings.loaded_policy, settings.parameters,
            machine=replace(settings.machine, whole_views=False), marks=settings.marks(county),
        )  # fmt: skip
        checked.frames.close()
        with staging(folder.parent) as made:
            write_check(checked, made)
            names = [file.name for file in made.iterdir()]
            write_manifest(made, whole, settings.given(county), names, started, plan.now())
            put_files(made, folder)
    except PovkitError as error:
        return Outcome(county, folder, error.faults)
    except OSError as error:
        return Outcome(county, folder, (Fault((county, str(folder)), words("run.cannot_write", error=error)),))
    except Exception as error:  # noqa: BLE001 - whatever breaks one county must not stop the others
        return Outcome(county, folder, (_unforeseen(county, error, words),))
    return Outcome(county, folder, first=folder / "summary.json")


def _keep(target: Path, folder: Path) -> Path | None:
    """Put a partly executed notebook beside the results; the next failure replaces it, a success removes it."""
    if not target.exists():
        return None
    kept = _failed_folder(folder)
    kept.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(target, kept / target.name))


def _unforeseen(county: str, error: Exception, words: StoryWords) -> Fault:
    key = "run.out_of_memory" if isinstance(error, duckdb.OutOfMemoryException) else "run.failed"
    return Fault((county,), words(key, error=_brief(f"{type(error).__name__}: {error}")))


def _brief(error: str) -> str:
    """An error without what stands after a blank line (the query, a hint), indented as faults are."""
    return "\n  ".join(error.partition("\n\n")[0].splitlines())


def _failed_folder(folder: Path) -> Path:
    return folder.with_name(folder.name + FAILED)


def _distinct(counties: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(county) for county in counties))
