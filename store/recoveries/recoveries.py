"""Recoveries: counted beforehand, begun, cancelled, shown. `steps` carries them out."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.recoveries import (
    RECOVERABLE,
    RecoveryPreview,
    RecoveryRequest,
    RecoveryState,
)
from contracts.delivery.states import EndpointState
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.refusals import Refusal
from store.access.audit import record_change
from store.db.keyset import Position, newest_first
from store.db.row_locks import TO_CHANGE
from store.endpoints.endpoints import get_endpoint
from store.recoveries.selection import Selection, count_selected
from store.tables import EndpointRow, PartnerRow, RecoveryRow

STILL_AFTER = timedelta(minutes=2)
"""A recovery that was not carried on for so long has no workflow any more."""

NEVER_BEGUN_AFTER = timedelta(seconds=10)
"""One that was not carried on once: Temporal did not take it when it began."""


def preview(
    session: Session,
    endpoint_id: str,
    asked: RecoveryRequest,
    now: datetime,
    *,
    owner: str | None = None,
) -> RecoveryPreview:
    """What a recovery would send again. NotFound without such an endpoint, Invalid for what cannot
    be asked."""
    get_endpoint(session, endpoint_id, owner=owner)
    found = count_selected(session, _selection(endpoint_id, asked, now))
    return RecoveryPreview(found=found.count, oldest=found.oldest, newest=found.newest)


def begin_recovery(
    session: Session,
    endpoint_id: str,
    asked: RecoveryRequest,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    automatic: bool = False,
) -> RecoveryRow:
    """Begin to send again; its workflow is to be started after the commit.

    NotFound without such an endpoint, Invalid for what cannot be asked; Conflict while the endpoint
    cannot be sent to, or when a recovery of it runs.
    """
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    wanted = _selection(endpoint_id, asked, now)
    _require_open(session, endpoint)
    recovery = RecoveryRow(
        id=new_id(IdKind.RECOVERY),
        endpoint_id=endpoint.id,
        partner_id=endpoint.partner_id,
        state=RecoveryState.RUNNING,
        automatic=automatic,
        states=[state.value for state in wanted.states],
        event_types=None if wanted.types is None else [kind.value for kind in wanted.types],
        since=wanted.since,
        until=wanted.until,
        found=count_selected(session, wanted).count,
        made_by=actor,
        created_at=now,
    )
    try:
        with session.begin_nested():  # so that the caller's transaction outlives a Conflict
            session.add(recovery)
    except IntegrityError:
        raise Conflict(
            f"a recovery of endpoint {endpoint_id} runs already: wait for its end, or cancel it",
            cause=Refusal.RECOVERY_RUNS,
        ) from None
    _record(session, AuditAction.RECOVERY_STARTED, recovery, actor, now)
    return recovery


def cancel_recovery(
    session: Session, recovery_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> RecoveryRow:
    """End a recovery: nothing more is sent again; what is on its way goes on.

    NotFound without such a recovery, Conflict when it has ended.
    """
    get_recovery(session, recovery_id, owner=owner)
    recovery = session.get_one(
        RecoveryRow, recovery_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if recovery.state is not RecoveryState.RUNNING:
        raise Conflict(
            f"recovery {recovery_id} has ended: it is {recovery.state}",
            cause=Refusal.RECOVERY_ENDED,
        )
    recovery.state, recovery.finished_at = RecoveryState.CANCELLED, now
    _record(session, AuditAction.RECOVERY_CANCELLED, recovery, actor, now)
    return recovery


def get_recovery(session: Session, recovery_id: str, *, owner: str | None = None) -> RecoveryRow:
    """One recovery. NotFound when there is none, or it is another partner's than `owner`."""
    recovery = session.get(RecoveryRow, recovery_id)
    if recovery is None or owner not in (None, recovery.partner_id):
        raise NotFound(f"no recovery {recovery_id}")
    return recovery


def running_recovery(session: Session, endpoint_id: str) -> RecoveryRow | None:
    """The recovery of an endpoint that runs; there is one at the most."""
    query = select(RecoveryRow).where(
        col(RecoveryRow.endpoint_id) == endpoint_id,
        col(RecoveryRow.state) == RecoveryState.RUNNING,
    )
    return session.exec(query).first()


def list_recoveries(
    session: Session,
    endpoint_id: str,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[RecoveryRow]:
    """A page of an endpoint's recoveries, the newest first. NotFound without such an endpoint."""
    get_endpoint(session, endpoint_id, owner=owner)
    made, recovery_id = col(RecoveryRow.created_at), col(RecoveryRow.id)
    query = select(RecoveryRow).where(col(RecoveryRow.endpoint_id) == endpoint_id)
    return list(session.exec(newest_first(query, made, recovery_id, after).limit(limit)))


def recoveries_to_start(session: Session, now: datetime) -> list[tuple[str, str, str]]:
    """What runs by the books and stands still: the ids of recovery, endpoint and partner, as
    `Recoveries.start` takes them. Starting one that does run changes nothing."""
    stepped = col(RecoveryRow.stepped_at)
    query = select(RecoveryRow.id, RecoveryRow.endpoint_id, RecoveryRow.partner_id).where(
        col(RecoveryRow.state) == RecoveryState.RUNNING,
        or_(
            stepped < now - STILL_AFTER,
            and_(stepped.is_(None), col(RecoveryRow.created_at) < now - NEVER_BEGUN_AFTER),
        ),
    )
    return list(session.exec(query))


def _selection(endpoint_id: str, asked: RecoveryRequest, now: datetime) -> Selection:
    """What is asked, in the words of the store."""
    refused = [state for state in asked.states if state not in RECOVERABLE]
    if refused:
        able = ", ".join(RECOVERABLE)
        raise Invalid(f"{refused[0]} cannot be sent again: ask for some of {able}", field="states")
    until = asked.until or now
    if asked.since is not None and asked.since >= until:
        raise Invalid(
            "since has to be before until, and in the past", field="since", cause=Refusal.RANGE
        )
    return Selection(
        endpoint_id=endpoint_id,
        states=[state for state in RECOVERABLE if state in asked.states],
        types=asked.event_types,
        since=asked.since,
        until=until,
    )


def _require_open(session: Session, endpoint: EndpointRow) -> None:
    if endpoint.state is not EndpointState.ENABLED:
        raise Conflict(
            f"endpoint {endpoint.id} is {endpoint.state}: enable it first",
            cause=Refusal.ENDPOINT_OFF,
        )
    if session.get_one(PartnerRow, endpoint.partner_id).paused_at is not None:
        raise Conflict(
            f"partner {endpoint.partner_id} is paused: resume it first", cause=Refusal.PAUSED
        )
    if endpoint.opened_at is not None:
        raise Conflict(
            f"endpoint {endpoint.id} fails: retry one delivery to see whether it answers again, "
            "then recover it",
            cause=Refusal.ENDPOINT_FAILS,
        )


def _record(
    session: Session, action: AuditAction, recovery: RecoveryRow, actor: str, now: datetime
) -> None:
    record_change(
        session,
        action,
        recovery,
        actor,
        now,
        {
            "endpoint_id": recovery.endpoint_id,
            "states": recovery.states,
            "found": recovery.found,
            "asked": recovery.asked,
            "automatic": recovery.automatic,
        },
    )
