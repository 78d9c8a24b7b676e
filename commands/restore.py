"""`doorstep restore`: a backup into an empty database, and what has to follow every restore.

Nothing of the system may run meanwhile: a worker that served the database before it is marked would
send texts that the customer has already.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from commands.backup import where_the_keys_are
from commands.backup_loading import load_backup
from commands.database import open_database, read_revision
from commands.errors import CommandFailed
from commands.postgres_programs import find_programs, reached
from commands.supervisor import Supervisor
from commands.system import System
from contracts.clock import Clock
from contracts.errors import EngineUnavailable, StoreUnavailable
from dispatch.connection import connect
from dispatch.former_workflows import end_former_workflows
from settings import Settings, temporal_options
from store.db.engine import create_database_engine
from store.db.errors import in_one_line
from store.db.restoring import (
    has_tables,
    mark_restored,
    marks_as_sql,
    others_connected,
    server_major,
)


@dataclass(frozen=True)
class Restored:
    """What a restore came to. `ended` is how many workflows Temporal still ran from before; None
    where it does not answer."""

    lost_until: datetime
    ended: int | None


async def restore(
    settings: Settings, file: Path | None, stopped_at: datetime | None, clock: Clock
) -> Restored:
    """Load a backup, or without a file take the database as it was restored by other means; then
    see to it that nothing is sent twice that must not be. CommandFailed says what is in the way.
    """
    now = clock()
    lost_until = stopped_at or now
    if lost_until.tzinfo is None or lost_until > now:
        raise CommandFailed("--stopped-at is a time of the past with its zone: 2026-11-29T21:40Z")
    _require_keys_file(settings)
    async with _serving(System.from_environment(settings)):
        await asyncio.to_thread(_bring_back, settings, file, lost_until, now)
        async with open_database(settings) as database:
            await database.require_keys()
    return Restored(lost_until, await _end_former(settings))


def _require_keys_file(settings: Settings) -> None:
    """Never make new keys for a database that was sealed with others."""
    setting, folder = settings.key_source
    if setting is None and folder is not None and not Path(where_the_keys_are(settings)).exists():
        raise CommandFailed(
            f"there is no {where_the_keys_are(settings)}: put the file of the system there that "
            "made the backup, which cannot be read without it"
        )


def _bring_back(settings: Settings, file: Path | None, lost_until: datetime, now: datetime) -> None:
    engine = create_database_engine(settings.store_url)
    try:
        _require_alone(engine)
        if file is None:
            _mark(settings, engine, lost_until, now)
        else:
            _load(settings, engine, file, lost_until, now)
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database did not do it ({in_one_line(error)})") from None
    finally:
        engine.dispose()


def _require_alone(engine: Engine) -> None:
    others = others_connected(engine)
    if others is not None:
        raise CommandFailed(
            f"others are connected to this database ({others}): stop every API, every worker and "
            "every pooler's connections to it first"
        )


def _mark(settings: Settings, engine: Engine, lost_until: datetime, now: datetime) -> None:
    if read_revision(settings) is None:
        raise CommandFailed("the database has no tables of Doorstep: restore it first")
    mark_restored(engine, lost_until, now)


def _load(
    settings: Settings, engine: Engine, file: Path, lost_until: datetime, now: datetime
) -> None:
    if not file.is_file():
        raise CommandFailed(f"there is no file {file}")
    if has_tables(engine):
        raise CommandFailed(
            "the database is not empty: restore into a new one, and keep this one until you "
            "have seen that the new one is well"
        )
    programs = find_programs(server_major(engine))
    load_backup(programs, reached(settings.store_url), file, marks_as_sql(lost_until, now))


@asynccontextmanager
async def _serving(system: System) -> AsyncIterator[None]:
    """The embedded PostgreSQL started for this, where it does not run; every other one does."""
    postgres = system.postgres
    if postgres is None or await asyncio.to_thread(postgres.serves):
        yield
        return
    await asyncio.to_thread(postgres.prepare)
    async with Supervisor(_to_nobody) as supervisor:
        await supervisor.start(system.database(postgres))
        await asyncio.to_thread(postgres.create_database)
        yield


async def _end_former(settings: Settings) -> int | None:
    try:
        return await end_former_workflows(await connect(temporal_options(settings)))
    except (EngineUnavailable, RPCError):
        return None


def _to_nobody(_words: str) -> None:
    """What the supervisor says of the server is in its log."""
