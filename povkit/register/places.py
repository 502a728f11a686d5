"""Counties by code, by name and by the villages in them (`parameters/places`); years and codes in file names."""

import csv
import re
from dataclasses import dataclass
from functools import cache

from povkit.vocab import resource

_COUNTY_CODE = re.compile(r"(?<!\d)([1-8]\d{5})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?(?!\d)")
_VILLAGE_CODE = re.compile(r"[1-8]\d{11}")
_ENDING = re.compile(r"(?:.族)+自治县$|[区县市]$")


@dataclass(frozen=True)
class Places:
    """Where places lie. `villages`: village code -> county code; `names`: county name or short name -> code;
    `former`: county codes no longer in use -> the county that it became; `codes`: all county codes known."""

    villages: dict[str, str]
    names: dict[str, str]
    former: dict[str, str]
    codes: frozenset[str]

    def county_of_village(self, code: str) -> str | None:
        """The county of a village code that the place list knows."""
        return self.villages.get(code)

    def county_of_prefix(self, code: str) -> str | None:
        """The county in the first six digits of a 12-digit village code (or a place code of 6, 9 or 12 digits)."""
        return self.current(code[:6]) if len(code) in (6, 9, 12) and code.isdigit() and code[0] in "12345678" else None

    def county_of_name(self, name: str) -> str | None:
        """The county called so: full, short or former name, with or without the city before it."""
        plain = "".join(name.split())
        if plain in self.names:
            return self.names[plain]
        found = {code for known, code in self.names.items() if plain.endswith(known) and _ENDING.search(known)}
        return found.pop() if len(found) == 1 else None

    def county_in(self, name: str) -> str | None:
        """The county whose code stands in the name of a folder."""
        for code in _COUNTY_CODE.findall(name):
            if self.current(code) in self.codes or (code == name and not _YEAR.fullmatch(name)):
                return self.current(code)
        return None

    def current(self, code: str) -> str:
        """The county code in use for one that may be a former one."""
        return self.former.get(code, code)


def year_in(name: str) -> int | None:
    """The one year 20xx (perhaps with month and day) in a name; None if there is none or more than one.

    >>> year_in("贫困户信息2018"), year_in("201808导出"), year_in("2017-2018"), year_in("530113")
    (2018, 2018, None, None)
    """
    found = set(_YEAR.findall(name))
    return int(found.pop()) if len(found) == 1 else None


def short_name(name: str) -> str:
    """A county's name as people say it.

    >>> short_name("石林彝族自治县"), short_name("东川区")
    ('石林', '东川')
    """
    return _ENDING.sub("", name)


@cache
def load_places() -> Places:
    """The places that come with povkit: Kunming's villages and its counties' former names."""
    villages: dict[str, str] = {}
    names: dict[str, str] = {}
    former: dict[str, str] = {}
    for row in _rows("kunming_villages.csv"):
        villages[row["village_code"]] = row["county_code"]
        names[row["county_name"]] = row["county_code"]
    for row in _rows("former_counties.csv"):
        names[row["former_name"]] = row["county_code"]
        if row["former_code"]:
            former[row["former_code"]] = row["county_code"]
    for name, code in list(names.items()):
        names.setdefault(short_name(name), code)
        names.setdefault(short_name(name) + "县", code)
    return Places(villages, names, former, frozenset(villages.values()))


def _rows(file: str) -> list[dict[str, str]]:
    with resource("parameters", "places", file).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
