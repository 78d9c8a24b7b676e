"""Values for the rows that are there already, a batch at a time."""

import logging
import time
from dataclasses import dataclass

from sqlalchemy import Connection

from store.migrations.context import committing, lock_retries, write
from store.migrations.short_locks import retried

log = logging.getLogger(__name__)

_STATEMENT = """
WITH batch AS (
    SELECT {key} AS batch_key FROM {table} WHERE ({where}){beyond} ORDER BY {key} LIMIT {rows}
    FOR NO KEY UPDATE
), filled AS (UPDATE {table} SET {set} FROM batch WHERE {table}.{key} = batch_key)
SELECT max(batch_key), count(*) FROM batch
""".strip()
_BATCH = 1000
_SAY_EVERY = 100
"""Batches."""


def back_fill(table: str, *, key: str, assign: str, where: str, rows: int = _BATCH) -> None:
    """Set columns of the rows that a condition names, so many at a time, each batch committed, in
    the order of a unique column. The condition no longer holds for a row that is done.

    Between batches it rests for as long as it worked: events have the right of way.
    """
    job = _BackFill(table, key, assign, where, rows)
    with committing() as connection:
        if connection is None:
            write(job.statement(first=True).replace("%%", "%"))
            return
        filled, batches, after = 0, 0, None
        while True:
            began = time.monotonic()
            after, count = job.fill(connection, after)
            filled, batches = filled + count, batches + 1
            if count < rows:
                break
            if batches % _SAY_EVERY == 0:
                log.info("%s: %d rows are filled, it goes on", table, filled)
            time.sleep(time.monotonic() - began)
    log.info("%s: %d rows are filled, all of them", table, filled)


@dataclass(frozen=True)
class _BackFill:
    table: str
    key: str
    assign: str
    where: str
    rows: int

    def fill(self, connection: Connection, after: str | None) -> tuple[str | None, int]:
        """Fill one batch; gives its last key and how many rows it had."""

        def one_batch() -> tuple[str | None, int]:
            statement = self.statement(first=after is None)
            ran = connection.exec_driver_sql(statement, {"after": after})
            last, count = ran.one()
            return last, count

        return retried(connection, self.table, lock_retries(), one_batch)

    def statement(self, *, first: bool) -> str:
        """The rows are locked in the order of their keys, as `store.db.row_locks` has it."""
        where, assign = (one.replace("%", "%%") for one in (self.where, self.assign))
        beyond = "" if first else f" AND {self.key} > %(after)s"
        return _STATEMENT.format(
            key=self.key, table=self.table, where=where, beyond=beyond, rows=self.rows, set=assign
        )
