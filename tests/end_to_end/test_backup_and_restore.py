"""A rehearsal: a backup with events in flight, texts that go out after it, a crash, a restore.

Once with the Temporal server kept, which knows what the database has forgotten, and once with an
empty one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from background.reconciler import Reconciler
from commands.ports import free_ports
from contracts.clock import utc_now
from contracts.delivery.retry import RetrySchedule
from contracts.payload.event_age import MOST_AHEAD
from dispatch.gateway import Gateway
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Accept, Refuse
from store.db.database import Database
from tests.commands.running import doorstep
from tests.end_to_end.test_texts_and_crashes import twilio_at
from tests.support.encryption import KEY, KEYRING
from tests.support.factories import make_event, make_groups, make_order
from tests.support.postgres import TEMPLATE, Postgres
from tests.support.site import Site
from tests.support.temporal import running_temporal
from tests.support.waiting import eventually

pytestmark = [pytest.mark.extended, pytest.mark.timeout(300)]

EACH = 3
"""So many events of each kind."""
WAIT_S = 20
BOTH_DELIVERED = {"webhook": "delivered", "sms": "delivered"}
NOT_TEXTED = {"webhook": "delivered", "sms": "dead_lettered"}


def phone_of(event: dict[str, Any]) -> str:
    return str(event["data"]["order"]["customer"]["phone"])


def ids(events: Sequence[dict[str, Any]]) -> list[str]:
    return [str(event["event_id"]) for event in events]


def some_events(kind: str, first_phone: int, occurred_at: datetime | None = None) -> list[Any]:
    """Events of orders and customers of their own."""
    events = []
    for number in range(EACH):
        customer = {"name": "Asha", "phone": f"+9198450{first_phone + number}"}
        order = make_order(order_id=f"ORD-{kind}-{number}", customer=customer)
        event = make_event("out_for_delivery", data=make_groups(order=order))
        event["event_id"] = f"{event['event_id']}-{kind}"  # Temporal remembers those of other tests
        if occurred_at is not None:
            event["occurred_at"] = occurred_at.isoformat()
        events.append(event)
    return events


class Rehearsal:
    """One merchant and one Twilio, which outlive the site that talks to them."""

    def __init__(self, merchant: Merchant, twilio: TwilioSandbox, folder: Path) -> None:
        self.merchant, self.twilio, self.folder = merchant, twilio, folder
        self.file = folder / "doorstep.dump"
        self.settled = some_events("settled", 11111)
        self.in_flight = some_events("in-flight", 22222)
        self.never_taken = some_events("never-taken", 33333)
        self.accepted = some_events("accepted", 44444)
        self.forgotten = some_events("forgotten", 55555)

    @property
    def in_the_backup(self) -> list[Any]:
        return [*self.settled, *self.in_flight, *self.never_taken, *self.accepted]

    def site(self, url: str, temporal: Client) -> Site:
        """A system on this database and Temporal server."""
        settings = {
            "DOORSTEP_DATABASE_URL": url,
            "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
            "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
            "DOORSTEP_RETENTION_EVERY": str(60 * 60 * 24),
            "DOORSTEP_RETRY_DELAYS": f"{WAIT_S},{WAIT_S},600",
            "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
            **twilio_at(self.twilio.base_url),
        }
        return Site(settings, free_ports(1)[0])

    async def all_in_flight(self, site: Site) -> None:
        """Some have arrived, some wait for their next attempt, some are only accepted."""
        await site.start("api", "worker")
        shop = {"id": "shop", "name": "Chai Point", "tier": "growth", "sms_enabled": True}
        await site.call("POST", "/v1/partners", shop)
        endpoint = {"partner_id": "shop", "url": self.merchant.url}
        await site.call("POST", "/v1/endpoints", endpoint)
        await site.send(self.settled)
        await self.come_to(site, self.settled, BOTH_DELIVERED)
        self.merchant.behave(Answer(503))
        self.twilio.behave(Refuse(20429))
        for event in self.never_taken:
            self.twilio.behave(Refuse(20429), to=phone_of(event))
        await site.send([*self.in_flight, *self.never_taken])
        for event_id in ids([*self.in_flight, *self.never_taken]):
            await eventually(
                lambda each=event_id: site.text(each),  # type: ignore[misc]
                lambda text: [one["state"] for one in text["sms"]] == ["refused"],
                timeout=60,
                ignoring=ValueError,
            )
        await self.merchant.wait_for(3 * EACH, timeout=60)
        site.kill("worker")
        await site.send(self.accepted)

    async def back_up(self, site: Site) -> None:
        """While the API serves."""
        made = await doorstep("backup", str(self.file), folder=self.folder, **site.settings)
        assert (made.code, made.err) == (0, "")

    async def go_on(self, site: Site) -> datetime:
        """All goes out that the backup has as waiting, and more; then a crash: gives when."""
        self.merchant.behave(Answer(200))
        self.twilio.behave(Accept())
        await site.start("worker")
        await site.send(self.forgotten)
        await self.come_to(site, [*self.in_flight, *self.accepted, *self.forgotten], BOTH_DELIVERED)
        site.kill()
        return datetime.now(UTC)

    async def come_to(self, site: Site, events: list[Any], states: dict[str, str]) -> None:
        for event_id in ids(events):
            await eventually(
                lambda each=event_id: site.states(each),  # type: ignore[misc]
                lambda seen: seen == states,
                timeout=90,
            )


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    async with Merchant() as merchant, TwilioSandbox(callbacks=None) as twilio:
        yield Rehearsal(merchant, twilio, tmp_path)


@pytest.fixture
def databases(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """One that is lost, and a new one with nothing in it."""
    lost, new = postgres.fresh(TEMPLATE), postgres.fresh()
    yield postgres.url(lost), postgres.url(new)
    postgres.drop(lost)
    postgres.drop(new)


@asynccontextmanager
async def after_the_crash(former: WorkflowEnvironment, *, kept: bool) -> AsyncIterator[Client]:
    """The Temporal server that is there then."""
    if kept:
        yield await Client.connect(former.client.service_client.config.target_host)
        return
    async with running_temporal() as empty:
        yield await Client.connect(empty.client.service_client.config.target_host)


@asynccontextmanager
async def an_hour_later(url: str, client: Client) -> AsyncIterator[Reconciler]:
    """The worker's reconciler gives every row two minutes; this one looks as if they were over."""
    database = Database(url, KEYRING)
    gateway = Gateway(client, RetrySchedule((WAIT_S, WAIT_S, 600)))
    yield Reconciler(database, gateway, lambda: utc_now() + timedelta(hours=1))
    database.close()


