"""Who gets an event: drafts of its deliveries, made by rules alone, so that every combination can
stand in a table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from contracts.delivery.states import (
    Channel,
    DeliveryState,
    EndpointState,
    HoldReason,
    SkipReason,
)
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType, TrackingEvent
from store.events.phones import is_mobile


class PartnerSettings(Protocol):
    """What of a partner decides who gets an event."""

    @property
    def paused_at(self) -> datetime | None:  # noqa: D102 - as the table has it
        ...
    @property
    def webhook_enabled(self) -> bool:  # noqa: D102 - as the table has it
        ...
    @property
    def sms_enabled(self) -> bool:  # noqa: D102 - as the table has it
        ...
    @property
    def sms_awaits_owner(self) -> bool:  # noqa: D102 - as the table has it
        ...
    @property
    def sms_event_types(self) -> Collection[str] | None:  # noqa: D102 - as the table has it
        ...


class EndpointSettings(Protocol):
    """What of an endpoint decides whether it gets an event."""

    @property
    def id(self) -> str:  # noqa: D102 - as the table has it
        ...
    @property
    def state(self) -> EndpointState:  # noqa: D102 - as the table has it
        ...
    @property
    def event_types(self) -> Collection[str] | None:  # noqa: D102 - as the table has it
        ...


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


def draft_deliveries(
    event: TrackingEvent, partner: PartnerSettings, endpoints: Sequence[EndpointSettings]
) -> list[Draft]:
    """The deliveries of an event."""
    drafts: list[Draft] = []
    if partner.webhook_enabled:
        drafts += [_draft_webhook(event.type, partner, endpoint) for endpoint in endpoints]
    if partner.sms_enabled:
        drafts.append(draft_text(event, partner, partner.sms_event_types))
    elif partner.sms_awaits_owner:
        drafts.append(Draft(Channel.SMS, SMS_TARGET, skip_reason=SkipReason.SMS_AWAITS_OWNER))
    return drafts or [Draft(None, NO_TARGET, skip_reason=SkipReason.NO_CHANNEL)]


def _draft_webhook(
    event_type: EventType | None, partner: PartnerSettings, endpoint: EndpointSettings
) -> Draft:
    subscribed = endpoint.event_types is None or event_type in endpoint.event_types
    return Draft(
        Channel.WEBHOOK,
        target=endpoint.id,
        endpoint_id=endpoint.id,
        skip_reason=None if subscribed else SkipReason.TYPE_NOT_SUBSCRIBED,
        hold_reason=_why_held(partner, endpoint),
    )


def _why_held(
    partner: PartnerSettings, endpoint: EndpointSettings | None = None
) -> HoldReason | None:
    if partner.paused_at is not None:
        return HoldReason.PARTNER_PAUSED
    off = endpoint is not None and endpoint.state is not EndpointState.ENABLED
    return HoldReason.ENDPOINT_OFF if off else None


def draft_test(
    endpoint_id: str, partner: PartnerSettings, endpoints: Sequence[EndpointSettings]
) -> Draft:
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


def draft_text(
    event: TrackingEvent,
    partner: PartnerSettings,
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


@dataclass
class NewDelivery:
    """A delivery that is not stored yet."""

    id: str
    event_id: str
    partner_id: str
    channel: Channel | None
    target: str
    endpoint_id: str | None
    state: DeliveryState
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None
    fallback: bool
    created_at: datetime
    changed_at: datetime
    round: int = 1
    charged: int = 0
    attempts: int = 0


def new_delivery(draft: Draft, event_id: str, partner_id: str, now: datetime) -> NewDelivery:
    """The delivery of a draft."""
    return NewDelivery(
        id=new_id(IdKind.DELIVERY),
        event_id=event_id,
        partner_id=partner_id,
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
