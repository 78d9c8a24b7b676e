"""Every word that the dashboard says, out of `words/`: one folder for each language.

A folder is a language that people may choose. It has every message that English has, save those of
operations (`ops*.ftl`), whose pages are English; one with a file `PARTIAL` is being translated, and
English stands in for what it does not have yet.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale

from translations import MissingWords, Words

__all__ = ["ENGLISH", "MissingWords", "Words", "is_partial", "languages", "words_in"]

_FOLDER = Path(__file__).parent / "words"
_OF_OPS = "ops*.ftl"
ENGLISH = "en"


@cache
def languages() -> Mapping[str, str]:
    """The languages that there are, each with its name in itself, for whoever looks for theirs."""
    found = sorted(one.name for one in _FOLDER.iterdir() if any(one.glob("*.ftl")))
    names = [ENGLISH, *(one for one in found if one != ENGLISH)]
    return {name: str(Locale.parse(name).get_display_name()) for name in names}


@cache
def words_in(language: str = ENGLISH) -> Words:
    """The words of a language, read once."""
    if language == ENGLISH:
        return Words(_FOLDER, ENGLISH)
    own = {file.name for file in (_FOLDER / language).glob("*.ftl")}
    lent = [one for one in sorted((_FOLDER / ENGLISH).glob(_OF_OPS)) if one.name not in own]
    stand_in = words_in(ENGLISH) if is_partial(language) else None
    return Words(_FOLDER, language, lent=lent, stand_in=stand_in)


def is_partial(language: str) -> bool:
    """Whether a language says of itself that it is not whole yet."""
    return (_FOLDER / language / "PARTIAL").exists()
