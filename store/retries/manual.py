"""Wishes of a person to send a delivery again: allowed or not, and written down."""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.refusals import RetryRefusal
from contracts.delivery.states import Channel, DeliveryState, EndpointState
from contracts.delivery.transitions import may_begin_round
from contracts.errors import Conflict, Erased, Invalid
from contracts.payload.fields import mask_phone
from contracts.refusals import Refusal
from contracts.sms.corrections import MAY_HAVE_ARRIVED
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.encryption.sealing import phone_index
from store.endpoints.circuit_breaker import probe_now
from store.events import outbox
from store.events.detail import get_delivery
from store.events.outbox import Startable
from store.events.phones import is_mobile
from store.partners.partners import get_partner
from store.sms.corrections import correct_phone, require_correctable
from store.sms.opt_outs import is_opted_out
from store.sms.relevance import is_pointless
from store.tables import DeliveryRow, EndpointRow, EventRow, SmsMessageRow

MOST_TEXTS = 5
"""So many texts of one delivery may be sent, copies and other phones together."""

_MARGIN = timedelta(seconds=10)
_OVER = (DeliveryState.DISCARDED, DeliveryState.EXPIRED)


def ask_for_retry(
    session: Session,
    delivery_id: str,
    now: datetime,
    *,
    resend: bool,
    actor: str,
    owner: str | None = None,
) -> Startable:
    """The event to signal, with the wish written down. Conflict says why it cannot be sent.

    A text that may have arrived goes out again only where `resend` asks for one more copy of it.
    """
    delivery = _sendable(session, delivery_id, owner, now)
    _refuse_ended(delivery, resend=resend)
    if delivery.endpoint_id is not None:
        _require_open(session, delivery.endpoint_id, now)
    if delivery.channel is Channel.SMS:
        _allow_copy(session, delivery, resend=resend)
    details = {"event_id": delivery.event_id, "resend": resend}
    record_change(session, AuditAction.DELIVERY_RETRY_REQUESTED, delivery, actor, now, details)
    return outbox.startables(session, [delivery.event_id])[0]


