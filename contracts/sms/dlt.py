"""Texts as they are registered for India, and where a rendered one departs from them.

An Indian operator drops a text that does not match its registered template character by character
with the variables filled. Since 14 January 2026 variables are typed (TRAI's Direction of 18
November 2025). How long a value may be is the operators' own rule: 30 characters by most sources.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from contracts.sms.dlt_values import TAGS, Reader

MOST_CHARACTERS = 2000
"""Of a registered text, its tags included."""

_TAG = re.compile(r"\{#([^{}#]*)#\}")
_MOST_QUOTED = 30


class Category(StrEnum):
    """What a content template is registered for (TRAI's TCCCPR 2018)."""

    TRANSACTIONAL = "transactional"
    SERVICE_IMPLICIT = "service_implicit"
    SERVICE_EXPLICIT = "service_explicit"
    PROMOTIONAL = "promotional"


@dataclass(frozen=True)
class _Token:
    """One character of a registered text, or one tag: `tag` is its name. `at` counts from 0."""

    at: int
    text: str
    tag: str | None = None


def departure(registered: str, rendered: str, longest: int = 30) -> str | None:
    """Where a rendered text departs from what is registered, in a sentence without its full stop;
    None when it matches.

    `longest` is how many characters a value may have; a link may have 120. The sentence quotes the
    registered text and counts characters. It repeats nothing of the rendered text, which may hold
    an OTP or a name.
    """
    reader, reached = Reader(rendered), 1
    before: _Token | None = None
    for token in _tokens(registered):
        onward = _past(reader, reached, token, longest)
        if not onward:
            place, expected = _place(reached, len(rendered)), _described(token, registered, longest)
            after = _after(before, longest)
            return f"the text departs {place}, where {expected} is registered{after}"
        before, reached = token, onward
    if reader.at_end(reached):
        return None
    furthest, after = reached.bit_length(), _after(before, longest)
    return f"the text goes on at its character {furthest}, where nothing is registered{after}"


def faults_of_registered(text: str) -> list[str]:
    """What is wrong with a text that is said to be registered, each with what to do."""
    if not text.strip():
        return ["the registered text is empty: copy it from the DLT platform"]
    faults = []
    if len(text) > MOST_CHARACTERS:
        faults.append(f"the registered text has {len(text)} characters: {MOST_CHARACTERS} at most")
    use = ", ".join(f"{{#{name}#}}" for name in TAGS)
    for name in dict.fromkeys(_TAG.findall(text)):
        if name not in TAGS:
            faults.append(f"{{#{name[:_MOST_QUOTED]}#}} is no variable: use {use}")
    faults += (f"the {{# at character {at} is not closed: add #}}" for at in _unclosed(text))
    return faults


def _tokens(registered: str) -> Iterator[_Token]:
    """The characters and tags in order; a tag that is not known is only characters."""
    at = 0
    while at < len(registered):
        tag = _TAG.match(registered, at)
        if tag and tag[1] in TAGS:
            yield _Token(at, tag[0], tag[1])
            at = tag.end()
        else:
            yield _Token(at, registered[at])
            at += 1


def _past(reader: Reader, reached: int, token: _Token, longest: int) -> int:
    if token.tag is None:
        return reader.past_character(reached, token.text)
    tag = TAGS[token.tag]
    return reader.past_value(reached, tag, tag.longest(longest))


def _place(reached: int, length: int) -> str:
    """Where in the rendered text all ways of reading it end, counted from 1."""
    first, last = (reached & -reached).bit_length(), reached.bit_length()
    if last > length:
        return "at its end" if first == last else f"between its character {first} and its end"
    if first < last:
        return f"between its characters {first} and {last}"
    return f"at its character {last}"


def _described(token: _Token, registered: str, longest: int) -> str:
    if token.tag is not None:
        tag = TAGS[token.tag]
        return f"{token.text} ({tag.meaning}, at most {tag.longest(longest)} characters)"
    following = _TAG.search(registered, token.at)
    end = following.start() if following else len(registered)
    return repr(registered[token.at : min(end, token.at + _MOST_QUOTED)])


def _after(before: _Token | None, longest: int) -> str:
    """What stands before, if it is a variable: its value may be what does not fit."""
    if before is None or before.tag is None:
        return ""
    return f" after {_described(before, '', longest)}"


def _unclosed(text: str) -> Iterator[int]:
    """Where a tag opens and does not close, counted from 1."""
    for opening in re.finditer(r"\{#", text):
        if not _TAG.match(text, opening.start()):
            yield opening.start() + 1
