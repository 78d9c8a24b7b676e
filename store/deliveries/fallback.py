"""The text that stands in for a webhook: after a dead letter, or when its time is over."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import or_
from sqlmodel import Session, col, select

from contracts.delivery.messages import Plan, PlanEvent, PlannedDelivery
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import (
    OPEN_STATES,
    Channel,
    DeliveryState,
    EndpointState,
    HoldReason,
    SkipReason,
)
from contracts.delivery.transitions import Command
from contracts.errors import NotFound
from contracts.sms.fallback import fallback_wait
from contracts.sms.relevance import NEEDED_BY_CUSTOMERS
from store.db.row_locks import TO_CHANGE
from store.deliveries.drafts import SMS_TARGET, Draft, draft_text, new_delivery
from store.deliveries.first_attempts import AtOnce
from store.deliveries.planning import PlannedEvent, plan_events, planned
from store.deliveries.state_changes import change_state, hold
from store.events.bodies import body_of
from store.tables import DeliveryRow, EndpointRow, EventRow, PartnerRow


class FallbackSettings(Protocol):
    """What of a partner decides whether a text stands in for its webhooks."""

    @property
    def sms_fallback(self) -> bool:  # noqa: D102 - as the table has it
        ...
    @property
    def sms_fallback_types(self) -> Sequence[str] | None:  # noqa: D102 - as the table has it
        ...
    @property
    def sms_event_types(self) -> Sequence[str] | None:  # noqa: D102 - as the table has it
        ...


class FallbackEvent(Protocol):
    """What of an event decides whether a text may stand in for its webhooks."""

    @property
    def event_type(self) -> str:  # noqa: D102 - as the table has it
        ...
    @property
    def only_target(self) -> str | None:  # noqa: D102 - as the table has it
        ...
    @property
    def erased_at(self) -> datetime | None:  # noqa: D102 - as the table has it
        ...


def plan_with_fallback(
    session: Session,
    tasks: Sequence[PlanEvent],
    now: datetime,
    at_once: AtOnce | None = None,
    *,
    wait: bool = True,
    public_url: str | None = None,
) -> list[PlannedEvent | None]:
    """Plan events, or give back their plans, and say how long their webhooks have before the
    customer is texted; None for an event that `plan_events` gives nothing for."""
    ids = [one.event_id for one in tasks]
    planned_events = plan_events(session, ids, now, at_once, wait=wait, public_url=public_url)
    return [_with_fallback(one, planned_events.get(one.event_id), now) for one in tasks]


def _with_fallback(
    task: PlanEvent, planned_event: PlannedEvent | None, now: datetime
) -> PlannedEvent | None:
    if planned_event is None:
        return None
    event = planned_event.event
    if not (_is_wanted(event, event) and _may_come(planned_event.plan)):
        return planned_event
    schedule = RetrySchedule(task.retry_delays_s)
    wait = fallback_wait(event.accepted_at, event.otp_until, schedule, now)
    plan = replace(planned_event.plan, fallback_in_s=wait.total_seconds())
    return replace(planned_event, plan=plan)


def plan_fallback(session: Session, event_id: str, now: datetime) -> PlannedDelivery | None:
    """Add a text to the customer, where the partner has the fallback on and a webhook was missed.

    None when it is off or not needed, or when this event has a text already: one event never sends
    two. A text that the plan had skipped because its type is not texted otherwise is taken up
    again.
    """
    row = session.get(EventRow, event_id, with_for_update=TO_CHANGE)
    if row is None:
        raise NotFound(f"no event {event_id}")
    partner = session.get_one(PartnerRow, row.partner_id)
    if not _has_fallback(row, partner) or not _misses_a_webhook(session, event_id):
        return None
    draft = draft_text(body_of(session, row), partner, fallback_types(partner), fallback=True)
    text = session.exec(
        select(DeliveryRow).where(
            col(DeliveryRow.event_id) == event_id, col(DeliveryRow.target) == SMS_TARGET
        )
    ).first()
    if text is not None:
        return _taken_up(session, text, draft, now)
    text = DeliveryRow(**vars(new_delivery(draft, event_id, row.partner_id, now)))
    session.add(text)
    row.delivery_count += 1
    return planned(text)


def fallback_types(partner: FallbackSettings) -> Collection[str]:
    """The types that the fallback texts: chosen, or those of the texts, or what customers need."""
    return partner.sms_fallback_types or partner.sms_event_types or NEEDED_BY_CUSTOMERS


def _has_fallback(event: FallbackEvent, partner: FallbackSettings) -> bool:
    return partner.sms_fallback and event.only_target is None and event.erased_at is None


def _is_wanted(event: FallbackEvent, partner: FallbackSettings) -> bool:
    return _has_fallback(event, partner) and event.event_type in fallback_types(partner)


def _may_come(plan: Plan) -> bool:
    """Whether a webhook is still on its way, and no text was planned beside it."""
    texts = [one for one in plan.deliveries if one.channel is Channel.SMS]
    waiting = (*OPEN_STATES, DeliveryState.HELD)
    return all(one.skip_reason is SkipReason.SMS_OFF_FOR_TYPE for one in texts) and any(
        one.channel is Channel.WEBHOOK and one.state in waiting for one in plan.deliveries
    )


def _misses_a_webhook(session: Session, event_id: str) -> bool:
    """Whether the partner lacks a webhook that it counts on.

    Not one that was delivered and is only being sent again. Nor one that waits for its paused
    partner: a pause holds texts as well. Nor one whose endpoint a person paused, as long as another
    endpoint has the event.
    """
    query = (
        select(DeliveryRow.state, DeliveryRow.hold_reason, EndpointRow.state)
        .join(EndpointRow, col(EndpointRow.id) == col(DeliveryRow.endpoint_id))
        .where(col(DeliveryRow.event_id) == event_id)
    )
    had_it = or_(
        col(DeliveryRow.state) == DeliveryState.DELIVERED,
        col(DeliveryRow.delivered_at).is_not(None),
    )
    arrived = session.exec(query.where(had_it)).first() is not None
    missed = session.exec(query.where(~had_it, col(DeliveryRow.state) != DeliveryState.SKIPPED))
    return any(
        state is not DeliveryState.HELD or not _was_paused(held_for, endpoint, arrived=arrived)
        for state, held_for, endpoint in missed
    )


def _was_paused(held_for: str | None, endpoint: str, *, arrived: bool) -> bool:
    """Whether a webhook is held because a person wants it so."""
    if held_for == HoldReason.PARTNER_PAUSED:
        return True
    off = held_for == HoldReason.ENDPOINT_OFF and endpoint == EndpointState.PAUSED
    return off and arrived


def _taken_up(
    session: Session, text: DeliveryRow, draft: Draft, now: datetime
) -> PlannedDelivery | None:
    """The text that the plan had skipped for its type, where the fallback wants that type."""
    if text.skip_reason is not SkipReason.SMS_OFF_FOR_TYPE or draft.skip_reason is not None:
        return None
    change_state(session, text, Command.TAKE_UP, now)
    text.fallback = True
    if draft.hold_reason is not None:
        hold(session, text, draft.hold_reason, now)
    return planned(text)
