"""The syntax of templates: `{name}` is a variable, `[ ... {name} ...]` an optional part.

An optional part is left out whole when a variable in it has no value. Brackets do not nest, and
there are no other braces or brackets; `contracts.sms.lint` says so before a template is kept.
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{([^{}\[\]]*)\}")
_PIECE = re.compile(r"\[([^\[\]]*)\]|\{([^{}\[\]]*)\}")


def rendered(text: str, values: Mapping[str, str | None]) -> str:
    """The text with its values put in, in one pass: values that look like `{shop}` or `[x]` stay
    characters. An optional part is left out when one of its variables is None or empty; outside
    brackets such a variable leaves nothing behind."""
    return _PIECE.sub(lambda piece: _piece(piece, values), text)


def names_in(text: str) -> list[str]:
    """The variables of a template, each once, in order of appearance."""
    return list(dict.fromkeys(_NAME.findall(text)))


def without_optional_parts(text: str) -> str:
    """What of a template is in every text, with its variables as they are written."""
    return _PIECE.sub(lambda piece: "" if piece[1] is not None else piece[0], text)


def optional_parts(text: str) -> list[str]:
    """What stands inside each pair of brackets."""
    return [piece[1] for piece in _PIECE.finditer(text) if piece[1] is not None]


def _piece(piece: re.Match[str], values: Mapping[str, str | None]) -> str:
    optional, name = piece[1], piece[2]
    if optional is None:
        return values.get(name) or ""
    if not all(values.get(name) for name in _NAME.findall(optional)):
        return ""
    return _NAME.sub(lambda inner: values.get(inner[1]) or "", optional)
