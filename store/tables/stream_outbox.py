"""The moves of dead letters: what the mirror in Redis still has to write, or has just written."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.delivery.dead_letter_stream import QueueChange
from store.tables.columns import Utc, enum_type

_WAITING = text("stream_ms IS NULL")
_IN_STREAM = text("stream_ms IS NOT NULL")


class QueueChangeRow(SQLModel, table=True):
    """A dead letter that entered the queue or left it, written in that very transaction.

    `number` grows, so that an exit comes after its entry. `stream_ms` and `stream_seq` are the two
    halves of the id that Redis gave the entry; null while it waits for the mirror.
    """

    __tablename__ = "dead_letter_changes"
    __table_args__ = (
        Index(
            "ix_dead_letter_changes_waiting",
            "number",
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_dead_letter_changes_in_stream",
            "stream_ms",
            "stream_seq",
            postgresql_where=_IN_STREAM,
        ),
    )

    number: int | None = Field(
        default=None,
        sa_column=Column(BigInteger(), primary_key=True),
    )
    dead_letter_id: str = Field(foreign_key="dead_letters.id", index=True)
    change: QueueChange = Field(sa_column=Column(enum_type(QueueChange), nullable=False))
    changed_at: datetime = Field(sa_type=Utc)
    stream_ms: int | None = Field(default=None, sa_type=BigInteger)
    stream_seq: int | None = Field(default=None, sa_type=BigInteger)
