"""Attempts that were plain successes, closed many at once in two statements.

Plain: the attempt is in flight, its delivery under way and not delivered before, and its endpoint
has nothing that a success changes. All others are closed by `attempt_endings.finish_attempt`,
whose rules these statements repeat; a test compares what both write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from contracts.delivery.states import Trigger
from contracts.delivery.verdicts import Answer
from store.encryption.columns import RESPONSE_EXCERPT
from store.encryption.sealing import seal

_LOCK = """
    SELECT attempt.id, attempt.number, attempt.round, attempt.trigger, delivery.id AS delivery_id,
        delivery.event_id, event.order_id, delivery.partner_id, delivery.endpoint_id,
        event.accepted_at, endpoint.has_waiting, event.is_test,
        attempt.state = 'in_flight' AND delivery.state = 'delivering'
            AND delivery.delivered_at IS NULL AND endpoint.failures_in_row = 0
            AND endpoint.opened_at IS NULL AND endpoint.slowed_limit IS NULL
            AND endpoint.told_down_since IS NULL AND NOT endpoint.ordered AS is_plain
    FROM attempts AS attempt
        JOIN deliveries AS delivery ON delivery.id = attempt.delivery_id
        JOIN events AS event ON event.event_id = delivery.event_id
        JOIN endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
    WHERE attempt.id = ANY(%(attempt_ids)s)
    ORDER BY delivery.id
    FOR NO KEY UPDATE OF delivery, attempt SKIP LOCKED
"""

_CLOSE = """
    WITH delivered AS (
        UPDATE deliveries SET state = 'delivered', delivered_at = %(now)s, changed_at = %(now)s,
            last_code = answer.code, next_attempt_at = NULL, hold_reason = NULL,
            skip_reason = NULL, sms_suspension_id = NULL
        FROM unnest(%(delivery_ids)s::text[], %(codes)s::text[]) AS answer (delivery_id, code)
        WHERE deliveries.id = answer.delivery_id
    )
    UPDATE attempts SET state = 'succeeded', finished_at = %(now)s, code = answer.code,
        status_code = answer.status, duration_ms = answer.duration_ms,
        response_excerpt = answer.excerpt
    FROM unnest(%(attempt_ids)s::text[], %(codes)s::text[], %(statuses)s::int[],
        %(durations)s::int[], %(excerpts)s::text[])
        AS answer (attempt_id, code, status, duration_ms, excerpt)
    WHERE attempts.id = answer.attempt_id
"""


@dataclass(frozen=True)
class AttemptInFlight:
    """What is told of an attempt, out of its rows, which are locked."""

    number: int
    round: int
    trigger: Trigger
    delivery_id: str
    event_id: str
    order_id: str
    partner_id: str
    endpoint_id: str
    accepted_at: datetime
    has_waiting: bool
    is_test: bool


def lock_plain_ones(session: Session, attempt_ids: Sequence[str]) -> dict[str, AttemptInFlight]:
    """Lock attempts with their deliveries; gives those of which a success is plain, by id. What
    somebody else has locked is not waited for, and is none of them."""
    found = session.connection().exec_driver_sql(_LOCK, {"attempt_ids": list(attempt_ids)})
    return {
        row.id: AttemptInFlight(row[1], row[2], Trigger(row[3]), *row[4:12])
        for row in found
        if row.is_plain
    }


def close_plain_ones(
    session: Session,
    attempts: Mapping[str, AttemptInFlight],
    answers: Mapping[str, Answer],
    now: datetime,
) -> None:
    """Close locked attempts with the answers by which they succeeded."""
    ids = list(attempts)
    values: dict[str, Any] = {
        "now": now,
        "attempt_ids": ids,
        "delivery_ids": [attempts[one].delivery_id for one in ids],
        "codes": [answers[one].code for one in ids],
        "statuses": [answers[one].status for one in ids],
        "durations": [answers[one].duration_ms for one in ids],
        "excerpts": [_sealed(session, one, answers[one].excerpt) for one in ids],
    }
    session.connection().exec_driver_sql(_CLOSE, values)


def _sealed(session: Session, attempt_id: str, excerpt: str | None) -> str | None:
    return None if excerpt is None else seal(session, RESPONSE_EXCERPT, excerpt, attempt_id)
