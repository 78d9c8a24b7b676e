"""Changes that need a table for themselves, made between the others' work.

A statement that waits for such a lock stops everybody who comes after it, readers, too. So it waits
a moment only, gives way, and comes again.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from contracts.errors import StoreUnavailable
from store.db.errors import in_one_line

log = logging.getLogger(__name__)

T = TypeVar("T")

_STOOD_IN_THE_WAY = ("55P03", "40P01")
"""The lock was not to be had, or both waited for each other."""

_OLDEST_TRANSACTION = """
SELECT format('process %%s, %%s since %%s UTC', pid, state,
              to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE relation = to_regclass(%(table)s) AND granted AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 1
"""


@dataclass(frozen=True)
class LockRetries:
    """How long one attempt waits for a lock, how long it then gives way, and how often."""

    wait_s: float = 1.0
    pause_s: float = 4.0
    attempts: int = 60

    @property
    def limit(self) -> str:
        """The statement that bounds the wait, in a transaction."""
        return f"SET LOCAL lock_timeout = '{self.wait_s * 1000:.0f}ms'"


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction on a connection that commits by itself."""
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    except BaseException:
        if not connection.invalidated:
            connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def retried(connection: Connection, table: str, retries: LockRetries, work: Callable[[], T]) -> T:
    """Do the work in a short transaction, again and again while somebody has the table's locks.

    StoreUnavailable once it was tried often enough: it says who has them.
    """
    for attempt in range(1, retries.attempts + 1):
        try:
            with transaction(connection):
                connection.exec_driver_sql(retries.limit)
                return work()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _STOOD_IN_THE_WAY:
                raise
            said = in_one_line(error)
        holder = _holder(connection, table)
        if attempt == 1:
            log.warning("%s is in use (%s): trying again until it is free", table, holder)
        if attempt < retries.attempts:
            time.sleep(retries.pause_s)
    raise StoreUnavailable(
        f"the migration stopped: {said} ({retries.attempts} attempts): {table} is in use by "
        f"{holder}: let that end, or end it with pg_terminate_backend, then run `doorstep migrate` "
        "again; what is done stays done"
    )


def _holder(connection: Connection, table: str) -> str:
    """The oldest transaction that has locks of a table, as far as it is still there."""
    found = connection.exec_driver_sql(_OLDEST_TRANSACTION, {"table": table}).scalar()
    return found or "somebody who has ended meanwhile"
