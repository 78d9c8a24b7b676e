"""Accepting events: the row, its sequence, and its place in the outbox, in one transaction.

The row is the promise. Committed means that the event will be delivered, whatever dies.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.delivery.states import EventState
from contracts.errors import Conflict, Invalid, NotFound
from contracts.payload.event_age import fault_of_age
from contracts.payload.events import TrackingEvent
from contracts.tiers import TIERS, Tier
from store.access.audit import record
from store.encryption.sealing import body_digest
from store.events.event_rows import insert_events
from store.events.outbox import reopen
from store.events.sequences import repeated_sequences
from store.tables import EventRow

_KNOWN = """
    SELECT event_id, body_digest, state, NULL FROM events WHERE event_id = ANY(%(event_ids)s)
    UNION ALL
    SELECT id, NULL, NULL, tier FROM partners WHERE id = ANY(%(partner_ids)s)
"""
_ANOTHER_BODY = "event {} was accepted with another body: a new fact needs a new id"


@dataclass(frozen=True)
class Accepted:
    """What the sender is told: the event is ours now. `duplicate`: it already was.
    `repeats_sequence`: another event of its order has the sequence that the sender gave it."""

    event_id: str
    state: EventState
    duplicate: bool
    repeats_sequence: bool = False


@dataclass(frozen=True)
class Refused:
    """An event that was not taken, and the error that says why. Nothing of it was stored."""

    event_id: str
    error: Invalid | Conflict


def accept(session: Session, event: TrackingEvent, now: datetime) -> Accepted:
    """Take one event. The same id with the same body is taken again without effect.

    Invalid for an unknown partner or an impossible time; Conflict when the id belongs to a
    different event.
    """
    outcome = accept_all(session, [event], now)[0]
    if isinstance(outcome, Refused):
        raise outcome.error
    return outcome


def accept_all(
    session: Session,
    events: Sequence[TrackingEvent],
    now: datetime,
    traceparents: Mapping[str, str] | None = None,
) -> list[Accepted | Refused]:
    """Take many events in one transaction; each is taken, a duplicate, or refused by itself.

    `traceparents` are what the traces of events go on from, by event id.
    """
    known, partners = _known(session, events)
    outcomes: list[Accepted | Refused] = []
    fresh: list[tuple[TrackingEvent, str, str]] = []
    for event in events:
        body = event.model_dump_json()  # as it is kept
        digest = body_digest(session, canonical(event))
        outcome = _judge(event, digest, known, partners, now)
        if isinstance(outcome, Accepted) and not outcome.duplicate:
            known[event.event_id] = (digest, outcome.state)
            fresh.append((event, body, digest))
        outcomes.append(outcome)
    if fresh:
        insert_events(session, fresh, partners, now, traceparents or {})
    return _mark_repeated(session, events, _open_again(session, outcomes, now))


def start_again(session: Session, event_id: str, now: datetime, *, actor: str) -> EventState:
    """Put a failed event back into the outbox; any other stays as it is. Gives its state. NotFound
    when there is none."""
    event = session.get(EventRow, event_id)
    if event is None:
        raise NotFound(f"no event {event_id}")
    if reopen(session, [event_id], now):
        record(
            session,
            actor=actor,
            action=AuditAction.EVENT_REOPENED,
            object_id=event_id,
            partner_id=event.partner_id,
            now=now,
        )
    session.refresh(event)
    return event.state


def canonical(event: TrackingEvent) -> str:
    """What two posts of one event have in common: no nulls, no defaults, sorted. So a field that is
    added later, and that a sender does not fill, changes nothing."""
    said = event.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def _known(
    session: Session, events: Sequence[TrackingEvent]
) -> tuple[dict[str, tuple[str, EventState]], dict[str, int]]:
    """Of these events those that were taken before, each with its digest and state, and of their
    partners those that exist, each with its priority."""
    values = {
        "event_ids": [event.event_id for event in events],
        "partner_ids": sorted({event.partner_id for event in events}),
    }
    known: dict[str, tuple[str, EventState]] = {}
    priorities: dict[str, int] = {}
    for name, digest, state, tier in session.connection().exec_driver_sql(_KNOWN, values).all():
        if tier is not None:
            priorities[name] = TIERS[Tier(tier)].priority
        else:
            known[name] = (digest, EventState(state))
    return known, priorities


def _judge(
    event: TrackingEvent,
    digest: str,
    known: Mapping[str, tuple[str, EventState]],
    partners: Mapping[str, int],
    now: datetime,
) -> Accepted | Refused:
    """Whether an event is taken, was taken before, or cannot be."""
    if event.event_id in known:
        known_digest, state = known[event.event_id]
        if known_digest == digest:
            return Accepted(event.event_id, state, duplicate=True)
        return Refused(event.event_id, Conflict(_ANOTHER_BODY.format(event.event_id)))
    if event.partner_id not in partners:
        unknown = f"no partner {event.partner_id}: create it first"
        return Refused(event.event_id, Invalid(unknown, field="partner_id"))
    if (fault := fault_of_age(event, now)) is not None:
        return Refused(event.event_id, Invalid(fault, field="occurred_at"))
    state = EventState.ACCEPTED if event.notify else EventState.PLANNED
    return Accepted(event.event_id, state, duplicate=False)


def _open_again(
    session: Session, outcomes: Sequence[Accepted | Refused], now: datetime
) -> list[Accepted | Refused]:
    """A failed event that is sent once more goes back into the outbox."""
    failed = [
        one.event_id
        for one in outcomes
        if isinstance(one, Accepted) and one.state is EventState.FAILED
    ]
    again = set(reopen(session, failed, now)) if failed else set()
    return [
        Accepted(one.event_id, EventState.ACCEPTED, duplicate=True)
        if one.event_id in again
        else one
        for one in outcomes
    ]


def _mark_repeated(
    session: Session, events: Sequence[TrackingEvent], outcomes: Sequence[Accepted | Refused]
) -> list[Accepted | Refused]:
    """Say of each that was taken whether its sequence is another event's, too."""
    repeated = repeated_sequences(session, events)
    return [
        replace(one, repeats_sequence=True)
        if isinstance(one, Accepted) and one.event_id in repeated
        else one
        for one in outcomes
    ]
