"""Replace the index key: every stored digest is keyed once more, with a key that nobody has yet.

While that goes on, no process makes or looks up a digest: each finds `next-index` there and answers
that the store is away for a moment, so that nothing is compared with a digest of the other key.
Every batch is a transaction of its own; one that was stopped is gone on with by the next run.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, delete, not_, update
from sqlmodel import Session, SQLModel, col, select

from contracts.errors import StoreUnavailable
from store.encryption.sealing import (
    INDEX_KEY_NAME,
    LINK_KEY_NAME,
    NEXT_INDEX_KEY_NAME,
    IndexKeys,
    keyed_again,
    read_secrets,
    sealed_secrets,
)
from store.tables import (
    BudgetRow,
    InstructionTextRow,
    LoginThrottleRow,
    OptOutLinkRow,
    PasswordResetRequestRow,
    PhoneCheckRow,
    SealedKeyRow,
    SignInLinkRow,
    TrackingLinkRow,
)

_KEY_BYTES = 32


@dataclass(frozen=True)
class IndexedColumn:
    """One column of keyed digests, the key of its rows, and which index keys it is made with. A
    digest that is its rows' key is changed in all of them at once."""

    table: str
    row_key: str
    column: str
    keys: Callable[[IndexKeys], tuple[bytes, ...]]


INDEXED = (
    IndexedColumn("events", "event_id", "customer_phone_index", lambda keys: keys.phones),
    IndexedColumn("events", "event_id", "body_digest", lambda keys: keys.bodies),
    IndexedColumn("customer_terms", "term", "term", lambda keys: keys.phones),
    IndexedColumn("sms_messages", "id", "to_phone_index", lambda keys: keys.phones),
    IndexedColumn("deliveries", "id", "corrected_phone_index", lambda keys: keys.phones),
    IndexedColumn("instructions", "id", "phone_index", lambda keys: keys.phones),
    IndexedColumn("sms_opt_outs", "id", "phone_index", lambda keys: keys.phones),
    IndexedColumn("users", "id", "email_index", lambda keys: keys.emails),
    IndexedColumn("users", "id", "removed_email_index", lambda keys: keys.emails),
    IndexedColumn("recovery_codes", "digest", "digest", lambda keys: keys.codes),
    IndexedColumn("users", "id", "identity_index", lambda keys: keys.identities),
)
"""Every column of digests that last. Those in the audit log stay: what it says does not change."""

_SHORT_LIVED: tuple[type[SQLModel], ...] = (
    BudgetRow,
    OptOutLinkRow,
    PhoneCheckRow,
    LoginThrottleRow,
    PasswordResetRequestRow,
    SignInLinkRow,
    TrackingLinkRow,
)
"""Tables whose rows are made from digests, or are links that can be forged with a leaked key."""


def begin_reindexing(session: Session) -> None:
    """Make the next index key, unless one is there from a run that was stopped."""
    if session.get(SealedKeyRow, NEXT_INDEX_KEY_NAME) is not None:
        return
    secrets = [*read_secrets(session, INDEX_KEY_NAME), os.urandom(_KEY_BYTES)]
    sealed = sealed_secrets(session, NEXT_INDEX_KEY_NAME, secrets)
    session.add(SealedKeyRow(name=NEXT_INDEX_KEY_NAME, sealed=sealed))


@dataclass(frozen=True)
class Reindexed:
    """One batch: how many digests, and the row after which the next begins."""

    done: int
    last: str | None


def reindex_batch(
    session: Session, column: IndexedColumn, *, after: str | None, limit: int
) -> Reindexed:
    """Key the next digests of a column once more, in the order of their rows. Run until none is
    done: what was done in a run before is passed over."""
    secrets = read_secrets(session, NEXT_INDEX_KEY_NAME)
    generation = len(secrets)
    key = column.keys(IndexKeys.derived_from(secrets, b""))[-1]
    table = _table(column)
    row_key, value = table.c[column.row_key], table.c[column.column]
    query = select(row_key, value).where(_is_stale(value, generation)).order_by(row_key)
    if after is not None:
        query = query.where(row_key > after)
    rows = session.execute(query.limit(limit).with_for_update(key_share=True)).all()
    for row_id, stored in rows:
        change = {column.column: keyed_again(key, generation, stored)}
        session.execute(update(table).where(row_key == row_id, value == stored).values(change))
    return Reindexed(len(rows), rows[-1][0] if rows else None)


def end_reindexing(session: Session) -> None:
    """Let the next index key be the one in force, with a new key for links."""
    for column in INDEXED:
        if reindex_batch(session, column, after=None, limit=1).done:
            raise StoreUnavailable("a process still works with the old index key: run this again")
    secrets = read_secrets(session, NEXT_INDEX_KEY_NAME)
    row = session.get_one(SealedKeyRow, INDEX_KEY_NAME)
    row.sealed = sealed_secrets(session, INDEX_KEY_NAME, secrets)
    session.delete(session.get_one(SealedKeyRow, NEXT_INDEX_KEY_NAME))
    replace_link_key(session)
    for short_lived in _SHORT_LIVED:
        session.execute(delete(short_lived))
    has_code = col(InstructionTextRow.code_digest).is_not(None)
    session.execute(update(InstructionTextRow).where(has_code).values(code_digest=None))


def replace_link_key(session: Session) -> None:
    """End every link that is out: invitations, links from the portal, links to opt out and to
    tracking pages. The next text to a customer has a new one."""
    row = session.get_one(SealedKeyRow, LINK_KEY_NAME)
    row.sealed = sealed_secrets(session, LINK_KEY_NAME, [os.urandom(_KEY_BYTES)])
    session.execute(delete(OptOutLinkRow))
    session.execute(delete(TrackingLinkRow))
    session.execute(delete(SignInLinkRow).where(col(SignInLinkRow.used_at).is_(None)))


def _is_stale(value: ColumnElement[str], generation: int) -> ColumnElement[bool]:
    """Of an older generation."""
    return and_(value.is_not(None), not_(value.startswith(f"{generation}:")))


def _table(column: IndexedColumn) -> Table:
    return SQLModel.metadata.tables[column.table]
