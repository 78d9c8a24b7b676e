"""Links in texts: what starts one, and which host names belong to link shorteners.

Shortened links are forbidden in texts to India (Twilio's guidelines for India; TRAI's TCCCPR 2018),
and so are links into messengers that are not whitelisted (TRAI's Direction of 20 August 2024).
"""

import re

LONGEST_URL = 120
"""Characters. A longer link is left out of a text: it would cost parts of its own."""

SHORTENERS = frozenset(
    {
        "adf.ly",
        "amzn.to",
        "bit.do",
        "bit.ly",
        "bitly.com",
        "bitly.ws",
        "bl.ink",
        "buff.ly",
        "chilp.it",
        "clck.ru",
        "clicky.me",
        "cutt.ly",
        "cutt.us",
        "dub.co",
        "dub.sh",
        "fb.me",
        "flip.it",
        "gg.gg",
        "goo.gl",
        "goo.su",
        "hyperurl.co",
        "is.gd",
        "j.mp",
        "kutt.it",
        "linktr.ee",
        "lnk.to",
        "lnkd.in",
        "m.me",
        "mcaf.ee",
        "me2.do",
        "n9.cl",
        "ow.ly",
        "page.link",
        "qr.ae",
        "rb.gy",
        "rebrand.ly",
        "s.coop",
        "s.id",
        "short.gy",
        "short.io",
        "shorturl.at",
        "shrtco.de",
        "smarturl.it",
        "snip.ly",
        "soo.gd",
        "su.pr",
        "surl.li",
        "t.co",
        "t.ly",
        "t.me",
        "tiny.cc",
        "tiny.one",
        "tinyurl.com",
        "tr.im",
        "trib.al",
        "u.to",
        "urlz.fr",
        "v.gd",
        "vu.fr",
        "wa.link",
        "wa.me",
        "wp.me",
        "x.co",
        "zpr.io",
    }
)
"""Host names in small letters; the names under them are theirs, too."""

_HOST = re.compile(r"(?<![a-z0-9_.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![a-z0-9-])", re.IGNORECASE)
_PLAIN = re.compile(r"\bhttp://", re.IGNORECASE)
_START = re.compile(r"://|\bwww\.", re.IGNORECASE)
_LINK = re.compile(r"\bhttps?://\S+", re.IGNORECASE)
_LINK_WORD = re.compile(r"://|\bwww\b", re.IGNORECASE)
_SCHEME = re.compile(r"^https?(?=://)", re.IGNORECASE)
_WRITTEN = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def shorteners_in(text: str) -> list[str]:
    """The hosts of link shorteners that a text names, with or without `https://`, as they stand."""
    return [text[start:end] for start, end in _shorteners(text)]


def has_plain_link(text: str) -> bool:
    """Whether a text has a link without encryption."""
    return _PLAIN.search(text) is not None


def without_links(text: str) -> str:
    """The text with each link replaced by a space."""
    return _LINK.sub(" ", text)


def without_link_words(text: str) -> str:
    """The text without the words that are, or end in, what says that this is a link."""
    return " ".join(word for word in text.split() if not _says_link(word))


def sendable_link(link: str) -> str | None:
    """A link as a text may have it: in the characters of RFC 3986, its scheme in small letters, no
    shortener's, and no longer than LONGEST_URL; None for any other."""
    link = _SCHEME.sub(lambda scheme: scheme[0].lower(), link)
    fits = len(link) <= LONGEST_URL and _WRITTEN.fullmatch(link)
    return link if fits and not shorteners_in(link) else None


def link_marks(text: str) -> list[tuple[int, int]]:
    """Where a text says that this is a link: start and end of each `://`, `www.` and shortener."""
    return [match.span() for match in _START.finditer(text)] + _shorteners(text)


def _says_link(word: str) -> bool:
    return _LINK_WORD.search(word) is not None or bool(shorteners_in(word))


def _shorteners(text: str) -> list[tuple[int, int]]:
    return [host.span() for host in _HOST.finditer(text) if _is_shortener(host[0].lower())]


def _is_shortener(host: str) -> bool:
    names = host.split(".")
    return any(".".join(names[at:]) in SHORTENERS for at in range(len(names)))
