"""The generated pages of `docs/`: handbook of all codes, coverage of the clauses, the command line.

They live in `run`, above every room that they describe: a page reads the shelves, the policy and the contract as a run
does, and is written by a command as results are. They need the checkout (its tests stand in the coverage), so the
command that writes them, `povkit docs`, is hidden from inspectors; `make docs` calls it. Nothing is built or run for
them, no view and no rule, so that writing them takes seconds.
"""

from pathlib import Path
from typing import Any

from povkit.policy import load_policy
from povkit.run.pages.commands import commands_page
from povkit.run.pages.coverage import coverage_page
from povkit.run.pages.entries import entries_of
from povkit.run.pages.handbook import handbook_page

FOLDER = "docs"


def make_pages(root: Path, program: Any) -> dict[str, str]:
    """Text of each page by its path under `root`, the checkout. program: the command line, as Typer's command."""
    policy = load_policy()
    entries = entries_of(policy)
    pages = {
        "handbook.md": handbook_page(entries, policy),
        "coverage.md": coverage_page(entries, policy, root),
        "commands.md": commands_page(program),
    }
    return {f"{FOLDER}/{name}": text for name, text in pages.items()}


def write_pages(root: Path, program: Any) -> list[Path]:
    """Write the pages and give their paths. Those that are as they should be are not touched."""
    written = []
    for name, text in make_pages(root, program).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def stale_pages(root: Path, program: Any) -> list[str]:
    """Pages that are missing or differ from what `write_pages` would write."""
    return [
        name
        for name, text in make_pages(root, program).items()
        if not (root / name).exists() or (root / name).read_bytes() != text.encode("utf-8")
    ]
