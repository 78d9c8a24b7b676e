"""Notifications are started once, by however many workers, and by none while Temporal is away."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from background.notifications import Notifications
from contracts.endpoints.notifications import NotificationChannel
from contracts.errors import EngineUnavailable
from contracts.ids import notification_workflow_id
from store.db.database import Database
from store.notifications.notifications import STILL_AFTER
from store.tables import EndpointNotificationRow
from tests.support.clock import Hands
from tests.support.notifications import switched_off
from tests.support.shelf import NOW, Shelf, after

NOBODY = "nobody"
"""A task queue that no worker serves: what is started stays as it is."""


async def a_notification(database: Database) -> EndpointNotificationRow:
    """One that waits; the partner has no phone."""
    notifications = await switched_off(Shelf(database), phone=None)
    return notifications[NotificationChannel.OPS_WEBHOOK]


async def runs_of(client: Client, notification: EndpointNotificationRow) -> str | None:
    """The run that a notification's workflow has."""
    described = await client.get_workflow_handle(
        notification_workflow_id(notification.id)
    ).describe()
    return described.run_id


async def test_several_workers_start_one_workflow_and_mark_it(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    notification, clock = await a_notification(database), Hands(NOW)
    parts = [Notifications(database, temporal.client, clock, NOBODY) for _ in range(3)]
    await asyncio.gather(*(one.look() for one in parts))
    first = await runs_of(temporal.client, notification)
    assert (await Shelf(database).one(EndpointNotificationRow, notification.id)).asked_at == NOW
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, notification) == first, "one that runs is left alone"
    assert (await Shelf(database).one(EndpointNotificationRow, notification.id)).asked_at == clock()
    await temporal.client.get_workflow_handle(notification_workflow_id(notification.id)).terminate()
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, notification) != first, (
        "one that was ended is begun again"
    )
    await temporal.client.get_workflow_handle(notification_workflow_id(notification.id)).terminate()


async def test_while_temporal_is_away_it_stays_to_be_asked_for(database: Database) -> None:
    notification = await a_notification(database)
    away = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(EngineUnavailable):
        await Notifications(database, away, lambda: after(1), NOBODY).look()
    assert (await Shelf(database).one(EndpointNotificationRow, notification.id)).asked_at is None
