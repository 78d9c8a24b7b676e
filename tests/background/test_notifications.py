"""Notifications are started once, by however many workers, and by none while Temporal is away."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from background.notifications import Notifications
from contracts.errors import EngineUnavailable
from contracts.ids import notification_workflow_id
from contracts.notifications.kinds import BUNDLE_AFTER, NotificationKind
from contracts.notifications.messages import Channels, MessageChannel
from store.db.database import Database
from store.notifications.drafts import draft_emails
from store.notifications.waiting_messages import STILL_AFTER
from store.tables import NotificationMessageRow, NotificationRow
from tests.support.clock import Hands
from tests.support.notifications import (
    OPS_ONLY,
    messages_of,
    notifications_of,
    somebody,
    switched_off,
    tell,
)
from tests.support.shelf import NOW, Shelf, after

NOBODY = "nobody"
"""A task queue that no worker serves: what is started stays as it is."""


async def a_message(database: Database) -> NotificationMessageRow:
    """One that waits; the partner has no phone."""
    messages = await switched_off(Shelf(database), phone=None)
    return messages[MessageChannel.OPS_WEBHOOK]


async def runs_of(client: Client, message: NotificationMessageRow) -> str | None:
    """The run that a message's workflow has."""
    described = await client.get_workflow_handle(notification_workflow_id(message.id)).describe()
    return described.run_id


async def test_several_workers_start_one_workflow_and_mark_it(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    message, clock = await a_message(database), Hands(NOW)
    parts = [Notifications(database, temporal.client, clock, OPS_ONLY, NOBODY) for _ in range(3)]
    await asyncio.gather(*(one.look() for one in parts))
    first = await runs_of(temporal.client, message)
    assert (await Shelf(database).one(NotificationMessageRow, message.id)).asked_at == NOW
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, message) == first, "one that runs is left alone"
    assert (await Shelf(database).one(NotificationMessageRow, message.id)).asked_at == clock()
    await temporal.client.get_workflow_handle(notification_workflow_id(message.id)).terminate()
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, message) != first, "one that was ended is begun again"
    await temporal.client.get_workflow_handle(notification_workflow_id(message.id)).terminate()


async def test_while_temporal_is_away_it_stays_to_be_asked_for(database: Database) -> None:
    message = await a_message(database)
    away = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(EngineUnavailable):
        await Notifications(database, away, lambda: after(1), OPS_ONLY, NOBODY).look()
    assert (await Shelf(database).one(NotificationMessageRow, message.id)).asked_at is None


async def test_what_is_written_is_fanned_out_when_it_has_waited_for_others(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    shelf, clock = Shelf(database), Hands(NOW)
    await shelf.add_partner()
    user = await somebody(shelf)
    await tell(shelf, NotificationKind.ENDPOINT_DISABLED_SOON)
    part = Notifications(database, temporal.client, clock, Channels(email=True), NOBODY)
    await part.look()
    assert await messages_of(shelf) == []
    clock.turn(BUNDLE_AFTER)
    await part.look()
    [mail] = await messages_of(shelf, MessageChannel.EMAIL)
    assert (mail.user_id, mail.asked_at) == (user.id, clock())
    handle = temporal.client.get_workflow_handle(notification_workflow_id(mail.id))
    assert (await handle.describe()).run_id
    await handle.terminate()


async def test_one_that_fails_keeps_no_other_from_being_told(
    temporal: WorkflowEnvironment, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(database)
    await shelf.add_partner()
    user = await somebody(shelf)
    kind = NotificationKind.KEY_CHANGED
    first, bad, last = [await tell(shelf, kind) for _ in range(3)]

    def mistaken(session: Session, told: Sequence[NotificationRow], now: datetime) -> set[str]:
        if bad in {one.id for one in told}:
            raise ZeroDivisionError("about +919876543210")
        return draft_emails(session, told, now)

    monkeypatch.setattr("store.notifications.fan_out.draft_emails", mistaken)
    part = Notifications(database, temporal.client, lambda: NOW, Channels(email=True), NOBODY)
    await part.look()
    rows = {one.id: one for one in await notifications_of(shelf)}
    assert [rows[one].why for one in (first, bad, last)] == [
        None,
        "a mistake of ours: ZeroDivisionError",
        None,
    ]
    assert all(one.fanned_out_at for one in rows.values())
    mails = await messages_of(shelf, MessageChannel.EMAIL)
    assert [one.user_id for one in mails] == [user.id, user.id]
    assert all(one.asked_at for one in mails), "what was made is on its way"
    for one in mails:
        await temporal.client.get_workflow_handle(notification_workflow_id(one.id)).terminate()
