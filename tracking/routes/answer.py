"""`/t/{token}/answer/{action}`: the form in which a customer says what is to be done after a failed
delivery. Opening it changes nothing: previews and scanners follow links."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.errors import Conflict, Invalid
from contracts.instructions.forms import FIELDS, fault_of, faults_of, request_of
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import InstructionAction
from store.instructions.customers import CustomerAnswers, give_as_customer
from tracking.following import Followed, follow
from tracking.languages import language_of
from tracking.pages import lead_to, page
from tracking.parcel_page import parcel_page
from tracking.parts import Now, PartsDep
from tracking.times import Clock
from web_forms import Fields, OpenForm

router = APIRouter()


@router.get("/{token}/answer/{action}")
async def answer_form(
    token: str, action: InstructionAction, request: Request, parts: PartsDep, now: Now
) -> Response:
    """The form, or how the parcel stands where this cannot be asked for any more."""
    found = await follow(token, request, parts, now)
    if found.answers is None or action not in found.answers.choices.actions:
        return await parcel_page(request, found, now, too_late=True)
    clock = _clock(found, request, now)
    return await _form(request, found, found.answers, action, clock, _typed_in(Fields([])))


@router.post("/{token}/answer/{action}")
async def give_answer(
    token: str,
    action: InstructionAction,
    request: Request,
    fields: OpenForm,
    parts: PartsDep,
    now: Now,
) -> Response:
    """Take the answer, and show how it stands; or the form again, with what has to be corrected."""
    found = await follow(token, request, parts, now)
    answers = found.answers
    if answers is None or action not in answers.choices.actions:
        return await parcel_page(request, found, now, too_late=True)
    typed, order, seen = _typed_in(fields), found.tracked.order, fields.text("attempt")
    try:
        asked = request_of(action, typed)
        row = await parts.database.write(give_as_customer, order, seen, asked, now)
    except ValidationError as error:
        faults = faults_of(error)
    except Invalid as error:
        faults = fault_of(error)
    except Conflict:
        found = await follow(token, request, parts, now)
        return await parcel_page(request, found, now, too_late=True)
    else:
        waits = row.state is InstructionState.WAITING_FOR_CODE
        return lead_to(request, f"{token}/code" if waits else token)
    return await _form(request, found, answers, action, _clock(found, request, now), typed, faults)


def _typed_in(fields: Fields) -> Mapping[str, str]:
    return {name: fields.text(name) for name in FIELDS}


def _clock(found: Followed, request: Request, now: Now) -> Clock:
    shop = found.tracked.shop
    return Clock(language_of(request, shop.language), shop.time_zone, now)


async def _form(
    request: Request,
    found: Followed,
    answers: CustomerAnswers,
    action: InstructionAction,
    clock: Clock,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
) -> Response:
    shop = found.tracked.shop
    return await page(
        request,
        "answer",
        language_of(request, shop.language),
        422 if faults else 200,
        shop=shop,
        brand_color=shop.brand_color,
        order_id=found.tracked.order.order_id,
        token=found.token,
        action=action,
        attempt=answers.choices.event_id,
        days=answers.choices.days,
        clock=clock,
        typed=typed,
        faults=faults or {},
    )
