"""What orders are found by. One row for each number, and each word of a customer, of an order: an
order has some five events, each of which is written twice at least; its rows here are written
once."""

from datetime import datetime

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from contracts.payload.search_terms import NumberKind
from store.tables.columns import Utc, enum_type


class OrderNumberRow(SQLModel, table=True):
    """A number that an order has, in the form in which numbers are compared. Sorted by its bytes,
    so that its beginning finds it. `first_at`: when it came."""

    __tablename__ = "order_numbers"
    __table_args__ = (Index("ix_order_numbers", "partner_id", "number", "first_at"),)

    partner_id: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    kind: NumberKind = Field(sa_column=Column(enum_type(NumberKind), primary_key=True))
    number: str = Field(sa_column=Column(String(collation="C"), primary_key=True))
    first_at: datetime = Field(sa_type=Utc)


class CustomerTermRow(SQLModel, table=True):
    """A keyed digest of what an order's customer is found by: the phone, its last four digits, a
    word of the name. Gone when no event of the order is left that says it."""

    __tablename__ = "customer_terms"
    __table_args__ = (Index("ix_customer_terms", "term", "partner_id", "first_at"),)

    partner_id: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    first_at: datetime = Field(sa_type=Utc)
