"""Outcomes by partner and day, how far events were looked through, calls, baselines."""

import datetime as dt
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Table,
    text,
)
from sqlmodel import Field, SQLModel

from contracts.outcomes.baselines import BaselineSource
from contracts.outcomes.counts import COUNTED
from store.tables.columns import Utc, enum_type

OUTCOME_DAYS = Table(
    "outcome_days",
    SQLModel.metadata,
    Column("partner_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("time_zone", String, nullable=False),
    Column("due_at", Utc),
    Column("counted_at", Utc),
    *(Column(name, Integer, nullable=False, server_default=text("0")) for name in COUNTED),
    Column("propagation_buckets", ARRAY(SmallInteger)),
    Column("propagation_counts", ARRAY(Integer)),
    Index("ix_outcome_days_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_outcome_days_day", "day"),
)
"""One row for each day on which a partner's events were accepted; the counts are those of
`contracts/outcomes/counts.py`. It stays when events are erased or dropped.

`time_zone` is that of the partner when it was counted. `due_at` is when it is counted anew; null:
nothing of the day can change any more by itself. `counted_at` null: not counted yet. The two arrays
say how many webhooks took how long, bucket by bucket, those that have none left out.

No foreign key to the partner, which is never deleted.
"""


class OutcomeProgressRow(SQLModel, table=True):
    """Up to when accepted events, and instructions, were looked through for days that change."""

    __tablename__ = "outcome_progress"

    name: str = Field(primary_key=True)
    seen_until: datetime = Field(sa_type=Utc)


class WismoCallsRow(SQLModel, table=True):
    """How many customers of a partner called on a day to ask where their order is."""

    __tablename__ = "wismo_calls"
    __table_args__ = (Index("ix_wismo_calls_day", "day"),)

    partner_id: str = Field(foreign_key="partners.id", primary_key=True)
    day: dt.date = Field(primary_key=True)
    calls: int
    given_by: str
    given_at: datetime = Field(sa_type=Utc)


class OutcomeBaselineRow(SQLModel, table=True):
    """What a figure of a partner was before, from a first to a last day.

    `value` is of these days together. Numerator and denominator are those it was measured by.
    """

    __tablename__ = "outcome_baselines"

    partner_id: str = Field(foreign_key="partners.id", primary_key=True)
    figure: str = Field(primary_key=True)
    value: Decimal = Field(sa_type=Numeric)
    numerator: Decimal | None = Field(default=None, sa_type=Numeric)
    denominator: int | None = None
    first_day: dt.date
    last_day: dt.date
    source: BaselineSource = Field(sa_column=Column(enum_type(BaselineSource), nullable=False))
    given_by: str
    given_at: datetime = Field(sa_type=Utc)
