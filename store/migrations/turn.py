"""One set-up step at a time, also through a pooler, and without standing in its own way."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

log = logging.getLogger(__name__)

_ADVISORY_LOCK = 7_239_061_401  # any number, the same for every set-up step that runs at once
_LOOK_EVERY_S = 1.0
_TRY = text("SELECT pg_try_advisory_xact_lock(:lock)")
_NEVER_ENDS_WHILE_IDLE = text(
    "SELECT set_config(name, '0', true) FROM pg_settings "
    "WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')"
)


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[Connection]:
    """Wait for other set-up steps, for as long as they take; then keep them out. Gives the
    connection whose open transaction does so: a pooler may give each transaction another one.

    It looks again and again instead of waiting in PostgreSQL: a statement that waits has a
    snapshot, and CREATE INDEX CONCURRENTLY of whoever has the turn would wait for its end, and
    never get it. The transaction that has the turn is idle, has none, and is waited for by nobody.
    """
    with engine.connect() as connection:
        waits = False
        while not connection.scalar(_TRY, {"lock": _ADVISORY_LOCK}):
            connection.rollback()
            if not waits:
                log.info("another set-up step is under way: waiting until it ends")
            waits = True
            time.sleep(_LOOK_EVERY_S)
        connection.execute(_NEVER_ENDS_WHILE_IDLE)
        yield connection
