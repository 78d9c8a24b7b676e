"""One order: its events as they happened, what became of each, and what is to be done after a
failed delivery."""

import logging
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from contracts.delivery.states import OPEN_STATES, EventState
from contracts.errors import Conflict, Invalid, SealBroken
from contracts.instructions.choices import Choices
from contracts.instructions.forms import fault_of, faults_of, request_of
from dashboard.delivery_views import target_of
from dashboard.forms import Form
from dashboard.instruction_views import (
    AnswerForms,
    action_of,
    given_by,
    shown_instructions,
    times_of,
    typed_in,
)
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING, delivery_said, event_said
from store.events.timeline import OrderStory, order_story
from store.instructions.choices import choices_for
from store.instructions.giving import give_instruction
from store.instructions.search import InstructionDetail, list_of_order

router = APIRouter()
_log = logging.getLogger(__name__)

_WORST_FIRST = (BAD, WAITING, GOOD)
_LOOKS_AGAIN_S = 2


OrderId = Annotated[str, Query(max_length=500)]


@router.get("/p/{partner_id}/orders")
async def order(context: PartnerPage, order_id: OrderId) -> Response:
    """The events of one order, each with its deliveries in words."""
    return await _order(context, order_id)


@router.post("/p/{partner_id}/orders/instructions")
async def instruct(context: PartnerPage, order_id: OrderId, fields: Form) -> Response:
    """Say what is to be done after the failed delivery that the page has shown."""
    action, typed = action_of(fields), typed_in(fields)
    try:
        await context.write(
            give_instruction,
            partner_id=context.owner,
            order_id=order_id,
            given_by=given_by(context),
            actor=context.viewer.actor,
            request=request_of(action, typed),
            now=context.now(),
            answers_event=fields.text("attempt"),
        )
    except ValidationError as error:
        return await _order(context, order_id, 422, action, typed, faults_of(error))
    except Invalid as error:
        return await _order(context, order_id, 422, action, typed, fault_of(error))
    except Conflict:
        return await _order(context, order_id, 409, fault=context.words("instructions-too-late"))
    return context.go_to("/orders", order_id=order_id, done="instruction-given")


async def _order(
    context: PartnerContext,
    order_id: str,
    status: int = 200,
    action: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
    faults: Mapping[str, str] = MappingProxyType({}),
    *,
    fault: str | None = None,
) -> Response:
    story = await context.read(order_story, order_id, owner=context.owner)
    choices, details = await context.read(_answers, context.owner, order_id, context.now())
    times = times_of(context.words, choices.days) if choices else []
    return context.page(
        "order",
        status,
        order_id=order_id,
        steps=_steps(context, story),
        every_s=_LOOKS_AGAIN_S if _goes_on(story) else None,
        link=f"/orders/link?{urlencode({'order_id': order_id})}",
        revoke=f"/orders/link/revoke?{urlencode({'order_id': order_id})}",
        is_test=all(event.is_test for event in story.events),
        instructions=shown_instructions(context.words, details),
        answer=AnswerForms(choices, times, action, typed, faults) if choices else None,
        fault=fault,
    )


def _answers(
    session: Session, partner_id: str, order_id: str, now: datetime
) -> tuple[Choices | None, list[InstructionDetail]]:
    """What may be asked for, and what was. Nothing may be where the failed delivery cannot be
    opened: the order is shown all the same."""
    choices = None
    try:
        choices = choices_for(session, partner_id, order_id, now)
    except SealBroken:
        _log.exception("nothing can be asked for: an event of the order cannot be opened")
    return choices, list_of_order(session, partner_id, order_id, now)


def _steps(context: PartnerContext, story: OrderStory) -> list[dict[str, Any]]:
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
    return steps


def _goes_on(story: OrderStory) -> bool:
    return any(
        event.state is EventState.ACCEPTED
        or any(row.state in OPEN_STATES for row in story.deliveries[event.event_id])
        for event in story.events
    )
