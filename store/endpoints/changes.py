"""Change and remove endpoints, and their custom headers, which are secrets."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.states import NOT_ENDED, EndpointState, SkipReason
from contracts.endpoints.endpoints import EndpointChange
from contracts.endpoints.health import SWITCHED_OFF_BY_HAND
from contracts.endpoints.url import read_endpoint_url, url_key
from contracts.errors import Conflict, NotFound
from contracts.notifications.kinds import NotificationKind
from contracts.refusals import Refusal
from contracts.tiers import limit_headers, limit_types
from store.access.account_notices import notify_of_change
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.encryption.columns import ENDPOINT_HEADERS
from store.encryption.sealing import open_sealed, seal
from store.endpoints.circuit_breaker import close
from store.events.endings import skip_open
from store.tables import DeliveryRow, EndpointRow, PartnerRow

_REMOVED = """
    SELECT id, removed_at IS NOT NULL FROM endpoints
    WHERE id = ANY(%(endpoint_ids)s) ORDER BY id FOR SHARE SKIP LOCKED
"""


def change_endpoint(
    session: Session,
    endpoint_id: str,
    asked: EndpointChange,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> EndpointRow:
    """Change what is named. NotFound without such an endpoint, Invalid beyond the tier."""
    endpoint = locked_endpoint(session, endpoint_id, owner)
    tier = session.get_one(PartnerRow, endpoint.partner_id).tier
    wanted = asked.model_dump(exclude_unset=True)
    if "event_types" in wanted:
        limit_types(tier, wanted["event_types"])
    dropped = False
    if "url" in wanted:
        _notify_of_url(session, endpoint, wanted["url"], now, actor)
        dropped = _move(session, endpoint, wanted["url"])
    if "custom_headers" in wanted:
        limit_headers(tier, wanted["custom_headers"])
        put_headers(session, endpoint, wanted.pop("custom_headers"))
        dropped = False
    if wanted.get("state") is EndpointState.ENABLED or "url" in wanted:
        close(endpoint)  # whoever has mended it need not wait for the next probe
        endpoint.mended_at = now
    if "state" in wanted:
        on = wanted["state"] is EndpointState.ENABLED
        endpoint.state_reason = None if on else SWITCHED_OFF_BY_HAND
    for name, value in wanted.items():
        setattr(endpoint, name, value)
    details: dict[str, Any] = {"fields": sorted(asked.model_fields_set), "state": endpoint.state}
    if dropped:
        details["custom_headers_dropped"] = True
    record_change(session, AuditAction.ENDPOINT_CHANGED, endpoint, actor, now, details)
    return endpoint


def remove_endpoint(
    session: Session, endpoint_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> int:
    """Remove an endpoint for good; gives how many open deliveries end with it, as skipped. NotFound
    without such an endpoint, before anything of another partner's is locked.

    An attempt that is on the wire ends by itself, and its success still counts. What is a dead
    letter stays one until it expires.
    """
    _require_known(session, endpoint_id, owner)
    _lock_deliveries(session, endpoint_id)
    endpoint = locked_endpoint(session, endpoint_id, owner)
    endpoint.removed_at = now
    session.flush()
    its_deliveries = col(DeliveryRow.endpoint_id) == endpoint_id
    ended = skip_open(session, its_deliveries, SkipReason.ENDPOINT_REMOVED, now)
    details = {"deliveries_skipped": ended}
    record_change(session, AuditAction.ENDPOINT_REMOVED, endpoint, actor, now, details)
    return ended


def refuse_taken_url(session: Session, partner_id: str, url: str) -> None:
    """Conflict where another endpoint of the partner has this URL, however it is written: one event
    would go there twice, signed with two secrets. One that is switched off has its URL, too."""
    query = (
        select(EndpointRow.id)
        .where(col(EndpointRow.partner_id) == partner_id)
        .where(col(EndpointRow.url_key) == url_key(url), col(EndpointRow.removed_at).is_(None))
    )
    taken = session.exec(query).first()
    if taken is not None:
        raise Conflict(
            f"endpoint {taken} has this URL already: change that one, or remove it",
            cause=Refusal.URL_TAKEN,
        )


def _move(session: Session, endpoint: EndpointRow, url: str) -> bool:
    """Give an endpoint its new URL's key; whether its headers were dropped with the old host.

    Nobody is shown their values again. So they do not follow to a place of somebody's choice.
    """
    key = url_key(url)
    if key != endpoint.url_key:
        session.get_one(PartnerRow, endpoint.partner_id, with_for_update=TO_CHANGE)
        refuse_taken_url(session, endpoint.partner_id, url)
        endpoint.url_key = key
    if read_endpoint_url(url) == read_endpoint_url(endpoint.url):
        return False
    dropped = endpoint.custom_headers is not None
    put_headers(session, endpoint, None)
    return dropped


def _notify_of_url(
    session: Session, endpoint: EndpointRow, url: str, now: datetime, actor: str
) -> None:
    """Have the owners told that webhooks go elsewhere: by their hosts, since the rest of a URL may
    be a secret."""
    if url != endpoint.url:
        notify_of_change(
            session,
            NotificationKind.ENDPOINT_URL_CHANGED,
            now,
            actor=actor,
            partner_id=endpoint.partner_id,
            endpoint_id=endpoint.id,
            host=read_endpoint_url(url).host,
            before=read_endpoint_url(endpoint.url).host,
        )


def put_headers(session: Session, endpoint: EndpointRow, headers: Mapping[str, str] | None) -> None:
    """Keep an endpoint's custom headers: their names in clear, all else encrypted."""
    if not headers:
        endpoint.custom_headers = endpoint.custom_header_names = None
        return
    text = json.dumps(dict(headers))
    endpoint.custom_headers = seal(session, ENDPOINT_HEADERS, text, endpoint.id)
    endpoint.custom_header_names = sorted(headers)


