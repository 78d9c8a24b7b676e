"""Measures baselines out of recorded events: an import of how orders fared before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Invalid
from contracts.outcomes.baselines import measured
from contracts.outcomes.counts import Counts
from contracts.outcomes.periods import bounds_of
from contracts.outcomes.propagation import BOUNDS_MS
from contracts.payload.event_age import MOST_AHEAD
from store.access.audit import record
from store.outcomes.baselines import keep
from store.outcomes.definitions import Which, counts_of
from store.partners.partners import get_partner
from store.tables import OutcomeBaselineRow

_LIMIT_S = 60
"""Somebody waits for it, once; some hundred thousand events take that long."""

_OF_EVENTS = (
    *("events_accepted", "orders", "first_attempts", "first_attempts_delivered"),
    *("orders_delivered", "orders_returned"),
)
_OF_FAILURES = (
    *("failed_deliveries", "failed_customer", "failed_address", "failed_payment"),
    *("failed_verification", "failed_carrier", "failed_other"),
    *("uninstructed_followed", "uninstructed_delivered"),
)
_COUNTED = (*_OF_EVENTS, *_OF_FAILURES)

_IN_RANGE = """
    accepted_at >= %(accepted_since)s
        AND occurred_at >= %(begins)s AND occurred_at < %(ends)s
"""
"""What happened in these days was handed in afterwards, which an index knows."""

_MEASURE = f"""
    WITH {counts_of(Which.RECORDED, _IN_RANGE)}
    SELECT {", ".join(_COUNTED)} FROM of_events, of_failures
"""  # noqa: S608 - names of our own


def measure_baselines(
    session: Session, partner_id: str, first: date, last: date, now: datetime, *, actor: str
) -> Sequence[OutcomeBaselineRow]:
    """Keep what the recorded events of these days say, in the place of what was known before.
    NotFound without such a partner, Invalid where nothing was recorded."""
    zone = get_partner(session, partner_id).time_zone
    counts = _count(session, partner_id, first, last, zone)
    if not counts.events_accepted:
        raise Invalid("no event of these days was recorded: send them, notify false", field="from")
    found = measured(counts, first, last)
    changes = {one.figure: keep(session, partner_id, one, now, actor=actor) for one in found}
    changed = {figure: change for figure, change in changes.items() if change is not None}
    if changed:
        record(
            session,
            actor=actor,
            action=AuditAction.BASELINE_MEASURED,
            object_id=partner_id,
            partner_id=partner_id,
            details={"from": str(first), "to": str(last), **changed},
            now=now,
        )
    return [session.get_one(OutcomeBaselineRow, (partner_id, one.figure)) for one in found]


def _count(session: Session, partner_id: str, first: date, last: date, zone: str) -> Counts:
    """The counts that history has; the events themselves are `events_accepted`."""
    begins, ends = bounds_of(first, zone)[0], bounds_of(last, zone)[1]
    values: dict[str, Any] = {
        "partner_id": partner_id,
        "begins": begins,
        "ends": ends,
        "accepted_since": begins - MOST_AHEAD,
        "bounds_ms": list(BOUNDS_MS),
    }
    connection = session.connection()
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_LIMIT_S}s'")
    found = connection.exec_driver_sql(_MEASURE, values).one()
    return Counts(**dict(zip(_COUNTED, found, strict=True)))
