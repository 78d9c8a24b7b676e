"""How the checks that look for something to tell stand."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from contracts.notifications.kinds import NotificationKind
from store.tables.columns import Utc, enum_type


class NotificationCheckRow(SQLModel, table=True):
    """When a check for notifications of a kind began last, and when one last went through all that
    there was; null: never."""

    __tablename__ = "notification_checks"

    kind: NotificationKind = Field(sa_column=Column(enum_type(NotificationKind), primary_key=True))
    begun_at: datetime = Field(sa_type=Utc)
    succeeded_at: datetime | None = Field(default=None, sa_type=Utc)
