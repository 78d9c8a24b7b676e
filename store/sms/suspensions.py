"""Stops: what holds texts back until it is lifted, by a person or by Doorstep itself.

A stop has a scope: all texts, a partner's, the account's, a sender's, or those of a sender to a
country. So one customer's foreign number stops nobody else's texts. A stop that Doorstep made is
tried again now and then with one text, the probe; when Twilio takes it, the stop is lifted. One
that came by a callback is lifted by the news that a text was sent: Twilio had taken the others.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.delivery.states import Channel, DeliveryState
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from contracts.sms.answers import SuspensionScope
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.sms.notifications import notify_suspended
from store.tables import DeliveryRow, SmsSuspensionRow

log = logging.getLogger(__name__)

PROBE_EVERY = timedelta(minutes=1)
"""How often one SMS finds out whether what Doorstep suspended works again."""


ALL_TEXTS = "all"


@dataclass(frozen=True)
class SuspensionScopes:
    """The scopes that one text is in."""

    partner_id: str
    sender: str
    country: str

    def of(self, kind: SuspensionScope) -> str:
        """The scope of one kind, as it is stored."""
        return {
            SuspensionScope.ACCOUNT: "account",
            SuspensionScope.SENDER: f"sender/{self.sender}",
            SuspensionScope.ROUTE: f"route/{self.sender}/{self.country}",
        }[kind]

    @property
    def all(self) -> tuple[str, ...]:
        """Every scope that would hold it."""
        ours = (ALL_TEXTS, partner_scope(self.partner_id))
        return ours + tuple(self.of(kind) for kind in SuspensionScope)


@dataclass(frozen=True)
class Gate:
    """What stands in a text's way: the stop that `holds` it, if any, and those that are `due` to be
    tried by a text that nothing holds."""

    holds: SmsSuspensionRow | None
    due: Sequence[SmsSuspensionRow]


def partner_scope(partner_id: str) -> str:
    """The scope of all texts of one partner."""
    return f"partner/{partner_id}"


def check_suspensions(session: Session, scopes: SuspensionScopes, now: datetime) -> Gate:
    """Whether a text may go. Behind a stop that holds, those that are due wait for a while."""
    suspensions = _in_force(session, scopes.all)
    holding = [one for one in suspensions if one.probe_at is None or one.probe_at > now]
    due = [one for one in suspensions if one not in holding]
    if holding:
        for suspension in due:
            _take_probe(session, suspension, now)
    return Gate(holding[0] if holding else None, due)


def suspension_in_force(session: Session, scopes: SuspensionScopes) -> SmsSuspensionRow | None:
    """A stop that a text is in the scope of, if any; for a text that tries none of them."""
    return next(iter(_in_force(session, scopes.all)), None)


def become_probe(session: Session, gate: Gate, now: datetime) -> SmsSuspensionRow | None:
    """Be the text that tries every stop that is due; the stop of which another one is it already,
    or None when this one may go. Asked last, by a text that nothing else keeps back."""
    for suspension in gate.due:
        if not _take_probe(session, suspension, now):
            return suspension
    return None


def suspend(
    session: Session,
    scope: str,
    now: datetime,
    *,
    reason: str,
    code: str | None = None,
    made_by: str = DOORSTEP,
    partner_id: str | None = None,
    by_callback: bool = False,
) -> SmsSuspensionRow:
    """Stop a scope; gives the stop in force there, which may have been there before.

    Ops is told of it, and of a partner's own the partner. One that Doorstep makes is probed from a
    while later on; a person's takes the place of Doorstep's, and stays until a person lifts it.
    """
    known = next(iter(_in_force(session, [scope])), None)
    if known is not None:
        return _confirmed(session, known, reason, made_by, now)
    suspension = SmsSuspensionRow(
        id=new_id(IdKind.SMS_SUSPENSION),
        scope=scope,
        partner_id=partner_id,
        reason=reason,
        code=code,
        made_by=made_by,
        by_callback=by_callback,
        created_at=now,
        probe_at=now + PROBE_EVERY if made_by == DOORSTEP else None,
    )
    try:
        with session.begin_nested():
            session.add(suspension)
    except IntegrityError:  # somebody else was first
        return _in_force(session, [scope])[0]
    _record(session, AuditAction.SMS_SUSPENDED, suspension, made_by, now)
    notify_suspended(session, suspension, now)
    if made_by == DOORSTEP:
        said = "texts are stopped for %s (%s): %s"
        log.error(said, scope, code, reason, extra=_whose(suspension))
    return suspension


def lift_suspension(
    session: Session, suspension_id: str, now: datetime, *, actor: str
) -> SmsSuspensionRow:
    """End a stop; what it held is sent again soon. NotFound without it; again, nothing changes."""
    suspension = session.get(
        SmsSuspensionRow, suspension_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if suspension is None:
        raise NotFound(f"no stop {suspension_id}")
    if suspension.lifted_at is None:
        suspension.lifted_at, suspension.lifted_by = now, actor
        _record(session, AuditAction.SMS_RESUMED, suspension, actor, now)
        if suspension.made_by == DOORSTEP:
            log.info("texts go out again for %s", suspension.scope, extra=_whose(suspension))
    return suspension


def lift_mended(
    session: Session,
    scopes: SuspensionScopes,
    now: datetime,
    *,
    claimed_at: datetime,
    by_callback: bool = False,
) -> None:
    """A text went through: what Doorstep had stopped in its scopes before it was claimed is mended.

    `by_callback`: the news that it was sent, which mends the other stops as well.
    """
    for suspension in _in_force(session, scopes.all):
        older = suspension.made_by == DOORSTEP and suspension.created_at <= claimed_at
        if older and (by_callback or not suspension.by_callback):
            lift_suspension(session, suspension.id, now, actor=DOORSTEP)


def list_suspensions(session: Session) -> list[tuple[SmsSuspensionRow, int]]:
    """The stops in force, the oldest first, each with how many texts it holds."""
    held = (
        select(col(DeliveryRow.sms_suspension_id), func.count())
        .where(
            col(DeliveryRow.state) == DeliveryState.HELD,
            col(DeliveryRow.channel) == Channel.SMS,
            col(DeliveryRow.sms_suspension_id).is_not(None),
        )
        .group_by(col(DeliveryRow.sms_suspension_id))
    )
    counts = dict(session.exec(held).all())
    suspensions = session.exec(
        select(SmsSuspensionRow).where(_IN_FORCE).order_by(col(SmsSuspensionRow.created_at))
    ).all()
    return [(suspension, counts.get(suspension.id, 0)) for suspension in suspensions]


_IN_FORCE: ColumnElement[bool] = col(SmsSuspensionRow.lifted_at).is_(None)


def _in_force(session: Session, scopes: Sequence[str]) -> list[SmsSuspensionRow]:
    query = select(SmsSuspensionRow).where(_IN_FORCE, col(SmsSuspensionRow.scope).in_(scopes))
    return list(session.exec(query.order_by(col(SmsSuspensionRow.id))))


def _confirmed(
    session: Session, known: SmsSuspensionRow, reason: str, made_by: str, now: datetime
) -> SmsSuspensionRow:
    """A stop that is in force already, for one more reason."""
    if made_by == DOORSTEP:
        _take_probe(session, known, now)  # it was tried just now
    elif known.made_by == DOORSTEP:
        known.probe_at, known.made_by, known.reason, known.code = None, made_by, reason, None
        _record(session, AuditAction.SMS_SUSPENDED, known, made_by, now)
    return known


def _take_probe(session: Session, suspension: SmsSuspensionRow, now: datetime) -> bool:
    """Put off the next probe of a stop; False when another text has done so already."""
    taken = session.execute(
        update(SmsSuspensionRow)
        .where(col(SmsSuspensionRow.id) == suspension.id, col(SmsSuspensionRow.probe_at) <= now)
        .values(probe_at=now + PROBE_EVERY)
        .returning(col(SmsSuspensionRow.id))
    ).first()
    return taken is not None


def _whose(suspension: SmsSuspensionRow) -> dict[str, str]:
    """What log lines about it carry as fields."""
    return {"partner_id": suspension.partner_id} if suspension.partner_id else {}


def _record(
    session: Session, action: AuditAction, suspension: SmsSuspensionRow, actor: str, now: datetime
) -> None:
    record_change(
        session,
        action,
        suspension,
        actor,
        now,
        {"scope": suspension.scope, "code": suspension.code},
    )