def headers_of(session: Session, endpoint: EndpointRow) -> dict[str, str]:
    """An endpoint's custom headers, to be sent."""
    return opened_headers(session, endpoint.id, endpoint.custom_headers)


def opened_headers(session: Session, endpoint_id: str, sealed: str | None) -> dict[str, str]:
    """An endpoint's custom headers, out of their column."""
    if sealed is None:
        return {}
    headers: dict[str, str] = json.loads(
        open_sealed(session, ENDPOINT_HEADERS, sealed, endpoint_id)
    )
    return headers


def removed_meanwhile(session: Session, endpoint_ids: Sequence[str]) -> dict[str, bool]:
    """Whether endpoints are removed, with the rest kept from being removed until the commit. It
    waits for nobody: those that somebody else has locked are left out.

    For whoever is about to hold a delivery: one that is held for a removed endpoint never ends.
    """
    rows = session.connection().exec_driver_sql(_REMOVED, {"endpoint_ids": list(endpoint_ids)})
    return {row[0]: row[1] for row in rows}


def _lock_deliveries(session: Session, endpoint_id: str) -> None:
    """Before their endpoint, as every attempt does."""
    query = select(DeliveryRow.id).where(
        col(DeliveryRow.endpoint_id) == endpoint_id, col(DeliveryRow.state).in_(NOT_ENDED)
    )
    session.exec(query.order_by(col(DeliveryRow.id)).with_for_update(key_share=True)).all()


def locked_endpoint(session: Session, endpoint_id: str, owner: str | None) -> EndpointRow:
    """One endpoint that was not removed, for its change. NotFound without one, or if it is another
    partner's: then nothing was locked."""
    _require_known(session, endpoint_id, owner)
    endpoint = session.get_one(EndpointRow, endpoint_id, with_for_update=TO_CHANGE)
    if endpoint.removed_at is not None:  # meanwhile
        raise NotFound(f"no endpoint {endpoint_id}")
    return endpoint


def _require_known(session: Session, endpoint_id: str, owner: str | None) -> None:
    endpoint = session.get(EndpointRow, endpoint_id)
    if endpoint is None or endpoint.removed_at is not None:
        raise NotFound(f"no endpoint {endpoint_id}")
    if owner not in (None, endpoint.partner_id):
        raise NotFound(f"no endpoint {endpoint_id}")
