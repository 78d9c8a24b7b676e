"""What somebody does not want to be told: the kinds that they have switched off for themselves."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.errors import Invalid
from contracts.notifications.kinds import RULES, NotificationKind
from store.tables import NotificationChoiceRow


def switched_off(session: Session, user_id: str) -> set[NotificationKind]:
    """The kinds that somebody is not told of."""
    row = NotificationChoiceRow
    return {one.kind for one in session.exec(select(row).where(col(row.user_id) == user_id))}


def choose(
    session: Session, user_id: str, kind: NotificationKind, now: datetime, *, wanted: bool
) -> None:
    """Tell somebody of a kind, or of it no more: from what is told next on. Invalid for a kind that
    nobody may switch off."""
    if not RULES[kind].optional:
        raise Invalid(f"{kind} cannot be switched off", field="kind")
    row = NotificationChoiceRow
    if wanted:
        is_it = (col(row.user_id) == user_id, col(row.kind) == kind)
        session.execute(delete(row).where(*is_it))
        return
    values = {"user_id": user_id, "kind": kind, "switched_off_at": now}
    session.execute(insert(row).values(**values).on_conflict_do_nothing())
