"""What can be said of a response that the HTTP library could not read, or that never came."""

import re
import ssl
from collections.abc import Iterator

import anyio
import h11
import httpcore
import httpx

from activities.guarded_network import ForbiddenAddress, NameUnknown, ResolverUnavailable
from contracts.delivery.verdicts import Answer, NoAnswer
from contracts.endpoints.url import UnusableUrl

_HEAD = re.compile(
    rb"\s{0,4}HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})(?:[ \t][^\r\n]*)?\r?\n"
    rb"((?:[^\r\n]+\r?\n)*)(\r?\n)?",
    re.IGNORECASE,
)
_RETRY_AFTER = re.compile(rb"^retry-after[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.I | re.M)
_FEWEST_FINAL = 200

_TIMEOUTS = (TimeoutError, httpx.TimeoutException, httpcore.TimeoutException)
_UNUSABLE = (UnusableUrl, httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError)
_NOT_HTTP = (httpx.ProtocolError, httpcore.ProtocolError, h11.ProtocolError)
_CUT = (
    *(httpx.TransportError, httpcore.NetworkError, OSError),
    *(anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream),
)
_NO_FAULT_OF_TLS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def read_leniently(received: bytes) -> tuple[Answer, bytes] | None:
    """The answer that these bytes begin with, and the start of its body; None without a whole
    status line of a final response.

    For a head that is not valid HTTP, or not whole: a name with a space, two lengths, a header
    that never ends. Interim responses (1xx) are passed over.
    """
    rest = received
    while (head := _HEAD.match(rest)) is not None:
        status = int(head[1])
        if status >= _FEWEST_FINAL:
            wish = _RETRY_AFTER.search(head[2])
            retry_after = wish[1].decode("latin-1") if wish else None
            return Answer(f"http_{status}", status, retry_after), rest[head.end() :]
        if head[3] is None:
            return None
        rest = rest[head.end() :]
    return None


def code_of(error: Exception) -> NoAnswer:
    """The code of what went wrong; `internal_error` for anything that is not listed here."""
    if isinstance(error, _TIMEOUTS):
        return NoAnswer.TIMEOUT
    for one in _chain(error):
        if isinstance(one, ResolverUnavailable):
            return NoAnswer.RESOLVER
        if isinstance(one, NameUnknown):
            return NoAnswer.DNS
    if any(_is_of_tls(one) for one in _chain(error)):
        return NoAnswer.TLS
    for types, code in (
        (ForbiddenAddress, NoAnswer.FORBIDDEN_ADDRESS),
        (_UNUSABLE, NoAnswer.INVALID_URL),
        (_NOT_HTTP, NoAnswer.PROTOCOL),
        (_CUT, NoAnswer.CONNECTION),
    ):
        if isinstance(error, types):
            return code
    return NoAnswer.INTERNAL_ERROR


def _is_of_tls(error: BaseException) -> bool:
    """TLS's own errors. That it waits for bytes is none, and the context of whatever ends that."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, _NO_FAULT_OF_TLS)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
