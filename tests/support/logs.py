"""The product's logging, into a string."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commands.logs import LogFormat, configure_logging

_CHATTY = ("alembic", "httpcore", "httpx", "twilio", "urllib3")


@contextmanager
def logging_into_a_string(
    monkeypatch: pytest.MonkeyPatch, log_format: LogFormat = "text"
) -> Iterator[io.StringIO]:
    """Log as a process of ours does, until the context ends; gives what standard error is then."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in _CHATTY}
    stderr = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stderr)
        configure_logging("INFO", log_format)
    try:
        yield stderr
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def said_by(logger: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What one logger has said, whatever others do."""
    return [one.getMessage() for one in caplog.records if one.name == logger]
