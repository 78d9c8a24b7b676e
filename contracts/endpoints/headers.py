"""Headers of a partner's own that go with every attempt: an authorization header, say.

Their values are secrets: kept encrypted, never shown again, never logged.
"""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

MASK = "***"
"""What stands for a header's value wherever it is shown."""

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}")
_VALUE = re.compile(r"[!-~](?:[ -~]{0,998}[!-~])?")
_OURS = frozenset({"host", "user-agent", "accept-encoding", "accept", "date", "expect"})
_OF_TRACES = frozenset({"traceparent", "tracestate", "baggage"})
"""W3C Trace Context: ours where events are traced."""
_OUR_PREFIXES = ("content-", "webhook-", "proxy-", "sec-")
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings"}
)
"""RFC 9110, section 7.6.1: they belong to one connection."""


def checked_headers(headers: dict[str, str]) -> dict[str, str]:
    """The same headers with their names in small letters. ValueError names what is wrong, by the
    header's name only."""
    checked: dict[str, str] = {}
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ValueError("a header's name is 1 to 64 letters, digits and hyphens")
        small = name.lower()
        if small in _OURS | _OF_TRACES | _HOP_BY_HOP or small.startswith(_OUR_PREFIXES):
            raise ValueError(f"the header {small} is not yours to set: leave it out")
        if small in checked:
            raise ValueError(f"the header {small} is there twice")
        if not _VALUE.fullmatch(value):
            raise ValueError(
                f"the value of {small} is 1 to 1000 characters of ASCII, without a space at "
                "either end and without line breaks"
            )
        if value == MASK:
            raise ValueError(f"send the value of {small}: {MASK} only stands for it in answers")
        checked[small] = value
    return checked


def masked(names: Iterable[str] | None) -> dict[str, str]:
    """The headers as they may be shown."""
    return dict.fromkeys(names or (), MASK)


CustomHeaders = Annotated[
    dict[str, str],
    AfterValidator(checked_headers),
    Field(description="go with every attempt; their values are kept encrypted, never shown again"),
]
