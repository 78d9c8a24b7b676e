"""The page of one order, however it was asked for."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from fastapi.responses import Response
from sqlmodel import Session

from contracts.errors import SealBroken
from contracts.instructions.choices import Choices
from contracts.sms.rules import TextRules
from dashboard.delivery_views import PressedRetry
from dashboard.instruction_views import AnswerForms, shown_instructions, times_of
from dashboard.order_list import parcel_said
from dashboard.order_views import every_s, facts_of, parcel_steps, real_events, updates_of
from dashboard.page_context import PartnerContext
from dashboard.tickets import ticket_of
from store.events.customers import CustomerRevealed
from store.events.timeline import OrderStory, order_story
from store.instructions.choices import choices_for
from store.instructions.search import InstructionDetail, list_of_order
from store.sms.as_read import ReadText, text_as_read
from store.tables import PartnerRow

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FormSent:
    """A form of the page that was not taken: which, what was typed, what is wrong with it."""

    action: str = ""
    typed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    faults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class _Whole:
    """All that the page is made of, read in one moment."""

    story: OrderStory
    read: Mapping[str, ReadText]
    choices: Choices | None
    instructions: list[InstructionDetail]


async def order_page(
    context: PartnerContext,
    order_id: str,
    status: int = 200,
    *,
    asked: PressedRetry | None = None,
    form: FormSent | None = None,
    fault: str | None = None,
    retry_fault: str | None = None,
    revealed: CustomerRevealed | None = None,
) -> Response:
    """The page. `revealed` is the customer in full, for this one look at it."""
    t, now, asked = context.words, context.now(), asked or PressedRetry()
    rules = context.parts.text_rules
    whole = await context.read(_whole, context.partner, order_id, now, rules)
    story, sent, here = whole.story, form or FormSent(), urlencode({"order_id": order_id})
    real = real_events(story)
    asked_again = urlencode({"asked": asked.at, "delivery": asked.delivery_id}) if asked.at else ""
    return context.page(
        "order",
        status,
        order_id=order_id,
        parcel=parcel_said(t, real[-1].event_type),
        facts=facts_of(t, story),
        steps=parcel_steps(story),
        updates=updates_of(context, story, whole.read, asked),
        every_s=every_s(story, asked, now),
        here=f"{context.base}/orders?{here}{'&' if asked_again else ''}{asked_again}",
        just_asked=asked.is_fresh(now),
        link=f"/orders/link?{here}",
        revoke=f"/orders/link/revoke?{here}",
        reveal=f"/orders/reveal?{here}",
        is_test=all(event.is_test for event in story.events),
        is_erased=not story.bodies,
        revealed=revealed,
        ticket=ticket_of(t, context.owner, story.events, story.deliveries, story.endpoints),
        instructions=shown_instructions(t, whole.instructions),
        answer=_answer_forms(context, whole.choices, sent),
        fault=fault,
        retry_fault=retry_fault,
    )


def _answer_forms(
    context: PartnerContext, choices: Choices | None, sent: FormSent
) -> AnswerForms | None:
    if choices is None:
        return None
    times = times_of(context.words, choices.days)
    return AnswerForms(choices, times, sent.action, sent.typed, sent.faults)


def _whole(
    session: Session, partner: PartnerRow, order_id: str, now: datetime, rules: TextRules
) -> _Whole:
    story = order_story(session, order_id, owner=partner.id)
    return _Whole(
        story=story,
        read=_read(session, story, partner, rules),
        choices=_choices(session, partner.id, order_id, now),
        instructions=list_of_order(session, partner.id, order_id, now),
    )


def _read(
    session: Session, story: OrderStory, partner: PartnerRow, rules: TextRules
) -> dict[str, ReadText]:
    """What each SMS says, by its id, of those that can be said."""
    found = {}
    for event_id, rows in story.texts.items():
        body = story.bodies.get(event_id)
        for row in rows:
            text = text_as_read(session, row, body, partner, rules) if body else None
            if text is not None:
                found[row.id] = text
    return found


def _choices(session: Session, partner_id: str, order_id: str, now: datetime) -> Choices | None:
    """What may be asked for. Nothing may be where the failed delivery cannot be opened: the order
    is shown all the same."""
    try:
        return choices_for(session, partner_id, order_id, now)
    except SealBroken:
        _log.exception("nothing can be asked for: an event of the order cannot be opened")
        return None
