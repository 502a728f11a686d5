"""Fonts of the report: the user's own first, then those that come with povkit; and whether they have every character.

Fonts of the machine are never used, so that a report looks the same everywhere. Families wanted: FangSong for text,
Hei for headings, tables' heads and figures, XiaoBiaoSong or a bold Song for the title. Noto Serif SC and Noto Sans SC
(installed with povkit) stand behind each of them for rare characters.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

from povkit.vocab import Fault, InputError, RunError

_WANTED = {
    "body": ("fangsong", "仿宋", "fandolfang"),
    "heading": ("simhei", "黑体", "fandolhei", "heiti", "sans cjk sc", "source han sans", "思源黑体"),
    "title": ("xiaobiaosong", "小标宋", "fandolsong", "source han serif", "serif cjk sc", "思源宋体", "simsun", "宋体"),
}
_DEFAULT = {"body": "Noto Serif SC", "heading": "Noto Sans SC", "title": "Noto Serif SC"}
_MAX_PLACES = 20
_ROWS = "rows"


@dataclass(frozen=True)
class Face:
    """One face of a font: its family as Typst and matplotlib call it, where it lies, its weight (400 is regular)."""

    family: str
    path: Path
    index: int
    weight: int


@dataclass(frozen=True)
class FontSet:
    """Faces of each part of a report, wanted first, fallback last. `folders` are where Typst has to look."""

    body: tuple[Face, ...]
    heading: tuple[Face, ...]
    title: tuple[Face, ...]
    folders: tuple[Path, ...]

    def families(self) -> dict[str, list[str]]:
        """Family names by part, each once."""
        parts = {"body": self.body, "heading": self.heading, "title": self.title}
        return {part: list(dict.fromkeys(face.family for face in faces)) for part, faces in parts.items()}

    def characters(self) -> frozenset[int]:
        """Code points that every part can show."""
        parts = (self.body, self.heading, self.title)
        return frozenset.intersection(*(frozenset().union(*(_cmap(face) for face in part)) for part in parts))


def find_fonts(folder: Path | None = None) -> FontSet:
    """The fonts to write with. `folder`: the user's own fonts (ttf, otf, ttc), searched first.

    Raises InputError if the folder is not there or holds none of the fonts a report can use.
    """
    return _find(folder.resolve() if folder else None)


@cache
def _find(folder: Path | None) -> FontSet:
    bundled = pylopdf_fonts_zh_cn.serif_path().parent
    default = list(_faces(bundled))
    own = list(_faces(folder)) if folder else []
    parts = {part: _choose(part, own) for part in _WANTED}
    if folder and not any(parts.values()):
        what = "no font that a report can use lies here: put FangSong, Hei or XiaoBiaoSong (ttf, otf, ttc) into it"
        raise InputError(Fault((str(folder),), what))
    fallback = {part: tuple(face for face in default if face.family == name) for part, name in _DEFAULT.items()}
    folders = (*([folder] if folder else []), bundled)
    body, heading, title = (parts[part] + fallback[part] for part in ("body", "heading", "title"))
    return FontSet(body, heading, title, folders)


def _faces(folder: Path) -> Iterator[Face]:
    if not folder.is_dir():
        raise InputError(Fault((str(folder),), "is not a folder; name a folder that holds font files"))
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    known = [Face(info.family, Path(info.path), info.index, info.weight) for info in found.fonts() if info.path]
    yield from sorted(known, key=lambda face: (face.family, str(face.path), face.index))


def _choose(part: str, faces: list[Face]) -> tuple[Face, ...]:
    """All faces of the first wanted family that is there."""
    for wanted in _WANTED[part]:
        family = next((face.family for face in faces if wanted in face.family.lower().replace(" ", "")), None)
        family = family or next((face.family for face in faces if wanted in face.family.lower()), None)
        if family:
            return tuple(face for face in faces if face.family == family)
    return ()


@cache
def _cmap(face: Face) -> frozenset[int]:
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def _shapeless(char: str) -> bool:
    """Characters that print nothing by design: line ends, joiners, variation selectors."""
    return char in "\n\t\r" or unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"


def missing_characters(texts: Iterable[str], fonts: FontSet) -> set[str]:
    """Characters of the texts that no font of some part of the report can show."""
    known = fonts.characters()
    return {char for char in set().union(*texts) if ord(char) not in known and not _shapeless(char)}


def check_characters(document: Any, fonts: FontSet) -> None:
    """Every text in a nest of lists and mappings can be shown.

    Raises RunError with one fault for each missing character, naming it and the first place it stands.
    """
    texts = list(_texts(document, ()))
    missing = missing_characters((text for _, text in texts), fonts)
    faults = []
    for char in sorted(missing)[:_MAX_PLACES]:
        place, text = next((place, text) for place, text in texts if char in text)
        name = unicodedata.name(char, "unnamed")
        what = (
            f"no font has the character {char!r} (U+{ord(char):04X}, {name}), in {text[:60]!r}; "
            "name a folder with a font that has it, or mend the character in the register"
        )
        faults.append(Fault(tuple(part for part in place if part != _ROWS) or ("report",), what))
    if faults:
        raise RunError(faults)


def _texts(node: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Texts of a document with where they stand: headings above, and the first cells of their row."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict):
        here = place + tuple(str(node[key]) for key in ("heading", "caption") if isinstance(node.get(key), str))
        for key, inner in node.items():
            yield from _texts(inner, here if key != _ROWS else (*here, key))
    elif isinstance(node, list | tuple):
        row = place[-1:] == (_ROWS,) and node and all(isinstance(cell, str) for cell in node)
        here = (*place[:-1], " · ".join(filter(None, node[:2]))) if row else place
        for inner in node:
            yield from _texts(inner, here)
