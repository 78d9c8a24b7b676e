"""Requests that may be repeated: done once for an `Idempotency-Key`, with the same answer after.

The key's row is inserted in the transaction of the change, so that of two requests at once the
second waits for the first. One that failed has left no row, and may be repeated until it succeeds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.errors import Conflict
from store.encryption.columns import IDEMPOTENT_ANSWER
from store.encryption.sealing import open_sealed, seal
from store.tables import IdempotencyKeyRow

KEPT_FOR = timedelta(hours=24)
_FORGOTTEN_AT_ONCE = 100

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Repeatable:
    """A request that may come again: digests of who asked for what with which key, and of what was
    in its body."""

    key: str
    request: str


def answer_before(
    session: Session, asked: Repeatable | None, kind: type[Answer], now: datetime
) -> Answer | None:
    """The answer that this request had before, if it had one. Conflict for another request with the
    same key."""
    row = None if asked is None else session.get(IdempotencyKeyRow, asked.key)
    if asked is None or row is None or row.expires_at <= now or row.answer is None:
        return None
    if row.request != asked.request:
        raise Conflict("this Idempotency-Key was used for another request: make a new one")
    return kind.model_validate_json(open_sealed(session, IDEMPOTENT_ANSWER, row.answer, row.key))


def once(
    session: Session,
    asked: Repeatable | None,
    kind: type[Answer],
    work: Callable[[Session], Answer],
    now: datetime,
) -> Answer:
    """Do something, and keep its answer for a day; a repeat is given that answer, and nothing is
    done."""
    if asked is None:
        return work(session)
    _forget_ended(session, now)
    values = {"request": asked.request, "answer": None, "expires_at": now + KEPT_FOR}
    first = insert(IdempotencyKeyRow).values(key=asked.key, **values)
    session.execute(
        first.on_conflict_do_update(
            index_elements=["key"], set_=values, where=col(IdempotencyKeyRow.expires_at) <= now
        )
    )
    before = answer_before(session, asked, kind, now)
    if before is not None:
        return before
    answer = work(session)
    row = session.get_one(IdempotencyKeyRow, asked.key)
    row.answer = seal(session, IDEMPOTENT_ANSWER, answer.model_dump_json(), asked.key)
    return answer


def _forget_ended(session: Session, now: datetime) -> None:
    """Rows that somebody else is using are left to them: no two wait for each other."""
    ended = select(IdempotencyKeyRow.key).where(col(IdempotencyKeyRow.expires_at) <= now)
    free = ended.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True, key_share=True)
    session.execute(delete(IdempotencyKeyRow).where(col(IdempotencyKeyRow.key).in_(free)))
