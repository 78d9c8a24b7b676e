"""`/v1/attempts`: the requests that were made to an endpoint, and how each ended."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.delivery_views import AttemptView
from api.dependencies import Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.pages import Page, cut
from api.queries import PageQuery, QueryTime, ShortText
from api.rows import view_of
from contracts.delivery.states import AttemptState
from contracts.ids import AttemptRef, DeliveryRef, EndpointRef, EventRef
from store.db.keyset import Position
from store.deliveries import search
from store.deliveries.search import AttemptFilter

router = APIRouter(route_class=JsonRoute, prefix="/v1/attempts", tags=["deliveries"])


class AttemptQuery(PageQuery):
    """Whose attempts, and which of them; all that are set must hold."""

    endpoint_id: ShortText = Field(min_length=1, examples=["ep_06fmk5q8p4y1r3w9t2x7z0c5n"])
    state: AttemptState | None = Field(default=None, examples=["failed"])
    since: QueryTime | None = None
    until: QueryTime | None = None


class ListedAttempt(AttemptView):
    """One HTTP attempt, and what it was of. `response_excerpt` is null here: its event shows it."""

    response_excerpt: str | None
    id: AttemptRef
    delivery_id: DeliveryRef
    event_id: EventRef
    endpoint_id: EndpointRef


class AttemptPage(Page[ListedAttempt]):
    """A page, the newest first; `next_cursor` is null on the last one."""


@router.get("", responses={404: answer(404)}, summary="List the attempts to an endpoint")
async def list_attempts(
    database: Store, caller: OpsOrPartner, wanted: Annotated[AttemptQuery, Query()]
) -> AttemptPage:
    """The attempts that were made to an endpoint, the newest first, in pages.

    `since` is inclusive, `until` is not; both are times at which the attempts began.
    """
    rows = await database.read(
        search.list_attempts,
        AttemptFilter(**wanted.model_dump(exclude={"cursor", "limit"})),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: Position(row[0].started_at, row[0].id))
    items = [
        view_of(ListedAttempt, attempt, event_id=event_id, response_excerpt=None)
        for attempt, event_id in page
    ]
    return AttemptPage(items=items, next_cursor=following)
