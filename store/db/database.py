"""One database, its connections and its transactions.

A unit of work is a plain function of a `Session`; it runs whole, in one transaction, on a thread
of its own pool, so that the event loop never waits for the disk and a cancelled caller never
leaves a transaction half done.

What is set here and why:
- READ COMMITTED for writing; reading sees one moment (REPEATABLE READ, READ ONLY), so that an
  answer made of several queries never shows an attempt that ended beside a delivery that does not
  know it yet.
- Connections of their own for the intake, for changes and for reading, and as many threads: whoever
  reads the dashboard, however slowly, delays neither a 202 nor a delivery.
- A transaction that met another one (a deadlock, a serialisation failure) is run again.

What is set in the connections themselves is in `engine.py`.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from contracts.errors import ConfigurationError, Invalid, KeyMissing, StoreUnavailable
from contracts.outages import Outage
from store.db.engine import STATEMENT_LIMIT_S, create_database_engine
from store.db.refusals import Away, MetAnother, WrittenTwice, in_words, kind_of, without_the_row
from store.encryption.keyring import Keyring
from store.encryption.sealing import VAULT, Vault, read_index_keys

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

CONNECTIONS = {"intake": 4, "change": 10, "read": 6}
"""The most of each kind that a process keeps; they are opened as they are needed."""

STATEMENT_LIMITS_S = {"intake": STATEMENT_LIMIT_S, "change": STATEMENT_LIMIT_S, "read": 5}
"""Somebody looks at a page: what takes longer is not worth the machine's time."""

_SETTLED_S = 2.0
"""It is back when it has answered everybody for so long."""

_RUNS = 3
_ONE_MOMENT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """Runs units of work in transactions. One for each process, made in its composition root.

    What is encrypted at rest is sealed and opened with the keyring (`store.encryption.sealing`).
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.url = url
        self.vault = Vault(keyring)
        self._outage = Outage(_SETTLED_S)
        engines = {
            kind: create_database_engine(
                url, most, STATEMENT_LIMITS_S[kind], by_index=kind != "read"
            )
            for kind, most in CONNECTIONS.items()
        }
        self.engine = engines["change"]
        self._intake = _Lane("intake", engines["intake"])
        self._change = _Lane("change", engines["change"])
        self._read = _Lane("read", engines["read"].execution_options(**_ONE_MOMENT))

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in one committed transaction. StoreUnavailable if it can't be,
        Invalid if a value is one that the database can never keep."""
        return await self._run(self._change, lambda s: work(s, *args, **kwargs))

    async def take_in(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, on the connections of the intake: nobody else's work is in its way."""
        return await self._run(self._intake, lambda s: work(s, *args, **kwargs))

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in one transaction that changes nothing and sees one moment."""
        return await self._run(self._read, lambda s: work(s, *args, **kwargs))

    async def ping(self) -> None:
        """Ask the database for a sign of life: whether it would take an event. StoreUnavailable if
        there is none."""
        await self.take_in(_select_one)

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

    def close(self) -> None:
        """Finish running work and close every connection."""
        for lane in (self._intake, self._change, self._read):
            lane.close()

    async def _run(self, lane: "_Lane", work: Callable[[Session], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            done = await loop.run_in_executor(
                lane.threads, _in_transaction, lane.engine, self.vault, work
            )
        except Away as error:
            raise self._away(error) from None
        if self._outage.ends():
            log.info("the database answers again")
        return done

    def _away(self, error: Away) -> StoreUnavailable:
        """The error for the caller. The log has one line for the whole outage."""
        if self._outage.begins():
            log.warning("the database is away: %s", error)
        told = StoreUnavailable(str(error))
        told.is_logged = True
        return told


class _Lane:
    """Connections, and as many threads to use them."""

    def __init__(self, kind: str, engine: Engine) -> None:
        self.engine = engine
        self.threads = ThreadPoolExecutor(CONNECTIONS[kind], thread_name_prefix=f"store-{kind}")

    def close(self) -> None:
        self.threads.shutdown()
        self.engine.dispose()


def _in_transaction(engine: Engine, vault: Vault, work: Callable[[Session], T]) -> T:
    """Run the work, again where it only met another transaction, or wrote what another one wrote in
    the same moment: now it sees that."""
    for _ in range(_RUNS - 1):
        try:
            return _in_one_transaction(engine, vault, work)
        except (MetAnother, WrittenTwice):
            continue
    try:
        return _in_one_transaction(engine, vault, work)
    except MetAnother as error:
        raise StoreUnavailable(str(error)) from None


def _in_one_transaction(engine: Engine, vault: Vault, work: Callable[[Session], T]) -> T:
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            session.info[VAULT] = vault
            return work(session)
    except IntegrityError as error:
        raise without_the_row(error) from None
    except DataError:  # the database works, and will never take this value: a NUL in a text, say
        raise Invalid("the database cannot keep one of these values", field="request") from None
    except (DBAPIError, PoolTimeout) as error:
        raise kind_of(error)(in_words(error)) from None


def _select_one(session: Session) -> None:
    session.connection().execute(text("SELECT 1"))
