"""Dropping old entries: audit entries, and notifications and recoveries that have ended."""

from datetime import timedelta

from contracts.delivery.recoveries import RecoveryState
from contracts.notifications.messages import MessageState
from store.db.database import Database
from store.retention.old_entries import drop_old_entries
from store.tables import (
    AuditEntryRow,
    EndpointRow,
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    RecoveryRow,
)
from tests.support.notifications import switched_off
from tests.support.shelf import NOW, Shelf

LATER = NOW + timedelta(days=1)


async def drop(database: Database) -> int:
    """Batch by batch."""
    dropped = 0
    while batch := await database.write(drop_old_entries, LATER, limit=1):
        dropped += batch
    return dropped


async def test_audit_entries_go_when_they_are_old(shelf: Shelf, database: Database) -> None:
    await shelf.add_partner()
    await shelf.add_endpoint()
    old, young = await shelf.all_rows(AuditEntryRow)
    await shelf.change(AuditEntryRow, young.id, at=LATER)
    assert await drop(database) == 1
    assert [row.id for row in await shelf.all_rows(AuditEntryRow)] == [young.id]
    assert old.id != young.id


async def test_notifications_and_recoveries_go_once_they_have_ended(
    shelf: Shelf, database: Database
) -> None:
    told = [*(await switched_off(shelf)).values()]
    [endpoint] = await shelf.all_rows(EndpointRow)
    recovery = RecoveryRow(
        id="rcv_1",
        endpoint_id=endpoint.id,
        partner_id="shop",
        automatic=True,
        states=[],
        found=0,
        made_by="doorstep",
        state=RecoveryState.RUNNING,
        until=NOW,
        created_at=NOW,
    )
    await database.write(lambda session: session.add(recovery))
    await drop(database)
    assert await shelf.count(NotificationMessageRow) == len(told) == 2
    assert await shelf.count(RecoveryRow) == 1
    for one in told:
        await shelf.change(NotificationMessageRow, one.id, state=MessageState.SENT)
    await shelf.change(RecoveryRow, "rcv_1", state=RecoveryState.DONE)
    assert await drop(database) == len(told) + 2
    for kind in (NotificationMessageRow, NotificationItemRow, NotificationRow, RecoveryRow):
        assert await shelf.count(kind) == 0
