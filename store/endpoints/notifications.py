"""What people are told of an endpoint: it fails, it is off soon, it is off, it answers again.

Each is written in the transaction of the change, with the endpoint locked, and names the event that
was last sent and the answer it got. Test events tell nobody anything.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue
from sqlmodel import Session

from contracts.delivery.states import EndpointState
from contracts.endpoints.url import read_endpoint_url
from contracts.notifications.kinds import NotificationKind
from store.notifications.notify import notify
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow


def notify_failing(
    session: Session, endpoint: EndpointRow, attempt: AttemptRow, now: datetime
) -> None:
    """Its breaker has opened, and what comes is held. Nobody is told of one that is off."""
    if _is_off(endpoint) or endpoint.opened_at is None:
        return
    since = endpoint.failing_since or now
    endpoint.told_down_since = endpoint.told_down_since or since
    _notify(session, NotificationKind.ENDPOINT_FAILING, endpoint, attempt, since, now)


def notify_disabled_soon(
    session: Session,
    endpoint: EndpointRow,
    attempt: AttemptRow | None,
    disabled_at: datetime,
    now: datetime,
) -> bool:
    """It will be switched off, unless it answers before; whether that is news."""
    since = endpoint.failing_since or now
    kind, extra = NotificationKind.ENDPOINT_DISABLED_SOON, {"disabled_at": disabled_at.isoformat()}
    once = f"{kind}/{endpoint.id}/{disabled_at.isoformat()}"
    return _notify(session, kind, endpoint, attempt, since, now, extra, once)


def notify_disabled(
    session: Session,
    endpoint: EndpointRow,
    attempt: AttemptRow | None,
    reason: str,
    now: datetime,
) -> None:
    """Doorstep has switched it off."""
    since = endpoint.failing_since or now
    endpoint.told_down_since = endpoint.told_down_since or since
    kind = NotificationKind.ENDPOINT_DISABLED
    _notify(session, kind, endpoint, attempt, since, now, {"reason": reason})


def notify_recovered(
    session: Session, endpoint: EndpointRow, attempt: AttemptRow, now: datetime
) -> None:
    """It has taken an event again, after people were told that it fails or is off. Whoever switches
    it on by hand says that it is mended; only an event that arrives shows it."""
    since = endpoint.told_down_since
    if since is None or _is_off(endpoint):
        return
    endpoint.told_down_since = None
    _notify(session, NotificationKind.ENDPOINT_RECOVERED, endpoint, attempt, since, now)


def _is_off(endpoint: EndpointRow) -> bool:
    return endpoint.state is not EndpointState.ENABLED or endpoint.removed_at is not None


def _notify(
    session: Session,
    kind: NotificationKind,
    endpoint: EndpointRow,
    attempt: AttemptRow | None,
    since: datetime,
    now: datetime,
    extra: Mapping[str, JsonValue] = {},
    once: str | None = None,
) -> bool:
    about = {
        "host": read_endpoint_url(endpoint.url).host,
        **_about_attempt(session, attempt),
        "reason": None,
        "since": since.isoformat(),
        "disabled_at": None,
        **extra,
    }
    written = notify(
        session,
        kind,
        now,
        partner_id=endpoint.partner_id,
        endpoint_id=endpoint.id,
        about=about,
        once=once,
    )
    return written is not None


def _about_attempt(session: Session, attempt: AttemptRow | None) -> dict[str, JsonValue]:
    """The event that was sent and what was answered."""
    names = ("event_id", "order_id", "event_type", "code", "status")
    if attempt is None:
        return dict.fromkeys(names)
    delivery = session.get_one(DeliveryRow, attempt.delivery_id)
    event = session.get_one(EventRow, delivery.event_id)
    values = (event.event_id, event.order_id, event.event_type, attempt.code, attempt.status_code)
    return dict(zip(names, values, strict=True))
