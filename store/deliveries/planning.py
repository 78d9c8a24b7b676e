"""The plan of an event: its payload, once, and one delivery for each target.

Events that are planned at the same time are planned in one transaction. Where an endpoint is well,
the first attempt is opened in it, too (`first_attempts.py`): it leaves at once.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from contracts.delivery.messages import Plan, PlannedDelivery
from contracts.delivery.states import EventState, SkipReason
from contracts.errors import NotFound
from contracts.payload.payload import build_payload, to_bytes
from contracts.tracking.links import link_url
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.drafts import (
    NO_TARGET,
    SMS_TARGET,
    Draft,
    NewDelivery,
    draft_deliveries,
    draft_test,
    draft_text,
    new_delivery,
)
from store.deliveries.first_attempts import AtOnce, open_first_attempts, texts_at_once
from store.deliveries.plan_reads import (
    EndpointToPlan,
    EventToPlan,
    endpoints_to_plan,
    events_to_plan,
)
from store.deliveries.plan_writes import NewPlan, store_plans
from store.endpoints.changes import removed_meanwhile
from store.events.bodies import opened_body
from store.tables import DeliveryRow, EndpointRow
from store.tracking.links import LinkedOrder, link_tokens


@dataclass(frozen=True)
class PlannedEvent:
    """An event with its plan; `opened` has the attempts that leave at once, its own among them, by
    delivery. Never leaves the worker."""

    event: EventToPlan
    plan: Plan
    opened: Mapping[str, ReadyAttempt]


def plan_event(session: Session, event_id: str, now: datetime) -> Plan:
    """Plan an event, or give back the plan it has. NotFound when there is no such event."""
    planned = plan_events(session, [event_id], now).get(event_id)
    if planned is None:
        raise NotFound(f"no event {event_id}")
    return planned.plan


def plan_events(
    session: Session,
    event_ids: Sequence[str],
    now: datetime,
    at_once: AtOnce | None = None,
    *,
    wait: bool = True,
    public_url: str | None = None,
) -> Mapping[str, PlannedEvent]:
    """Plan events, or give back the plans they have; nothing for one that there is not, or, without
    `wait`, that somebody else has locked.

    Without `at_once` no first attempt is opened; without `public_url` no payload has the link to a
    tracking page.
    """
    events = events_to_plan(session, event_ids, wait=wait)
    to_plan = [one for one in events if one.state is not EventState.PLANNED]
    partner_ids = sorted(
        {one.partner_id for one in to_plan if one.webhook_enabled or one.only_target}
    )
    patience = at_once.lock_patience if at_once is not None else timedelta()
    endpoints = endpoints_to_plan(session, partner_ids, now, patience) if partner_ids else {}
    links = _links_for_payloads(session, to_plan, now, public_url) if public_url else {}
    plans = [
        _new_plan(session, one, endpoints.get(one.partner_id, ()), now, links.get(one.event_id))
        for one in to_plan
    ]
    opened: Mapping[str, ReadyAttempt] = {}
    texts: set[str] = set()
    if at_once is not None:
        by_id = {one.id: one for of_partner in endpoints.values() for one in of_partner}
        opened = open_first_attempts(session, plans, by_id, now, at_once)
        texts = texts_at_once(plans, at_once, at_once.room - len(opened))
    store_plans(session, plans, now)
    hosts = {one.id: _host(one.url) for of_partner in endpoints.values() for one in of_partner}
    new = {one.event_id: _plan_of(one.deliveries, opened.keys() | texts, hosts) for one in plans}
    return {
        one.event_id: PlannedEvent(
            one, new.get(one.event_id) or stored_plan(session, one.event_id), opened
        )
        for one in events
    }


def stored_plan(session: Session, event_id: str) -> Plan:
    """The deliveries of an event as they are now."""
    query = (
        select(DeliveryRow, EndpointRow.url)
        .outerjoin(EndpointRow, col(EndpointRow.id) == col(DeliveryRow.endpoint_id))
        .where(col(DeliveryRow.event_id) == event_id)
        .order_by(col(DeliveryRow.target))  # as drafted: endpoints, then sms
    )
    return Plan([planned(row, host=_host(url)) for row, url in session.exec(query)])


def planned(
    row: DeliveryRow | NewDelivery, *, at_once: bool = False, host: str | None = None
) -> PlannedDelivery:
    """A delivery as the workflow hears of it."""
    return PlannedDelivery(
        delivery_id=row.id,
        channel=row.channel,
        state=row.state,
        round=row.round,
        skip_reason=row.skip_reason,
        at_once=at_once,
        endpoint_id=row.endpoint_id,
        host=host,
        hold_reason=row.hold_reason,
        last_code=row.last_code if isinstance(row, DeliveryRow) else None,
    )


def _plan_of(
    deliveries: Sequence[NewDelivery], at_once: Set[str], hosts: Mapping[str, str | None]
) -> Plan:
    return Plan(
        [
            planned(row, at_once=row.id in at_once, host=hosts.get(row.endpoint_id or ""))
            for row in deliveries
        ]
    )


def _host(url: str | None) -> str | None:
    """What a history may say of a URL: its path and query may have secrets in them."""
    return urlsplit(url).hostname if url else None


def _links_for_payloads(
    session: Session, events: Sequence[EventToPlan], now: datetime, public_url: str
) -> Mapping[str, str]:
    """The links to tracking pages, by event, for partners that want them in payloads."""
    orders = {
        one.event_id: LinkedOrder(one.partner_id, one.order_id, one.is_test)
        for one in events
        if one.wants_link and one.erased_at is None
    }
    tokens = link_tokens(session, set(orders.values()), now) if orders else {}
    return {event_id: link_url(public_url, tokens[one]) for event_id, one in orders.items()}


def _new_plan(
    session: Session,
    event: EventToPlan,
    endpoints: Sequence[EndpointToPlan],
    now: datetime,
    link: str | None = None,
) -> NewPlan:
    """An event's payload and its deliveries, not stored yet. Of one that was erased before it was
    planned, a delivery that says so."""
    if event.erased_at is not None:
        erased = Draft(None, NO_TARGET, skip_reason=SkipReason.ERASED)
        return NewPlan(
            event.event_id, [new_delivery(erased, event.event_id, event.partner_id, now)]
        )
    body = opened_body(session, event.event_id, event.body)
    if event.only_target == SMS_TARGET:
        drafts = [draft_text(body, event, None)]
    elif event.only_target is not None:
        drafts = [draft_test(event.only_target, event, endpoints)]
    else:
        drafts = draft_deliveries(body, event, endpoints)
    payload = build_payload(body, sequence=event.sequence, emitted_at=now, link=link)
    rows = [
        new_delivery(one, event.event_id, event.partner_id, now)
        for one in _none_held_for_good(session, drafts)
    ]
    return NewPlan(event.event_id, rows, payload, to_bytes(payload))


def _none_held_for_good(session: Session, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with those skipped that would be held for an endpoint removed meanwhile. Where
    somebody has its row locked, it may be being removed: the delivery is planned as `pending`, and
    its first attempt finds out."""
    held = [one.endpoint_id for one in drafts if one.hold_reason and one.endpoint_id is not None]
    removed = removed_meanwhile(session, held) if held else {}
    return [_unless_removed(one, removed) if one.endpoint_id in held else one for one in drafts]


def _unless_removed(draft: Draft, removed: Mapping[str, bool]) -> Draft:
    is_removed = removed.get(draft.endpoint_id or "")
    if is_removed is None:
        return replace(draft, hold_reason=None)
    return replace(draft, skip_reason=SkipReason.ENDPOINT_REMOVED) if is_removed else draft
