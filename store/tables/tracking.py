"""Tracking pages: the link of each order, and the partners' logos."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class TrackingLinkRow(SQLModel, table=True):
    """The link to an order's tracking page; `is_test`: to that of the order's test events.

    The token itself is a keyed digest of the order and `generation`, made again for each text that
    has it, and is not kept: `token_hash` is its SHA-256. A new generation replaces a revoked one.
    `ends_at` is when it ends by what was known when the row was made: then its order's last event
    is looked at again (`store.tracking.links`).

    No foreign key to the partner, for the reason that events have none.
    """

    __tablename__ = "tracking_links"
    __table_args__ = (
        Index("uq_tracking_links_order", "partner_id", "order_id", "is_test", unique=True),
        Index("ix_tracking_links_ends_at", "ends_at"),
    )

    token_hash: str = Field(primary_key=True)
    partner_id: str
    order_id: str
    is_test: bool
    generation: int
    created_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
    ends_at: datetime = Field(sa_type=Utc)


class PartnerLogoRow(SQLModel, table=True):
    """A partner's logo as it is served: checked, and without metadata. `digest`, of its bytes, is
    its address, so that browsers may keep what they have."""

    __tablename__ = "partner_logos"

    partner_id: str = Field(foreign_key="partners.id", primary_key=True)
    digest: str = Field(index=True)
    media_type: str
    content: bytes
    changed_at: datetime = Field(sa_type=Utc)
