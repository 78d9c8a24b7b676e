"""In which language a page speaks: the viewer's own choice, else that of this browser, else the
first of the browser's languages that there is, else English."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.responses import Response

from api.dependencies import Parts
from dashboard.cookies import give_cookie
from dashboard.translations import ENGLISH, Words, languages, words_in

_COOKIE = "doorstep_language"
_KEPT_S = 365 * 24 * 3600


def note_choice(request: Request, language: str | None) -> None:
    """Let every answer to this request be in the language that its viewer chose, also one that
    says that something went wrong."""
    request.state.chosen_language = language


def language_of(request: Request) -> str:
    """The language of the answer to this request."""
    known = languages()
    return next((one for one in _wanted(request) if one in known), ENGLISH)


def words_for(request: Request) -> Words:
    """The words of the answer to this request."""
    return words_in(language_of(request))


def keep_choice(answer: Response, parts: Parts, language: str) -> None:
    """Let the browser keep the language, for the pages before somebody is signed in."""
    give_cookie(answer, parts, _COOKIE, language, max_age=_KEPT_S)


def _wanted(request: Request) -> Iterator[str]:
    yield getattr(request.state, "chosen_language", None) or ""
    yield request.cookies.get(_COOKIE, "")
    for one in request.headers.get("accept-language", "").split(","):
        yield one.partition(";")[0].partition("-")[0].strip().lower()
