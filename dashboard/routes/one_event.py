"""One event: its facts, what was sent, and every delivery with its attempts."""

from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from contracts.delivery.states import Channel
from contracts.endpoints.headers import masked
from contracts.ids import workflow_id
from dashboard.delivery_views import LATEST_S, PressedRetry, looks_again_after_s, shown_deliveries
from dashboard.figures import duration_shown
from dashboard.masking import masked_payload
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import event_said
from dashboard.tickets import ticket_of
from store.events.timeline import EventStory, event_story

router = APIRouter()


@router.get("/p/{partner_id}/events/{event_id}")
async def one_event(
    context: PartnerPage,
    event_id: str,
    asked: Annotated[float | None, Query(ge=0, le=LATEST_S)] = None,
    delivery: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """One event, whole. `asked` is when a person has asked on this page for a retry of a
    delivery."""
    return await event_page(context, event_id, asked=PressedRetry(asked, delivery))


async def event_page(
    context: PartnerContext,
    event_id: str,
    *,
    asked: PressedRetry | None = None,
    status: int = 200,
    fault: str | None = None,
    phone_fault: str | None = None,
) -> Response:
    """The page. `fault` is why a retry was refused, `phone_fault` why a phone was."""
    story = await context.read(event_story, event_id, owner=context.owner)
    now, asked = context.now(), asked or PressedRetry()
    event = story.detail.event
    here = f"{context.base}/events/{event_id}"
    if asked.at is not None:
        here = f"{here}?{urlencode({'asked': asked.at, 'delivery': asked.delivery_id})}"
    deliveries = shown_deliveries(context.words, story, asked, now)
    planned = {event.event_id: story.detail.deliveries}
    return context.page(
        "event",
        status,
        story=story,
        event=event,
        said=event_said(context.words, event.state),
        deliveries=deliveries,
        correctable=[one for one in deliveries if one.correctable and context.viewer.may_change],
        payloads={name: masked_payload(body) for name, body in story.payloads.items()},
        headers=_headers(context, story),
        took=lambda milliseconds: duration_shown(context.words, milliseconds),
        every_s=looks_again_after_s(story, asked, now),
        here=here,
        asked=asked.is_fresh(now),
        ticket=ticket_of(context.words, context.owner, [event], planned, story.endpoints),
        fault=fault,
        phone_fault=phone_fault,
        execution=_execution(context, event_id),
    )


def _headers(context: PartnerContext, story: EventStory) -> dict[str, str]:
    """What goes with the payload: the signature by its shape, the partner's own values masked."""
    if not any(row.channel is Channel.WEBHOOK for row in story.detail.deliveries):
        return {}
    own = [masked(one.custom_header_names) for one in story.endpoints.values()]
    return {
        "content-type": "application/json",
        "user-agent": f"Doorstep/{version('doorstep')}",
        "webhook-id": story.detail.event.event_id,
        "webhook-timestamp": context.words("event-timestamp-shape"),
        "webhook-signature": context.words("event-signature-shape"),
        **{name: value for headers in own for name, value in headers.items()},
    }


def _execution(context: PartnerContext, event_id: str) -> str | None:
    """Where ops see the workflow."""
    base: Any = context.parts.temporal_ui
    if base is None or not context.viewer.is_ops:
        return None
    return f"{base}/workflows/{quote(workflow_id(event_id), safe='')}"
