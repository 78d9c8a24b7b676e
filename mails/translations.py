"""The words of e-mails, out of `words/`: one folder for each language."""

from functools import cache
from pathlib import Path

from translations import Words

FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"


@cache
def languages() -> frozenset[str]:
    """The languages that e-mails are written in."""
    return frozenset(one.name for one in FOLDER.iterdir() if any(one.glob("*.ftl")))


@cache
def words_in(language: str | None) -> Words:
    """The words of a language, read once; English for one that there is not."""
    return Words(FOLDER, language if language in languages() else ENGLISH)
