"""Logs mistakes of ours in the worker's polling loops, which go on all the same."""

import logging
import traceback

log = logging.getLogger(__name__)


def log_mistake(what_follows: str, error: Exception) -> None:
    """Log a mistake by its type and its place, but without its message, which may quote
    somebody."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: a mistake of ours, %s, at:\n%s", what_follows, type(error).__name__, where)
