"""Restores of the database from a backup."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class RestoreRow(SQLModel, table=True):
    """One restore. What happened after the backup and until `lost_until` is forgotten: a text that
    may have gone out then is not sent again."""

    __tablename__ = "restores"

    restored_at: datetime = Field(primary_key=True, sa_type=Utc)
    lost_until: datetime = Field(sa_type=Utc)
