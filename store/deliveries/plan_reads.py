"""What the plan of events depends on, read in two statements: the events with their partners, and
the endpoints of these with their secrets.

Written in SQL and kept in plain records: on the path of every event the ORM costs ten times what
the database does (docs/decisions/0036).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from contracts.delivery.states import EndpointState, EventState
from store.db.engine import LOCK_PATIENCE_S

_EVENTS = """
    SELECT event.event_id, event.partner_id, event.event_type, event.sequence, event.state,
        event.body, event.only_target, event.erased_at, event.accepted_at, event.otp_until,
        partner.paused_at, partner.webhook_enabled, partner.sms_enabled, partner.sms_event_types,
        partner.sms_awaits_owner, partner.sms_fallback, partner.sms_fallback_types,
        event.order_id, event.is_test,
        partner.tracking_enabled AND partner.tracking_url_in_payload AS wants_link
    FROM events AS event JOIN partners AS partner ON partner.id = event.partner_id
    WHERE event.event_id = ANY(%(event_ids)s)
    ORDER BY event.event_id
    FOR NO KEY UPDATE OF event
"""
_LOCK_NOT_AVAILABLE = "55P03"
_FREE_EVENTS = f"{_EVENTS} SKIP LOCKED"

_LOCKED = """
        FROM endpoints
        WHERE partner_id = ANY(%(partner_ids)s) AND removed_at IS NULL AND state = 'enabled'
        ORDER BY id
        FOR NO KEY UPDATE
"""
_WAIT = f"SELECT id {_LOCKED}"
_ENDPOINTS = f"""
    WITH free AS MATERIALIZED (
        SELECT id, ordered, in_flight_limit,
            failures_in_row = 0 AND opened_at IS NULL AND slowed_limit IS NULL
                AND not_before IS NULL AND rate_limit IS NULL AND NOT has_waiting AS is_well
        {_LOCKED} SKIP LOCKED
    )
    SELECT endpoint.id, endpoint.partner_id, endpoint.state, endpoint.event_types, endpoint.url,
        endpoint.schema_version, endpoint.custom_headers AS headers,
        endpoint.state = 'enabled' AND free.id IS NULL AS is_locked_elsewhere,
        coalesce(free.is_well, FALSE) AS is_well,
        coalesce(free.ordered, FALSE) AS is_ordered,
        coalesce(free.in_flight_limit, 0) AS in_flight_limit,
        ARRAY(
            SELECT ARRAY[secret.id, secret.secret] FROM endpoint_secrets AS secret
            WHERE secret.endpoint_id = endpoint.id
                AND (secret.expires_at IS NULL OR secret.expires_at > %(now)s)
            ORDER BY secret.id DESC LIMIT 2
        ) AS secrets
    FROM endpoints AS endpoint LEFT JOIN free ON free.id = endpoint.id
    WHERE endpoint.partner_id = ANY(%(partner_ids)s) AND endpoint.removed_at IS NULL
    ORDER BY endpoint.id
"""  # noqa: S608 - words of our own


@dataclass(frozen=True)
class EventToPlan:
    """An event, locked, and what of its partner decides who gets it. `wants_link`: its payload has
    the link to our tracking page where the order has none."""

    event_id: str
    partner_id: str
    event_type: str
    sequence: int
    state: EventState
    body: str
    only_target: str | None
    erased_at: datetime | None
    accepted_at: datetime
    otp_until: datetime | None
    paused_at: datetime | None
    webhook_enabled: bool
    sms_enabled: bool
    sms_event_types: Sequence[str] | None
    sms_awaits_owner: bool
    sms_fallback: bool
    sms_fallback_types: Sequence[str] | None
    order_id: str
    is_test: bool
    wants_link: bool


@dataclass(frozen=True)
class EndpointToPlan:
    """An endpoint. `is_well`: its row is locked by us, and nothing stands in the way of an attempt
    but the limit of those in flight. `headers` and `secrets` (id, secret) are sealed."""

    id: str
    partner_id: str
    state: EndpointState
    event_types: Sequence[str] | None
    url: str
    schema_version: str
    headers: str | None
    is_well: bool
    is_ordered: bool
    in_flight_limit: int
    is_locked_elsewhere: bool
    secrets: Sequence[tuple[str, str]]


def events_to_plan(
    session: Session, event_ids: Sequence[str], *, wait: bool = True
) -> list[EventToPlan]:
    """Events, locked in one order, whoever else plans some of them. Without `wait` those that
    somebody else has locked are left out."""
    statement = _EVENTS if wait else _FREE_EVENTS
    found = session.connection().exec_driver_sql(statement, {"event_ids": list(event_ids)})
    return [EventToPlan(**{**row, "state": EventState(row["state"])}) for row in found.mappings()]


def endpoints_to_plan(
    session: Session, partner_ids: Sequence[str], now: datetime, patience: timedelta = timedelta()
) -> Mapping[str, list[EndpointToPlan]]:
    """The endpoints of partners that were not removed, by partner. The rows of those that are
    enabled are locked, but for what somebody else has locked for longer than `patience`."""
    values = {"partner_ids": list(partner_ids), "now": now}
    found = _endpoints(session, values)
    some_are_locked = any(one.is_locked_elsewhere for one in found)
    if patience and some_are_locked and _locked_within(session, values, patience):
        found = _endpoints(session, values)
    endpoints: dict[str, list[EndpointToPlan]] = {one: [] for one in partner_ids}
    for endpoint in found:
        endpoints[endpoint.partner_id].append(endpoint)
    return endpoints


def _endpoints(session: Session, values: Mapping[str, Any]) -> list[EndpointToPlan]:
    rows = session.connection().exec_driver_sql(_ENDPOINTS, dict(values)).mappings()
    return [EndpointToPlan(**{**row, "state": EndpointState(row["state"])}) for row in rows]


def _locked_within(session: Session, values: Mapping[str, Any], patience: timedelta) -> bool:
    """Whether the rows could be locked: another plan has them for some milliseconds. They are read
    after that, for what has changed meanwhile."""
    connection, limit = session.connection(), "SELECT set_config('lock_timeout', %(limit)s, true)"
    shortly = f"{patience / timedelta(milliseconds=1):g}ms"
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(limit, {"limit": shortly})
            connection.exec_driver_sql(_WAIT, {"partner_ids": values["partner_ids"]})
            connection.exec_driver_sql(limit, {"limit": f"{LOCK_PATIENCE_S}s"})
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        return False
    return True
