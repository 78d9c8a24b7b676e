"""The link of each order to its tracking page.

A token is a keyed digest of the order and a generation: the same order has the same link in every
text, nobody without the key can make one, and the database has only the token's hash. A revoked
link ends at once; the next text, or whoever asks for the link, gets one of the next generation.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, NotFound
from contracts.payload.events import EventType
from contracts.refusals import Refusal
from contracts.tracking.links import KEPT_WITHOUT_NEWS, TOKEN_BYTES, link_end
from store.access.audit import record
from store.encryption.sealing import link_digest
from store.partners.partners import get_partner
from store.tables import EventRow, TrackingLinkRow

_USE = "tracking"
_TEST = {False: "", True: "test"}

_KEPT = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest(
            %(partner_ids)s::text[], %(order_ids)s::text[], %(tests)s::boolean[], %(hashes)s::text[]
        ) AS one (partner_id, order_id, is_test, token_hash)
    ), made AS (
        INSERT INTO tracking_links
            (token_hash, partner_id, order_id, is_test, generation, created_at, ends_at)
        SELECT token_hash, partner_id, order_id, is_test, 1, %(now)s, %(ends_at)s
        FROM wanted ORDER BY partner_id, order_id, is_test
        ON CONFLICT DO NOTHING
    )
    SELECT link.partner_id, link.order_id, link.is_test, link.generation,
        link.revoked_at IS NULL AS is_in_force, link.token_hash
    FROM wanted JOIN tracking_links AS link USING (partner_id, order_id, is_test)
"""
"""Makes the links that are not there, always in one order, and gives those that were before."""


@dataclass(frozen=True)
class LinkedOrder:
    """What a link leads to: an order of a partner, by its real events or by its test events."""

    partner_id: str
    order_id: str
    is_test: bool = False


def link_tokens(
    session: Session, orders: Collection[LinkedOrder], now: datetime
) -> Mapping[LinkedOrder, str]:
    """The tokens of orders' links, which are kept, so that they are known: in one statement,
    unless one has to be renewed, which was revoked or made with a link key from before."""
    tokens = {one: _token(session, one, 1) for one in orders}
    values = {
        "partner_ids": [one.partner_id for one in tokens],
        "order_ids": [one.order_id for one in tokens],
        "tests": [one.is_test for one in tokens],
        "hashes": [token_hash(token) for token in tokens.values()],
        "now": now,
        "ends_at": now + KEPT_WITHOUT_NEWS,
    }
    for row in session.connection().exec_driver_sql(_KEPT, values):
        order = LinkedOrder(row.partner_id, row.order_id, row.is_test)
        token = _token(session, order, row.generation)
        is_good = row.is_in_force and row.token_hash == token_hash(token)
        tokens[order] = token if is_good else _renewed(session, order, now)
    return tokens


def link_token(session: Session, order: LinkedOrder, now: datetime) -> str:
    """The token of one order's link."""
    return link_tokens(session, [order], now)[order]


def give_link(
    session: Session, order: LinkedOrder, now: datetime, *, actor: str, owner: str | None = None
) -> tuple[str, datetime]:
    """The token of an order's link for whoever asks, and when it ends if nothing more happens.
    NotFound without an event of the order, or where it is another's than `owner`; Conflict where
    the partner has no tracking pages."""
    if not get_partner(session, order.partner_id, owner=owner).tracking_enabled:
        raise Conflict(
            "the tracking page is off: switch tracking_enabled on for this partner",
            cause=Refusal.NO_TRACKING_PAGE,
        )
    ends_at = _end_of(session, order)
    if ends_at is None:
        raise NotFound(f"no event of order {order.order_id}")
    token = link_token(session, order, now)
    _record(session, AuditAction.TRACKING_LINK_GIVEN, order, actor, now)
    return token, ends_at


def revoke_link(
    session: Session, order: LinkedOrder, now: datetime, *, actor: str, owner: str | None = None
) -> datetime:
    """End an order's link at once; gives when it ended. Again, nothing changes. NotFound where the
    order has none, or is another's than `owner`."""
    get_partner(session, order.partner_id, owner=owner)
    query = select(TrackingLinkRow).where(*_is_of(order)).with_for_update(key_share=True)
    row = session.exec(query).first()
    if row is None:
        raise NotFound(f"order {order.order_id} has no tracking link")
    if row.revoked_at is None:
        row.revoked_at = now
        _record(session, AuditAction.TRACKING_LINK_REVOKED, order, actor, now)
    return row.revoked_at


def drop_ended_links(session: Session, now: datetime, *, limit: int) -> int:
    """Look at the next links that may have ended: those of orders that went on stay until they
    end, the others go. Gives how many were looked at."""
    due = session.exec(
        select(TrackingLinkRow)
        .where(col(TrackingLinkRow.ends_at) <= now)
        .order_by(col(TrackingLinkRow.ends_at))
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    for row in due:
        order = LinkedOrder(row.partner_id, row.order_id, row.is_test)
        row.ends_at = _end_of(session, order) or row.ends_at
        if row.ends_at <= now:
            session.delete(row)
    return len(due)


def token_hash(token: str) -> str:
    """What the database has of a token: 128 bits of chance are found by no trying."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end_of(session: Session, order: LinkedOrder) -> datetime | None:
    """When an order's link ends, by the last that happened; None where nothing has."""
    last = session.exec(
        select(EventRow.event_type, EventRow.occurred_at)
        .where(
            col(EventRow.order_id) == order.order_id,
            col(EventRow.partner_id) == order.partner_id,
            col(EventRow.is_test) == order.is_test,
            col(EventRow.erased_at).is_(None),
        )
        .order_by(col(EventRow.occurred_at).desc(), col(EventRow.sequence).desc())
        .limit(1)
    ).first()
    return link_end(EventType(last[0]), last[1]) if last else None


def _renewed(session: Session, order: LinkedOrder, now: datetime) -> str:
    """The token of the next generation; of the one in force where somebody else has made it just
    now."""
    query = select(TrackingLinkRow).where(*_is_of(order)).with_for_update(key_share=True)
    row = session.exec(query.execution_options(populate_existing=True)).one()
    token = _token(session, order, row.generation)
    if row.revoked_at is None and row.token_hash == token_hash(token):
        return token
    token = _token(session, order, row.generation + 1)
    row.generation += 1
    row.token_hash, row.created_at, row.revoked_at = token_hash(token), now, None
    row.ends_at = now + KEPT_WITHOUT_NEWS
    session.flush()
    return token


def _token(session: Session, order: LinkedOrder, generation: int) -> str:
    """Parts stand between `|`, and only an order's id may have one: it stands between others."""
    digest = link_digest(
        session, _USE, order.partner_id, order.order_id, _TEST[order.is_test], str(generation)
    )
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).rstrip(b"=").decode()


def _is_of(order: LinkedOrder) -> tuple[ColumnElement[bool], ...]:
    return (
        col(TrackingLinkRow.partner_id) == order.partner_id,
        col(TrackingLinkRow.order_id) == order.order_id,
        col(TrackingLinkRow.is_test) == order.is_test,
    )


def _record(
    session: Session, action: AuditAction, order: LinkedOrder, actor: str, now: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        object_id=order.order_id,
        partner_id=order.partner_id,
        details={"is_test": True} if order.is_test else {},
        now=now,
    )
