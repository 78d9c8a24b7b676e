"""The database: whether it answers, is migrated, notifies, and opens with our keys."""

import asyncio

import psycopg

from commands.database import read_revision, start_advice
from commands.doctor.checks import Check, Finding
from commands.doctor.machine import keyring_if_any
from commands.doctor.waiting import check_what_waits
from contracts.clock import Clock
from contracts.errors import DoorstepError, KeyMissing, SealBroken, StoreUnavailable
from settings import Settings
from store.db.database import Database
from store.db.errors import in_one_line
from store.db.listen import notifications_arrive
from store.db.migrate import newest_revision
from store.encryption.keyring import Keyring, new_key
from store.encryption.keys_in_use import keys_we_lack, open_own_keys
from store.events.outbox_listener import POLL_EVERY_S

_STORED_KEYS = "stored data"


async def check_database(settings: Settings, clock: Clock) -> list[Check]:
    """The database itself and what waits in it; what cannot be asked is not listed."""
    try:
        revision = await asyncio.to_thread(read_revision, settings)
    except DoorstepError as error:
        advice = start_advice(settings)
        return [Check("database", Finding.MISSING, str(error), advice)]
    checks = [_migrations(revision), *await _notifications(settings.store_url)]
    if revision == newest_revision():
        checks += await _what_is_in_it(settings, clock)
    return checks


def _migrations(revision: str | None) -> Check:
    newest = newest_revision()
    if revision == newest:
        return Check("database", Finding.OK, f"answers, at migration {newest}")
    seen = f"at migration {revision}" if revision else "has no tables"
    return Check("database", Finding.MISSING, f"{seen}, needs {newest}", "run `doorstep migrate`")


async def _notifications(url: str) -> list[Check]:
    name = "notifications"
    try:
        arrive = await notifications_arrive(url)
    except (psycopg.Error, OSError) as error:
        advice = "see what the database's log says"
        return [Check(name, Finding.NOTE, in_one_line(error), advice)]
    if arrive:
        return [Check(name, Finding.OK, "arrive: an event wakes the workers")]
    seen = f"do not arrive: workers look every {POLL_EVERY_S:g} s instead"
    advice = "give workers PostgreSQL's own address, or a pooler in session mode (docs/runbook.md)"
    return [Check(name, Finding.NOTE, seen, advice)]


async def _what_is_in_it(settings: Settings, clock: Clock) -> list[Check]:
    ours = keyring_if_any(settings)
    database = Database(settings.store_url, ours or _opens_nothing())
    try:
        stored = [] if ours is None else [await _stored_data(database)]
        return [*stored, *await check_what_waits(database, clock())]
    except StoreUnavailable as error:
        advice = "see what the database's log says: it is slow, locked or full"
        return [Check("what waits", Finding.WRONG, str(error), advice)]
    finally:
        database.close()


def _opens_nothing() -> Keyring:
    """For counting, which opens no value."""
    return Keyring([new_key()])


async def _stored_data(database: Database) -> Check:
    """Whether our keys are those that stored data is sealed with."""
    try:
        lacking = await database.read(keys_we_lack)
        if not lacking:
            await database.read(open_own_keys)
    except SealBroken:
        seen = "does not open: a key of the settings is another one than was used under its id"
        return Check(_STORED_KEYS, Finding.WRONG, seen, _correct("put back the former key"))
    except KeyMissing as error:
        return Check(_STORED_KEYS, Finding.MISSING, str(error), _correct("add the key"))
    if not lacking:
        return Check(_STORED_KEYS, Finding.OK, "opens with the encryption keys")
    named = "; ".join(f"{key_id} ({', '.join(where)})" for key_id, where in lacking.items())
    seen = f"sealed with keys that are not in the settings: {named}"
    return Check(_STORED_KEYS, Finding.MISSING, seen, _correct("add them behind the others"))


def _correct(how: str) -> str:
    return f"{how} in DOORSTEP_ENCRYPTION_KEYS: without it that data cannot be read or sent"
