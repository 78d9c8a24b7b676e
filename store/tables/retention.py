"""How the jobs of the retention stand, and how far events were dropped."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from contracts.delivery.retention import RetentionJob
from store.tables.columns import Utc, enum_type


class RetentionJobRow(SQLModel, table=True):
    """When a job ended well last, and what it had to leave then: rows that cannot be opened, and
    rows that are kept beyond their time because something of them has not ended."""

    __tablename__ = "retention_jobs"

    job: RetentionJob = Field(sa_column=Column(enum_type(RetentionJob), primary_key=True))
    succeeded_at: datetime = Field(sa_type=Utc)
    unreadable: int = 0
    kept: int = 0


class DroppedEventsRow(SQLModel, table=True):
    """Up to when events of a partner may be gone, by the time of their acceptance: what was counted
    out of them before is not counted anew.

    No foreign key to the partner, which is never deleted.
    """

    __tablename__ = "dropped_events"

    partner_id: str = Field(primary_key=True)
    until: datetime = Field(sa_type=Utc)
