"""Who is signed in: one's own sessions, those of a partner's people and of its visitors from the
portal, and the way to end them."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.users import SESSION_IDLE_FOR
from contracts.errors import NotFound
from store.access.audit import record
from store.access.sessions import end_session
from store.tables import SessionRow


def sessions_of(session: Session, user_id: str, now: datetime) -> list[SessionRow]:
    """The sessions of somebody that have not ended, the latest first."""
    return _open(session, now, col(SessionRow.user_id) == user_id)


def sessions_at(session: Session, partner_id: str | None, now: datetime) -> list[SessionRow]:
    """The sessions at a partner, or at ops, that have not ended: of its people, and of visitors
    from the merchant portal, who have no user."""
    whose = col(SessionRow.partner_id)
    return _open(session, now, whose.is_(None) if partner_id is None else whose == partner_id)


def end_own_session(session: Session, session_id: str, user_id: str) -> None:
    """Sign oneself out somewhere else. NotFound for anybody else's session."""
    row = session.get(SessionRow, session_id)
    if row is None or row.user_id != user_id:
        raise NotFound(f"no session {session_id}")
    end_session(session, row.id)


def end_session_at(
    session: Session, session_id: str, now: datetime, *, actor: str, partner_id: str | None
) -> None:
    """Sign somebody out at once, at a partner or at ops. NotFound for a session elsewhere."""
    row = session.get(SessionRow, session_id)
    if row is None or row.partner_id != partner_id:
        raise NotFound(f"no session {session_id}")
    end_session(session, row.id)
    of_portal = row.user_id is None
    action = AuditAction.PORTAL_SESSION_ENDED if of_portal else AuditAction.USER_SIGNED_OUT
    record(
        session,
        actor=actor,
        action=action,
        object_id=row.user_id or row.id,
        partner_id=partner_id,
        now=now,
    )


def _open(session: Session, now: datetime, whose: ColumnElement[bool]) -> list[SessionRow]:
    query = (
        select(SessionRow)
        .where(
            whose,
            col(SessionRow.expires_at) > now,
            col(SessionRow.seen_at) > now - SESSION_IDLE_FOR,
        )
        .order_by(col(SessionRow.created_at).desc())
    )
    return list(session.exec(query))
