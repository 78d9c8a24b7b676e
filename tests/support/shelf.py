"""A database with what a test of the store needs in it, put there by the store's own functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite, Role
from contracts.delivery.messages import (
    Plan,
    PlannedDelivery,
    PostWebhook,
    RecordDeadLetter,
    SendResult,
    SendSms,
)
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import DeadLetterReason
from contracts.delivery.verdicts import Answer
from contracts.endpoints.endpoints import EndpointCreate
from contracts.partners import PartnerCreate
from contracts.payload.events import TrackingEvent
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.rules import TextRules
from contracts.sms.statuses import read_status
from store.access import invitations
from store.db.database import Database
from store.deliveries import attempt_endings, attempts, planning
from store.deliveries.attempt_results import Settled
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.dead_lettering import record_dead_letter
from store.encryption.columns import PAYLOAD_BODY
from store.endpoints.endpoints import create_endpoint
from store.events import acceptance, outbox
from store.partners import partners
from store.retries.manual import redirect_text
from store.sms.callbacks import apply_status
from store.sms.claims import ReadySms, claim_sms
from store.sms.outcomes import lose_sight, refuse_sms, settle_sms
from store.tables import (
    AttemptRow,
    DeadLetterRow,
    DeliveryRow,
    EndpointRow,
    PartnerRow,
    PayloadRow,
    SmsMessageRow,
    UserRow,
)
from tests.support.encryption import KEYRING
from tests.support.factories import make_event, make_groups, make_order

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
REQUEST = timedelta(seconds=20)
SCHEDULE = RetrySchedule()
DELAYS = [30.0, 120.0, 480.0]
URL = "https://hooks.shop.example/doorstep"
RULES = TextRules(default_sender="DRSTEP")
WITH_CALLBACKS = TextRules(default_sender="DRSTEP", public_url="https://doorstep.example")
ACCEPTED = SmsAnswer(SmsFate.TAKEN, "twilio_accepted", sid="SM1", parts=1)
BUSY = SmsAnswer(SmsFate.NOT_NOW, "twilio_20429")

Row = TypeVar("Row", bound=SQLModel)
OwnedRow = TypeVar("OwnedRow", AttemptRow, DeadLetterRow, SmsMessageRow)


def after(seconds: float) -> datetime:
    """A moment so many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def an_event(event_type: str = "order_confirmed", **fields: Any) -> TrackingEvent:
    """An event that happened NOW; its OTP ends in half an hour."""
    otp = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": after(1800).isoformat(),
    }
    order = make_order(ordered_at=after(-3600).isoformat())
    known = {"occurred_at": NOW.isoformat(), "data": make_groups(otp=otp, order=order)}
    return TrackingEvent.model_validate(make_event(event_type, **{**known, **fields}))


def of_its_own_order(event: TrackingEvent) -> TrackingEvent:
    """The event, as one of an order that no other is of."""
    order = event.data.order.model_copy(update={"order_id": f"ORD-{event.event_id}"})
    data = event.data.model_copy(update={"order": order})
    return event.model_copy(update={"data": data})


