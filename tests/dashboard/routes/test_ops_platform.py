"""The platform's own state: each part good or bad, with what to do, however much is away."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from contracts.access.users import Role
from contracts.delivery.states import EventState
from contracts.notifications.messages import MessageState
from dashboard.platform_checks import RUNBOOK
from dispatch.connection import connect
from dispatch.engine_state import EngineWatch
from store.tables import EventRow
from tests.support.messages import MessageDraft, add_message
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event, of_its_own_order
from tests.support.stack import Stack
from tests.support.visitor import Visitor

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations, a minute after NOW."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: after(60))
    return await visitor.sign_in_as(Role.OPS)


def line(page: str, name: str) -> str:
    """What the page says of a part."""
    [row] = [
        one for one in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL) if f">{name}<" in one
    ]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)).strip()


async def test_each_part_says_what_it_sees(office: Visitor) -> None:
    page = await office.get("/ops/platform")
    assert line(page.html, "Database").startswith("Database Good Answered in")
    assert line(page.html, "Temporal").startswith("Temporal Good Answered, namespace")
    assert line(page.html, "Outbox").startswith("Outbox Good Empty")
    assert line(page.html, "Retention").startswith("Retention Bad Has not succeeded yet")
    assert 'href="https://docs.test/runbook#the-retention"' in page.html
    assert re.search(r"Database schema \d{4}", page.text)


async def test_events_that_wait_and_that_failed_are_bad(office: Visitor, stack: Stack) -> None:
    shelf = Shelf(stack.database)
    await shelf.accept(of_its_own_order(an_event()))
    failed = await shelf.accept(of_its_own_order(an_event()))
    await shelf.change(EventRow, failed.event_id, state=EventState.FAILED)
    page = await office.get("/ops/platform")
    assert "2 events, the oldest waiting for 1 min" in line(page.html, "Outbox")
    assert line(page.html, "Outbox").startswith("Outbox Bad")
    assert line(page.html, "Failed events").startswith("Failed events Bad 1")


async def test_sms_and_webhooks_of_the_last_hour(office: Visitor, stack: Stack) -> None:
    shelf = Shelf(stack.database)
    endpoint, event = await shelf.add_endpoint(), an_event()
    [planned] = (await shelf.plan(event)).deliveries
    webhook = Webhook(shelf, event, planned.delivery_id, endpoint.id)
    await webhook.finish(await webhook.ready(now=after(2)), 200, now=after(2))
    page = await office.get("/ops/platform")
    assert "2.0 s in the last hour" in line(page.html, "Delivery time, 95th percentile")
    assert "No SMS in the last hour" in line(page.html, "Twilio errors")


async def test_messages_that_nobody_received_are_bad(office: Visitor, stack: Stack) -> None:
    assert line((await office.get("/ops/platform")).html, "Notifications").startswith(
        "Notifications Good 0 not received in a day, 0 waiting"
    )
    await add_message(stack.database, MessageDraft(state=MessageState.FAILED))
    page = await office.get("/ops/platform")
    assert line(page.html, "Notifications").startswith("Notifications Bad 1 not received in a day")
    assert 'href="/dashboard/ops/notifications?state=not_told"' in page.html


async def test_messages_that_wait_for_their_server_are_bad(office: Visitor, stack: Stack) -> None:
    early = NOW - timedelta(minutes=15)
    await add_message(stack.database, MessageDraft(state=MessageState.WAITING, at=early))
    page = await office.get("/ops/platform")
    assert line(page.html, "Notifications").startswith("Notifications Bad 0 not received in a day")
    assert 'href="/dashboard/ops/notifications?state=waiting"' in page.html


async def test_temporal_that_is_away_is_told_within_a_second(office: Visitor, stack: Stack) -> None:
    assert stack.app is not None
    nobody: Client = await connect({"target_host": "127.0.0.1:1"}, lazy=True)
    engine = EngineWatch(nobody, lambda: NOW + timedelta(minutes=1))
    stack.app.state.parts = replace(stack.app.state.parts, engine=engine)
    page = await office.get("/ops/platform")
    assert line(page.html, "Temporal").startswith("Temporal Bad No answer within 1 s")
    assert "Events are accepted and wait meanwhile." in page.text


def test_the_runbook_has_what_each_part_links_to() -> None:
    headings = re.findall(r"^#+ (.+)$", (DOCS / "runbook.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings}
    assert set(RUNBOOK.values()) <= anchors
