"""An endpoint's attempts for people who look for one: by what was answered, when, and to what.

A page looks through so many attempts and no more, however few of them are wanted: the next one goes
on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from contracts.delivery.states import AttemptState
from contracts.payload.events import EventType
from store.db.keyset import Position, newest_first
from store.encryption.columns import RESPONSE_EXCERPT
from store.encryption.sealing import open_sealed
from store.endpoints.endpoints import get_endpoint
from store.tables import AttemptRow, DeliveryRow, EventRow

_LOOKED_THROUGH = 1_000


class AnswerKind(StrEnum):
    """What was answered; `none`: there was no answer."""

    SUCCESS = "2xx"
    REDIRECT = "3xx"
    REFUSAL = "4xx"
    FAULT = "5xx"
    NONE = "none"


@dataclass(frozen=True)
class AttemptQuery:
    """Which attempts to show, by when they began; `since` is inclusive, `until` is not."""

    answer: AnswerKind | None = None
    event_type: EventType | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class LoggedAttempt:
    """An attempt, what it was of, and the start of the answer."""

    row: AttemptRow
    event_id: str
    order_id: str
    event_type: str
    is_test: bool
    excerpt: str | None

    @property
    def position(self) -> Position:
        """Where it stands in the log."""
        return Position(self.row.started_at, self.row.id)


@dataclass(frozen=True)
class AttemptPage:
    """The attempts of a page, the newest first, and from where the next one goes on."""

    attempts: Sequence[LoggedAttempt]
    after: Position | None


def attempt_log(
    session: Session,
    endpoint_id: str,
    wanted: AttemptQuery,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> AttemptPage:
    """A page of an endpoint's attempts. NotFound without such an endpoint."""
    get_endpoint(session, endpoint_id, owner=owner)
    filtered = wanted.answer is not None or wanted.event_type is not None
    most = _LOOKED_THROUGH if filtered else limit
    looked = _next_positions(session, endpoint_id, wanted, after, most)
    if not looked:
        return AttemptPage([], None)
    found = _attempts(session, [one.id for one in looked], wanted, limit)
    if len(found) == limit and found[-1].position != looked[-1]:
        return AttemptPage(found, found[-1].position)
    return AttemptPage(found, looked[-1] if len(looked) == most else None)


def _next_positions(
    session: Session, endpoint_id: str, wanted: AttemptQuery, after: Position | None, most: int
) -> list[Position]:
    """The attempts that this page looks through, by the index of endpoint and time."""
    began, attempt_id = col(AttemptRow.started_at), col(AttemptRow.id)
    query = select(began, attempt_id).where(col(AttemptRow.endpoint_id) == endpoint_id)
    if wanted.since is not None:
        query = query.where(began >= wanted.since)
    if wanted.until is not None:
        query = query.where(began < wanted.until)
    page = newest_first(query, began, attempt_id, after).limit(most)
    return [Position(at, id_) for at, id_ in session.execute(page)]


def _attempts(
    session: Session, ids: Sequence[str], wanted: AttemptQuery, limit: int
) -> list[LoggedAttempt]:
    query = (
        select(
            AttemptRow,
            col(EventRow.event_id),
            col(EventRow.order_id),
            col(EventRow.event_type),
            col(EventRow.is_test),
        )
        .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(AttemptRow.id).in_(ids), *_answered(wanted.answer))
    )
    if wanted.event_type is not None:
        query = query.where(col(EventRow.event_type) == wanted.event_type)
    began, attempt_id = col(AttemptRow.started_at), col(AttemptRow.id)
    page = newest_first(query, began, attempt_id, None).limit(limit)
    return [
        LoggedAttempt(row, event_id, order_id, kind, is_test, _excerpt(session, row))
        for row, event_id, order_id, kind, is_test in session.execute(page)
    ]


def _answered(kind: AnswerKind | None) -> list[ColumnElement[bool]]:
    if kind is None:
        return []
    status = col(AttemptRow.status_code)
    if kind is AnswerKind.NONE:
        return [status.is_(None), col(AttemptRow.state) != AttemptState.IN_FLIGHT]
    first = int(kind[0]) * 100
    return [status >= first, status < first + 100]


def _excerpt(session: Session, row: AttemptRow) -> str | None:
    if row.response_excerpt is None:
        return None
    return open_sealed(session, RESPONSE_EXCERPT, row.response_excerpt, row.id)
