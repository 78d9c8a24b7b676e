"""What a database needs around its restore from a backup: a look before, and marks after.

The marks are plain SQL, so that PostgreSQL's own program can load the backup and make them in one
transaction: nobody ever sees the rows without them.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Engine,
    String,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql

from contracts.access.audit import AuditAction
from contracts.access.callers import COMMAND_LINE
from contracts.ids import IdKind, new_id
from store.tables import INSTRUCTION_NUMBERS, AuditEntryRow, RestoreRow

MORE_THAN_WERE_GIVEN = 1_000_000
"""Instructions between a backup and its restore. The OMS may know their numbers: no other
instruction gets one of them, and a reader of the feed is not past those that come."""

_SIGNED_IN = (
    "dashboard_sessions",
    "pending_sign_ins",
    "identity_requests",
    "password_reset_requests",
)
"""Who was signed in, or about to be: some were signed out since, or have another password."""

_OTHERS = """
    SELECT count(*), string_agg(DISTINCT coalesce(host(client_addr), 'this machine'), ', ')
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
"""
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"


def server_major(engine: Engine) -> int:
    """The major version of the server, such as 18."""
    with engine.connect() as connection:
        return int(connection.execute(text(_MAJOR)).scalar_one())


def has_tables(engine: Engine) -> bool:
    """Whether anything is in the database."""
    with engine.connect() as connection:
        return bool(connection.execute(text(_TABLES)).scalar_one())


def others_connected(engine: Engine) -> str | None:
    """How many connections others have to this database and from where, in words; None: none."""
    with engine.connect() as connection:
        count, hosts = connection.execute(text(_OTHERS)).one()
    return f"{count} from {hosts}" if count else None


def mark_restored(engine: Engine, lost_until: datetime, now: datetime) -> None:
    """Make the marks in a database that was restored by other means."""
    with engine.begin() as connection:
        for each in _marks(lost_until, now):
            connection.execute(each)


def marks_as_sql(lost_until: datetime, now: datetime) -> list[str]:
    """The marks for a program that takes SQL."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    literally = {"literal_binds": True}
    compiled = [
        each.compile(None, dialect=dialect, compile_kwargs=literally)
        for each in _marks(lost_until, now)
    ]
    return [str(each) for each in compiled]


def _marks(lost_until: datetime, now: datetime) -> list[Any]:
    """What is forgotten, numbers that nobody has seen, and who did it."""
    action, said = AuditAction.DATABASE_RESTORED, json.dumps({"lost_until": lost_until.isoformat()})
    entry = insert(AuditEntryRow).values(
        id=new_id(IdKind.AUDIT_ENTRY),
        at=now,
        actor=COMMAND_LINE,
        action=action,
        object_kind=action.object_kind,
        object_id="doorstep",
        details=cast(literal(said, String), JSON),
    )
    restore = insert(RestoreRow).values(restored_at=now, lost_until=lost_until)
    numbers = INSTRUCTION_NUMBERS.name
    unseen = func.setval(literal(numbers, String), column("last_value") + MORE_THAN_WERE_GIVEN)
    signed_out = [delete(table(name)) for name in _SIGNED_IN]
    return [restore, select(unseen).select_from(table(numbers)), *signed_out, entry]
