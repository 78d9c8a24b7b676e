"""Recoveries: an endpoint's held and dead-lettered deliveries, sent again, many at once."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.delivery.recoveries import RecoveryState
from store.tables.columns import Utc, enum_type

_RUNNING = text("state = 'running'")


class RecoveryRow(SQLModel, table=True):
    """One recovery. `states` and `event_types` (null: every type), `since` and `until` (by the time
    the delivery was made) say what it sends again. `found` counts what there was when it began,
    `asked` what was sent again so far. `reason` says in words why it stopped. At most one runs for
    an endpoint. `stepped_at` is when it was carried on last. Nothing that it is to send was made
    before `reached`; null: that has to be looked for from the start.
    """

    __tablename__ = "recoveries"
    __table_args__ = (
        Index(
            "uq_recoveries_running",
            "endpoint_id",
            unique=True,
            postgresql_where=_RUNNING,
        ),
        Index("ix_recoveries_endpoint", "endpoint_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True)
    endpoint_id: str = Field(foreign_key="endpoints.id")
    partner_id: str = Field(foreign_key="partners.id")
    state: RecoveryState = Field(sa_column=Column(enum_type(RecoveryState), nullable=False))
    reason: str | None = None
    automatic: bool
    states: list[str] = Field(sa_column=Column(JSON(), nullable=False))
    event_types: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    since: datetime | None = Field(default=None, sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    found: int
    asked: int = 0
    made_by: str
    created_at: datetime = Field(sa_type=Utc)
    stepped_at: datetime | None = Field(default=None, sa_type=Utc)
    reached: datetime | None = Field(default=None, sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
