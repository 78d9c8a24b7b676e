"""Deliveries and attempts, listed the newest first: of an endpoint, or of a partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from contracts.delivery.states import AttemptState, Channel, DeliveryState
from contracts.errors import Invalid, NotFound
from store.db.keyset import Position, newest_first
from store.tables import AttemptRow, DeliveryRow, EndpointRow


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries to show, by when they were made; `since` is inclusive, `until` is not. A
    partner or an endpoint has to be named."""

    partner_id: str | None = None
    endpoint_id: str | None = None
    state: DeliveryState | None = None
    channel: Channel | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AttemptFilter:
    """Which attempts of an endpoint to show, by when they began."""

    endpoint_id: str
    state: AttemptState | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_deliveries(
    session: Session,
    wanted: DeliveryFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[DeliveryRow]:
    """A page of deliveries. Invalid where neither a partner nor an endpoint is named."""
    if owner is None and wanted.partner_id is None and wanted.endpoint_id is None:
        raise Invalid("name a partner or an endpoint", field="partner_id")
    states = [wanted.state] if wanted.state else list(DeliveryState)
    # one look into the index for each state, which is sorted by time within a state only
    looks = union_all(*(_of_state(wanted, owner, one, after, limit) for one in states)).subquery()
    query = select_rows(DeliveryRow).where(col(DeliveryRow.id).in_(select(looks.c.id)))
    made, delivery_id = col(DeliveryRow.created_at), col(DeliveryRow.id)
    return list(session.exec(query.order_by(made.desc(), delivery_id.desc()).limit(limit)))


def list_attempts(
    session: Session,
    wanted: AttemptFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> Sequence[tuple[AttemptRow, str]]:
    """A page of an endpoint's attempts, each with its event's id. NotFound without the endpoint."""
    endpoint = session.get(EndpointRow, wanted.endpoint_id)  # one that was removed, too
    if endpoint is None or owner not in (None, endpoint.partner_id):
        raise NotFound(f"no endpoint {wanted.endpoint_id}")
    query = (
        select(AttemptRow, col(DeliveryRow.event_id))
        .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
        .where(col(AttemptRow.endpoint_id) == wanted.endpoint_id)
        .where(*_within(AttemptRow.started_at, wanted.since, wanted.until))
    )
    if wanted.state is not None:
        query = query.where(col(AttemptRow.state) == wanted.state)
    page = newest_first(query, col(AttemptRow.started_at), col(AttemptRow.id), after)
    return [(attempt, event_id) for attempt, event_id in session.execute(page.limit(limit))]


def _of_state(
    wanted: DeliveryFilter,
    owner: str | None,
    state: DeliveryState,
    after: Position | None,
    limit: int,
) -> Select[tuple[str]]:
    """The ids of a page of one state."""
    equals = {
        DeliveryRow.partner_id: wanted.partner_id,
        DeliveryRow.endpoint_id: wanted.endpoint_id,
        DeliveryRow.channel: wanted.channel,
    }
    query = select(col(DeliveryRow.id)).where(
        col(DeliveryRow.state) == state,
        *(col(column) == value for column, value in equals.items() if value is not None),
        *([] if owner is None else [col(DeliveryRow.partner_id) == owner]),
        *_within(DeliveryRow.created_at, wanted.since, wanted.until),
    )
    made, delivery_id = col(DeliveryRow.created_at), col(DeliveryRow.id)
    # a subquery of its own: PostgreSQL takes no ORDER BY within the parts of a UNION
    page = newest_first(query, made, delivery_id, after).limit(limit).subquery()
    return select(page.c.id)


def _within(
    column: datetime | None, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    return [
        *([] if since is None else [col(column) >= since]),
        *([] if until is None else [col(column) < until]),
    ]
