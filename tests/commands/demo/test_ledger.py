"""The ledger balances only when every other side says the same, id by id."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, col, select

from commands.demo.ledger import Reconciliation, reconcile
from commands.demo.merchants import CHAI, Receiver
from contracts.delivery.states import DeliveryState
from contracts.endpoints.endpoints import EndpointCreate
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageState
from contracts.partners import PartnerCreate
from contracts.payload.events import TrackingEvent
from contracts.payload.signature import new_secret
from contracts.tiers import Tier
from sandbox.mail import MailSandbox
from sandbox.merchant import Merchant
from sandbox.oms import FinalAnswer, OmsClient
from sandbox.oms_instructions import OmsInstructions
from sandbox.received import Received
from sandbox.received_mail import ReceivedMail
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from store.deliveries.planning import plan_event
from store.endpoints.endpoints import create_endpoint
from store.events import acceptance
from store.partners import partners
from store.tables import DeliveryRow, NotificationMessageRow
from tests.support.factories import make_event
from tests.support.instructions import Counter, a_failed_delivery
from tests.support.notifications import MAIL_ONLY, fanned_out, messages_of, somebody, tell
from tests.support.shelf import Shelf

NOW = datetime.now(UTC)


class World:
    """A store with one delivered event, and the others, who say so too."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.oms = OmsClient("http://127.0.0.1:1", "key")
        self.twilio = TwilioSandbox()
        self.mail = MailSandbox()
        self.instructions = OmsInstructions(
            self.oms, "http://127.0.0.1:1", "key", secret=new_secret()
        )
        self.receiver = Receiver(CHAI, "Chai Junction", "healthy", Merchant())

    async def open(self) -> "World":
        self.receiver.endpoint_id = await self.database.write(_deliver_one)
        self.tell("e1")
        self.take("e1")
        return self

    def tell(self, event_id: str, status: int = 202) -> None:
        self.oms.answers[event_id] = FinalAnswer(status, {}, attempts=1, took_s=0.0, waited_s=0.0)

    def take(self, event_id: str, *, answer: int = 200, verified: bool = True) -> None:
        with_secret = (0,) if verified else ()
        headers: dict[str, str] = {}
        received = Received(event_id, NOW, 0.0, "/hook", headers, b"{}", with_secret, answer)
        self.receiver.merchant.inbox.record(received)

    async def reconciled(self) -> Reconciliation:
        return await reconcile(
            self.database, self.oms, [self.receiver], self.twilio, self.instructions, self.mail
        )


@pytest.fixture
async def world(database: Database) -> World:
    return await World(database).open()


async def test_everybody_says_the_same(world: World) -> None:
    found = await world.reconciled()
    assert found.balanced
    assert [(entry.ours, entry.theirs) for entry in found.entries] == [
        (1, 1),
        (1, 1),
        (0, 0),
        (0, 0),
        (0, 0),
    ]


async def test_a_failed_attempt_and_a_second_delivery_do_no_harm(world: World) -> None:
    world.take("e1", answer=503)
    world.take("e1")
    found = await world.reconciled()
    assert found.balanced
    assert found.entries[1].remark == "3 requests, verified, 1 received twice"


async def test_an_event_that_the_oms_was_promised_is_missing(world: World) -> None:
    world.tell("lost")
    assert not (await world.reconciled()).balanced


async def test_an_event_that_the_oms_was_refused(world: World) -> None:
    world.tell("e2", status=422)
    found = await world.reconciled()
    assert not found.balanced
    assert found.entries[0].remark == "1 refused"


async def test_the_merchant_took_another_event_than_we_say(world: World) -> None:
    world.receiver.merchant.received.clear()
    world.take("another")
    found = await world.reconciled()
    assert (found.entries[1].ours, found.entries[1].theirs) == (1, 1)
    assert not found.balanced


async def test_a_signature_that_was_not_verified(world: World) -> None:
    world.take("e1", verified=False)
    found = await world.reconciled()
    assert not found.balanced
    assert "1 NOT VERIFIED" in found.entries[1].remark


async def test_an_instruction_that_the_oms_never_heard_of(world: World) -> None:
    shelf = Shelf(world.database)
    event = a_failed_delivery(at=NOW)
    await shelf.accept(event, now=NOW)
    world.tell(event.event_id)
    assert (await world.reconciled()).ledger.accepted == 2
    await Counter(shelf).give(now=NOW)
    found = await world.reconciled()
    assert not found.entries[-2].agrees
    assert not found.balanced


async def test_an_e_mail_that_we_say_was_sent_is_there_once(world: World) -> None:
    message_id = await _a_mail_sent(Shelf(world.database))
    assert not (await world.reconciled()).balanced
    world.mail.received.append(_received(message_id))
    assert (await world.reconciled()).balanced
    world.mail.received.append(_received(message_id))
    found = await world.reconciled()
    assert (found.entries[-1].remark, found.balanced) == ("1 twice", False)


async def test_an_e_mail_that_nobody_claimed(world: World) -> None:
    world.mail.received.append(_received("ntm_of_nobody"))
    assert not (await world.reconciled()).balanced


async def _a_mail_sent(shelf: Shelf) -> str:
    await somebody(shelf)
    await tell(shelf, NotificationKind.KEY_CHANGED)
    await fanned_out(shelf, MAIL_ONLY)
    [message] = await messages_of(shelf)
    sent = {"claimed_at": NOW, "state": MessageState.SENT}
    await shelf.change(NotificationMessageRow, message.id, **sent)
    return message.id


def _received(message_id: str) -> ReceivedMail:
    raw = f"Message-ID: <{message_id}@demo.example>\r\n\r\n".encode()
    return ReceivedMail("a@demo.example", ("b@chai.example",), raw, NOW, encrypted=False, user=None)


def _deliver_one(session: Session) -> str:
    shop = PartnerCreate(id="shop", name="Chai & Co", tier=Tier.GROWTH)
    partners.create_partner(session, shop, NOW, actor="test")
    session.flush()
    url = EndpointCreate(partner_id="shop", url="https://chai.example/hook")
    endpoint, _secret = create_endpoint(session, url, NOW, actor="test")
    acceptance.accept(session, _at_now(), NOW)
    plan_event(session, "e1", NOW)
    row = session.exec(select(DeliveryRow).where(col(DeliveryRow.event_id) == "e1")).one()
    row.state = DeliveryState.DELIVERED
    return endpoint.id


def _at_now() -> TrackingEvent:
    """The event of this ledger, which has just happened."""
    return TrackingEvent.model_validate(make_event(event_id="e1", occurred_at=NOW.isoformat()))
