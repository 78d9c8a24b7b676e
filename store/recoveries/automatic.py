"""Recoveries that begin by themselves, once an endpoint answers again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.access.callers import DOORSTEP
from contracts.delivery.recoveries import RecoveryRequest, RecoveryState
from contracts.errors import Conflict
from store.db.row_locks import TO_CHANGE_IF_FREE
from store.endpoints.probes import can_be_sent_to, to_probe
from store.recoveries.recoveries import begin_recovery
from store.tables import EndpointRow, RecoveryRow

BEFORE_IT_FAILED = timedelta(hours=1)
"""What was made so long before an endpoint began to fail may have been on its schedule then."""


def begin_due_recoveries(session: Session, now: datetime) -> list[RecoveryRow]:
    """Begin a recovery for each endpoint that answers again: of what its breaker has held, and of
    what became a dead letter since it had begun to fail. One that somebody has locked is left to
    the next look."""
    begun = []
    for endpoint_id in _to_recover(session):
        endpoint = session.get(EndpointRow, endpoint_id, with_for_update=TO_CHANGE_IF_FREE)
        if endpoint is None:
            continue
        failed_since, endpoint.recover_since = endpoint.recover_since, None
        asked = RecoveryRequest(since=failed_since - BEFORE_IT_FAILED if failed_since else None)
        try:
            begun.append(
                begin_recovery(session, endpoint_id, asked, now, actor=DOORSTEP, automatic=True)
            )
        except Conflict:  # switched off in this moment, or one runs: the next look decides
            endpoint.recover_since = failed_since
    return begun


def _to_recover(session: Session) -> Sequence[str]:
    """Endpoints that answer again, while no recovery of theirs runs."""
    running = select(RecoveryRow.id).where(
        col(RecoveryRow.endpoint_id) == col(EndpointRow.id),
        col(RecoveryRow.state) == RecoveryState.RUNNING,
    )
    query = select(EndpointRow.id).where(
        col(EndpointRow.recover_since).is_not(None),
        col(EndpointRow.opened_at).is_(None),
        *can_be_sent_to(),
        ~running.exists(),
    )
    return session.exec(query).all()


def any_to_watch(session: Session, now: datetime) -> bool:
    """Whether some endpoint is to be probed or recovered; cheap enough to ask every few seconds."""
    return bool(to_probe(session, now)) or bool(_to_recover(session))
