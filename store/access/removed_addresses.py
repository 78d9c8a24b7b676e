"""Addresses of people who were removed from ops, as keyed digests: the identity provider may go on
to say that they are of ops, and its word makes them no other account. An invitation does."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.access.users import Role
from store.tables import UserRow


def forget_address(user: UserRow) -> None:
    """Of somebody who is removed; the digest stays where they were of ops."""
    if user.role is Role.OPS:
        user.removed_email_index = user.email_index
    user.email = user.email_index = None


def was_removed_from_ops(session: Session, index: str) -> bool:
    """Whether somebody with this address was, and was not invited since."""
    query = select(UserRow.id).where(col(UserRow.removed_email_index) == index)
    return session.exec(query.limit(1)).first() is not None


def want_again(session: Session, index: str) -> None:
    """Ops have invited whoever has this address."""
    whose = col(UserRow.removed_email_index) == index
    session.execute(update(UserRow).where(whose).values(removed_email_index=None))
