"""Every word that the dashboard says, out of `words/`: one folder for each language."""

from functools import cache
from pathlib import Path

from translations import MissingWords, Words

__all__ = ["ENGLISH", "MissingWords", "Words", "words_in"]

_FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"


@cache
def words_in(language: str = ENGLISH) -> Words:
    """The words of a language, read once."""
    return Words(_FOLDER, language)