@dataclass(frozen=True)
class Shelf:
    """The database, and short ways to fill it and to look at it."""

    database: Database

    async def add_partner(
        self, partner_id: str = "shop", tier: str = "growth", **toggles: Any
    ) -> PartnerRow:
        """A partner; toggles left out take the tier's defaults, but for the owner's yes to texts,
        which a shop of the tier `smb` has said."""
        yes = {"sms_enabled": True} if tier == "smb" else {}
        asked = {"id": partner_id, "name": "Chai Point", "tier": tier, **yes, **toggles}
        return await self.database.write(
            partners.create_partner, PartnerCreate.model_validate(asked), NOW, actor="test"
        )

    async def add_endpoint(self, partner_id: str = "shop", **fields: Any) -> EndpointRow:
        """An endpoint of a partner, at URL, or at one of its own where there are others."""
        others = await self.count(EndpointRow)
        url = f"{URL}/{others}" if others else URL
        asked = {"partner_id": partner_id, "url": url, **fields}
        row, _ = await self.database.write(
            create_endpoint, EndpointCreate.model_validate(asked), NOW, actor="test"
        )
        return row

    async def accept(
        self, event: TrackingEvent | None = None, *, now: datetime = NOW
    ) -> TrackingEvent:
        """An event in the outbox."""
        event = event or an_event()
        await self.database.write(acceptance.accept, event, now)
        return event

    async def plan(self, event: TrackingEvent | None = None, *, now: datetime = NOW) -> Plan:
        """The plan of an event that is accepted first."""
        event = await self.accept(event, now=now)
        await self.take_out(event.event_id)
        return await self.database.write(planning.plan_event, event.event_id, now)

    async def webhook(self, event: TrackingEvent | None = None) -> "Webhook":
        """A planned webhook delivery of a partner with one endpoint."""
        await self.add_partner()
        endpoint = await self.add_endpoint()
        event = event or an_event()
        [planned] = (await self.plan(event)).deliveries
        return Webhook(self, event, planned.delivery_id, endpoint.id)

    async def text(self, event: TrackingEvent | None = None) -> "Text":
        """A planned SMS delivery."""
        await self.add_partner(tier="smb")
        event = event or an_event()
        [planned] = (await self.plan(event)).deliveries
        return Text(self, event, planned.delivery_id)

    async def texts(self, count: int, **fields: Any) -> "list[Text]":
        """So many planned texts, each of an order of its own, of the partner `shop`, which is made
        where it is missing."""
        if not await self.count(PartnerRow):
            await self.add_partner(tier="smb")
        texts = []
        for _ in range(count):
            event = of_its_own_order(an_event(**fields))
            [planned] = (await self.plan(event)).deliveries
            texts.append(Text(self, event, planned.delivery_id))
        return texts

    async def redirect(self, delivery_id: str, phone: str) -> None:
        """Correct the phone that a text goes to."""
        await self.database.write(redirect_text, delivery_id, phone, NOW, actor="test")

    async def one(self, kind: type[Row], key: object) -> Row:
        """A row as it is in the database now."""
        return await self.database.read(lambda session: session.get_one(kind, key))

    async def all_rows(self, kind: type[Row]) -> list[Row]:
        """Every row of a table."""
        return await self.database.read(lambda session: list(session.exec(select(kind))))

    async def take_out(self, event_id: str) -> None:
        """Its workflow was started."""
        await self.database.write(outbox.take_out, [event_id])

    async def all_of(self, kind: type[OwnedRow], delivery_id: str) -> list[OwnedRow]:
        """The attempts, dead letters or texts of a delivery, in the order they were made."""
        query = select(kind).where(col(kind.delivery_id) == delivery_id).order_by(col(kind.id))
        return await self.database.read(lambda session: list(session.exec(query)))

    async def invite(
        self,
        email: str = "priya@chaipoint.example",
        role: Role = Role.OWNER,
        partner_id: str | None = "shop",
        now: datetime = NOW,
        actor: str = COMMAND_LINE,
    ) -> tuple[UserRow, str]:
        """Invite somebody; gives the row and the token of the link."""
        asked = Invite(email=email, name="Priya", role=role, partner_id=partner_id)
        return await self.database.write(invitations.invite, asked, now, actor=actor)

    async def payload_bytes(self, event_id: str) -> bytes:
        """The payload as it would be sent."""
        row = await self.one(PayloadRow, (event_id, "1.0"))
        return KEYRING.open(row.body, PAYLOAD_BODY.place(event_id, "1.0"))

    async def count(self, kind: type[SQLModel]) -> int:
        """How many rows a table has."""
        return await self.database.read(lambda session: len(session.exec(select(kind)).all()))

    async def change(self, kind: type[Row], key: object, **fields: Any) -> None:
        """Change a row behind the store's back."""

        def set_fields(session: Session) -> None:
            row = session.get_one(kind, key)
            for name, value in fields.items():
                setattr(row, name, value)

        await self.database.write(set_fields)


