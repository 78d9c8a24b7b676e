"""Budgets: how often something was done in a while, where only so much of it is allowed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class BudgetRow(SQLModel, table=True):
    """One budget that is being used: `used` times since it began, and it ends at `until`."""

    __tablename__ = "budgets"

    key: str = Field(primary_key=True)
    used: int
    until: datetime = Field(sa_type=Utc, index=True)
