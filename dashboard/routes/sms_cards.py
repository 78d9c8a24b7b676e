"""`/p/{partner_id}/texts/templates`: each SMS as a card, with a test of it in its place.

A test goes to the shop owner's own phone and nowhere else. Where none is known, the card asks for
it, texts a code there, and sends its test once the code is typed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.payload.fields import Phone
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.routes.sms_settings import checked_phone
from dashboard.sms_costs import cost_said, language_choices
from dashboard.sms_pages import sms_page
from dashboard.sms_previews import TextPreview, preview_in_force
from dashboard.sms_settings import one_of, texted
from dashboard.state_texts import delivery_said
from dashboard.test_messages import TrialText, trial_text
from store.sms.costs import Costs, costs_of
from store.sms.phone_checks import begin_phone_check, confirm_phone
from store.sms.test_messages import accept_test_text
from store.tables import PartnerRow

router = APIRouter(prefix="/p/{partner_id}/texts")

Chosen = Annotated[str, Query(max_length=64)]
_PHONE: TypeAdapter[str] = TypeAdapter(Phone)


@dataclass(frozen=True)
class _CardsQuery:
    """A language, the card that a test belongs to, and the event of the test."""

    language: Language
    card: EventType | None = None
    test: str = ""


@dataclass(frozen=True)
class _Cards:
    previews: Sequence[TextPreview]
    costs: Costs
    tested: TrialText | None
    checked_phone: str | None


@router.get("/templates")
async def templates_of_partner(
    context: PartnerPage, language: Chosen = "", card: Chosen = "", test: Chosen = ""
) -> Response:
    """Each SMS as a customer reads it, in a language, with what it costs."""
    spoken = one_of(Language, language) or context.partner.sms_language
    return await _cards(context, _CardsQuery(spoken, one_of(EventType, card), test))


@router.post("/test")
async def send_test_text(context: PartnerPage, fields: Form) -> Response:
    """Send the SMS of a card to the own phone. Where none is known, an owner names it here, and the
    code that proves it is texted first."""
    kind = one_of(EventType, fields.text("type")) or EventType.ORDER_CONFIRMED
    may_name_one = context.viewer.may_change and context.partner.contact_phone is None
    if may_name_one and fields.text("phone"):
        return await _code_sent(context, kind, fields.text("phone"))
    event_id = await context.write(
        accept_test_text,
        context.owner,
        kind,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        rules=context.parts.text_rules,
    )
    return _back_to(context, kind, event_id)


@router.post("/test/code")
async def confirm_and_test(context: OwnerPage, fields: Form) -> Response:
    """Use the phone whose code this is, and send it the SMS of the card."""
    kind = one_of(EventType, fields.text("type")) or EventType.ORDER_CONFIRMED
    asked = (context.partner.id, fields.code("code"), kind, context.now())
    rules, actor = context.parts.text_rules, context.viewer.actor
    try:
        event_id = await context.write(_confirmed, *asked, actor, rules)
    except Conflict:
        return await _refused(context, kind, 409, context.words("texts-code-over"))
    if event_id is None:
        return await _refused(context, kind, 422, context.words("texts-code-wrong"))
    return _back_to(context, kind, event_id)


async def _code_sent(context: PartnerContext, kind: EventType, typed: str) -> Response:
    try:
        event_id = await context.write(
            begin_phone_check,
            context.owner,
            _PHONE.validate_python(typed),
            context.now(),
            actor=context.viewer.actor,
            rules=context.parts.text_rules,
        )
    except ValidationError:
        return await _refused(context, kind, 422, context.words("texts-phone-fault"))
    except Invalid as error:
        return await _refused(context, kind, 422, context.refused(error))
    return _back_to(context, kind, event_id)


def _confirmed(
    session: Session,
    partner_id: str,
    code: str,
    kind: EventType,
    now: datetime,
    actor: str,
    rules: TextRules,
) -> str | None:
    """The event of the test; None where the code is wrong."""
    if not confirm_phone(session, partner_id, code, now, actor=actor):
        return None
    session.flush()
    return accept_test_text(
        session, partner_id, kind, now, actor=actor, owner=partner_id, rules=rules
    )


def _back_to(context: PartnerContext, kind: EventType, event_id: str) -> Response:
    """To the card that the test is of, in sight."""
    answer = context.go_to("/texts/templates", card=kind.value, test=event_id)
    answer.headers["location"] += f"#card-{kind}"
    return answer


async def _refused(context: PartnerContext, kind: EventType, status: int, fault: str) -> Response:
    return await _cards(context, _CardsQuery(context.partner.sms_language, kind), status, fault)


async def _cards(
    context: PartnerContext, asked: _CardsQuery, status: int = 200, fault: str | None = None
) -> Response:
    t, partner = context.words, context.partner
    seen = await context.read(_seen, partner, asked, context.now(), context.parts.text_rules)
    return await sms_page(
        context,
        "sms_templates",
        "templates",
        status,
        seen=seen,
        asked=asked,
        cards=[(one, cost_said(t, one.shown.text)) for one in seen.previews],
        texted=texted(partner),
        language_choices=language_choices(t, seen.costs),
        tested_why=_why_not(context, seen.tested),
        fault=fault,
    )


def _why_not(context: PartnerContext, tested: TrialText | None) -> str | None:
    """Why a test is kept back or did not get through, where there is a reason."""
    if tested is None or tested.delivery is None or tested.message != "tested-not":
        return None
    return delivery_said(context.words, tested.delivery, tested.dead_letter).why


def _seen(
    session: Session, partner: PartnerRow, asked: _CardsQuery, now: datetime, rules: TextRules
) -> _Cards:
    return _Cards(
        [preview_in_force(session, partner, kind, asked.language, rules) for kind in EventType],
        costs_of(session, partner, rules),
        trial_text(session, asked.test, partner.id, now) if asked.test else None,
        checked_phone(session, partner, now),
    )
