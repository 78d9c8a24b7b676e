"""`doorstep privacy erase`: one customer, everywhere, with the counts of what was erased."""

from dataclasses import asdict

from sqlmodel import Session

from commands.database import open_database
from commands.errors import CommandFailed
from contracts.access.audit import AuditAction
from contracts.access.callers import COMMAND_LINE
from contracts.clock import Clock
from contracts.payload.phones import read_phone
from settings import Settings
from store.access.audit import record
from store.db.database import Database
from store.encryption.sealing import phone_index
from store.events.erasure import Erased, erase_customer

_AT_ONCE = 100


async def erase(settings: Settings, phone: str, clock: Clock) -> Erased:
    """Erase a customer by phone. CommandFailed for what is no phone."""
    number = read_phone(phone)
    if number is None:
        raise CommandFailed("--phone: give it as +91 and ten digits, or in E.164")
    async with open_database(settings) as database:
        return await _erase_all(database, number, clock)


async def _erase_all(database: Database, number: str, clock: Clock) -> Erased:
    """Batch by batch; each is written down in the audit log with its own counts."""

    def one_batch(session: Session) -> Erased:
        now = clock()
        erased = erase_customer(session, number, now, limit=_AT_ONCE)
        if not erased.events:
            return erased
        record(
            session,
            actor=COMMAND_LINE,
            action=AuditAction.CUSTOMER_ERASED,
            object_id=phone_index(session, number),
            details=asdict(erased),
            now=now,
        )
        return erased

    total = Erased()
    while True:
        erased = await database.write(one_batch)
        total += erased
        if not erased.events:
            return total
