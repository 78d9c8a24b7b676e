"""`/p/{partner_id}/texts/settings`: which SMS are sent, in which language, and the own phone."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.payload.fields import mask_phone
from contracts.sms.languages import Language
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.sms_costs import language_choices
from dashboard.sms_pages import sms_page
from dashboard.sms_settings import (
    one_of,
    texted,
    with_fallback,
    with_fallback_type,
    with_type,
)
from store.deliveries.fallback import fallback_types
from store.encryption.columns import CHECKED_PHONE
from store.encryption.sealing import open_sealed
from store.partners.partners import change_partner
from store.sms.costs import costs_of
from store.sms.phone_checks import awaited_check
from store.tables import PartnerRow
from web_forms import Fields

router = APIRouter()


@router.get("/p/{partner_id}/texts/settings")
async def sms_settings(context: PartnerPage) -> Response:
    """The switches, the language, the fallback, the own phone, and what support has set."""
    return await settings_page(context)


@router.post("/p/{partner_id}/texts/types/{event_type}")
async def switch_type(context: OwnerPage, event_type: EventType, fields: Form) -> Response:
    """Text customers about a type, or no more; at once."""
    change = with_type(context.partner, event_type, on=_is_on(fields))
    return await _saved(context, change, "texts-no-types")


@router.post("/p/{partner_id}/texts/language")
async def choose_language(context: OwnerPage, fields: Form) -> Response:
    """Text in another language, from the next SMS on."""
    language = one_of(Language, fields.text("language")) or context.partner.sms_language
    return await _saved(context, PartnerChange(sms_language=language))


@router.post("/p/{partner_id}/texts/fallback")
async def switch_fallback(context: OwnerPage, fields: Form) -> Response:
    """Text customers when a webhook fails, or no more; at once."""
    return await _saved(context, with_fallback(context.partner, on=_is_on(fields)))


@router.post("/p/{partner_id}/texts/fallback/{event_type}")
async def switch_fallback_type(context: OwnerPage, event_type: EventType, fields: Form) -> Response:
    """Have the fallback text about a type, or no more; at once."""
    change = with_fallback_type(context.partner, event_type, on=_is_on(fields))
    return await _saved(context, change, "texts-no-fallback-types")


async def settings_page(
    context: PartnerContext,
    status: int = 200,
    *,
    fault: str | None = None,
    phone_fault: str | None = None,
) -> Response:
    """The page. `fault` is why a switch was not moved, `phone_fault` why a phone was refused."""
    partner, rules = context.partner, context.parts.text_rules
    costs = await context.read(costs_of, partner, rules)
    return await sms_page(
        context,
        "sms_settings",
        "settings",
        status,
        texted=texted(partner),
        types=list(EventType),
        instead=fallback_types(partner),
        language_choices=language_choices(context.words, costs),
        cap=partner.sms_daily_cap or rules.daily_cap,
        checked_phone=await context.read(checked_phone, partner, context.now()),
        fault=fault,
        phone_fault=phone_fault,
    )


def checked_phone(session: Session, partner: PartnerRow, now: datetime) -> str | None:
    """The phone that a code was texted to and is awaited for, masked."""
    check = awaited_check(session, partner.id, now)
    return (
        mask_phone(open_sealed(session, CHECKED_PHONE, check.phone, partner.id)) if check else None
    )


async def _saved(
    context: PartnerContext, change: PartnerChange | None, fault: str = ""
) -> Response:
    if change is None:
        return await settings_page(context, 422, fault=fault)
    await context.write(
        change_partner, context.owner, change, context.now(), actor=context.viewer.actor
    )
    return context.go_to("/texts/settings", done="texts-saved")


def _is_on(fields: Fields) -> bool:
    return fields.text("on") == "on"
