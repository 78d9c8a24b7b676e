"""Who changed what: of one partner, and of all for ops."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session, col, select

from api.cursors import read_cursor, write_cursor
from dashboard.changes import change_said
from dashboard.page_context import OpsPage, PageContext, PartnerPage
from store.access.actors import Actor, actors_of
from store.access.audit import AuditFilter, list_entries
from store.db.keyset import Position
from store.tables import AuditEntryRow, PartnerRow

router = APIRouter()

Cursor = Annotated[str | None, Query(max_length=300)]
_KINDS = ("endpoint", "key", "user", "partner", "template")
"""What a partner's log is narrowed to: each is found by an index, however much else was changed."""
Kind = Annotated[Literal["endpoint", "key", "user", "partner", "template"] | None, Query()]
_ON_A_PAGE = 50


@dataclass(frozen=True)
class _Entries:
    """A page of the log, with the names of everybody in it."""

    rows: list[AuditEntryRow]
    actors: Mapping[str, Actor]
    partners: Mapping[str, str]


@router.get("/p/{partner_id}/audit")
async def changes_of_partner(
    context: PartnerPage, about: Kind = None, cursor: Cursor = None
) -> Response:
    """What was changed for this partner, the newest first: all of it, or of one kind of thing."""
    return await _changes(context, context.owner, cursor, about)


@router.get("/ops/audit")
async def changes_of_all(context: OpsPage, cursor: Cursor = None) -> Response:
    """What was changed anywhere, the newest first."""
    return await _changes(context, None, cursor)


async def _changes(
    context: PageContext, owner: str | None, cursor: str | None, about: str | None = None
) -> Response:
    found = await context.read(_entries, owner, about, read_cursor(cursor))
    rows, more = found.rows[:_ON_A_PAGE], len(found.rows) > _ON_A_PAGE
    to_ops = context.viewer.is_ops
    return context.page(
        "audit",
        changes=[change_said(context.words, row, found.actors, to_ops=to_ops) for row in rows],
        partners=found.partners,
        kinds=[(_place(context, kind), kind, kind == about) for kind in (None, *_KINDS)],
        cursor=cursor,
        next_cursor=write_cursor(Position(rows[-1].at, rows[-1].id)) if more else None,
    )


def _place(context: PageContext, kind: str | None) -> str:
    return context.same_page(about=kind, cursor=None)


def _entries(
    session: Session, owner: str | None, about: str | None, after: Position | None
) -> _Entries:
    wanted = AuditFilter(object_kind=about)
    rows = list_entries(session, wanted, owner=owner, after=after, limit=_ON_A_PAGE + 1)
    ids = {one for row in rows for one in (row.actor, row.object_id)}
    named = {row.partner_id for row in rows if row.partner_id is not None}
    partners = select(PartnerRow.id, PartnerRow.name).where(col(PartnerRow.id).in_(named))
    return _Entries(rows, actors_of(session, ids), dict(session.exec(partners).all()))
