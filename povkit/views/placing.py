"""Where objects belong and what they are called, fetched for the few rows that somebody asks about.

Most rows of a view are flagged by no rule. Where nobody else reads them, the columns of IDENTITY are left out of a view
that takes them from snapshots alone; each row keeps its place in the file, by which they are found again.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from povkit.views.prune import prune, read_later
from povkit.views.spec import IDENTITY, Col, ViewSpec

FILE_ROW = Col("file_row", "file_row_number", "", "")
"""Column of a view that lacks columns of IDENTITY: the row's place in the file of the snapshot, from 0."""

_SNAPSHOT = re.compile(r"raw_[a-z_]+")


@dataclass(frozen=True)
class Lean:
    """Views with no more than somebody reads.

    places: by view, what gives the columns of IDENTITY that it lacks (those that stand in the `identity` of the spec).
    plain: names of views that are columns of a snapshot as they stand and are read once: not worth a table. What is
    asked about a few rows of them comes from `places` as well.
    """

    specs: tuple[ViewSpec, ...]
    places: Mapping[str, ViewSpec] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()

    def told(self, name: str) -> tuple[str, ...]:
        """Columns of a view that `places` gives."""
        if name not in self.places:
            return ()
        spec = self.places[name]
        others = [c.name for c in spec.base_columns or () if c.name not in IDENTITY] if name in self.plain else []
        return (*spec.identity, *others)


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
            told = _with(spec, unread)
            sources = (spec.base, *(part.source for part in prune([told], {spec.name: ()})[0].parts))
            if unread and all(map(_SNAPSHOT.fullmatch, sources)):
                places[spec.name] = told
    stay = {name: set(IDENTITY) - told.identity.keys() for name, told in places.items()}
    lean = prune([_with(spec, stay[spec.name]) if spec.name in stay else spec for spec in specs], wanted)
    plain = {spec.name for spec in lean if spec.name in stay and not (spec.parts or spec.derived or later[spec.name])}
    for name, told in places.items():
        places[name] = _numbered(prune([told], {name: wanted.get(name, ()) if name in plain else ()})[0])
    return Lean(tuple(_numbered(spec) if spec.name in stay else spec for spec in lean), places, frozenset(plain))


def _with(spec: ViewSpec, names: Collection[str]) -> ViewSpec:
    """The view with these columns of IDENTITY; one that the view does not describe is blank."""
    return replace(spec, identity={name: spec.identity.get(name, "NULL") for name in IDENTITY if name in names})


def _numbered(spec: ViewSpec) -> ViewSpec:
    return replace(spec, base_columns=(*(spec.base_columns or ()), FILE_ROW))
