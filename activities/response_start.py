"""What comes back for one request, and where its final response begins.

The HTTP library gets to see it from there on. Blank lines before it and interim responses (1xx) say
nothing to us; the library takes a blank line that comes alone, and a fault in an interim head, for
the end of the exchange, and spends its time on each of a flood of them.
"""

import re

import httpcore

_KEPT_BYTES = 16 * 1024
_INTERIM = re.compile(
    rb"[\r\n]*HTTP/[0-9](?:\.[0-9])?[ \t]+1(?!01)[0-9]{2}(?:[ \t][^\n]*|\r)?\n", re.IGNORECASE
)
"""The status line of an interim response; 101 ends HTTP."""

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STATUS_LINE = b"HTTP/"
_LONGEST_LINE, _LONGEST_HEAD, _MOST_INTERIM = 256, 16 * 1024, 1024 * 1024


class Received(bytearray):
    """The first 16 KiB that came back for one request, TLS taken off: of its final response, once
    that has begun. Empty as long as nothing but line ends has come."""

    def note(self, data: bytes) -> None:
        """Keep what there is room for."""
        self.extend(data[: max(_KEPT_BYTES - len(self), 0)])


class ResponseStart:
    """Holds back what comes for a request until its final response begins."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._held = b""
        self._left_out = 0
        self._has_begun = False

    def take(self, data: bytes) -> bytes | None:
        """Note what has come, `b""` for the end; gives what the library is to see now, None for
        nothing yet. RemoteProtocolError for interim responses without end."""
        if self._has_begun:
            self._received.note(data)
            return data
        self._received.note(data if self._received else data.lstrip(b"\r\n"))
        self._held += data
        self._leave_out_interim()
        if data and self._says_nothing_yet():
            return None
        self._has_begun = True
        if self._held:
            self._received.clear()
            self._received.note(self._held)
        return self._held

    def _leave_out_interim(self) -> None:
        at = 0
        while _INTERIM.match(self._held, at) and (end := _END_OF_HEAD.search(self._held, at + 1)):
            at = end.end()
        self._held = self._held[at:].lstrip(b"\r\n")
        self._left_out += at
        if self._left_out > _MOST_INTERIM:
            raise httpcore.RemoteProtocolError("interim responses without end")

    def _says_nothing_yet(self) -> bool:
        """Whether only more bytes can tell what this is."""
        if b"\n" not in self._held:
            start = self._held[: len(_STATUS_LINE)].upper()
            return _STATUS_LINE.startswith(start) and len(self._held) < _LONGEST_LINE
        return _INTERIM.match(self._held) is not None and len(self._held) < _LONGEST_HEAD