@dataclass(frozen=True)
class Webhook:
    """One webhook delivery, tried step by step."""

    shelf: Shelf
    event: TrackingEvent
    id: str
    endpoint_id: str

    async def row(self) -> DeliveryRow:
        """The delivery as it is now."""
        return await self.shelf.one(DeliveryRow, self.id)

    async def attempts(self) -> list[AttemptRow]:
        """Its attempts, by number."""
        rows = await self.shelf.all_of(AttemptRow, self.id)
        return sorted(rows, key=lambda row: row.number)

    async def dead_letters(self) -> list[DeadLetterRow]:
        """Its dead letters."""
        return await self.shelf.all_of(DeadLetterRow, self.id)

    async def begin(
        self,
        *,
        in_round: int = 1,
        now: datetime = NOW,
        delays: Sequence[float] = DELAYS,
        resend: bool = False,
    ) -> ReadyAttempt | SendResult:
        """Open the next attempt, or hear why there is none."""
        task = PostWebhook(self.event.event_id, self.id, in_round, list(delays), resend)
        return await self.shelf.database.write(attempts.begin_attempt, task, now, REQUEST)

    async def ready(
        self, *, in_round: int = 1, now: datetime = NOW, resend: bool = False
    ) -> ReadyAttempt:
        """Open the next attempt."""
        begun = await self.begin(in_round=in_round, now=now, resend=resend)
        assert isinstance(begun, ReadyAttempt), begun
        return begun

    async def finish(
        self,
        ready: ReadyAttempt,
        status: int | None,
        *,
        now: datetime = NOW,
        retry_after: str | None = None,
    ) -> Settled:
        """Close an attempt with a status, or without one as a timeout."""
        answer = Answer(
            f"http_{status}" if status else "timeout", status, retry_after, "said so", 12
        )
        ended = attempt_endings.EndedAttempt(ready.attempt_id, answer, SCHEDULE)
        write = self.shelf.database.write
        return (await write(attempt_endings.finish_attempt, ended, now)).settled

    async def interrupt(self, ready: ReadyAttempt, now: datetime = NOW) -> None:
        """Close an attempt that we ended ourselves."""
        await self.shelf.database.write(attempt_endings.interrupt_attempt, ready.attempt_id, now)

    async def attempt(
        self, status: int | None, *, in_round: int = 1, resend: bool = False
    ) -> Settled:
        """One whole attempt."""
        return await self.finish(await self.ready(in_round=in_round, resend=resend), status)


@dataclass(frozen=True)
class Text:
    """One SMS delivery, sent step by step."""

    shelf: Shelf
    event: TrackingEvent
    id: str

    async def row(self) -> DeliveryRow:
        """The delivery as it is now."""
        return await self.shelf.one(DeliveryRow, self.id)

    async def messages(self) -> list[SmsMessageRow]:
        """Its texts, in the order they were claimed first."""
        return await self.shelf.all_of(SmsMessageRow, self.id)

    async def claim(
        self,
        *,
        in_round: int = 1,
        now: datetime = NOW,
        rules: TextRules = RULES,
        resend: bool = False,
    ) -> ReadySms | SendResult:
        """Claim the text, or hear why nothing is to be sent."""
        task = SendSms(self.event.event_id, self.id, in_round, DELAYS, resend)
        limit = timedelta(seconds=10)
        return await self.shelf.database.write(claim_sms, task, now, limit, rules)

    async def ready(
        self,
        *,
        in_round: int = 1,
        now: datetime = NOW,
        rules: TextRules = RULES,
        resend: bool = False,
    ) -> ReadySms:
        """Claim the text."""
        claimed = await self.claim(in_round=in_round, now=now, rules=rules, resend=resend)
        assert isinstance(claimed, ReadySms), claimed
        return claimed

    async def refuse(
        self, ready: ReadySms, answer: SmsAnswer = BUSY, now: datetime = NOW
    ) -> Settled:
        """Twilio took it not."""
        return await self.shelf.database.write(refuse_sms, ready.sms_id, answer, SCHEDULE, now)

    async def settle(self, ready: ReadySms, now: datetime = NOW) -> SendResult:
        """Twilio took it."""
        return await self.shelf.database.write(settle_sms, ready.sms_id, ACCEPTED, now)

    async def lose_sight(
        self, ready: ReadySms, code: str = "timeout", now: datetime = NOW
    ) -> SendResult:
        """Nobody can tell."""
        return await self.shelf.database.write(lose_sight, ready.sms_id, code=code, now=now)

    async def hear(
        self,
        ready: ReadySms,
        word: str,
        code: int | None = None,
        *,
        now: datetime = NOW,
        sid: str = "SM1",
    ) -> None:
        """A genuine status callback comes."""
        fields = {"MessageStatus": word, "MessageSid": sid, "ErrorCode": str(code or "")}
        status = read_status(ready.sms_id, fields)
        assert status is not None, word
        await self.shelf.database.write(apply_status, status, now)

    async def keep(self, reason: DeadLetterReason = DeadLetterReason.UNKNOWN) -> None:
        """Record the dead letter, as the workflow does."""
        dead_letter = RecordDeadLetter(self.id, reason)
        await self.shelf.database.write(record_dead_letter, dead_letter, NOW)

    async def dead_letters(self) -> list[DeadLetterRow]:
        """Its dead letters."""
        return await self.shelf.all_of(DeadLetterRow, self.id)


def planned_of(plan: Plan, holds: Callable[[PlannedDelivery], bool]) -> PlannedDelivery:
    """The only delivery of a plan for which something holds."""
    [found] = [one for one in plan.deliveries if holds(one)]
    return found
