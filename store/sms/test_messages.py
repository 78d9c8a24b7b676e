"""Test texts: the shop owner gets on their own phone what a customer would get."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType
from contracts.payload.samples import sample_event
from contracts.refusals import Refusal
from contracts.sms.rules import TextRules
from store.access.audit import record
from store.access.budgets import TEST_TEXTS, spend
from store.deliveries.drafts import SMS_TARGET
from store.encryption.columns import PARTNER_PHONE
from store.encryption.sealing import open_sealed
from store.events import acceptance
from store.events.phones import country_of
from store.partners.partners import get_partner
from store.tables import EventRow, PartnerRow

DEFAULT_RULES = TextRules()


def accept_test_text(
    session: Session,
    partner_id: str,
    event_type: EventType,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    rules: TextRules = DEFAULT_RULES,
) -> str:
    """Put a test event into the outbox that goes to the partner's contact phone and nowhere else;
    gives its id. Only there: nobody may have us text a phone of their choice.

    NotFound without such a partner; Conflict without a contact phone, in a country that is not
    open, or while it is paused; LimitReached after a few in an hour.
    """
    partner = get_partner(session, partner_id, owner=owner)
    require_running(partner)
    if partner.contact_phone is None:
        raise Conflict(
            f"partner {partner_id} has no contact_phone: set it first",
            cause=Refusal.PHONE_MISSING,
        )
    phone = open_sealed(session, PARTNER_PHONE, partner.contact_phone, partner.id)
    if country_of(phone) not in rules.test_countries:
        raise Conflict(
            "test texts do not go to the country of this contact_phone: ask operations",
            cause=Refusal.TEST_COUNTRY,
        )
    spend(session, TEST_TEXTS, partner_id, now)
    event_id = put_test_text(session, partner_id, event_type, phone, now)
    record(
        session,
        actor=actor,
        action=AuditAction.PARTNER_TEXTED,
        object_id=partner_id,
        partner_id=partner_id,
        details={"event_id": event_id, "type": event_type},
        now=now,
    )
    return event_id


def put_test_text(
    session: Session,
    partner_id: str,
    event_type: EventType,
    phone: str,
    now: datetime,
    *,
    otp: str = "000000",
) -> str:
    """The event of a text to this phone (E.164) alone, in the outbox; gives its id."""
    event_id = new_id(IdKind.TEST_EVENT)
    event = sample_event(
        event_type,
        event_id=event_id,
        partner_id=partner_id,
        now=now,
        customer_phone=phone,
        otp=otp,
    )
    acceptance.accept(session, event, now)
    session.execute(
        update(EventRow).where(col(EventRow.event_id) == event_id).values(only_target=SMS_TARGET)
    )
    return event_id


def require_running(partner: PartnerRow) -> None:
    """Conflict while a partner is paused: a text would be held, and show nothing."""
    if partner.paused_at is not None:
        raise Conflict(f"partner {partner.id} is paused: resume it first", cause=Refusal.PAUSED)
