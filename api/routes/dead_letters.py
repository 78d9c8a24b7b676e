"""`/v1/dead-letters`: what could not be delivered, kept for a person to decide."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor, write_cursor
from api.dead_letter_views import (
    AcceptedRetryView,
    DeadLetterPage,
    DeadLetterQuery,
    DiscardedView,
    DiscardRequest,
    InspectedDeadLetterView,
    ListedDeadLetterView,
    RefusedView,
    RetriesTaken,
    RetryManyBody,
    WhichDeadLetters,
)
from api.delivery_views import DeliveryView
from api.dependencies import EventWorkflows, Now, Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.pages import cut
from api.retries import request_retries
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.ids import DeadLetterRef
from store.db.database import Database
from store.db.keyset import Position
from store.dead_letters import queue
from store.events.detail import event_detail
from store.retries import dead_letters
from store.retries.dead_letters import EventToSignal, RetrySelection

router = APIRouter(route_class=JsonRoute, prefix="/v1/dead-letters", tags=["dead letters"])

_NOT_TAKEN = "Temporal did not take the retry: ask again"


@router.get("", summary="List dead letters")
async def list_dead_letters(
    database: Store, caller: OpsOrPartner, wanted: Annotated[DeadLetterQuery, Query()]
) -> DeadLetterPage:
    """The open dead letters, the newest first, in pages; with `open=false` the closed ones. One is
    open until its delivery is sent again, delivered after all, discarded, or has expired.

    All filters that are given must hold. `since` is inclusive, `until` is not; both are times at
    which the dead letters were made.
    """
    rows = await database.read(
        queue.list_dead_letters,
        wanted.as_filter(),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: Position(row.created_at, row.id))
    items = [view_of(ListedDeadLetterView, row) for row in page]
    return DeadLetterPage(items=items, next_cursor=following)


@router.post("/retry", status_code=202, responses={404: answer(404)}, summary="Retry dead letters")
async def retry_dead_letters(
    asked: RetryManyBody, now: Now, database: Store, gateway: EventWorkflows, caller: OpsOrPartner
) -> RetriesTaken:
    """Send up to 100 again, by their `ids` or by a `filter`, each as a retry of its delivery does.

    By a filter the oldest 100 are sent; `remaining` says how many come after them, and
    `next_cursor`, sent as `cursor` with the same filter, goes on there. For more than a few hundred
    of one endpoint use a recovery: it is one call, keeps to a rate, and goes on after a restart.

    One that cannot be sent is in `refused` and hinders no other. 404 names an id that is not
    there; then none is sent. 503 when Temporal takes none of them; when it takes some, the rest is
    in `refused`: ask for these again.
    """
    wishes = await _wishes(asked, database, now, caller)
    taken = await request_retries(
        gateway, wishes.events, requested_by=caller.id, resend=asked.resend
    )
    untaken = {one for event in wishes.events if event not in taken for one in event.deliveries}
    refused = {**wishes.refused, **dict.fromkeys(sorted(untaken), _NOT_TAKEN)}
    return RetriesTaken(
        accepted=[view for event in taken for view in _asked_views(event)],
        refused=[RefusedView(id=one, reason=why) for one, why in refused.items()],
        remaining=wishes.left,
        next_cursor=write_cursor(wishes.last) if wishes.last else None,
    )


@router.post("/discard", responses={404: answer(404)}, summary="Discard dead letters")
async def discard_dead_letters(
    asked: DiscardRequest, now: Now, database: Store, caller: OpsOrPartner
) -> DiscardedView:
    """Give up to 100 up for good: their deliveries end as `discarded` and can no longer be sent.

    404 names an id that is not there; then none is discarded.
    """
    done = await database.write(
        dead_letters.discard,
        asked.ids,
        asked.reason,
        now,
        actor=caller.id,
        owner=caller.owner,
    )
    return DiscardedView(discarded=done.count, not_open=list(done.not_open))


@router.get("/{dead_letter_id}", summary="Get a dead letter")
async def get_dead_letter(
    dead_letter_id: DeadLetterRef, database: Store, caller: OpsOrPartner
) -> InspectedDeadLetterView:
    """One dead letter, open or closed, with every attempt or text of its delivery."""
    read, owner = database.read, caller.owner
    row = await read(queue.get_dead_letter, dead_letter_id, owner=owner)
    detail = await read(event_detail, row.event_id, owner=owner)
    [delivery] = [one for one in detail.deliveries if one.id == row.delivery_id]
    return view_of(InspectedDeadLetterView, row, delivery=DeliveryView.of(delivery, detail))


async def _wishes(
    asked: RetryManyBody, database: Database, now: datetime, caller: Caller
) -> RetrySelection:
    """The wishes, written down before Temporal is asked."""
    write = database.write
    if asked.ids is not None:
        return await write(
            dead_letters.ask_for_many,
            asked.ids,
            now,
            actor=caller.id,
            owner=caller.owner,
            resend=asked.resend,
        )
    wanted = (asked.filter or WhichDeadLetters()).as_filter()
    return await write(
        dead_letters.ask_for_all,
        wanted,
        now,
        actor=caller.id,
        owner=caller.owner,
        after=read_cursor(asked.cursor),
    )


def _asked_views(asked: EventToSignal) -> list[AcceptedRetryView]:
    event_id = asked.event.event_id
    return [
        AcceptedRetryView(id=one, delivery_id=delivery_id, event_id=event_id)
        for one, delivery_id in asked.deliveries.items()
    ]
