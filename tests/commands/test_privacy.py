"""`doorstep privacy erase`, as an operator runs it: counts, the audit log, and when it refuses."""

from pathlib import Path

import pytest
from sqlmodel import select

from contracts.access.audit import AuditAction
from contracts.access.callers import COMMAND_LINE
from store.db.database import Database
from store.encryption.sealing import phone_index
from store.tables import AuditEntryRow, EventRow
from tests.commands.running import Finished, doorstep
from tests.support.encryption import KEY
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

PHONE, UNKNOWN = "+919876543210", "+919812300000"


async def erase(database_url: str, phone: str) -> Finished:
    """The command, on this database."""
    return await doorstep(
        *("privacy", "erase", "--phone", phone),
        folder=Path.cwd(),
        DOORSTEP_DATABASE_URL=database_url,
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
    )


def counts(ended: Finished) -> dict[str, int]:
    """What was printed, by its first word."""
    assert (ended.code, ended.err) == (0, "")
    return {line.split()[0]: int(line.split()[1]) for line in ended.out.splitlines()}


async def entries(database: Database) -> list[AuditEntryRow]:
    """The erasures in the audit log."""
    query = select(AuditEntryRow).where(AuditEntryRow.action == AuditAction.CUSTOMER_ERASED)
    return await database.read(lambda session: list(session.exec(query)))


async def test_says_what_was_erased_and_writes_it_down(
    database_url: str, database: Database
) -> None:
    shelf = Shelf(database)
    webhook = await shelf.webhook()
    await webhook.attempt(503)
    ended = await erase(database_url, PHONE.removeprefix("+91"))
    assert counts(ended) == {
        "events": 1,
        "payloads": 1,
        "texts": 0,
        "answers": 1,
        "instructions": 0,
        "deliveries": 1,
    }
    assert (await shelf.one(EventRow, webhook.event.event_id)).body == ""
    [entry] = await entries(database)
    assert (entry.actor, entry.partner_id) == (COMMAND_LINE, None)
    assert entry.object_id == await database.read(phone_index, PHONE)
    assert (entry.details["events"], entry.details["deliveries_ended"]) == (1, 1)
    assert PHONE[-10:] not in f"{ended.out} {entry.object_id} {entry.details}"


async def test_a_phone_that_nobody_has_erases_nothing(
    database_url: str, database: Database
) -> None:
    shelf = Shelf(database)
    await shelf.add_partner()
    event = await shelf.accept()
    ended = await erase(database_url, UNKNOWN)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "no event and no text of this phone is kept: nothing was erased\n"
    assert (await shelf.one(EventRow, event.event_id)).erased_at is None
    assert await entries(database) == []


async def test_what_is_no_phone_is_one_line(database_url: str) -> None:
    ended = await erase(database_url, "12")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--phone" in ended.err
