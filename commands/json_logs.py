"""Log lines as JSON objects: `timestamp`, `level`, `logger`, `message`, and the fields of a line.

A line's fields are what it was logged with as `extra`, or the mapping that was logged in place of
a message.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from commands.logs import MORE_FIELDS, masked

_FIELDS = ("asctime", "levelname", "name", "message")
_NAMES = {"asctime": "timestamp", "levelname": "level", "name": "logger"}
_COLOURED = "color_message"
"""uvicorn's message once more, for terminals."""


class MaskingJsonFormatter(JsonFormatter):
    """One object a line, masked as a whole."""

    def __init__(self) -> None:
        super().__init__(
            _FIELDS,
            rename_fields=_NAMES,
            reserved_attrs=[*RESERVED_ATTRS, _COLOURED],
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback is its field `exc_info`."""
        return masked(super().format(record))

    def formatTime(  # noqa: N802 - its name
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        """The time in UTC, to the millisecond, as in the lines of text."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Leave out what has no value, such as the message of a line that is fields alone."""
        return {key: value for key, value in log_data.items() if value not in (None, "")}

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """The line's own fields, and what every line carries besides."""
        super().add_fields(log_data, record, message_dict)
        log_data.update(getattr(record, MORE_FIELDS, {}))
