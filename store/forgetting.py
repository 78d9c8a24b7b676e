"""What a database does with values that were replaced."""

from sqlalchemy import text
from sqlmodel import Session


def overwrite_what_is_freed(session: Session) -> None:
    """SQLite leaves old values in its file until it needs the room; not on this connection, from
    now on. PostgreSQL keeps old row versions until it vacuums."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(text("PRAGMA secure_delete = ON"))
