"""The log of a process: one line each, to standard error, with the time in UTC.

As text, or as JSON with the ids that a line names as fields of their own. Phone numbers are masked
in whatever is logged, by us or by a library: a message, its arguments, a URL, a traceback.
"""

import contextlib
import io
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Literal

from contracts.payload.fields import mask_phone

LogFormat = Literal["text", "json"]

_CHATTY = ("alembic", "httpcore", "httpx", "twilio", "urllib3")
_PHONE = re.compile(r"(\+|%(?:25)*2[Bb])([0-9]{8,15})(?![0-9])")
"""E.164 as it is written or as a URL has it. The numbers of other plans are not told from ids."""
_TEXT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"


def configure_logging(level: str, log_format: LogFormat = "text") -> None:
    """Log from `level` on. Libraries that would log addresses or texts say warnings only."""
    handler = _Handler()
    handler.setFormatter(_formatter(log_format))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def add_to_every_line(fields: Callable[[], Mapping[str, str]]) -> None:
    """Have `fields` asked at each line for what it is to carry besides."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Handler):
            handler.more_fields = fields


def masked(text: str) -> str:
    """The text with every E.164 number as `+91********45`; everything else stays as it is."""
    return _PHONE.sub(_mask, text)


class MaskingFormatter(logging.Formatter):
    """Formats as any other, then masks the whole of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        return masked(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its name
        """The line alone, with what every line carries besides at its end."""
        more: Mapping[str, str] = getattr(record, MORE_FIELDS, {})
        return super().formatMessage(record) + "".join(f" {k}={v}" for k, v in more.items())


MORE_FIELDS = "_more_fields"
"""The attribute of a record that has what `add_to_every_line` gave."""


class _Handler(logging.StreamHandler[io.TextIOBase]):
    """Standard error, for what cannot be logged as well: that shows the arguments, too."""

    more_fields: Callable[[], Mapping[str, str]] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, with what every line carries besides."""
        if self.more_fields is not None:
            setattr(record, MORE_FIELDS, self.more_fields())
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name
        """Tell of a line with wrong arguments."""
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            super().handleError(record)
        with contextlib.suppress(OSError, ValueError):  # the stream may be what is broken
            self.stream.write(masked(told.getvalue()))


def _formatter(log_format: LogFormat) -> logging.Formatter:
    if log_format == "json":
        from commands.json_logs import MaskingJsonFormatter  # loaded by those who want it

        return MaskingJsonFormatter()
    formatter = MaskingFormatter(_TEXT)
    formatter.datefmt, formatter.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
    return formatter


def _mask(match: re.Match[str]) -> str:
    plus, digits = match.groups()
    return plus + mask_phone(f"+{digits}")[1:]