def redirect_text(
    session: Session,
    delivery_id: str,
    phone: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> Startable:
    """Send a text to another phone (E.164) than the event's; gives the event to signal.

    Conflict says why it cannot be sent, Invalid that nobody can be texted there. Asked for the same
    phone again, nothing changes.
    """
    delivery = _sendable(session, delivery_id, owner, now)
    event = session.get_one(EventRow, delivery.event_id)
    index = phone_index(session, phone)
    _refuse_phone(session, delivery, event, phone, index)
    if not _goes_there(delivery, index):
        require_correctable(session, delivery, event, phone, now)
        correct_phone(session, delivery, phone, index, now)
        details = {
            "event_id": delivery.event_id,
            "phone_masked": mask_phone(phone),
            "phone_index": index,
        }
        record_change(session, AuditAction.DELIVERY_REDIRECTED, delivery, actor, now, details)
    return outbox.startables(session, [delivery.event_id])[0]


def _refuse_phone(
    session: Session, delivery: DeliveryRow, event: EventRow, phone: str, index: str
) -> None:
    """What is no text, goes nowhere else, or went out too often; and phones that get no texts."""
    if delivery.channel is not Channel.SMS:
        raise Conflict(
            "it is not a text: only texts can go to another phone",
            cause=Refusal.PHONE_NOT_CORRECTABLE,
        )
    if event.only_target is not None:
        raise Conflict(
            "a test text goes to the shop owner's own phone only",
            cause=Refusal.PHONE_NOT_CORRECTABLE,
        )
    _limit_copies(session, delivery)
    if delivery.state in _OVER:
        raise Conflict(f"it is {delivery.state} and cannot be sent", cause=Refusal.ENDED)
    if not is_mobile(phone):
        raise Invalid(
            "this number cannot be texted: send a mobile number",
            field="phone",
            cause=Refusal.PHONE_NOT_MOBILE,
        )
    if is_opted_out(session, delivery.partner_id, index):
        raise Conflict(
            "this customer opted out: they get no texts of this partner",
            cause=Refusal.PHONE_OPTED_OUT,
        )


def _goes_there(delivery: DeliveryRow, index: str) -> bool:
    """Whether it was corrected to this phone already, and does not wait for a person again."""
    waits = delivery.state in (DeliveryState.DEAD_LETTERED, DeliveryState.SKIPPED)
    return delivery.corrected_phone_index == index and not waits


def _sendable(session: Session, delivery_id: str, owner: str | None, now: datetime) -> DeliveryRow:
    """The delivery, locked, where its event still has its data, its partner is not paused, and a
    text would not come too late."""
    get_delivery(session, delivery_id, owner=owner)
    delivery = session.get_one(
        DeliveryRow, delivery_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    event = session.get_one(EventRow, delivery.event_id)
    if event.erased_at is not None:
        raise Erased("its data was erased: nothing can be sent", cause=RetryRefusal.ERASED)
    if delivery.channel is Channel.SMS and is_pointless(session, delivery, event, now, _MARGIN):
        raise Conflict(
            "the text would come too late, or the order has moved on", cause=RetryRefusal.TOO_LATE
        )
    partner = get_partner(session, delivery.partner_id)
    if partner.paused_at is not None:
        raise Conflict(
            f"partner {partner.id} is paused: resume it first", cause=RetryRefusal.PAUSED
        )
    return delivery


def _refuse_ended(delivery: DeliveryRow, *, resend: bool) -> None:
    if delivery.state is DeliveryState.DELIVERED and not resend:
        raise Conflict(
            "it was delivered already: ask with resend true to send it once more",
            cause=RetryRefusal.ALREADY_SENT,
        )
    if not may_begin_round(delivery.state, resend=resend):
        raise Conflict(f"it is {delivery.state} and cannot be sent", cause=RetryRefusal.ENDED)


def _require_open(session: Session, endpoint_id: str, now: datetime) -> None:
    """Conflict where nothing may be sent; where the breaker is open, this retry is the probe."""
    endpoint = session.get_one(EndpointRow, endpoint_id)
    if endpoint.removed_at is not None:
        raise Conflict(
            "its endpoint was removed: nothing can be sent there any more",
            cause=RetryRefusal.ENDPOINT_REMOVED,
        )
    if endpoint.state is not EndpointState.ENABLED:
        raise Conflict(
            f"endpoint {endpoint.id} is {endpoint.state}: enable it first",
            cause=RetryRefusal.ENDPOINT_OFF,
        )
    if endpoint.opened_at is not None:
        probe_now(session, endpoint_id, now)


def _allow_copy(session: Session, delivery: DeliveryRow, *, resend: bool) -> None:
    """Let one more copy of a text go out, where a person says so; without that, only what certainly
    did not arrive may be sent."""
    sms = session.exec(
        select(SmsMessageRow)
        .where(col(SmsMessageRow.delivery_id) == delivery.id)
        .order_by(col(SmsMessageRow.claimed_at).desc(), col(SmsMessageRow.copy_number).desc())
        .limit(1)
    ).first()
    if sms is None or sms.state not in MAY_HAVE_ARRIVED:
        return
    if not resend:
        raise Conflict(
            "the text may have been sent: look whether it was, then ask with resend true",
            cause=RetryRefusal.MAY_HAVE_ARRIVED,
        )
    _limit_copies(session, delivery)
    delivery.copy_number = sms.copy_number + 1


def _limit_copies(session: Session, delivery: DeliveryRow) -> None:
    """An order's text is no way to text anybody anything, as often as one likes."""
    texts = select(func.count()).where(col(SmsMessageRow.delivery_id) == delivery.id)
    if session.exec(texts).one() >= MOST_TEXTS:
        raise Conflict(
            f"this text went out {MOST_TEXTS} times already: that is the most",
            cause=RetryRefusal.SENT_TOO_OFTEN,
        )
