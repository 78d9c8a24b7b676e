"""Make an endpoint's answer fit to be kept: nothing of the customer, rider or OTP left in it.

It runs on the worker's loop, so its time is bounded whatever a customer's name and an endpoint's
answer look like: a few thousand characters are looked at, a few hundred texts are looked for, by
`str.find`. What goes over a bound is masked as a whole.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from html.entities import codepoint2name
from typing import Any
from urllib.parse import quote, urlsplit

from contracts.payload.personal_fields import LINKS, OPEN, WORDED, texts_of

_MASK = "[redacted]"
_LONG_NUMBER = re.compile(r"\d(?:[\s.()/\u2010-\u2013-]{0,3}\d){3,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-](?:[A-Za-z0-9+/_-]|\\?/|\r?\n){15,}={0,2}")
_ESCAPED = re.compile(r"[\s'\"<>&\\`\u2019]+")
"""Between words; and what each language escapes in its own way, so that only the words around it
are the same in all."""

_KEPT_CHARACTERS = 1_000
_LOOKED_AT = 2_500
_MOST_SOUGHT, _MOST_FOUND = 300, 300
_SHORTEST, _SHORTEST_OF_A_LINK = 3, 6
Span = tuple[int, int]


def redact(text: str, payload: bytes) -> str:
    """The start of an answer with the payload's personal values and all long numbers masked.

    A partner may well echo what it was sent, also in base64; numbers of four digits and more are
    masked whether they came from us or not, for they may be a phone or an OTP. The payload is that
    of an event; of another body nothing but numbers is known to be personal.
    """
    text = text[: 2 * _LOOKED_AT].replace("\x00", "")
    if not text:
        return text
    sought = sorted(set(_sought(payload)), key=len, reverse=True)
    window = text[:_LOOKED_AT]
    found = sorted(_found(window, sought)) if len(sought) <= _MOST_SOUGHT else []
    if len(sought) > _MOST_SOUGHT or len(found) > _MOST_FOUND:
        return _MASK
    # A value that the window cuts in two is not known: what may be its first half is left out.
    cut_short = len(text) > len(window) and sought
    whole = len(window) - (min(len(sought[0]), _LOOKED_AT - _KEPT_CHARACTERS) if cut_short else 0)
    return _masked(window, found, whole)[:_KEPT_CHARACTERS]


def _masked(text: str, found: list[Span], end: int) -> str:
    """The text up to `end`, each run of overlapping spans replaced by one mask."""
    parts, done = [], 0
    for start, stop in found:
        if start >= end:
            break
        if start >= done:
            parts += [text[done:start], _MASK]
        done = max(done, stop)
    return "".join((*parts, text[done:end]))


def _found(text: str, sought: Iterable[str]) -> Iterator[Span]:
    """Where something personal stands; it stops soon after the most that anybody looks at."""
    small = _small(text)
    left = _MOST_FOUND + 1
    for value in sought:
        at = small.find(value)
        while at >= 0 and left:
            yield at, at + len(value)
            at, left = small.find(value, at + len(value)), left - 1
    yield from (match.span() for match in _LONG_NUMBER.finditer(text))
    yield from (match.span() for match in _BASE64.finditer(text) if _hides(match[0], sought))


def _hides(run: str, sought: Iterable[str]) -> bool:
    """Whether a run of letters is base64 of something personal."""
    plain = re.sub(r"[\r\n\\=]", "", run).translate({ord("-"): "+", ord("_"): "/"})
    decoded = base64.b64decode(plain[: len(plain) // 4 * 4]).decode("utf-8", "ignore")
    small = _small(decoded)
    return any(value in small for value in sought) or _LONG_NUMBER.search(decoded) is not None


def _sought(payload: bytes) -> Iterator[str]:
    """The personal texts of a payload in every notation, in small letters."""
    data: dict[str, Any] = json.loads(payload)["data"]
    for place, text in texts_of({one: inner for one, inner in data.items() if _is_group(inner)}):
        if place not in OPEN:
            for part in _parts(place, text):
                yield from map(_small, _notations(part))


def _is_group(value: Any) -> bool:
    return isinstance(value, dict)


def _parts(place: str, text: str) -> Iterator[str]:
    """A text and those parts of it that tell something by themselves."""
    if place in LINKS:
        link = urlsplit(text)
        parts = (text, f"{link.path}?{link.query}", *link.path.split("/"), *link.query.split("&"))
        yield from (one.rstrip("?") for one in parts if len(one) >= _SHORTEST_OF_A_LINK)
    elif place in WORDED:  # a code, such as a status, is no secret, nor is each word of a sentence
        yield from (text,) if " " in text.strip() else ()
    else:
        words = (*text.split(), *_ESCAPED.split(text))
        yield from (one for one in (text, *words) if len(one) >= _SHORTEST)


def _notations(value: str) -> tuple[str, ...]:
    """A value as an echo may write it: as it is, in JSON, in HTML, in a form or URL."""
    if value.isascii() and value.isalnum():
        return (value,)  # they are all the same
    in_json = json.dumps(value)[1:-1]
    escaped = in_json.replace("/", "\\/")  # as PHP writes JSON
    return value, in_json, escaped, html.escape(value), quote(value), *_as_entities(value)


def _as_entities(value: str) -> Iterator[str]:
    """As HTML writes letters outside ASCII where it may have none: by number or by name."""
    if value.isascii():
        return
    for written in ("&#{0};", "&#x{0:x};"):
        yield "".join(one if one.isascii() else written.format(ord(one)) for one in value)
    if any(ord(one) in codepoint2name for one in value):
        yield "".join(_named(one) for one in value)


def _named(character: str) -> str:
    name = None if character.isascii() else codepoint2name.get(ord(character))
    return f"&{name};" if name else character


def _small(text: str) -> str:
    """In small letters, character for character: one letter's small form is two."""
    return text.replace("\u0130", "i").lower()
