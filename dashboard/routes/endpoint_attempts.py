"""`/p/{partner_id}/endpoints/{endpoint_id}/attempts`: what was sent to it, and what it answered."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from contracts.errors import Invalid
from contracts.payload.events import EventType
from dashboard.attempt_files import attempt_file
from dashboard.endpoint_attempts import cursor_of, position_of, runs_of, wanted_of
from dashboard.endpoint_frame import ATTEMPTS, tab_page
from dashboard.figures import duration_shown
from dashboard.page_context import PartnerContext, PartnerPage
from store.db.keyset import Position
from store.deliveries.attempt_log import AnswerKind, AttemptPage, AttemptQuery, attempt_log
from store.endpoints.endpoints import get_endpoint
from store.tables import EndpointRow

router = APIRouter()

Cursor = Annotated[str | None, Query(max_length=128)]
_ON_A_PAGE = 50
_ANSWERS = {
    AnswerKind.SUCCESS: "attempts-2xx",
    AnswerKind.REDIRECT: "attempts-3xx",
    AnswerKind.REFUSAL: "attempts-4xx",
    AnswerKind.FAULT: "attempts-5xx",
    AnswerKind.NONE: "attempts-response-none",
}


@router.get("/p/{partner_id}/endpoints/{endpoint_id}/attempts")
async def attempts(context: PartnerPage, endpoint_id: str, cursor: Cursor = None) -> Response:
    """The attempts, the newest first, by answer, day and type of event."""
    asked = _asked(context)
    fault, wanted = None, AttemptQuery()
    try:
        wanted = wanted_of(context, asked)
    except Invalid as error:
        fault = str(error)
    endpoint, page = await context.read(_seen, context, endpoint_id, wanted, position_of(cursor))
    return tab_page(
        context,
        endpoint,
        ATTEMPTS,
        422 if fault else 200,
        fault=fault,
        asked=asked,
        runs=[] if fault else runs_of(context.words, page.attempts),
        answer_choices=[(one, context.words(_ANSWERS[one])) for one in AnswerKind],
        type_choices=[(one, context.words(f"type-{one}")) for one in EventType],
        took=lambda milliseconds: duration_shown(context.words, milliseconds),
        file=context.same_page(cursor=None).replace("/attempts", "/attempts.csv", 1),
        cursor=cursor,
        next_cursor=None if fault else cursor_of(page.after),
    )


@router.get("/p/{partner_id}/endpoints/{endpoint_id}/attempts.csv")
async def attempts_as_csv(context: PartnerPage, endpoint_id: str) -> Response:
    """The same as a file, from the newest to the oldest."""
    await context.read(get_endpoint, endpoint_id, owner=context.owner)
    return attempt_file(context, endpoint_id, wanted_of(context, _asked(context)))


def _asked(context: PartnerContext) -> dict[str, str]:
    """The filters as they are asked for."""
    query = context.request.query_params
    return {name: query.get(name, "") for name in ("answer", "type", "from", "to")}


def _seen(
    session: Session,
    context: PartnerContext,
    endpoint_id: str,
    wanted: AttemptQuery,
    after: Position | None,
) -> tuple[EndpointRow, AttemptPage]:
    endpoint = get_endpoint(session, endpoint_id, owner=context.owner)
    return endpoint, attempt_log(session, endpoint_id, wanted, after=after, limit=_ON_A_PAGE)
