"""The fixed words of the report in both languages (`words.yaml`, and `patterns.yaml` for patterns)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from povkit.policy.strict_yaml import load_yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FILES = ("words.yaml", "patterns.yaml")


@cache
def load_words() -> dict[str, dict[str, str]]:
    """Every word: key -> {"zh": ..., "en": ...}."""
    loaded: dict[str, dict[str, str]] = {}
    for name in FILES:
        loaded |= load_yaml(Path(__file__).with_name(name))
    return {key: {language: str(value) for language, value in pair.items()} for key, pair in loaded.items()}


class Words:
    """The words of one language.

    >>> Words("zh")("severity.error"), Words("en")("cover.findings_value", n=3)
    ('错误', '3')
    """

    def __init__(self, language: Language = "zh") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        self.language: Language = language
        self._words = load_words()

    def __call__(self, key: str, /, **values: Any) -> str:
        """The word of that key with its braces filled in. Raises KeyError for an unknown key."""
        text = self._words[key][self.language]
        return text.format(**values) if values else text

    def __contains__(self, key: object) -> bool:
        return key in self._words

    def pick(self, item: Any, stem: str = "") -> str:
        """The text of a pair: `pick({"zh": .., "en": ..})`; with a stem, `pick({"title_zh": .., ...}, "title")`.

        Plain text is returned as it is; a side that is not there gives way to the other, nothing to "".
        """
        if item is None or isinstance(item, str):
            return item or ""
        sides = (self.language, *(other for other in LANGUAGES if other != self.language))
        keys = [f"{stem}_{side}" if stem else side for side in sides]
        return next((str(item[key]) for key in keys if item.get(key)), "")

    def face(self, part: Mapping[str, str]) -> str:
        """What a part of a rule is about (`partly_not_run` of the summary)."""
        return part["face"] if self.language == "zh" else part.get("face_en") or part["face"]

    def number(self, value: float | None, digits: int = 2) -> str:
        """A number for people: thousands apart, at most `digits` decimals, a dash for None or what is not a number."""
        if value is None or value != value:
            return self("mark.none")
        if float(value).is_integer():
            return f"{int(value):,}"
        text = f"{value:,.{digits}f}".rstrip("0").rstrip(".")
        return text if text.strip("-0.") else f"{value:.2g}"

    def share(self, value: float | None, of: float | None) -> str:
        """A number with its denominator and share; the bare number if there is no denominator."""
        if value is None or of is None:
            return self.number(value)
        share = f"{100 * value / of:.1f}%" if of else self("mark.none")
        return self("mark.of", n=self.number(value), of=self.number(of), share=share)

    def percent(self, value: float | None) -> str:
        """A share as a percentage: whole from 10 % on, with one decimal below; a dash for None or no number."""
        if value is None or value != value:
            return self("mark.none")
        return f"{100 * value:.0f}%" if abs(value) >= 0.1 else f"{100 * value:.1f}%"

    def date(self, iso: str) -> str:
        """A day written YYYY-MM-DD in the language's own way."""
        year, month, day = (int(part) for part in iso.split("-"))
        return self("date.full", y=year, m=month, d=day)
