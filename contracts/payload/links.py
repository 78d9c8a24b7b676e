"""Links that customers and partners open: tracking pages, proofs, evidence."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from contracts.payload.text import readable

LONGEST_LINK = 2000

_SCHEME = re.compile(r"^https?:", re.IGNORECASE)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s@\\:\[\]<>\"%|^`{}]+)(:[0-9]*)?$")


def opening(url: str) -> str:
    """The same link. ValueError unless a browser could open it, and would go where it seems to."""
    wrong = ValueError("send a link that starts with https:// or http:// and a host")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if not host or not _HOST.match(parts.netloc):
        raise wrong
    return url


def _small_scheme(value: object) -> object:
    """Schemes are the same in any case (RFC 3986, 3.1); receivers look for `https://`."""
    if not isinstance(value, str):
        return value
    return _SCHEME.sub(lambda found: found.group().lower(), value.strip(), count=1)


Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$", max_length=LONGEST_LINK),
    BeforeValidator(_small_scheme),
    AfterValidator(readable),
    AfterValidator(opening),
]
"""An absolute link that customers or partners open."""
