"""Links in texts: what starts one, and which host names belong to link shorteners.

Shortened links are forbidden in texts to India (Twilio's guidelines for India; TRAI's TCCCPR 2018).
"""

import re

SHORTENERS = frozenset(
    {
        "bit.ly",
        "bl.ink",
        "buff.ly",
        "cutt.ly",
        "goo.gl",
        "is.gd",
        "lnkd.in",
        "ow.ly",
        "rb.gy",
        "rebrand.ly",
        "s.id",
        "shorturl.at",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
        "v.gd",
    }
)
"""Whole host names, in small letters."""

_HOST = re.compile(r"(?<![a-z0-9_.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![a-z0-9-])", re.IGNORECASE)
_PLAIN = re.compile(r"\bhttp://", re.IGNORECASE)
_START = re.compile(r"://|\bwww\.", re.IGNORECASE)
_LINK = re.compile(r"\bhttps?://\S+", re.IGNORECASE)


def shorteners_in(text: str) -> list[str]:
    """The hosts of link shorteners that a text names, with or without `https://`, as they stand."""
    return [text[start:end] for start, end in _shorteners(text)]


def has_plain_link(text: str) -> bool:
    """Whether a text has a link without encryption."""
    return _PLAIN.search(text) is not None


def without_links(text: str) -> str:
    """The text with each link replaced by a space."""
    return _LINK.sub(" ", text)


def link_marks(text: str) -> list[tuple[int, int]]:
    """Where a text says that this is a link: start and end of each `://`, `www.` and shortener."""
    return [match.span() for match in _START.finditer(text)] + _shorteners(text)


def _shorteners(text: str) -> list[tuple[int, int]]:
    hosts = _HOST.finditer(text)
    return [host.span() for host in hosts if host[0].lower().removeprefix("www.") in SHORTENERS]
