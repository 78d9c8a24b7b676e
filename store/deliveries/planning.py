"""The plan of an event: its payload, once, and one delivery for each target."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.delivery.messages import Plan, PlannedDelivery
from contracts.delivery.states import (
    Channel,
    DeliveryState,
    EndpointState,
    EventState,
    HoldReason,
    SkipReason,
)
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.payload import Payload, build_payload, to_bytes
from store.db.row_locks import TO_CHANGE
from store.encryption.columns import PAYLOAD_BODY
from store.encryption.sealing import seal_bytes
from store.endpoints.changes import removed_meanwhile
from store.events.bodies import body_of
from store.events.phones import is_mobile
from store.tables import DeliveryRow, EndpointRow, EventRow, PartnerRow, PayloadRow

SMS_TARGET = "sms"
NO_TARGET = "none"


@dataclass(frozen=True)
class Draft:
    """A delivery that is to be: its target, and the state it starts in."""

    channel: Channel | None
    target: str
    endpoint_id: str | None = None
    skip_reason: SkipReason | None = None
    hold_reason: HoldReason | None = None
    fallback: bool = False

    @property
    def state(self) -> DeliveryState:
        """Skipped with a reason, held for its endpoint, or pending."""
        if self.skip_reason is not None:
            return DeliveryState.SKIPPED
        return DeliveryState.HELD if self.hold_reason else DeliveryState.PENDING


def plan_event(session: Session, event_id: str, now: datetime) -> Plan:
    """Plan an event, or give back the plan it has. NotFound when there is no such event."""
    row = session.get(EventRow, event_id, with_for_update=TO_CHANGE)
    if row is None:
        raise NotFound(f"no event {event_id}")
    if row.state is EventState.PLANNED:
        return stored_plan(session, event_id)
    if row.erased_at is not None:
        return _plan_nothing(session, row, now)
    event = body_of(session, row)
    partner = session.get_one(PartnerRow, row.partner_id)
    _store_payload(session, build_payload(event, sequence=row.sequence, emitted_at=now), now)
    endpoints = _endpoints(session, row.partner_id)
    if row.only_target == SMS_TARGET:
        drafts = [draft_text(event, partner, None)]
    elif row.only_target is not None:
        drafts = [_draft_test(row.only_target, partner, endpoints)]
    else:
        drafts = draft_deliveries(event, partner, endpoints)
    drafts = _none_held_for_good(session, drafts)
    deliveries = [to_row(draft, row, now) for draft in drafts]
    session.add_all(deliveries)
    row.state, row.planned_at, row.delivery_count = EventState.PLANNED, now, len(deliveries)
    return Plan([planned(delivery) for delivery in deliveries])


def _plan_nothing(session: Session, row: EventRow, now: datetime) -> Plan:
    """The plan of an event that was erased before it had one: a delivery that says so."""
    delivery = to_row(Draft(None, NO_TARGET, skip_reason=SkipReason.ERASED), row, now)
    session.add(delivery)
    row.state, row.planned_at, row.delivery_count = EventState.PLANNED, now, 1
    return Plan([planned(delivery)])


def stored_plan(session: Session, event_id: str) -> Plan:
    """The deliveries of an event as they are now."""
    query = select(DeliveryRow).where(col(DeliveryRow.event_id) == event_id)
    rows = session.exec(query.order_by(col(DeliveryRow.target)))  # as drafted: endpoints, then sms
    return Plan([planned(row) for row in rows])


def draft_deliveries(
    event: TrackingEvent, partner: PartnerRow, endpoints: Sequence[EndpointRow]
) -> list[Draft]:
    """Who gets this event: pure, so that every combination can stand in a table."""
    drafts: list[Draft] = []
    if partner.webhook_enabled:
        drafts += [_draft_webhook(event.type, partner, endpoint) for endpoint in endpoints]
    if partner.sms_enabled:
        drafts.append(draft_text(event, partner, partner.sms_event_types))
    return drafts or [Draft(None, NO_TARGET, skip_reason=SkipReason.NO_CHANNEL)]


def _draft_webhook(
    event_type: EventType | None, partner: PartnerRow, endpoint: EndpointRow
) -> Draft:
    subscribed = endpoint.event_types is None or event_type in endpoint.event_types
    return Draft(
        Channel.WEBHOOK,
        target=endpoint.id,
        endpoint_id=endpoint.id,
        skip_reason=None if subscribed else SkipReason.TYPE_NOT_SUBSCRIBED,
        hold_reason=_why_held(partner, endpoint),
    )


def _why_held(partner: PartnerRow, endpoint: EndpointRow | None = None) -> HoldReason | None:
    if partner.paused_at is not None:
        return HoldReason.PARTNER_PAUSED
    off = endpoint is not None and endpoint.state is not EndpointState.ENABLED
    return HoldReason.ENDPOINT_OFF if off else None


def _draft_test(endpoint_id: str, partner: PartnerRow, endpoints: Sequence[EndpointRow]) -> Draft:
    """A test event goes to its one endpoint, whatever types that receives, and to no phone."""
    for endpoint in endpoints:
        if endpoint.id == endpoint_id:
            return replace(_draft_webhook(None, partner, endpoint), skip_reason=None)
    return Draft(
        Channel.WEBHOOK,
        target=endpoint_id,
        endpoint_id=endpoint_id,
        skip_reason=SkipReason.ENDPOINT_REMOVED,
    )


def _none_held_for_good(session: Session, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with those skipped that would be held for an endpoint removed meanwhile."""
    held = [one.endpoint_id for one in drafts if one.hold_reason and one.endpoint_id is not None]
    removed = removed_meanwhile(session, held) if held else set()
    return [
        replace(one, skip_reason=SkipReason.ENDPOINT_REMOVED) if one.endpoint_id in removed else one
        for one in drafts
    ]


