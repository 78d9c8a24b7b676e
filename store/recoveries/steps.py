"""Carries a recovery on, a step at a time: so many a second, paced by what became of the last ones,
and hardly any while new events wait.

A delivery that is picked starts its next round here, in the transaction that picks it, and is
open from then on. So what is on its way is counted exactly, and whoever dies after the commit loses
nothing: an open delivery that nobody was told of is asked for again by a later step, or in the end
by the reconciler. It is marked with the recovery, which therefore sends it once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from contracts.delivery.recoveries import RecoveryState, RecoveryStep
from contracts.delivery.states import DeliveryState, EndpointState, EventState
from contracts.errors import NotFound
from store.db.row_locks import TO_CHANGE
from store.deliveries.attempts import start_round
from store.events.outbox import Startable, startables
from store.recoveries.automatic import BEFORE_IT_FAILED
from store.recoveries.selection import is_on_its_way, next_picks, oldest_left, selection_of
from store.tables import DeliveryRow, EndpointRow, EventRow, PartnerRow, RecoveryRow

REQUESTED_AGAIN_AFTER = timedelta(seconds=30)
"""An open delivery to which nothing happened for so long may be one that nobody was told of."""

_LONGEST_S = 2.0
"""A pause is made up for so far and no further."""

_SOON_S, _LATER_S = 1.0, 5.0

_WAITS_LONG = timedelta(seconds=0.5)
"""A new event that is not planned after so long says that we are at the end of our strength."""

_STUCK = timedelta(minutes=1)
"""One that is not planned after so long has another reason, which slows no recovery."""


@dataclass(frozen=True)
class DeliveryToAsk:
    """A delivery to ask its workflow for. `resend`: it had been delivered. `again`: the workflow
    may know of it already, and then goes on as it was."""

    event: Startable
    delivery_id: str
    resend: bool = False
    again: bool = False


@dataclass(frozen=True)
class Step:
    """How the recovery stands after this step, and what is to be asked for, in this order."""

    told: RecoveryStep
    wanted: Sequence[DeliveryToAsk] = ()


def next_step(session: Session, recovery_id: str, now: datetime) -> Step:
    """Send the next deliveries again, as many as there is room for; or end, done or stopped.

    NotFound when there is no such recovery.
    """
    recovery = session.get(RecoveryRow, recovery_id, with_for_update=TO_CHANGE)
    if recovery is None:
        raise NotFound(f"no recovery {recovery_id}")
    endpoint = session.get_one(EndpointRow, recovery.endpoint_id)
    reason = _why_it_stops(session, endpoint)
    if recovery.state is RecoveryState.RUNNING and reason is not None:
        _stop(session, recovery, reason, now)
    due = _on_their_way(session, recovery)
    if recovery.state is not RecoveryState.RUNNING:
        return Step(_told(recovery, endpoint, len(due), wait_s=None))
    again = _not_heard_of(session, recovery, now)
    room = _room(recovery, endpoint, len(due), now)
    yields = room > 0 and _new_ones_wait(session, now)
    picked = _pick(session, recovery, 1 if yields else room, now) if room > 0 else []
    if not (due or picked) and _nothing_left(session, recovery):
        _end(recovery, RecoveryState.DONE, now)
        return Step(_told(recovery, endpoint, 0, wait_s=None))
    busy = bool(picked) or any(at is None or at <= now for at in due)
    wait_s = _SOON_S if busy and not yields else _LATER_S
    told = _told(recovery, endpoint, len(due) + len(picked), wait_s)
    return Step(told, [*again, *picked])


def _why_it_stops(session: Session, endpoint: EndpointRow) -> str | None:
    """Why nothing can be sent to the endpoint now, in words."""
    if endpoint.removed_at is not None:
        return "the endpoint was removed"
    if endpoint.state is not EndpointState.ENABLED:
        why = f": {endpoint.state_reason}" if endpoint.state_reason else ""
        return f"the endpoint is {endpoint.state}{why}"
    if session.get_one(PartnerRow, endpoint.partner_id).paused_at is not None:
        return "the partner is paused"
    return "the endpoint fails again" if endpoint.opened_at is not None else None


def _room(recovery: RecoveryRow, endpoint: EndpointRow, on_their_way: int, now: datetime) -> int:
    """How many more may be sent now: as many as the seconds since the last step allow, and never
    more on their way at once than one second's worth, or than the endpoint has places. Fractions
    are kept for the next step."""
    rate, since = endpoint.recovery_rate, recovery.stepped_at
    passed_s = 1.0 if since is None else (now - since).total_seconds()
    passed_s = min(max(passed_s, 0.0), _LONGEST_S)
    allowed = int(rate * passed_s)
    recovery.stepped_at = now - timedelta(seconds=passed_s - allowed / rate)
    return min(allowed, min(rate, endpoint.in_flight_limit) - on_their_way)


def _new_ones_wait(session: Session, now: datetime) -> bool:
    """Whether new events wait to be planned: what is late already lets them go first, and goes on
    by one at a time."""
    query = select(EventRow.event_id).where(
        col(EventRow.state) == EventState.ACCEPTED,
        col(EventRow.accepted_at) < now - _WAITS_LONG,
        col(EventRow.accepted_at) > now - _STUCK,
    )
    return session.exec(query.limit(1)).first() is not None


def _pick(session: Session, recovery: RecoveryRow, room: int, now: datetime) -> list[DeliveryToAsk]:
    """Start the next round of the next deliveries, and note how far the recovery has got.

    Where there was more room than was found, the next step looks from the start: what became a
    dead letter only now may lie behind, and later ones of its order wait for it.
    """
    selection = selection_of(recovery)
    picks = next_picks(session, selection, recovery, room=room)
    delivered = {one.id for one in picks if one.state is DeliveryState.DELIVERED}
    for one in picks:
        start_round(session, one, one.round + 1, now, resend=True)
        one.recovery_id = recovery.id
    recovery.asked += len(picks)
    session.flush()
    found_enough = len(picks) == room
    recovery.reached = oldest_left(session, selection, recovery) if found_enough else None
    events = _events_of(session, picks)
    return [
        DeliveryToAsk(events[one.event_id], one.id, resend=one.id in delivered) for one in picks
    ]


def _nothing_left(session: Session, recovery: RecoveryRow) -> bool:
    """Whether all has been sent again, also of what was made before where it has got to."""
    reached, recovery.reached = recovery.reached, None
    oldest = oldest_left(session, selection_of(recovery), recovery)
    recovery.reached = reached
    return oldest is None


def _not_heard_of(session: Session, recovery: RecoveryRow, now: datetime) -> list[DeliveryToAsk]:
    """What is open and stands still: its step may have died before it could ask for it."""
    query = select(DeliveryRow).where(
        *_open(recovery),
        col(DeliveryRow.next_attempt_at).is_(None),
        col(DeliveryRow.changed_at) <= now - REQUESTED_AGAIN_AFTER,
    )
    forgotten = session.exec(query.with_for_update(skip_locked=True, key_share=True)).all()
    for one in forgotten:
        one.changed_at = now
    events = _events_of(session, forgotten)
    return [DeliveryToAsk(events[one.event_id], one.id, again=True) for one in forgotten]


def _on_their_way(session: Session, recovery: RecoveryRow) -> Sequence[datetime | None]:
    """Of each delivery that this recovery has on its way: when its next attempt is due, if it
    waits."""
    return session.exec(select(DeliveryRow.next_attempt_at).where(*_open(recovery))).all()


def _open(recovery: RecoveryRow) -> tuple[ColumnElement[bool], ...]:
    return (
        col(DeliveryRow.endpoint_id) == recovery.endpoint_id,
        is_on_its_way(DeliveryRow),
        col(DeliveryRow.recovery_id) == recovery.id,
    )


def _events_of(session: Session, deliveries: Sequence[DeliveryRow]) -> Mapping[str, Startable]:
    if not deliveries:
        return {}
    events = startables(session, [one.event_id for one in deliveries])
    return {event.event_id: event for event in events}


def _stop(session: Session, recovery: RecoveryRow, reason: str, now: datetime) -> None:
    """One that began by itself begins again by itself, with all that it has left, when it can."""
    if recovery.automatic and recovery.since is not None:
        endpoint = session.get_one(
            EndpointRow, recovery.endpoint_id, with_for_update=TO_CHANGE, populate_existing=True
        )
        failed_since = recovery.since + BEFORE_IT_FAILED
        endpoint.recover_since = min(endpoint.recover_since or failed_since, failed_since)
    _end(recovery, RecoveryState.STOPPED, now, reason)


def _end(
    recovery: RecoveryRow, state: RecoveryState, now: datetime, reason: str | None = None
) -> None:
    recovery.state, recovery.reason, recovery.finished_at = state, reason, now


def _told(
    recovery: RecoveryRow, endpoint: EndpointRow, on_their_way: int, wait_s: float | None
) -> RecoveryStep:
    return RecoveryStep(
        state=recovery.state,
        asked=recovery.asked,
        open=on_their_way,
        wait_s=wait_s,
        found=recovery.found,
        host=urlsplit(endpoint.url).hostname,
        reason=recovery.reason,
    )
