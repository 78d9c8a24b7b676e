"""Bodies of requests read as JSON, strictly: what two readers may take for two things is no value.

A fault inside a document stays where it is: `Unreadable` stands for the value, and whoever takes
the document refuses that value, or that item of a batch, and nothing else.
"""

import json
import re
from typing import Any

from contracts.payload.faults import Unreadable

MOST_DIGITS = 25
"""More than any number of the contract has; Python itself refuses whole numbers beyond 4,300."""

_DEEPEST = 64
_TOO_DEEP = "NaN"
"""Takes the place of what is nested too deeply; NaN is no JSON, so that nobody else means it."""

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_json(body: bytes) -> Any:
    """The document. ValueError or RecursionError where it is none.

    Half a surrogate pair, escaped or in bytes (CESU-8), passes here: it is refused where it stands.
    """
    try:
        return _loads(body)
    except RecursionError:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        return _loads(_shallow(text))


def _loads(text: str | bytes) -> Any:
    return json.loads(
        text, object_pairs_hook=_object, parse_int=_whole_number, parse_constant=_constant
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Unreadable:
    """RFC 8259, section 4: readers differ in what a name means that is there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        return Unreadable("it has a name twice: send each name once")
    return found


def _whole_number(digits: str) -> int | Unreadable:
    if len(digits) > MOST_DIGITS:
        return Unreadable("the number has too many digits")
    return int(digits)


def _constant(_name: str) -> Unreadable:
    return Unreadable(f"it is not a number, or nested deeper than {_DEEPEST}")


def _shallow(text: str) -> str:
    """The same text with what lies too deep cut out; where brackets do not match, as it is."""
    kept, depth, begun, end = [], 0, 0, 0
    for token in _TOKENS.finditer(text):
        if token.group() in "[{":
            depth += 1
            begun = token.start() if depth == _DEEPEST + 1 else begun
        elif token.group() in "]}":
            if depth == _DEEPEST + 1:
                kept += [text[end:begun], _TOO_DEEP]
                end = token.end()
            depth -= 1
    return "".join([*kept, text[end:]])
