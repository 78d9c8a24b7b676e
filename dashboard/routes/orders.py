"""One order's timeline: its events as they happened, and what became of each."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from contracts.delivery.states import OPEN_STATES, EventState
from dashboard.delivery_views import target_of
from dashboard.page_context import PartnerPage
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING, delivery_said, event_said
from store.events.timeline import order_story

router = APIRouter()

_WORST_FIRST = (BAD, WAITING, GOOD)
_LOOKS_AGAIN_S = 2


@router.get("/p/{partner_id}/orders")
async def order(context: PartnerPage, order_id: Annotated[str, Query(max_length=500)]) -> Response:
    """The events of one order, each with its deliveries in words."""
    story = await context.read(order_story, order_id, owner=context.owner)
    steps = []
    for event in story.events:
        rows = story.deliveries[event.event_id]
        said = [
            delivery_said(context.words, row, story.open_dead_letters.get(row.id)) for row in rows
        ]
        tones = {one.tone for one in said}
        steps.append(
            {
                "event": event,
                "said": event_said(context.words, event.state),
                "tone": next((tone for tone in _WORST_FIRST if tone in tones), QUIET),
                "deliveries": [
                    (row, target_of(row, story.endpoints.get(row.endpoint_id or "")), one)
                    for row, one in zip(rows, said, strict=True)
                ],
            }
        )
    goes_on = any(
        event.state is EventState.ACCEPTED
        or any(row.state in OPEN_STATES for row in story.deliveries[event.event_id])
        for event in story.events
    )
    return context.page(
        "order",
        order_id=order_id,
        steps=steps,
        every_s=_LOOKS_AGAIN_S if goes_on else None,
        link=f"/orders/link?{urlencode({'order_id': order_id})}",
        revoke=f"/orders/link/revoke?{urlencode({'order_id': order_id})}",
        is_test=all(event.is_test for event in story.events),
    )
