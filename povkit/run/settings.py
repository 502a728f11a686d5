"""Parameters of a run, understood: dates, paths, language, policy. Every fault of them is collected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from povkit.policy import Policy, load_county, load_policy
from povkit.register.store import Register
from povkit.report.fonts import find_fonts
from povkit.report.options import ColumnLabels
from povkit.report.words import LANGUAGES, Language
from povkit.run.check import preflight
from povkit.run.folders import nearest
from povkit.run.machine import Machine
from povkit.run.machine_faults import machine_faults
from povkit.run.marks import Mark, marks_file, read_marks
from povkit.run.words import StoryWords, words_of
from povkit.views import column_labels
from povkit.vocab import Fault, PovkitError, RunError, resource

PARAMETERS = (
    "county", "as_of", "data_year", "register", "out", "language", "policy", "parameters", "fonts", "show_identities",
    "engine", "master", "memory", "threads", "spill",
)  # fmt: skip
"""Parameters of a run; `Inspection` and the notebook take the same."""

MACHINE = ("engine", "master", "memory", "threads", "spill")
"""Those of them that say how the work is done. No result depends on them; a notebook gets them where they are set."""

_YAML = (".yaml", ".yml")


def names_given(machine: Mapping[str, Any]) -> tuple[str, ...]:
    """Parameters that a notebook gets: all but the settings of the machine that stand at their defaults."""
    usual = Machine()
    return tuple(name for name in PARAMETERS if name not in MACHINE or machine[name] != getattr(usual, name))


@dataclass(frozen=True)
class Settings:
    """What all counties of a run share. `given` keeps the parameters as they were written."""

    register: Register
    as_of: date
    data_year: int
    out: Path
    language: Language
    policy: str
    parameters: Path | None
    fonts: Path | None
    show_identities: bool
    machine: Machine
    written: Mapping[str, Any]

    @cached_property
    def loaded_policy(self) -> Policy:
        """The policy, read once. Raises PolicyError with every fault of its file."""
        return load_policy(self.policy, self.parameters)

    def policy_file(self) -> Path:
        """Where the policy lies."""
        if self.policy.endswith(_YAML):
            return Path(self.policy)
        return self._root() / "policy" / f"{self.policy}.yaml"

    def county_file(self, county: str) -> Path:
        """Where the county's own file lies."""
        return self._root() / "counties" / f"{county}.yaml"

    def faults(self, counties: list[str]) -> list[Fault]:
        """Whatever would stop these counties: bad fonts or policy, unknown counties, missing snapshots."""
        faults: list[Fault] = []
        try:
            find_fonts(self.fonts)
        except PovkitError as error:
            faults += error.faults
        try:
            _ = self.loaded_policy
            faults += preflight(self.register, counties, self.as_of, self.data_year, self.parameters)
        except PovkitError as error:
            faults += error.faults
        return faults + self._mark_faults(counties)

    def marks(self, county: str) -> list[Mark]:
        """What was found out about the county's leads so far. Raises RunError with every damaged row."""
        return read_marks(marks_file(self.out, county), words_of(self.language))

    def _mark_faults(self, counties: list[str]) -> list[Fault]:
        """Damaged rows of the counties' leads.csv."""
        faults: list[Fault] = []
        for county in counties:
            try:
                self.marks(county)
            except RunError as error:
                faults += error.faults
        return faults

    def given(self, county: str) -> dict[str, Any]:
        """The parameters of one county as they were written, with defaults filled in."""
        return {"county": county, **self.written, "data_year": self.data_year}

    def for_notebook(self, county: str) -> dict[str, Any]:
        """The same without the settings of the machine that stand at their defaults."""
        given = self.given(county)
        return {name: given[name] for name in names_given(given)}

    def without_paths(self, county: str) -> dict[str, Any]:
        """What a county's results may depend on, the same wherever things lie."""
        return {
            "county": county,
            "as_of": self.as_of.isoformat(),
            "data_year": self.data_year,
            "language": self.language,
            "policy": Path(self.policy).stem if self.policy.endswith(_YAML) else self.policy,
            "show_identities": self.show_identities,
        }

    def _root(self) -> Path:
        return self.parameters or resource("parameters")


