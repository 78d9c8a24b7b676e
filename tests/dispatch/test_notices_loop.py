"""Notices are started once, by however many workers, and by none while Temporal is away."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from contracts.errors import EngineUnavailable
from contracts.ids import notice_workflow_id
from contracts.notices import NoticeChannel
from dispatch.notices import Notices
from store.database import Database
from store.notices import STILL_AFTER
from store.tables import NoticeRow
from tests.support.clock import Hands
from tests.support.notices import switched_off
from tests.support.shelf import NOW, Shelf, after

NOBODY = "nobody"
"""A task queue that no worker serves: what is started stays as it is."""


async def a_notice(database: Database) -> NoticeRow:
    """One that waits; the partner has no phone."""
    notices = await switched_off(Shelf(database), phone=None)
    return notices[NoticeChannel.OPS_WEBHOOK]


async def runs_of(client: Client, notice: NoticeRow) -> str | None:
    """The run that a notice's workflow has."""
    described = await client.get_workflow_handle(notice_workflow_id(notice.id)).describe()
    return described.run_id


async def test_several_workers_start_one_workflow_and_mark_it(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    notice, clock = await a_notice(database), Hands(NOW)
    parts = [Notices(database, temporal.client, clock, NOBODY) for _ in range(3)]
    await asyncio.gather(*(one.look() for one in parts))
    first = await runs_of(temporal.client, notice)
    assert (await Shelf(database).one(NoticeRow, notice.id)).asked_at == NOW
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, notice) == first, "one that runs is left alone"
    assert (await Shelf(database).one(NoticeRow, notice.id)).asked_at == clock()
    await temporal.client.get_workflow_handle(notice_workflow_id(notice.id)).terminate()
    clock.turn(STILL_AFTER + timedelta(seconds=1))
    await parts[0].look()
    assert await runs_of(temporal.client, notice) != first, "one that was ended is begun again"
    await temporal.client.get_workflow_handle(notice_workflow_id(notice.id)).terminate()


async def test_while_temporal_is_away_it_stays_to_be_asked_for(database: Database) -> None:
    notice = await a_notice(database)
    away = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(EngineUnavailable):
        await Notices(database, away, lambda: after(1), NOBODY).look()
    assert (await Shelf(database).one(NoticeRow, notice.id)).asked_at is None
