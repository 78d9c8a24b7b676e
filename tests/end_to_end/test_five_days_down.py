"""An endpoint is down for five days, in skipped time: people are told that it fails, that it is off
soon, that it is off, and when it takes events again; each once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from activities.mail_sender import Mail
from background.notification_checks import NotificationChecks
from contracts.clock import utc_now
from contracts.endpoints.circuit_breaker import DISABLED_AFTER, FAILURES_TO_OPEN
from contracts.notifications.kinds import RULES, NotificationKind
from contracts.notifications.webhooks import WEBHOOK_TYPES, OpsWebhook
from contracts.payload.signature import new_secret
from sandbox.mail import MailSandbox
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from settings import Settings
from store.db.database import Database
from store.tables import EndpointRow
from tests.support.clock import Hands
from tests.support.factories import make_event, make_groups, make_order
from tests.support.notifications import messages_of, somebody
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.told import told
from tests.support.waiting import eventually
from worker import make_mail

pytestmark = pytest.mark.extended

BETWEEN_PROBES = timedelta(hours=18)
STEPS = (
    NotificationKind.ENDPOINT_FAILING,
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.ENDPOINT_DISABLED,
    NotificationKind.ENDPOINT_RECOVERED,
)
BUNDLE = RULES[STEPS[0]].bundle
SAID = ("is failing", "will be switched off soon", "is switched off", "works again")
OWNER, DASHBOARD = "priya@chaipoint.example", "https://doorstep.example.com/dashboard"
TYPES = [WEBHOOK_TYPES[kind] for kind in STEPS]


def an_event(order: int) -> dict[str, Any]:
    """An event of one of several orders."""
    return make_event(data=make_groups(order=make_order(order_id=f"ORD-{order}")))


async def test_it_is_told_step_by_step_once_each(stack: Stack, database: Database) -> None:
    shelf, clock = Shelf(database), Hands(utc_now())
    async with (
        Merchant(behaviour=Answer(503)) as merchant,
        Merchant() as ops,
        MailSandbox() as box,
    ):
        endpoint_id = (await stack.open_shop(merchant.url))["id"]
        await somebody(shelf)
        webhook, mail = OpsWebhook(ops.url, new_secret()), _mail_by(box, clock)
        async with stack.worker(clock=clock, ops=webhook, mail=mail):
            await _fails_until_its_breaker_opens(stack, shelf, clock, endpoint_id)
            await _all_is_told(shelf)
            await _stays_down(shelf, clock, endpoint_id)
            merchant.behave(Answer(200))
            await stack.api.patch(f"/v1/endpoints/{endpoint_id}", json={"state": "enabled"})
            await stack.delivery(await stack.send(an_event(9)), "delivered")
            await _all_is_told(shelf)
    assert await _heard(ops) == TYPES
    rows = await told(shelf, *STEPS)
    assert [row.kind for row in rows] == list(STEPS)
    mails = [one for one in box.to(OWNER) if "endpoint" in one.subject]
    for received, row, said in zip(mails, rows, SAID, strict=True):
        assert f"The endpoint at 127.0.0.1 {said}" in received.subject
        assert str(row.about["event_id"]) in received.text
        assert f"HTTP {row.about['status']}" in received.text
        assert f"{DASHBOARD}/p/shop/endpoints/{endpoint_id}" in received.links
    assert {row.endpoint_id for row in rows} == {endpoint_id}
    assert [row.about["code"] for row in rows] == ["http_503"] * 3 + ["http_200"]
    soon, off = rows[1], rows[2]
    assert timedelta(0) < off.created_at - soon.created_at <= timedelta(days=1)


def _mail_by(box: MailSandbox, clock: Hands) -> Mail | None:
    """The product's way to a mail server, by its settings."""
    settings = Settings(
        smtp_host=box.host,
        smtp_port=box.port,
        smtp_tls="none",
        mail_from="tracking@doorstep.example",
        public_url=DASHBOARD.removesuffix("/dashboard"),
    )
    return make_mail(settings, clock)


async def _all_is_told(shelf: Shelf) -> None:
    """Wait until each step was told, by every message that was made of it."""

    async def is_told() -> bool:
        steps = await told(shelf, *STEPS)
        messages = [one for one in await messages_of(shelf) if one.bundle == BUNDLE]
        return all(one.fanned_out_at for one in steps) and all(one.settled_at for one in messages)

    await eventually(is_told)


async def _heard(ops: Merchant) -> list[str]:
    """What ops's receiver was told of the endpoint, in the order in which it happened."""
    heard = sorted(ops.received, key=lambda one: str(one.payload["created_at"]))
    return [kind for one in heard if (kind := str(one.payload["type"])) in TYPES]


async def _fails_until_its_breaker_opens(
    stack: Stack, shelf: Shelf, clock: Hands, endpoint_id: str
) -> None:
    for order in range(2):
        await stack.delivery(await stack.send(an_event(order)), "dead_lettered")
    clock.turn(timedelta(minutes=1))
    await stack.delivery(await stack.send(an_event(2)), "held")
    row = await shelf.one(EndpointRow, endpoint_id)
    assert (row.failures_in_row, row.opened_at) == (FAILURES_TO_OPEN, clock())


async def _stays_down(shelf: Shelf, clock: Hands, endpoint_id: str) -> None:
    """Probe after probe fails until the endpoint is switched off; two workers look meanwhile."""
    checks = [NotificationChecks(shelf.database, clock) for _ in range(2)]
    opened_at = clock()
    while clock() - opened_at < DISABLED_AFTER:
        clock.turn(BETWEEN_PROBES)
        await eventually(
            lambda: shelf.one(EndpointRow, endpoint_id),
            lambda row: row.last_failed_at == clock(),
        )
        await asyncio.gather(*(one.look(asyncio.Event()) for one in checks))
        await _all_is_told(shelf)
