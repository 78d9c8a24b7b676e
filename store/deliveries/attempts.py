"""Attempts of a webhook delivery, opened before the POST leaves. `attempt_endings.py` closes them.

A row that a crash left open is closed as `interrupted` and costs the partner nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.delivery.messages import PostWebhook, SendResult
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import (
    NOT_ENDED,
    TURN_COMES,
    AttemptState,
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    HoldReason,
    SkipReason,
    Trigger,
)
from contracts.delivery.transitions import Command
from contracts.delivery.verdicts import GONE
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.db.row_locks import TO_CHANGE
from store.deliveries.concurrency import acquire, count_in_flight, wait_for_capacity
from store.deliveries.state_changes import change_state, hold, skip
from store.endpoints.answering import is_well
from store.endpoints.changes import headers_of
from store.endpoints.circuit_breaker import may_attempt
from store.endpoints.ordering import looked_at_again_at, waits_for_earlier
from store.endpoints.secrets import secrets_in_force
from store.events.payloads import sendable_bytes
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow, PartnerRow


@dataclass(frozen=True)
class ReadyAttempt:
    """Everything one attempt needs. Never leaves the worker.

    `is_quiet`: its endpoint has not failed lately, so that a success changes nothing of it.
    """

    attempt_id: str
    number: int
    event_id: str
    endpoint_id: str
    url: str
    secrets: list[str] = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    partner_id: str = ""
    is_quiet: bool = False


def begin_attempt(
    session: Session, task: PostWebhook, now: datetime, request_time: timedelta
) -> ReadyAttempt | SendResult:
    """Open the next attempt of a delivery, or say why there is nothing to send.

    NotFound when the database does not know the delivery.
    """
    delivery = session.get(DeliveryRow, task.delivery_id, with_for_update=TO_CHANGE)
    if delivery is None or delivery.endpoint_id is None:
        raise NotFound(f"no webhook delivery {task.delivery_id}")
    start_round(session, delivery, task.round, now, resend=task.resend)
    ended = _nothing_to_send(session, delivery, task)
    if ended is not None:
        return ended
    if delivery.attempts:
        close_interrupted(session, delivery.id, now)
    endpoint, partner_paused_at = _endpoint(session, delivery.endpoint_id)
    if endpoint.removed_at is not None:
        return skip(session, delivery, SkipReason.ENDPOINT_REMOVED, now)
    if partner_paused_at is not None:
        return hold(session, delivery, HoldReason.PARTNER_PAUSED, now)
    if endpoint.state is not EndpointState.ENABLED:
        return hold(session, delivery, HoldReason.ENDPOINT_OFF, now)
    if endpoint.ordered and waits_for_earlier(session, delivery.event_id, delivery.endpoint_id):
        until = looked_at_again_at(delivery, now)
        return hold(session, delivery, HoldReason.EARLIER_EVENT, now, until=until)
    if not may_attempt(endpoint, now) and not _tries_out(session, delivery):
        return hold(session, delivery, HoldReason.ENDPOINT_FAILING, now)
    due_at = delivery.next_attempt_at
    if endpoint.opened_at is None:
        in_flight = count_in_flight(session, [endpoint.id], now)[endpoint.id]
        if not acquire(endpoint, in_flight, now, due_at=due_at):
            return wait_for_capacity(session, delivery, endpoint, now)
    body = sendable_bytes(session, delivery.event_id, endpoint.schema_version, now, request_time)
    if not body:
        return skip(session, delivery, SkipReason.ERASED, now)
    attempt = new_attempt(session, delivery, now)
    session.add(attempt)
    return _ready(session, attempt, delivery, endpoint, body)


def start_round(
    session: Session, delivery: DeliveryRow, wanted: int, now: datetime, *, resend: bool = False
) -> None:
    """Move a delivery to the round asked for: the schedule starts again from its first attempt, or
    goes on where the delivery was only held until its turn came. Not one that has ended meanwhile.
    """
    if wanted <= delivery.round:
        return
    its_turn_comes = delivery.hold_reason in TURN_COMES
    if not change_state(session, delivery, Command.RESEND if resend else Command.RETRY, now):
        return
    delivery.round = wanted
    if not its_turn_comes:  # else what it had stands
        delivery.charged, delivery.waited_s, delivery.our_faults = 0, 0.0, 0


def _endpoint(session: Session, endpoint_id: str) -> tuple[EndpointRow, datetime | None]:
    """An endpoint, locked, and since when its partner is paused.

    The lock keeps the breaker from closing before whoever is about to hold a delivery has committed
    it, so that nothing is held behind its back, and it makes the count of places exact.
    """
    query = (
        select(EndpointRow, PartnerRow.paused_at)
        .join(PartnerRow, col(PartnerRow.id) == col(EndpointRow.partner_id))
        .where(col(EndpointRow.id) == endpoint_id)
    )
    return session.exec(query.with_for_update(key_share=True, of=EndpointRow)).one()


def _nothing_to_send(
    session: Session, delivery: DeliveryRow, task: PostWebhook
) -> SendResult | None:
    """An ended delivery, a round that is over, or one whose end a crash kept from being told."""
    if task.round < delivery.round or delivery.state not in NOT_ENDED:
        return SendResult(delivery.state, None, delivery.last_code, delivery.hold_reason)
    if delivery.charged >= RetrySchedule(task.retry_delays_s).most_attempts:
        return SendResult(DeliveryState.DELIVERING, DeadLetterReason.EXHAUSTED, delivery.last_code)
    if delivery.charged and _was_gone(session, delivery):
        return SendResult(DeliveryState.DELIVERING, DeadLetterReason.GONE, delivery.last_code)
    return None


def _was_gone(session: Session, delivery: DeliveryRow) -> bool:
    query = select(AttemptRow.id).where(
        col(AttemptRow.delivery_id) == delivery.id,
        col(AttemptRow.round) == delivery.round,
        col(AttemptRow.charged),
        col(AttemptRow.status_code) == GONE,
    )
    return session.exec(query).first() is not None


def close_interrupted(session: Session, delivery_id: str, now: datetime) -> None:
    """Close the attempts of a delivery that a crash or a mistake of ours left open. Not charged."""
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.delivery_id) == delivery_id)
        .where(col(AttemptRow.state) == AttemptState.IN_FLIGHT)
        .values(state=AttemptState.INTERRUPTED, code="interrupted", finished_at=now)
    )


def _tries_out(session: Session, delivery: DeliveryRow) -> bool:
    """Whether somebody sent it to ask how the endpoint does now: no breaker holds that."""
    query = select(EventRow.only_target).where(col(EventRow.event_id) == delivery.event_id)
    return session.exec(query).one() is not None


def _secrets_for(
    session: Session, delivery: DeliveryRow, endpoint: EndpointRow, now: datetime
) -> list[str]:
    """What it is signed with: a test event with the newest secret alone, so that its success shows
    that the receiver knows that one."""
    secrets = secrets_in_force(session, endpoint.id, now)
    if len(secrets) == 1:
        return secrets
    query = select(EventRow.is_test).where(col(EventRow.event_id) == delivery.event_id)
    return secrets[:1] if session.exec(query).one() else secrets


def _ready(
    session: Session,
    attempt: AttemptRow,
    delivery: DeliveryRow,
    endpoint: EndpointRow,
    body: bytes,
) -> ReadyAttempt:
    """What an attempt needs to leave."""
    return ReadyAttempt(
        attempt_id=attempt.id,
        number=attempt.number,
        event_id=delivery.event_id,
        endpoint_id=endpoint.id,
        url=endpoint.url,
        secrets=_secrets_for(session, delivery, endpoint, attempt.started_at),
        body=body,
        headers=headers_of(session, endpoint),
        partner_id=endpoint.partner_id,
        is_quiet=is_well(endpoint),
    )


def new_attempt(session: Session, delivery: DeliveryRow, now: datetime) -> AttemptRow:
    """The next attempt of a delivery, in flight from now on; it has to be stored with it."""
    change_state(session, delivery, Command.ATTEMPT, now)
    delivery.attempts += 1
    by_hand = delivery.round > 1 and delivery.charged == 0
    return AttemptRow(
        id=new_id(IdKind.ATTEMPT),
        delivery_id=delivery.id,
        endpoint_id=delivery.endpoint_id,
        number=delivery.attempts,
        round=delivery.round,
        trigger=Trigger.MANUAL if by_hand else Trigger.SCHEDULED,
        state=AttemptState.IN_FLIGHT,
        started_at=now,
    )
