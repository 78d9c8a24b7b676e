"""The language in which somebody reads the dashboard."""

from sqlalchemy import update
from sqlmodel import Session, col

from store.tables import SessionRow, UserRow


def choose_language(session: Session, session_id: str, user_id: str | None, language: str) -> None:
    """Keep it with the user and all their sessions; of somebody from the portal with the session,
    which is all that there is of them."""
    whose = col(SessionRow.id) == session_id
    if user_id is not None:
        whose = col(SessionRow.user_id) == user_id
        session.execute(update(UserRow).where(col(UserRow.id) == user_id).values(language=language))
    session.execute(update(SessionRow).where(whose).values(language=language))
