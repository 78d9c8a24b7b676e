"""In which language a page speaks: the one that was switched to, else the partner's.

A page that is nobody's, because its link leads nowhere, goes by the browser's languages.
"""

from functools import cache
from pathlib import Path

from fastapi import Request

from contracts.sms.languages import Language
from translations import Words

NAMES = {
    Language.ENGLISH: "English",
    Language.HINDI: "हिन्दी",
    Language.TAMIL: "தமிழ்",
    Language.KANNADA: "ಕನ್ನಡ",
}
"""Each in itself, for whoever looks for theirs."""

_FOLDER = Path(__file__).parent / "words"


@cache
def words_in(language: Language) -> Words:
    """The words of a language, read once."""
    return Words(_FOLDER, language.value)


def language_of(request: Request, default: Language | None = None) -> Language:
    """The language that is asked for with `lang`, else the default, else what the browser says."""
    asked = _known(request.query_params.get("lang", ""))
    return asked or default or _of_browser(request)


def _of_browser(request: Request) -> Language:
    accepted = request.headers.get("accept-language", "").split(",")
    known = [_known(one.partition(";")[0].partition("-")[0].strip().lower()) for one in accepted]
    return next((one for one in known if one), Language.ENGLISH)


def _known(name: str) -> Language | None:
    return next((one for one in Language if one.value == name), None)
