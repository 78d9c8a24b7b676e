"""One database, its connections and its transactions.

A unit of work is a plain function of a `Session`; it runs whole, in one transaction, on a thread
of its own pool, so that the event loop never waits for the disk and a cancelled caller never
leaves a transaction half done.

What is set here and why:
- SQLite: WAL, so that readers never wait for the writer; `synchronous=FULL`, because a commit is
  a promise that must survive a power cut; one writing thread and `BEGIN IMMEDIATE`, because two
  processes that read first and then write lock each other out; turns between the processes
  (`store/turns.py`), because SQLite's own waiting starves whoever asks seldom; 5 s of patience.
- PostgreSQL: READ COMMITTED for writing; reading sees one moment (REPEATABLE READ, READ ONLY), as
  SQLite's readers do by themselves: an answer made of several queries never shows a try that ended
  beside a delivery that does not know it yet. As many connections as threads; statements end after
  10 s and waits for a row after 5 s, so that a stuck lock becomes an error that says so;
  connections are checked before use, so that a restarted server costs nobody a failed request.
- PostgreSQL behind a pooler such as PgBouncer, also one that gives each transaction another
  connection (docs/decisions/0029): the limits are set in each transaction, no statement is prepared
  on the server, and nothing else is kept in a connection from one transaction to the next.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from contracts.errors import ConfigurationError, Invalid, KeyMissing, StoreUnavailable
from store.database_errors import in_one_line
from store.keyring import Keyring
from store.sealing import VAULT, Vault, read_index_keys
from store.turns import WriteTurns

log = logging.getLogger(__name__)

Turn = Callable[[], AbstractContextManager[None]]

P = ParamSpec("P")
T = TypeVar("T")

_LOCK_PATIENCE_MS = 5_000
_STATEMENT_LIMIT_MS = 10_000
_LIMITS = (
    f"SET LOCAL statement_timeout = {_STATEMENT_LIMIT_MS}; "
    f"SET LOCAL lock_timeout = {_LOCK_PATIENCE_MS}"
)
_POSTGRES_THREADS = 10
_SQLITE_READERS = 4
_BEGIN = "doorstep_begin"
_ONE_MOMENT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """Runs units of work in transactions. One for each process, made in its composition root.

    What is encrypted at rest is sealed and opened with the keyring, through `store.sealing`.
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.url = url
        self.vault = Vault(keyring)
        self.engine = create_database_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writing = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        one_moment = {} if self.is_sqlite else _ONE_MOMENT
        self._reading = self.engine.execution_options(**one_moment)
        self._turns = _write_turns(url)
        readers = _SQLITE_READERS if self.is_sqlite else _POSTGRES_THREADS
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-read")
        self._writers = (
            ThreadPoolExecutor(1, thread_name_prefix="store-write")
            if self.is_sqlite
            else self._readers
        )

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in one committed transaction. StoreUnavailable if it can't be,
        Invalid if a value is one that the database can never keep."""
        turn = self._turns.turn if self._turns else nullcontext
        return await self._on(
            self._writers, self._writing, lambda s: work(s, *args, **kwargs), turn
        )

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in one transaction that changes nothing and sees one moment."""
        return await self._on(self._readers, self._reading, lambda s: work(s, *args, **kwargs))

    async def ping(self) -> None:
        """Ask the database for a sign of life. StoreUnavailable if there is none."""
        await self.read(_select_one)

    async def require_keys(self) -> None:
        """ConfigurationError when this database was sealed with a key that the settings lack.

        A database that is away, or not migrated yet, is no reason not to start.
        """
        try:
            await self.read(read_index_keys)
        except KeyMissing as error:
            raise ConfigurationError(str(error)) from None
        except StoreUnavailable as error:
            log.warning("the encryption keys are tried later: %s", error)

    async def forget_old_pages(self) -> None:
        """Empty SQLite's journal, which still has values as they were before a change, as far as
        readers let it. PostgreSQL does the like by itself (VACUUM)."""
        if self.is_sqlite:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writers, _empty_journal, self.engine)

    def close(self) -> None:
        """Finish running work and close every connection."""
        self._readers.shutdown()
        self._writers.shutdown()
        self.engine.dispose()
        if self._turns:
            self._turns.close()

    async def _on(
        self,
        threads: ThreadPoolExecutor,
        engine: Engine,
        work: Callable[[Session], T],
        turn: Turn = nullcontext,
    ) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, _in_transaction, engine, self.vault, work, turn)


def create_database_engine(url: str) -> Engine:
    """An engine with the connection settings described above; parameters never show in errors."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return _postgresql_engine(url)


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=_POSTGRES_THREADS,
        max_overflow=0,
        pool_timeout=_LOCK_PATIENCE_MS / 1000,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "prepare_threshold": None},
    )

    @event.listens_for(engine, "begin")
    def _limit(connection: Connection) -> None:
        connection.exec_driver_sql(_LIMITS)

    return engine


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # this module says BEGIN, not the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_LOCK_PATIENCE_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    return engine


def _write_turns(url: str) -> WriteTurns | None:
    """Turns at writing, where the database is a SQLite file."""
    parsed = make_url(url)
    file = parsed.database or ":memory:"
    if parsed.get_backend_name() != "sqlite" or file.startswith((":memory:", "file:")):
        return None
    return WriteTurns(Path(file), _LOCK_PATIENCE_MS / 1000)


def _in_transaction(engine: Engine, vault: Vault, work: Callable[[Session], T], turn: Turn) -> T:
    try:
        with turn(), Session(engine, expire_on_commit=False) as session, session.begin():
            session.info[VAULT] = vault
            return work(session)
    except IntegrityError as error:
        raise _without_the_row(error) from None
    except DataError:  # the database works, and will never take this value: a NUL in a text, say
        raise Invalid("the database cannot keep one of these values", field="request") from None
    except (DBAPIError, PoolTimeout) as error:
        raise StoreUnavailable(_in_words(error)) from None


def _without_the_row(error: IntegrityError) -> IntegrityError:
    """The same error without PostgreSQL's second line, which quotes the whole row."""
    return IntegrityError(None, None, RuntimeError(in_one_line(error)))


def _in_words(error: Exception) -> str:
    return f"the database did not take the call ({in_one_line(error)})"


def _empty_journal(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _select_one(session: Session) -> None:
    session.connection().execute(text("SELECT 1"))
