"""What the command line says: faults without a traceback, what became of each county, how far it is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from povkit.options import Lang
from povkit.vocab import Fault, PovkitError

if TYPE_CHECKING:
    from tqdm import tqdm

    from povkit.run.counties import Outcome

FAILED, FAULTY = 1, 2
"""Exit status: a county failed; the input or the arguments cannot be used."""


@contextmanager
def plain_faults() -> Iterator[None]:
    """Print every fault of a povkit error, without a traceback."""
    try:
        yield
    except PovkitError as error:
        print_faults(error.faults)
        raise typer.Exit(FAULTY) from None


def print_faults(faults: Iterable[Fault]) -> None:
    """Every fault on stderr."""
    for fault in faults:
        typer.echo(str(fault), err=True)


def tell(outcomes: "Iterable[Outcome]", language: Lang) -> None:
    """Where the results lie; what failed, and where its notebook is. Leaves with FAILED if any county did."""
    from povkit.run.counts import borrowed_lines  # noqa: PLC0415 - asking for help must be quick
    from povkit.run.words import words_of  # noqa: PLC0415 - asking for help must be quick

    words, listed = words_of(language.value), list(outcomes)
    for outcome in listed:
        if outcome.ok:
            typer.echo(f"{outcome.county}  {outcome.first}")
            for line in borrowed_lines(outcome.folder, language.value):
                typer.echo("  " + line, err=True)
            continue
        print_faults(outcome.faults)
        kept = words("run.kept", path=outcome.notebook) if outcome.notebook else words("run.unchanged")
        typer.echo("  " + kept, err=True)
    failed = sum(not outcome.ok for outcome in listed)
    typer.echo(words("cli.finished", done=len(listed) - failed, failed=failed), err=bool(failed))
    if failed:
        raise typer.Exit(FAILED)


def print_tables(outcomes: "Iterable[Outcome]", language: Lang) -> None:
    """What became of every rule, county by county."""
    from povkit.run.counts import count_lines, read_summary  # noqa: PLC0415 - asking for help must be quick

    for outcome in outcomes:
        if outcome.ok:
            for line in count_lines(read_summary(outcome.folder), language.value):
                typer.echo(line)


def advance(bar: "tqdm[None]", name: str, place: int, total: int) -> None:
    """Move a bar to `place` of `total`, with what is being worked on."""
    bar.total = total
    bar.set_postfix_str(name)
    bar.update(place - bar.n)