def settle(
    *,
    as_of: str | date,
    data_year: int | None,
    register: str | Path,
    out: str | Path | None,
    language: str,
    policy: str | Path,
    parameters: str | Path | None,
    fonts: str | Path | None,
    show_identities: bool,
    engine: str = "duckdb",
    master: str | None = None,
    memory: str | None = None,
    threads: int | None = None,
    spill: str | Path | None = None,
    search: bool = False,
) -> Settings:
    """Understand the parameters.

    search: look for relative paths in the folders above too, as a notebook needs it (see `folders.nearest`).
    out: None means `outputs` beside the register. engine to spill: see `Machine`.
    Raises RunError with every fault: a date that is none, an unknown language, a file or folder that is not there,
    settings of the machine that cannot be.
    """
    words = words_of(language)
    find: Callable[[str | Path], Path] = nearest if search else Path
    faults = (
        [] if language in LANGUAGES else [Fault((f"language {language}",), words("run.bad_language", value=language))]
    )
    day = _day(as_of, words, faults)
    store = find(register)
    if not store.is_dir():
        faults.append(Fault((str(register),), words("run.no_register")))
    folders = {name: find(path) if path else None for name, path in (("parameters", parameters), ("fonts", fonts))}
    faults += [Fault((str(path),), words("run.no_file")) for path in folders.values() if path and not path.is_dir()]
    name = str(policy)
    if name.endswith(_YAML):
        name = str(find(name))
        faults += [] if Path(name).is_file() else [Fault((str(policy),), words("run.no_file"))]
    room = find(spill) if spill else None
    faults += machine_faults(engine, master, memory, threads, room, words)
    if faults or day is None:
        raise RunError(faults)
    written = {
        "as_of": day.isoformat(), "data_year": data_year, "register": str(register), "out": str(out) if out else None,
        "language": language, "policy": str(policy), "parameters": str(parameters) if parameters else None,
        "fonts": str(fonts) if fonts else None, "show_identities": show_identities,
        "engine": engine, "master": master, "memory": memory, "threads": threads,
        "spill": str(spill) if spill else None,
    }  # fmt: skip
    return Settings(
        register=Register(store),
        as_of=day,
        data_year=data_year or day.year,
        out=find(out) if out else store.resolve().parent / "outputs",
        language=words.language,
        policy=name,
        parameters=folders["parameters"],
        fonts=folders["fonts"],
        show_identities=show_identities,
        machine=Machine(memory, threads, room, engine, master),
        written=written,
    )


def ready(counties: list[str], others: list[Fault], **parameters: Any) -> Settings:
    """`settle` the parameters for these counties.

    others: faults found elsewhere. Raises RunError with those, every fault of the parameters and of all counties.
    """
    none = [] if counties or others else [Fault(("povkit",), words_of(parameters["language"])("run.no_county"))]
    try:
        settings = settle(**parameters)
    except RunError as error:
        raise RunError([*error.faults, *others, *none, *_unknown(counties, parameters["parameters"])]) from None
    faults = [*others, *none, *settings.faults(counties)]
    if faults:
        raise RunError(faults)
    return settings


def _unknown(counties: list[str], parameters: str | Path | None) -> list[Fault]:
    """Counties that there are not, where nothing else can be said yet."""
    faults: list[Fault] = []
    for county in counties if parameters is None else ():
        try:
            load_county(county)
        except PovkitError as error:
            faults += error.faults
    return faults


def report_labels(policy: Policy) -> ColumnLabels:
    """Readable names of every column of the views, of the policy's limits, and of the facts of a run."""
    limits = {name: (limit.zh, name.replace("_", " ")) for name, limit in policy.limits.items()}
    both = StoryWords("zh"), StoryWords("en")
    facts = {key.removeprefix("fact."): (both[0](key), both[1](key)) for key in both[0].keys_of("fact.")}
    return {**column_labels(), **limits, **facts}


def _day(value: str | date, words: StoryWords, faults: list[Fault]) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        faults.append(Fault((f"as_of {value}",), words("run.bad_date", value=value)))
        return None
