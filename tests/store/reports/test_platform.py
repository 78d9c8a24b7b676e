"""What the database says of the platform: Twilio's errors, the time of events, its own revision."""

import pytest
from sqlmodel import Session

from store.db.database import Database
from store.db.revisions import newest_revision
from store.reports.held import held_groups
from store.reports.platform import TwilioAnswers, read_platform
from store.tables import SmsMessageRow
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, after

HOUR = 3600.0


async def test_nothing_yet(shelf: Shelf) -> None:
    state = await shelf.database.read(read_platform, NOW)
    assert (state.last_hour, state.last_day) == (TwilioAnswers(), TwilioAnswers())
    assert state.last_hour.error_rate is None
    assert state.propagation_p95_s is None
    assert state.revision == newest_revision()


async def test_twilio_s_errors_of_the_hour_beside_those_of_the_day(shelf: Shelf) -> None:
    sent, lost, early, claimed = await shelf.texts(4)
    await sent.settle(await sent.ready())
    await lost.lose_sight(await lost.ready())
    await early.settle(await early.ready())
    await claimed.ready()
    [row] = await early.messages()
    await shelf.change(SmsMessageRow, row.id, claimed_at=after(-2 * HOUR))
    state = await shelf.database.read(read_platform, after(60))
    assert state.last_hour == TwilioAnswers(handed=2, failed=1)
    assert state.last_day == TwilioAnswers(handed=3, failed=1)
    assert state.last_hour.error_rate == 0.5


async def test_the_time_of_the_webhooks_of_the_last_hour(shelf: Shelf) -> None:
    webhook = await shelf.webhook()
    await webhook.finish(await webhook.ready(now=after(4)), 200, now=after(4))
    state = await shelf.database.read(read_platform, after(60))
    assert state.propagation_p95_s == pytest.approx(4)
    later = await shelf.database.read(read_platform, after(2 * HOUR))
    assert later.propagation_p95_s is None


@pytest.mark.parametrize("table", ["deliveries", "events", "sms_messages"])
async def test_no_table_is_read_whole(shelf: Shelf, database: Database, table: str) -> None:
    webhook = await shelf.webhook()
    await webhook.attempt(200)

    def read(session: Session) -> object:
        return read_platform(session, after(60)), held_groups(session)

    for plan in await database.read(plans_of, read, table):
        assert f"seq scan on {table}" not in plan.lower(), plan