def draft_text(
    event: TrackingEvent,
    partner: PartnerRow,
    types: Collection[str] | None,
    *,
    fallback: bool = False,
) -> Draft:
    """The text to the customer, of these types of event only; None: of every type. Pure."""
    return Draft(
        Channel.SMS,
        target=SMS_TARGET,
        skip_reason=_why_no_text(event, types),
        hold_reason=_why_held(partner),
        fallback=fallback,
    )


def _why_no_text(event: TrackingEvent, types: Collection[str] | None) -> SkipReason | None:
    if types is not None and event.type not in types:
        return SkipReason.SMS_OFF_FOR_TYPE
    customer = event.data.order.customer
    phone = customer.phone if customer else None
    return None if phone is not None and is_mobile(phone) else SkipReason.INVALID_PHONE


def to_row(draft: Draft, event: EventRow, now: datetime) -> DeliveryRow:
    """The row of a drafted delivery."""
    return DeliveryRow(
        id=new_id(IdKind.DELIVERY),
        event_id=event.event_id,
        partner_id=event.partner_id,
        channel=draft.channel,
        target=draft.target,
        endpoint_id=draft.endpoint_id,
        state=draft.state,
        skip_reason=draft.skip_reason,
        hold_reason=None if draft.skip_reason else draft.hold_reason,
        fallback=draft.fallback,
        created_at=now,
        changed_at=now,
    )


def planned(row: DeliveryRow) -> PlannedDelivery:
    """A delivery as the workflow hears of it."""
    return PlannedDelivery(row.id, row.channel, row.state, row.round, row.skip_reason)


def _store_payload(session: Session, payload: Payload, now: datetime) -> None:
    otp, key = payload.data.otp, (payload.event_id, payload.schema_version)
    session.add(
        PayloadRow(
            event_id=payload.event_id,
            schema_version=payload.schema_version,
            body=seal_bytes(session, PAYLOAD_BODY, to_bytes(payload), *key),
            otp_valid_until=otp.valid_until if otp and otp.code else None,
            created_at=now,
        )
    )


def _endpoints(session: Session, partner_id: str) -> list[EndpointRow]:
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.partner_id) == partner_id)
        .where(col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
    )
    return list(session.exec(query))