@pytest.mark.parametrize("kept", [True, False], ids=["temporal_kept", "temporal_empty"])
async def test_nothing_is_lost_that_was_in_it_and_nobody_is_texted_twice(
    rehearsal: Rehearsal, temporal: WorkflowEnvironment, databases: tuple[str, str], kept: bool
) -> None:
    lost, new = databases
    former = rehearsal.site(lost, temporal.client)
    try:
        await rehearsal.all_in_flight(former)
        await rehearsal.back_up(former)
        crashed_at = await rehearsal.go_on(former)
    finally:
        former.kill()
    texted = Counter(message.to for message in rehearsal.twilio.messages)
    assert set(texted.values()) == {1}
    assert len(texted) == 4 * EACH
    async with after_the_crash(temporal, kept=kept) as client:
        site = rehearsal.site(new, client)
        words = ["restore", str(rehearsal.file), "--stopped-at", crashed_at.isoformat()]
        restored = await doorstep(*words, folder=rehearsal.folder, **site.settings)
        assert (restored.code, restored.err) == (0, "")
        assert f"ended {EACH if kept else 0} workflows from before" in restored.out
        for event in rehearsal.never_taken:
            rehearsal.twilio.behave(Accept(), to=phone_of(event))
        later = some_events("later", 66666, utc_now() + MOST_AHEAD)
        try:
            await served(rehearsal, site, client, new, later)
        finally:
            site.kill()


async def served(
    rehearsal: Rehearsal, site: Site, client: Client, url: str, later: list[Any]
) -> None:
    """What becomes of it all on the restored database."""
    before = Counter(received.webhook_id for received in rehearsal.merchant.received)
    await site.start("api", "worker")
    await site.send([*rehearsal.forgotten, *later])
    unknown = [
        *rehearsal.in_flight,
        *rehearsal.never_taken,
        *rehearsal.accepted,
        *rehearsal.forgotten,
    ]
    async with an_hour_later(url, client) as reconciler:

        async def standing() -> Counter[tuple[str | None, str | None]]:
            await reconciler.reconcile()
            every = [*rehearsal.in_the_backup, *rehearsal.forgotten, *later]
            seen = [await site.states(each) for each in ids(every)]
            return Counter((one.get("webhook"), one.get("sms")) for one in seen)

        await eventually(
            standing,
            lambda seen: (
                seen
                == {("delivered", "delivered"): 2 * EACH, ("delivered", "dead_lettered"): 4 * EACH}
            ),
            timeout=120,
        )
    for event_id in ids(unknown):
        assert await site.states(event_id) == NOT_TEXTED
        text = await site.text(event_id)
        assert [(one["state"], one["code"]) for one in text["sms"]] == [("unknown", "restored")]
        assert text["dead_letters"][0]["reason"] == "unknown"
    after = Counter(received.webhook_id for received in rehearsal.merchant.received)
    again = [event_id for event_id in ids(unknown) if after[event_id] > before[event_id]]
    assert again == ids(unknown), "every webhook that was open, or forgotten, is sent once more"
    assert set(after) == {*ids(rehearsal.in_the_backup), *ids(rehearsal.forgotten), *ids(later)}
    texts = Counter(message.to for message in rehearsal.twilio.messages)
    assert set(texts.values()) == {1}
    assert set(texts) == {
        phone_of(event)
        for event in (
            *rehearsal.settled,
            *rehearsal.in_flight,
            *rehearsal.accepted,
            *rehearsal.forgotten,
            *later,
        )
    }
