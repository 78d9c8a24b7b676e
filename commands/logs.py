"""The log of a process: one line each, to standard error, with the time in UTC."""

import logging
import time

_CHATTY = ("alembic", "httpcore", "httpx", "hpack", "twilio", "urllib3")


def configure_logging(level: str) -> None:
    """Log from `level` on. Libraries that would log addresses or texts say warnings only."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
    formatter.datefmt, formatter.converter = "%Y-%m-%dT%H:%M:%S", time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
