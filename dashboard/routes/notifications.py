"""What people were told: of one partner, and of all for ops."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session, col, select

from api.cursors import read_cursor, write_cursor
from contracts.notifications.messages import MessageChannel, MessageState
from dashboard.notification_lines import ToldQuery, line_of
from dashboard.page_context import OpsPage, OwnerPage, PageContext
from store.db.keyset import Position
from store.notifications.listing import ListedMessage, list_messages
from store.tables import PartnerRow

router = APIRouter()

Wanted = Annotated[ToldQuery, Query()]

_ON_A_PAGE = 50
_STATES = (
    None,
    "not_told",
    MessageState.WAITING,
    MessageState.SENT,
    MessageState.SKIPPED,
)
_OF_OPS = (*_STATES, MessageState.FAILED, MessageState.REFUSED, MessageState.UNKNOWN)


@router.get("/p/{partner_id}/notifications")
async def told_by_partner(context: OwnerPage, wanted: Wanted) -> Response:
    """What this partner's people, phone and webhook were told, the newest first."""
    return await _page(context, wanted, context.owner)


@router.get("/ops/notifications")
async def told_by_all(context: OpsPage, wanted: Wanted) -> Response:
    """What anybody was told, the newest first."""
    return await _page(context, wanted, None)


async def _page(context: PageContext, wanted: ToldQuery, owner: str | None) -> Response:
    rows, partners = await context.read(_read, wanted, owner)
    listed, more = rows[:_ON_A_PAGE], len(rows) > _ON_A_PAGE
    last = listed[-1].row if more else None
    return context.page(
        "notifications",
        wanted=wanted,
        tabs=[
            (f"{context.request.url.path}{wanted.narrowed_to(one)}", one, one == wanted.state)
            for one in (_OF_OPS if owner is None else _STATES)
        ],
        lines=[line_of(context, one) for one in listed],
        partners=partners,
        channels=list(MessageChannel),
        cursor=wanted.cursor,
        next_cursor=write_cursor(Position(last.created_at, last.id)) if last else None,
    )


def _read(
    session: Session, wanted: ToldQuery, owner: str | None
) -> tuple[list[ListedMessage], dict[str, str]]:
    """A page, and the names of the partners on it."""
    after, limit = read_cursor(wanted.cursor), _ON_A_PAGE + 1
    rows = list_messages(session, wanted.as_filter(), owner=owner, after=after, limit=limit)
    named = {row.row.partner_id for row in rows if row.row.partner_id is not None}
    partners = select(PartnerRow.id, PartnerRow.name).where(col(PartnerRow.id).in_(named))
    return rows, dict(session.exec(partners).all())
