"""Create, find and read endpoints."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.endpoints.endpoints import EndpointCreate
from contracts.endpoints.url import url_key
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.payload.events import type_names
from contracts.refusals import Refusal
from contracts.tiers import TIERS, limit_headers, limit_types
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.endpoints.changes import put_headers, refuse_taken_url
from store.endpoints.secrets import add_secret
from store.tables import EndpointRow, PartnerRow


def create_endpoint(
    session: Session,
    asked: EndpointCreate,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> tuple[EndpointRow, str]:
    """Add an endpoint to a partner; gives the row and its secret, which is shown only now."""
    # locked, so that its endpoints are counted exactly
    session.get(PartnerRow, asked.partner_id, with_for_update=TO_CHANGE)
    partner = require_room(session, asked, owner=owner)
    endpoint = EndpointRow(
        id=new_id(IdKind.ENDPOINT),
        partner_id=partner.id,
        url=asked.url,
        url_key=url_key(asked.url),
        description=asked.description,
        event_types=type_names(asked.event_types),
        schema_version=asked.schema_version,
        auto_recover=asked.auto_recover,
        recovery_rate=asked.recovery_rate,
        in_flight_limit=asked.in_flight_limit,
        rate_limit=asked.rate_limit,
        ordered=asked.ordered,
        created_at=now,
    )
    put_headers(session, endpoint, asked.custom_headers)
    session.add(endpoint)
    session.flush()  # the secret's foreign key needs the row
    record_change(session, AuditAction.ENDPOINT_CREATED, endpoint, actor, now)
    return endpoint, add_secret(session, endpoint.id, now)


def require_room(
    session: Session, asked: EndpointCreate, *, owner: str | None = None
) -> PartnerRow:
    """The partner that an endpoint is asked for, where it may have it. Invalid without such a
    partner or beyond its tier, Conflict when it has as many as it may, or has this URL."""
    partner = session.get(PartnerRow, asked.partner_id)
    if partner is None or owner not in (None, partner.id):
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")
    limit_types(partner.tier, asked.event_types)
    limit_headers(partner.tier, asked.custom_headers)
    limit = TIERS[partner.tier].most_endpoints
    if _count_endpoints(session, partner.id) >= limit:
        raise Conflict(
            f"partner {partner.id} has its {limit} endpoints: remove one first",
            cause=Refusal.ENDPOINTS_ENOUGH,
        )
    refuse_taken_url(session, partner.id, asked.url)
    return partner


def get_endpoint(session: Session, endpoint_id: str, *, owner: str | None = None) -> EndpointRow:
    """One endpoint that was not removed. NotFound without one, or if it is another partner's."""
    endpoint = session.get(EndpointRow, endpoint_id)
    if endpoint is None or endpoint.removed_at is not None:
        raise NotFound(f"no endpoint {endpoint_id}")
    if owner not in (None, endpoint.partner_id):
        raise NotFound(f"no endpoint {endpoint_id}")
    return endpoint


def list_endpoints(
    session: Session,
    *,
    partner_id: str | None,
    owner: str | None = None,
    after: str | None,
    limit: int,
) -> list[EndpointRow]:
    """A page of endpoints in the order of their ids, of one partner or of all."""
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
        .limit(limit)
    )
    for wanted in (partner_id, owner):
        if wanted is not None:
            query = query.where(col(EndpointRow.partner_id) == wanted)
    if after is not None:
        query = query.where(col(EndpointRow.id) > after)
    return list(session.exec(query))


def _count_endpoints(session: Session, partner_id: str) -> int:
    query = (
        select(func.count())
        .select_from(EndpointRow)
        .where(col(EndpointRow.partner_id) == partner_id)
        .where(col(EndpointRow.removed_at).is_(None))
    )
    return session.exec(query).one()
