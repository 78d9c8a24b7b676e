"""`/p/{partner_id}/failed-deliveries`: those that wait for an answer; many are answered at once."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError

from api.cursors import read_cursor, write_cursor
from contracts.errors import Conflict, Invalid, NotFound
from contracts.instructions.forms import request_of
from contracts.instructions.request import InstructionRequest
from contracts.instructions.rules import days_ahead
from contracts.instructions.words import InstructionAction
from dashboard.csv_files import CsvRow, all_pages, csv_file, moment_cell
from dashboard.forms import Form
from dashboard.instruction_views import action_of, given_by, times_of, typed_in
from dashboard.page_context import PartnerContext, PartnerPage
from store.db.keyset import Position
from store.instructions.unanswered import UnansweredDelivery, answer_event, list_unanswered

router = APIRouter()

PAGE = 25
_FOR_MANY = tuple(one for one in InstructionAction if one is not InstructionAction.CHANGE_ADDRESS)

Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/p/{partner_id}/failed-deliveries")
async def failed_deliveries(context: PartnerPage, cursor: Cursor = None) -> Response:
    """The failed deliveries that nobody has answered, the oldest first."""
    return await _page(context, cursor)


@router.get("/p/{partner_id}/failed-deliveries.csv")
async def failed_delivery_file(context: PartnerPage) -> Response:
    """The same in one file."""
    now = context.now()

    async def read(after: Position | None, limit: int) -> Sequence[UnansweredDelivery]:
        return await context.read(list_unanswered, context.owner, now, after=after, limit=limit)

    async def rows() -> AsyncIterator[Sequence[CsvRow]]:
        async for some in all_pages(read, _place):
            yield [_row(context, one) for one in some]

    t = context.words
    header = [t("events-order"), t("failed-why"), t("event-code"), t("event-attempt")]
    header += [t("failed-since"), t("failed-until")]
    return csv_file("undelivered-parcels", header, rows())


def _row(context: PartnerContext, line: UnansweredDelivery) -> CsvRow:
    return [
        line.event.order_id,
        context.words(f"failed-{line.failure.reason_category}"),
        line.failure.reason_code,
        line.failure.attempt_number,
        moment_cell(line.event.occurred_at, context.zone),
        moment_cell(line.until, context.zone) if line.actions else None,
    ]


def _place(line: UnansweredDelivery) -> Position:
    return Position(line.event.occurred_at, line.event.event_id)


@router.post("/p/{partner_id}/failed-deliveries")
async def answer_ticked(context: PartnerPage, fields: Form, cursor: Cursor = None) -> Response:
    """Ask the same for each that is ticked. What cannot be asked for one is said, and keeps nobody
    else from it."""
    events = fields.texts("ids")[:PAGE]
    if not events:
        return await _page(context, cursor, 422, fault=context.words("failed-none-ticked"))
    try:
        request = request_of(action_of(fields), typed_in(fields))
    except ValidationError:
        return await _page(context, cursor, 422, fault=context.words("failed-fault"))
    refused = Counter([await _refusal(context, event_id, request) for event_id in events])
    given = refused.pop(None, 0)
    if not refused:
        return context.go_to("/failed-deliveries", done="instructions-given")
    return await _page(context, cursor, 200 if given else 409, given=given, refused=refused)


async def _refusal(
    context: PartnerContext, event_id: str, request: InstructionRequest
) -> str | None:
    """Why a failed delivery could not be answered like this; None: it was."""
    try:
        await context.write(
            answer_event,
            event_id,
            request,
            context.now(),
            owner=context.owner,
            given_by=given_by(context),
            actor=context.viewer.actor,
        )
    except (Conflict, NotFound):
        return context.words("instructions-too-late")
    except Invalid as error:
        return context.words(f"failed-refused-{'action' if error.field == 'action' else 'when'}")
    return None


async def _page(
    context: PartnerContext, cursor: str | None, status: int = 200, /, **shown: Any
) -> Response:
    now = context.now()
    rows: Sequence[UnansweredDelivery] = await context.read(
        list_unanswered, context.owner, now, after=read_cursor(cursor), limit=PAGE + 1
    )
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    partner = context.partner
    days = days_ahead(now, partner.time_zone, no_sundays=partner.no_sundays)
    values = {"fault": None, "given": 0, "refused": {}, **shown}
    return context.page(
        "failed_deliveries",
        status,
        lines=rows[:PAGE],
        next_cursor=write_cursor(_place(last)) if last else None,
        cursor=cursor,
        actions=_FOR_MANY,
        times=times_of(context.words, days),
        at=now,
        **values,
    )
