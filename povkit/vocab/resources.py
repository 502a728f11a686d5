"""Where povkit's own data lie: in the installed package, or in the checkout it runs from."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """Path of a file or folder that comes with povkit.

    A wheel carries the top-level folders `parameters` and `notebooks` as `povkit/_data`; an editable install reads
    them where they lie in the checkout.

    Raises FileNotFoundError if neither has it: the installation is damaged.

    >>> resource("parameters", "layouts", "tables.yaml").name
    'tables.yaml'
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"povkit is not installed whole: {'/'.join(parts)} is missing; install it again")
