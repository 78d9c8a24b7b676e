"""Stops: what holds texts back until it is lifted, by a person or by Doorstep itself.

A stop has a scope: all texts, a partner's, the account's, a sender's, or those of a sender to a
country. So one customer's foreign number stops nobody else's texts. A stop that Doorstep made is
tried again now and then with one text, the probe; when Twilio takes it, the stop is lifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.audit import AuditAction
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from contracts.sms.answers import StopScope
from contracts.states import DeliveryState
from store.audit import record
from store.tables import DeliveryRow, SmsStopRow

PROBE_EVERY = timedelta(minutes=1)
"""How often one text tries whether what Doorstep stopped is mended."""

DOORSTEP = "doorstep"
"""Who made a stop that no person made."""

ALL_TEXTS = "all"


@dataclass(frozen=True)
class StopScopes:
    """The scopes that one text is in."""

    partner_id: str
    sender: str
    country: str

    def of(self, kind: StopScope) -> str:
        """The scope of one kind, as it is stored."""
        return {
            StopScope.ACCOUNT: "account",
            StopScope.SENDER: f"sender/{self.sender}",
            StopScope.ROUTE: f"route/{self.sender}/{self.country}",
        }[kind]

    @property
    def all(self) -> tuple[str, ...]:
        """Every scope that would hold it."""
        ours = (ALL_TEXTS, partner_scope(self.partner_id))
        return ours + tuple(self.of(kind) for kind in StopScope)


def partner_scope(partner_id: str) -> str:
    """The scope of all texts of one partner."""
    return f"partner/{partner_id}"


def stop_that_holds(session: Session, scopes: StopScopes, now: datetime) -> SmsStopRow | None:
    """The stop that holds a text, or None when it may go, which may be as a probe.

    It is a probe when nothing but stops of Doorstep's own hold it and their time has come; then
    the next one's time is a while away.
    """
    stops = _in_force(session, scopes.all)
    holding = [one for one in stops if one.probe_at is None or one.probe_at > now]
    if holding:
        return holding[0]
    for stop in stops:
        if not _take_probe(session, stop, now):
            return stop
    return None


def put_stop(
    session: Session,
    scope: str,
    now: datetime,
    *,
    reason: str,
    code: str | None = None,
    made_by: str = DOORSTEP,
    partner_id: str | None = None,
) -> tuple[SmsStopRow, bool]:
    """Stop a scope; gives the stop in force there, and whether it is a new one.

    One that Doorstep makes is probed from a while later on; a person's replaces Doorstep's.
    """
    probe_at = now + PROBE_EVERY if made_by == DOORSTEP else None
    known = next(iter(_in_force(session, [scope])), None)
    if known is not None:
        if made_by != DOORSTEP:
            known.probe_at, known.made_by, known.reason = None, made_by, reason
        return known, False
    stop = SmsStopRow(
        id=new_id(IdKind.SMS_STOP),
        scope=scope,
        partner_id=partner_id,
        reason=reason,
        code=code,
        made_by=made_by,
        created_at=now,
        probe_at=probe_at,
    )
    try:
        with session.begin_nested():
            session.add(stop)
    except IntegrityError:  # somebody else was first
        return _in_force(session, [scope])[0], False
    _record(session, AuditAction.SMS_STOPPED, stop, made_by, now)
    return stop, True


def lift_stop(session: Session, stop_id: str, now: datetime, *, actor: str) -> SmsStopRow:
    """End a stop; what it held is sent again soon. NotFound without it; again, nothing changes."""
    stop = session.get(SmsStopRow, stop_id, with_for_update=True)
    if stop is None:
        raise NotFound(f"no stop {stop_id}")
    if stop.lifted_at is None:
        stop.lifted_at, stop.lifted_by = now, actor
        _record(session, AuditAction.SMS_STARTED, stop, actor, now)
    return stop


def lift_mended(session: Session, scopes: StopScopes, now: datetime) -> None:
    """Twilio took a text: what Doorstep had stopped in its scopes is mended."""
    for stop in _in_force(session, scopes.all):
        if stop.made_by == DOORSTEP:
            lift_stop(session, stop.id, now, actor=DOORSTEP)


def list_stops(session: Session) -> list[tuple[SmsStopRow, int]]:
    """The stops in force, the oldest first, each with how many texts it holds."""
    held = (
        select(col(DeliveryRow.sms_stop_id), func.count())
        .where(col(DeliveryRow.state) == DeliveryState.HELD)
        .where(col(DeliveryRow.sms_stop_id).is_not(None))
        .group_by(col(DeliveryRow.sms_stop_id))
    )
    counts = dict(session.exec(held).all())
    stops = session.exec(
        select(SmsStopRow).where(_IN_FORCE).order_by(col(SmsStopRow.created_at))
    ).all()
    return [(stop, counts.get(stop.id, 0)) for stop in stops]


_IN_FORCE: ColumnElement[bool] = col(SmsStopRow.lifted_at).is_(None)


def _in_force(session: Session, scopes: Sequence[str]) -> list[SmsStopRow]:
    query = select(SmsStopRow).where(_IN_FORCE, col(SmsStopRow.scope).in_(scopes))
    return list(session.exec(query.order_by(col(SmsStopRow.id))))


def _take_probe(session: Session, stop: SmsStopRow, now: datetime) -> bool:
    """Be the probe of a stop, unless another text is it already."""
    taken = session.execute(
        update(SmsStopRow)
        .where(col(SmsStopRow.id) == stop.id, col(SmsStopRow.probe_at) <= now)
        .values(probe_at=now + PROBE_EVERY)
        .returning(col(SmsStopRow.id))
    ).first()
    return taken is not None


def _record(
    session: Session, action: AuditAction, stop: SmsStopRow, actor: str, now: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        object_id=stop.id,
        partner_id=stop.partner_id,
        details={"scope": stop.scope, "code": stop.code},
        now=now,
    )
