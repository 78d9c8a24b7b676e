"""What people are told by mail when an account, a key or where things go to has changed."""

from datetime import datetime

from pydantic import JsonValue
from sqlmodel import Session

from contracts.notifications.kinds import NotificationKind
from store.access.actors import ActorKind, actors_of
from store.notifications.notify import notify

_NAMED = (ActorKind.USER, ActorKind.KEY, ActorKind.PORTAL)


def notify_of_change(
    session: Session,
    kind: NotificationKind,
    now: datetime,
    *,
    actor: str,
    partner_id: str | None,
    user_id: str | None = None,
    endpoint_id: str | None = None,
    secret: str | None = None,
    **what: JsonValue,
) -> None:
    """Have whom it concerns told what was changed, and by whom: `by` in what they are told, which
    is null for operations."""
    notify(
        session,
        kind,
        now,
        partner_id=partner_id,
        user_id=user_id,
        endpoint_id=endpoint_id,
        about={"by": _name_of(session, actor, partner_id), **what},
        secret=secret,
    )


def _name_of(session: Session, actor: str, partner_id: str | None) -> str | None:
    """Who it was, as those who are told may read it: to a partner's people, whoever is not of their
    own is operations."""
    who = actors_of(session, [actor])[actor]
    return who.name if who.kind in _NAMED and who.partner_id == partner_id else None
