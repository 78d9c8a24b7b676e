"""API keys, and the log of who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from contracts.access.audit import AuditAction
from contracts.access.callers import Scope
from store.tables.columns import Utc, enum_type


class ApiKeyRow(SQLModel, table=True):
    """One API key. The key itself is not here: `digest` is its SHA-256, `prefix` its shown part.

    `partner_id` is set for the scope `partner` and only then.
    """

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True)
    prefix: str = Field(unique=True)
    digest: str
    scope: Scope = Field(sa_column=Column(enum_type(Scope), nullable=False))
    partner_id: str | None = Field(default=None, foreign_key="partners.id", index=True)
    label: str
    created_at: datetime = Field(sa_type=Utc)
    created_by: str
    expires_at: datetime | None = Field(default=None, sa_type=Utc)
    last_used_at: datetime | None = Field(default=None, sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


class AuditEntryRow(SQLModel, table=True):
    """One change: who (`actor`, the id of a key) did what to which thing, and when.

    `details` has ids, states and toggles, never a secret or anything personal. Written in the
    transaction of the change; nothing in the product changes or deletes an entry.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at", "id"),
        Index("ix_audit_entries_partner", "partner_id", "at", "id"),
        Index("ix_audit_entries_kind", "partner_id", "object_kind", "at", "id"),
        Index("ix_audit_entries_object", "object_id", "at", "id"),
    )

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    actor: str
    action: AuditAction = Field(sa_column=Column(enum_type(AuditAction), nullable=False))
    object_kind: str
    object_id: str
    partner_id: str | None = Field(default=None)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
