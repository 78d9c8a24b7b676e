"""Answers that are kept for a repeat of the same request."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class IdempotencyKeyRow(SQLModel, table=True):
    """One request that had an `Idempotency-Key`. `key` is a digest of who asked, for what, with
    which key; `request` of the body. `answer` is encrypted: it has a secret in it."""

    __tablename__ = "idempotency_keys"

    key: str = Field(primary_key=True)
    request: str
    answer: str | None
    expires_at: datetime = Field(sa_type=Utc, index=True)
