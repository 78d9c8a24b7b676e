"""The circuit breakers of endpoints: on the endpoint's row, changed in the attempt's transaction.

So a breaker holds across workers and restarts. Locks are taken in the order delivery, endpoint.
"""

import logging
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.delivery.states import EndpointState
from contracts.endpoints.circuit_breaker import (
    PROBE_TIME,
    after_failure,
    after_success,
    is_given_up,
)
from contracts.endpoints.slowdown import Slowdown, after_acceptance, after_refusal
from store.access.audit import record
from store.db.row_locks import TO_CHANGE
from store.endpoints.answering import (
    breaker_of,
    is_well,
    put_breaker,
    put_slowdown,
    slowdown_of,
)
from store.endpoints.notifications import notify_disabled, notify_failing, notify_recovered
from store.tables import AttemptRow, EndpointRow

log = logging.getLogger(__name__)

GIVEN_UP = "it has answered nothing well for five days"
GONE_FOR_GOOD = "the endpoint answered 410 Gone"


def may_attempt(endpoint: EndpointRow, now: datetime) -> bool:
    """Whether a delivery may be tried: always while the breaker is closed, and as the one probe
    when its time has come. The endpoint's row is locked."""
    if endpoint.opened_at is None:
        return True
    if endpoint.probe_at is None or endpoint.probe_at > now:
        return False
    endpoint.probe_at = now + PROBE_TIME
    return True


def probe_now(session: Session, endpoint_id: str, now: datetime) -> None:
    """Let the next attempt be a probe at once, because somebody says that the endpoint is
    mended."""
    session.execute(
        update(EndpointRow)
        .where(col(EndpointRow.id) == endpoint_id, col(EndpointRow.opened_at).is_not(None))
        .values(probe_at=now)
    )


def note_success(
    session: Session,
    endpoint_id: str,
    attempt: AttemptRow,
    now: datetime,
    *,
    is_test: bool = False,
) -> None:
    """An attempt succeeded: the breaker closes, what was held or died meanwhile is sent again, and
    a slowed endpoint is sent more at once. An endpoint whose breaker a test event closes is mended:
    what it did before says nothing any more. Whoever was told that it is down is told that it is
    over, by an event that is no test."""
    endpoint = session.get_one(EndpointRow, endpoint_id)
    if is_well(endpoint):
        return
    endpoint, began_at = _locked(session, endpoint_id), attempt.started_at
    before = breaker_of(endpoint)
    if before.is_open:
        log.warning(
            "endpoint %s answers again: its breaker closes", endpoint_id, extra=_ids(endpoint)
        )
    if is_test and before.is_open:
        endpoint.mended_at = began_at
    _close_breaker(endpoint)
    slowdown = after_acceptance(slowdown_of(endpoint), began_at, endpoint.in_flight_limit)
    put_slowdown(endpoint, slowdown)
    if not is_test:
        notify_recovered(session, endpoint, attempt, now)


def close(endpoint: EndpointRow) -> None:
    """Forget the failures of an endpoint, and that it asked us to wait. What an open breaker held
    is to be recovered by itself, where the endpoint's switch is on."""
    _close_breaker(endpoint)
    put_slowdown(endpoint, Slowdown())


def _close_breaker(endpoint: EndpointRow) -> None:
    before = breaker_of(endpoint)
    if before.is_open and endpoint.auto_recover:
        endpoint.recover_since = endpoint.recover_since or before.failing_since
    put_breaker(endpoint, after_success(before))


def note_failure(
    session: Session, endpoint_id: str, attempt: AttemptRow, now: datetime, pace: float = 1.0
) -> None:
    """A charged failure of an attempt: the breaker may open, and after five days the endpoint is
    disabled. Nothing of it, where somebody has mended the endpoint since the attempt began. `pace`
    is that of the delivery's schedule."""
    endpoint, began_at = _locked(session, endpoint_id), attempt.started_at
    if _mended_since(endpoint, began_at):
        return
    before = breaker_of(endpoint)
    breaker = after_failure(before, began_at, now, pace)
    put_breaker(endpoint, breaker)
    if endpoint.probe_at and endpoint.not_before:
        endpoint.probe_at = max(endpoint.probe_at, endpoint.not_before)
    if breaker.is_open and not before.is_open:
        log.warning(
            "endpoint %s failed %d times in a row since %s: its breaker opens",
            endpoint_id,
            breaker.failures_in_row,
            breaker.failing_since,
            extra=_ids(endpoint),
        )
        notify_failing(session, endpoint, attempt, now)
    if endpoint.state is EndpointState.ENABLED and is_given_up(breaker, now):
        disable(session, endpoint, GIVEN_UP, now, attempt)


def note_refusal(
    session: Session, endpoint_id: str, asked_s: float | None, began_at: datetime, now: datetime
) -> float:
    """The endpoint answered an attempt that began then with a request to wait (429 or 503): it is
    slowed down.

    Gives the seconds until it may be sent to again.
    """
    endpoint = _locked(session, endpoint_id)
    before = slowdown_of(endpoint)
    slowdown = after_refusal(before, asked_s, began_at, now)
    put_slowdown(endpoint, slowdown)
    if before.limit is None:
        log.warning(
            "endpoint %s asks us to wait: it is sent one attempt at a time",
            endpoint_id,
            extra=_ids(endpoint),
        )
    if slowdown.not_before is None:
        return 0.0
    return max(0.0, (slowdown.not_before - now).total_seconds())


def _ids(endpoint: EndpointRow) -> dict[str, str]:
    """What log lines about it carry as fields."""
    return {"endpoint_id": endpoint.id, "partner_id": endpoint.partner_id}


def note_gone(session: Session, endpoint_id: str, attempt: AttemptRow, now: datetime) -> None:
    """The partner says, to this attempt, that the endpoint will not come back: it is disabled,
    once; not where somebody has mended it since the attempt began."""
    endpoint = _locked(session, endpoint_id)  # two that hear it at once would both tell of it
    is_new = endpoint.state is not EndpointState.DISABLED
    if is_new and not _mended_since(endpoint, attempt.started_at):
        disable(session, endpoint, GONE_FOR_GOOD, now, attempt)


def _mended_since(endpoint: EndpointRow, began_at: datetime) -> bool:
    """Whether what an attempt got that began then says nothing of the endpoint as it is now."""
    return endpoint.mended_at is not None and began_at < endpoint.mended_at


def disable(
    session: Session,
    endpoint: EndpointRow,
    reason: str,
    now: datetime,
    attempt: AttemptRow | None = None,
) -> None:
    """Switch an endpoint off by itself, for what it answered to an attempt; ops and the partner are
    told after the commit. Its deliveries are held from then on."""
    endpoint.state, endpoint.state_reason = EndpointState.DISABLED, reason
    log.error("endpoint %s is disabled: %s", endpoint.id, reason, extra=_ids(endpoint))
    record(
        session,
        actor=DOORSTEP,
        action=AuditAction.ENDPOINT_DISABLED,
        object_id=endpoint.id,
        partner_id=endpoint.partner_id,
        details={"reason": reason},
        now=now,
    )
    notify_disabled(session, endpoint, attempt, reason, now)


def _locked(session: Session, endpoint_id: str) -> EndpointRow:
    return session.get_one(
        EndpointRow, endpoint_id, with_for_update=TO_CHANGE, populate_existing=True
    )
