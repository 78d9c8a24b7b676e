"""The log of a process: one line each, to standard error, with the time in UTC.

Phone numbers are masked in whatever is logged, by us or by a library: a message, its arguments, a
URL, a traceback.
"""

import contextlib
import io
import logging
import re
import time

from contracts.fields import mask_phone

_CHATTY = ("alembic", "httpcore", "httpx", "twilio", "urllib3")
_PHONE = re.compile(r"(\+|%(?:25)*2[Bb])([0-9]{8,15})(?![0-9])")
"""E.164 as it is written or as a URL has it. The numbers of other plans are not told from ids."""


def configure_logging(level: str) -> None:
    """Log from `level` on. Libraries that would log addresses or texts say warnings only."""
    handler = _Handler()
    formatter = MaskingFormatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
    formatter.datefmt, formatter.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def masked(text: str) -> str:
    """The text with every E.164 number as `+91********45`; everything else stays as it is."""
    return _PHONE.sub(_mask, text)


class MaskingFormatter(logging.Formatter):
    """Formats as any other, then masks the whole of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        return masked(super().format(record))


class _Handler(logging.StreamHandler[io.TextIOBase]):
    """Standard error, for what cannot be logged as well: that shows the arguments, too."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name
        """Tell of a line with wrong arguments."""
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            super().handleError(record)
        with contextlib.suppress(OSError, ValueError):  # the stream may be what is broken
            self.stream.write(masked(told.getvalue()))


def _mask(match: re.Match[str]) -> str:
    plus, digits = match.groups()
    return plus + mask_phone(f"+{digits}")[1:]
