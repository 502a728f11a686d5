"""Words of the notebooks and the command line: the `words.yaml` of this room on top of the report's."""

from functools import cache
from pathlib import Path

from povkit.policy.strict_yaml import load_yaml
from povkit.report.words import LANGUAGES, Language, Words, load_words


@cache
def _all_words() -> dict[str, dict[str, str]]:
    words = load_words()
    for file in ("words.yaml", "explore/words.yaml"):
        words = words | load_yaml(Path(__file__).parent / file)
    return words


class StoryWords(Words):
    """The report's words and this room's, in one language.

    >>> StoryWords("en")("sheet.township")
    'Township'
    """

    def __init__(self, language: Language = "zh") -> None:
        super().__init__(language)
        self._words = _all_words()

    def keys_of(self, prefix: str) -> list[str]:
        """Keys that begin so, in order."""
        return [key for key in self._words if key.startswith(prefix)]


def words_of(language: str) -> StoryWords:
    """The words of a language as it was written; Chinese where there is no such language."""
    known: dict[str, Language] = {each: each for each in LANGUAGES}
    return StoryWords(known.get(language, "zh"))
