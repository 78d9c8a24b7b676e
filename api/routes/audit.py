"""`/v1/audit`: who changed what, and when."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.dependencies import Store
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.queries import PageQuery, QueryTime, ShortText
from api.rows import view_of
from contracts.access.audit import AuditAction
from contracts.ids import AuditEntryRef, PartnerRef
from contracts.payload.fields import UtcDatetime
from store.access import audit
from store.access.audit import AuditFilter
from store.db.keyset import Position

router = APIRouter(route_class=JsonRoute, prefix="/v1/audit", tags=["audit"])


class AuditQuery(PageQuery):
    """The log's filters; all that are set must hold."""

    partner_id: ShortText | None = Field(default=None, examples=["chai-point"])
    object_id: ShortText | None = None
    since: QueryTime | None = None
    until: QueryTime | None = None

    def as_filter(self) -> AuditFilter:
        """The filter that the store understands."""
        return AuditFilter(
            partner_id=self.partner_id,
            object_id=self.object_id,
            since=self.since,
            until=self.until,
        )


class AuditEntryView(BaseModel):
    """One change."""

    id: AuditEntryRef
    at: UtcDatetime
    actor: str = Field(
        description="the id of a key, `operator` for the key from the settings, `command_line`, "
        "`customer` for somebody who opted out by the link in a text, or `doorstep` for what "
        "nobody asked for, such as a suspension",
        examples=["operator"],
    )
    action: AuditAction
    object_kind: str = Field(examples=["partner"])
    object_id: PartnerRef
    partner_id: PartnerRef | None
    details: dict[str, Any] = Field(
        description="ids, states and toggles, never a secret or anything personal",
        examples=[{"tier": "growth"}],
    )


class AuditPage(Page[AuditEntryView]):
    """A page of the log, the newest first; `next_cursor` is null on the last one."""


@router.get("", summary="Read the audit log")
async def list_audit_entries(
    database: Store, caller: OpsOrPartner, wanted: Annotated[AuditQuery, Query()]
) -> AuditPage:
    """Who changed what, the newest first, in pages; a partner's key reads its own partner's.

    `since` is inclusive, `until` is not. An entry is written with its change, in one transaction;
    `delivery.retry_asked` is written before Temporal is asked.
    """
    rows = await database.read(
        audit.list_entries,
        wanted.as_filter(),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: Position(row.at, row.id))
    return AuditPage(items=[view_of(AuditEntryView, row) for row in page], next_cursor=following)
