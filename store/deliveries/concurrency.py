"""The concurrency limit: how many attempts of one endpoint may be in flight, how many may begin in
a second, and none while it asks us to wait.

All is counted in the database, under the endpoint's lock, so that they hold across workers and
restarts. A delivery that has no place is `held` and spends no attempt; whoever ends an attempt lets
the next ones in, the oldest first, and the worker's watch does where nobody could.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, text, update
from sqlmodel import Session, col, select

from contracts.delivery.messages import SendResult
from contracts.delivery.states import HoldReason
from contracts.endpoints.rate_limit import attempts_left, used_until_after
from store.db.row_locks import TO_CHANGE, TO_CHANGE_IF_FREE
from store.deliveries.state_changes import hold
from store.events.outbox import Startable, startables
from store.tables import DeliveryRow, EndpointRow

IN_FLIGHT_FOR = timedelta(seconds=60)
"""How long an attempt counts at the most: one whose worker died is closed only when it is made
again."""

ADMITTED_FOR = timedelta(seconds=10)
"""How long a delivery that was let in has its place kept."""

_AT_ONCE = 100

_IN_FLIGHT = """
    SELECT endpoint_id, count(*) FROM attempts
    WHERE endpoint_id = ANY(%(endpoint_ids)s) AND state = 'in_flight' AND started_at > %(since)s
    GROUP BY endpoint_id
"""

_WAITING = text("state = 'held' AND hold_reason = 'endpoint_busy'")  # as the index says it


def acquire(
    endpoint: EndpointRow, in_flight: int, now: datetime, *, due_at: datetime | None = None
) -> bool:
    """Whether one more attempt of an endpoint may begin now, beside those in flight. Its row was
    locked before they were counted.

    `due_at` is when the delivery was to come again. One that was put off until the endpoint may be
    sent to has waited by Temporal's clock, which counts where the two differ.
    """
    if endpoint.not_before and due_at and due_at >= endpoint.not_before > now:
        endpoint.not_before = now
    if _asks_to_wait(endpoint, now):
        return False
    if in_flight >= _limit(endpoint):
        return False
    if endpoint.rate_limit is None:
        return True
    rate_used_until = used_until_after(endpoint.rate_used_until, endpoint.rate_limit, now)
    if rate_used_until is None:
        return False
    endpoint.rate_used_until = rate_used_until
    return True


def wait_for_capacity(
    session: Session, delivery: DeliveryRow, endpoint: EndpointRow, now: datetime
) -> SendResult:
    """Hold a delivery until an attempt of its endpoint has ended. The endpoint's row is locked."""
    endpoint.has_waiting = True
    return hold(session, delivery, HoldReason.ENDPOINT_BUSY, now, until=now)


def endpoints_with_waiting(session: Session, now: datetime) -> Sequence[str]:
    """The endpoints for whose places deliveries wait, but for those that ask us to wait."""
    query = select(DeliveryRow.endpoint_id).where(
        _WAITING, col(DeliveryRow.endpoint_id).is_not(None), col(DeliveryRow.next_attempt_at) <= now
    )
    found = [one for one in session.exec(query.distinct()) if one is not None]
    told_to_wait = select(EndpointRow.id).where(
        col(EndpointRow.id).in_(found), col(EndpointRow.not_before) > now
    )
    asking = set(session.exec(told_to_wait)) if found else set()
    return [one for one in found if one not in asking]


def admit(
    session: Session, now: datetime, *, endpoint_id: str, wait: bool = True
) -> list[tuple[Startable, str]]:
    """The deliveries that may take the free places of an endpoint, the oldest first: the event, and
    the delivery to ask for. Their places are kept for a while, whoever else lets some in. None
    where somebody has the endpoint locked and this is not to `wait` for it."""
    endpoint = session.get(
        EndpointRow, endpoint_id, with_for_update=TO_CHANGE if wait else TO_CHANGE_IF_FREE
    )
    if endpoint is not None and endpoint.opened_at is not None:
        _wait_for_the_breaker(session, endpoint_id)
        return []
    room = _room(session, endpoint, now) if endpoint is not None else 0
    if room <= 0:
        return []
    query = (
        select(DeliveryRow)
        .where(_WAITING, *_waits(endpoint_id, now))
        .order_by(col(DeliveryRow.created_at), col(DeliveryRow.id))
        .limit(min(room, _AT_ONCE))
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = session.exec(query).all()
    if not found:
        _nobody_waits(session, endpoint_id)
        return []
    for delivery in found:
        delivery.next_attempt_at = now + ADMITTED_FOR
    events = {one.event_id: one for one in startables(session, [one.event_id for one in found])}
    return [(events[one.event_id], one.id) for one in found]


def _wait_for_the_breaker(session: Session, endpoint_id: str) -> None:
    """Deliveries that wait for a place at a failing endpoint are held for its breaker instead: each
    would start a workflow only to be held. Those that are locked are being held already."""
    waiting = select(DeliveryRow.id).where(_WAITING, col(DeliveryRow.endpoint_id) == endpoint_id)
    free = waiting.with_for_update(skip_locked=True, key_share=True)
    session.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.id).in_(free))
        .values(hold_reason=HoldReason.ENDPOINT_FAILING, next_attempt_at=None)
        .execution_options(synchronize_session=False)
    )


def _room(session: Session, endpoint: EndpointRow, now: datetime) -> int:
    """How many more may be let in: as places are free, kept for nobody, and the rate allows. Under
    the endpoint's lock: of two that count at once, the second sees whom the first lets in."""
    if _asks_to_wait(endpoint, now):
        return 0
    let_in_before = select(func.count()).where(
        _WAITING,
        col(DeliveryRow.endpoint_id) == endpoint.id,
        col(DeliveryRow.next_attempt_at) > now,
    )
    coming = session.exec(let_in_before.select_from(DeliveryRow)).one()
    free = _limit(endpoint) - count_in_flight(session, [endpoint.id], now)[endpoint.id]
    if endpoint.rate_limit is not None:
        free = min(free, attempts_left(endpoint.rate_used_until, endpoint.rate_limit, now))
    return free - coming


def _asks_to_wait(endpoint: EndpointRow, now: datetime) -> bool:
    return endpoint.not_before is not None and endpoint.not_before > now


def _limit(endpoint: EndpointRow) -> int:
    """How many attempts may be in flight: as many as set, or fewer after it asked us to wait."""
    own = endpoint.in_flight_limit
    return own if endpoint.slowed_limit is None else min(own, endpoint.slowed_limit)


def count_in_flight(session: Session, endpoint_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """How many attempts of each of these endpoints are in flight."""
    values = {"endpoint_ids": list(endpoint_ids), "since": now - IN_FLIGHT_FOR}
    counted = dict.fromkeys(endpoint_ids, 0)
    for endpoint_id, count in session.connection().exec_driver_sql(_IN_FLIGHT, values):
        counted[endpoint_id] = count
    return counted


def _waits(endpoint_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(DeliveryRow.endpoint_id) == endpoint_id,
        col(DeliveryRow.next_attempt_at) <= now,
    )


def _nobody_waits(session: Session, endpoint_id: str) -> None:
    """Note that none waits, so that the next attempts need not look. A delivery that begins to wait
    in this moment is found by the worker's watch."""
    session.execute(
        update(EndpointRow)
        .where(col(EndpointRow.id) == endpoint_id, col(EndpointRow.has_waiting))
        .values(has_waiting=False)
    )
