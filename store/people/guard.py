"""The guard against guessing passwords: so many wrong ones in a while, and nobody gets in.

An address counts whether somebody has it or not, so that the answer tells nothing. One client may
be wrong more often, since many people share an address behind a router (OWASP, Authentication
Cheat Sheet, "Account Lockout").
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from store.sealing import email_index
from store.tables import SignInGuardRow

LOCKED_FOR = timedelta(minutes=15)
MOST_OF_ADDRESS, MOST_OF_CLIENT = 5, 50


def is_locked(session: Session, email: str, client: str, now: datetime) -> bool:
    """Whether so many passwords were wrong lately that none is looked at now."""
    query = select(SignInGuardRow).where(col(SignInGuardRow.key).in_(_keys(session, email, client)))
    of_address, _ = _keys(session, email, client)
    return any(
        row.since > now - LOCKED_FOR and row.failures >= _most(row.key == of_address)
        for row in session.exec(query)
    )


def note_failure(session: Session, email: str, client: str, now: datetime) -> None:
    """Count a wrong password, and forget the counts of long ago."""
    session.execute(delete(SignInGuardRow).where(col(SignInGuardRow.since) <= now - LOCKED_FOR))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert: Any = sqlite_insert if is_sqlite else postgresql_insert
    for key in sorted(_keys(session, email, client)):  # always in one order: no deadlock
        first = insert(SignInGuardRow).values(key=key, failures=1, since=now)
        one_more = {"failures": col(SignInGuardRow.failures) + 1}
        session.execute(first.on_conflict_do_update(index_elements=["key"], set_=one_more))


def forgive(session: Session, email: str) -> None:
    """The password was right: the address's wrong ones no longer count."""
    of_address, _ = _keys(session, email, "")
    session.execute(delete(SignInGuardRow).where(col(SignInGuardRow.key) == of_address))


def _keys(session: Session, email: str, client: str) -> Sequence[str]:
    """Keyed, both of them: who reads the table learns neither addresses nor clients."""
    return (
        f"address:{email_index(session, email.strip().lower())}",
        f"client:{email_index(session, client)}",
    )


def _most(of_address: bool) -> int:
    return MOST_OF_ADDRESS if of_address else MOST_OF_CLIENT
