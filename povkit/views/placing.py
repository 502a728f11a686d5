"""Where objects belong and what they are called, fetched for the few rows that somebody asks about.

Most rows of a view are flagged by no rule. Where nobody else reads them, the columns of IDENTITY are left out of a view
that takes them from snapshots alone; each row keeps its place in the file, by which they are found again.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from povkit.views.prune import prune, read_later
from povkit.views.spec import IDENTITY, Col, ViewSpec

FILE_ROW = Col("file_row", "file_row_number", "", "")
"""Column of a view that lacks columns of IDENTITY: the row's place in the file of the snapshot, from 0."""

_SNAPSHOT = re.compile(r"raw_[a-z_]+")


@dataclass(frozen=True)
class Lean:
    """Views with no more than somebody reads. places: by view, what gives the columns of IDENTITY that it lacks.

    `identity` of a spec in `places` holds those columns alone.
    """

    specs: tuple[ViewSpec, ...]
    places: Mapping[str, ViewSpec]


def prune_places(specs: Iterable[ViewSpec], wanted: Mapping[str, Collection[str]], whole: Collection[str]) -> Lean:
    """Views as `prune` gives them, yet without columns of IDENTITY that neither `wanted` names nor a later view reads.

    whole: names of views that keep them all.
    """
    specs = tuple(specs)
    narrow = prune(specs, wanted)
    later = read_later(narrow)
    places = {}
    for spec in specs:
        if spec.name in later and spec.name not in whole:
            unread = [c for c in IDENTITY if c not in wanted.get(spec.name, ()) and c not in later[spec.name]]
            told = prune([_with(spec, unread)], {spec.name: ()})[0]
            if unread and all(map(_SNAPSHOT.fullmatch, (spec.base, *(part.source for part in told.parts)))):
                places[spec.name] = _numbered(told)
    if not places:
        return Lean(narrow, places)
    stay = {spec.name: set(IDENTITY) - places[spec.name].identity.keys() for spec in specs if spec.name in places}
    lean = prune([_with(spec, stay[spec.name]) if spec.name in stay else spec for spec in specs], wanted)
    return Lean(tuple(_numbered(spec) if spec.name in places else spec for spec in lean), places)


def _with(spec: ViewSpec, names: Collection[str]) -> ViewSpec:
    """The view with these columns of IDENTITY; one that the view does not describe is blank."""
    return replace(spec, identity={name: spec.identity.get(name, "NULL") for name in IDENTITY if name in names})


def _numbered(spec: ViewSpec) -> ViewSpec:
    return replace(spec, base_columns=(*(spec.base_columns or ()), FILE_ROW))
